"""Parts of lists in their formats: what sources wrote does no harm in any of them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.collections.addresses import Addresses
from pedgraph.delivery.collections.answers import Answer, comma_separated, features, json_ld, plain_json
from pedgraph.delivery.collections.asking import read
from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.listing import list_page
from pedgraph.delivery.collections.pages import FacetValue, HiddenField, Link
from pedgraph.delivery.collections.writing import write
from pedgraph.delivery.report_pages import ReportPages
from pedgraph.vocabulary.iris import LIST_CONTEXT
from tests.delivery.collections.worlds import FORMULA, HARM, asked, small_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("answers") / "made.sqlite"
    write(small_world(), path)
    return path


def answered(made: Path, name: str, *given: tuple[str, str]) -> Answer:
    return Answer(
        collection=COLLECTIONS[name],
        version=7,
        part=asked(made, name, *given),
        query="?country=FJ",
        offset=0,
        limit=100,
        first="?version=7",
        previous="",
        next="",
        is_near=("approximate", "city") in given,
        with_mark=False,
    )


def test_json_and_linked_data_are_the_same_but_for_the_context(made: Path) -> None:
    answer = answered(made, "peds")
    plain, linked = json.loads(plain_json(answer).content), json.loads(json_ld(answer).content)
    assert linked == {"@context": LIST_CONTEXT, **plain}
    assert (plain["id"], plain["total"], plain["version"]) == ("https://w3id.org/pedgraph/peds?country=FJ", 1, 7)
    (item,) = plain["items"]
    assert (item["label"], item["description"]) == ({"en": HARM}, {"en": [FORMULA]})
    assert item["inCity"] == {
        "id": "https://w3id.org/pedgraph/id/city/fj-labasa",
        "label": {"en": "Labasa"},
        "country": {
            "id": "http://publications.europa.eu/resource/authority/country/FJI",
            "prefLabel": {"en": "FJI"},
            "notation": ["FJ"],
        },
    }
    plain_row = {name: value for name, value in item["plain"].items() if value}
    assert plain_row == {
        "label": HARM, "description": FORMULA, "country": ["FJ"], "countryLabel": ["FJI"], "city": ["fj-labasa"],
        "cityLabel": ["Labasa"], "stage": ["implementation"], "stageLabel": ["implementation"],
    }  # fmt: skip


def test_a_name_that_says_items_does_not_break_the_document(made: Path) -> None:
    world = small_world()
    city = "https://w3id.org/pedgraph/id/city/fr-lyon"
    named = type(world.names[city])('"items":[],', "en", "")
    world.names[city] = named
    write(world, made.with_name("named.sqlite"))
    document = json.loads(plain_json(answered(made.with_name("named.sqlite"), "cities")).content)
    assert next(each["plain"]["label"] for each in document["items"]) == named.label


def test_formulas_are_texts_in_tables(made: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(comma_separated(answered(made, "peds")).content.decode()))
    assert (row["label"], row["description"], row["latitude"]) == (HARM, f"'{FORMULA}", "")
    rows = list(csv.DictReader(io.StringIO(comma_separated(answered(made, "cities")).content.decode())))
    assert [row["latitude"] for row in rows if row["label"] == "Labasa"] == ["-16.42"]


def test_features_tell_what_is_approximate_and_whom_to_credit(made: Path) -> None:
    bare = json.loads(features(answered(made, "peds")).content)
    (feature,) = bare["features"]
    assert (feature["geometry"], "attribution" in bare, "approximate" in feature["properties"]) == (None, False, False)
    near = json.loads(features(answered(made, "peds", ("approximate", "city"))).content)
    (feature,) = near["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [179.38, -16.42]}
    assert (feature["properties"]["approximate"], near["attribution"]) == ("city", "credit of fj-labasa")
    cities = json.loads(features(answered(made, "cities")).content)
    assert [each["geometry"] is None for each in cities["features"]] == [False, False, True, False]
    assert cities["numberMatched"] == 4


def test_the_page_shows_what_is_chosen_and_how_to_undo_it(made: Path) -> None:
    given = [("country", "fj"), ("country", "FR"), ("q", HARM), ("sort", "-label")]
    question = read(COLLECTIONS["cities"], given)
    addresses = Addresses("cities", tuple(given), (("format", "html"),), (("version", "7"),))
    answer = answered(made, "cities", ("country", "FJ"), ("country", "FR"))
    chosen = {"country": ("FJ", "FR")}
    labels = {("country", "FJ"): "Fiji", ("country", "FR"): "France"}
    page = list_page(answer, question, addresses, chosen, labels)
    search = "q=%3Cscript%3Ealert%281%29%3C/script%3E"
    assert page.chosen[0] == FacetValue(
        "FJ", "Country: Fiji", 0, is_chosen=True, address=f"?country=FR&{search}&sort=-label&version=7"
    )
    countries = next(each for each in page.facets if each.name == "country").values
    assert [(each.value, each.count, each.is_chosen) for each in countries] == [
        ("FJ", 2, True), ("FR", 1, True), ("NL", 1, False),
    ]  # fmt: skip
    assert countries[0].address == page.chosen[0].address
    assert countries[2].address == f"?country=fj&country=FR&{search}&sort=-label&country=NL&version=7"
    assert page.clear == "?sort=-label&version=7"
    assert page.hidden == (
        HiddenField("country", "fj"), HiddenField("country", "FR"), HiddenField("sort", "-label"),
        HiddenField("version", "7"),
    )  # fmt: skip
    assert [order.name for order in page.orders if order.is_chosen] == ["-label"]
    assert page.items[0].facts[0].links == (Link("FJI"),)
    assert (page.total, page.of, page.first, page.items[0].address) == (3, 4, 1, "doc/city/fj-labasa")


def test_scripts_in_names_are_text_on_the_page(made: Path) -> None:
    question = read(COLLECTIONS["peds"], [("q", f'"{HARM}')])
    answer = answered(made, "peds")
    page = list_page(answer, question, Addresses("peds", (("q", f'"{HARM}'),)), {}, {})
    document = ReportPages(BrowserFiles()).render("list", graph_version=1, page=page, searched=f'"{HARM}')
    text = document.content.decode()
    assert HARM not in text
    assert text.count("&lt;script&gt;alert(1)") >= 3
    assert "=HYPERLINK" not in text
