"""Search over HTTP, with questions that people ask."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

ID = "https://w3id.org/pedgraph/id/"
CODE = "https://w3id.org/pedgraph/code/"


@pytest.fixture(scope="module")
def site(wide_server: RunningServer) -> Iterator[httpx.Client]:
    # As a page of another site asks, so that what is said to such pages is said.
    with httpx.Client(base_url=wide_server.url, timeout=60.0, headers={"Origin": "https://app.example.org"}) as client:
        yield client


def ask(site: httpx.Client, text: str, **more: str) -> dict[str, Any]:
    answer = site.get("/search", params={"q": text, **more}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def slugs(found: dict[str, Any]) -> list[str]:
    return [each["id"].removeprefix(ID) for each in found["results"]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Krakow", "city/pl-krakow"),
        ("KRAKÓW", "city/pl-krakow"),
        ("sonderborg", "city/dk-sonderborg"),
        ("kadikoy", "city/tr-kadikoy"),
        ("Focșani", "city/ro-focsani"),
        ("Köln", "city/de-cologne"),
        ("Koeln", "city/de-cologne"),
        ("Gent", "city/be-ghent"),
        ("Vitoria", "city/es-vitoria-gasteiz"),
        ("Buik", "ped/nl-amsterdam-buiksloterham"),
        ("buiksloterham amsterdam", "ped/nl-amsterdam-buiksloterham"),
        ("sparcs", "project/sparcs"),
        ("864242", "project/sparcs"),
        ("pedact", "project/ped-act"),
        ("Hogeschool van Amsterdam", "source/neth-er-uitgelicht-project-atelier-hogeschool-van"),
        ("Harthof: energiepositives", "source/sueddeutsche-muenchen-harthof-energiepositives-quartier"),
        ("abwärme", f"{CODE}energy-carrier/waste-heat"),
        ("abandonado", f"{CODE}ped-stage/stopped"),
    ],
)
def test_what_is_looked_for_comes_first(site: httpx.Client, text: str, first: str) -> None:
    found = ask(site, text)

    assert slugs(found)[0] == first
    assert found["meant"] == {}
    assert found["hasAllWords"] is True


@pytest.mark.parametrize(
    ("text", "first", "meant"),
    [
        ("Amsterdm", "city/nl-amsterdam", {"amsterdm": ["amsterdam"]}),
        ("Alba Julia", "city/ro-alba-iulia", {"julia": ["iulia"]}),
        ("Gnet", "city/be-ghent", {"gnet": ["net", "gent", "get"]}),
        ("Buikslt", "ped/nl-amsterdam-buiksloterham", {"buikslt": ["buiksloterham"]}),
    ],
)
def test_slips_are_borne_and_told(site: httpx.Client, text: str, first: str, meant: dict[str, list[str]]) -> None:
    found = ask(site, text)

    assert slugs(found)[0] == first
    assert found["meant"] == meant


def test_a_result_is_whole(site: httpx.Client) -> None:
    found = ask(site, "PED Buiksloterham", kind="ped", limit="1")

    assert found["results"] == [
        {
            "id": f"{ID}ped/nl-amsterdam-buiksloterham",
            "href": "doc/ped/nl-amsterdam-buiksloterham",
            "kind": "ped",
            "name": "PED Buiksloterham",
            "language": "en",
            "otherName": None,
            "city": {"id": f"{ID}city/nl-amsterdam", "name": "Amsterdam"},
            "country": {
                "id": "http://publications.europa.eu/resource/authority/country/NLD",
                "code": "NL",
                "name": "Netherlands",
            },
            "text": "Poppies and Republica are buildings of this district, beside the houseboats of Schoonschip.",
        }
    ]
    assert (found["total"], found["kind"], found["version"]) == (1, "ped", 1)


def test_kinds_narrow_and_pages_follow_each_other(site: httpx.Client) -> None:
    everything = ask(site, "energy", limit="100")
    kind = "project"
    pages, address = [], f"?q=energy&kind={kind}&limit=7"
    while address:
        page = site.get(f"/search{address}", headers={"Accept": "application/json"}).json()
        assert page["kinds"] == everything["kinds"]
        pages += [each["id"] for each in page["results"]]
        address = page["next"]

    assert len(pages) == len(set(pages)) == everything["kinds"][kind] > 7
    assert all(each.startswith(f"{ID}{kind}/") for each in pages)
    assert sum(everything["kinds"].values()) == everything["total"]


@pytest.mark.parametrize("text", ["xyzzyqq", "Αθήνα 東京", "!!!", "' OR 1=1 --", "\x00"])
def test_nothing_found_is_an_answer(site: httpx.Client, text: str) -> None:
    found = ask(site, text, language="pl")

    assert found["total"] == len(found["results"]) == 0
    assert found["kinds"] == {}


@pytest.mark.parametrize(
    "text",
    ["a", "é", '"', '"ped" AND (', "names:ped", "ped*", "^ped", "NEAR(ped, 2)", "-ped", "{names} : ped", "😀 ped"],
)
def test_signs_of_query_languages_are_no_commands(site: httpx.Client, text: str) -> None:
    assert ask(site, text)["q"] == text


def test_without_words_there_is_everything(site: httpx.Client) -> None:
    cities = ask(site, "", kind="city", limit="100")
    counted = site.get("/queries/list-cities", headers={"Accept": "application/json"}).json()

    assert cities["total"] == len({each["city"] for each in counted})
    assert [each["name"] for each in cities["results"]][:3] == ["Alba Iulia", "Alexandroupoli", "Alkmaar"]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("q=a&page=2", "There is no parameter 'page' here."),
        ("q=a&q=b", "The parameter 'q' is given 2 times; once is allowed."),
        ("q=a&kind=nothing", "Nothing here has the kind 'nothing'. There are: ped, city, project,"),
        ("q=a&language=xx", "Nothing here has the language 'xx'. There are: de, en,"),
        ("q=a&limit=0", "The parameter 'limit' must be a whole number from 1 to"),
        ("q=a&limit=%C2%B2", "The parameter 'limit' must be a whole number from 1 to"),
        ("q=a&offset=-1", "The parameter 'offset' must be a whole number from 0 to"),
        (f"q={'a' * 10_000}", "A search takes up to 500 characters; these are 10,000."),
        (f"q={'+'.join(map(str, range(30)))}", "A search takes up to 20 words; these are 30."),
        ("q=%FF", "The address is not valid UTF-8"),
    ],
)
@pytest.mark.parametrize("path", ["/search", "/search/suggestions"])
def test_bad_questions_are_told(site: httpx.Client, path: str, parameters: str, said: str) -> None:
    if path == "/search/suggestions" and "offset" in parameters:
        said = "There is no parameter 'offset' here."
    answer = site.get(f"{path}?{parameters}")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(said)


def test_a_version_that_never_was_is_not_found(site: httpx.Client) -> None:
    answers = [site.get(f"{path}?q=a&version=99") for path in ("/search", "/search/suggestions")]

    assert [each.status_code for each in answers] == [404, 404]


def test_results_come_as_a_table(site: httpx.Client) -> None:
    answer = site.get("/search", params={"q": "krakow", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert [each["id"] for each in rows] == [each["id"] for each in ask(site, "krakow")["results"]]
    assert rows[0] | {"text": ""} == {
        "id": f"{ID}city/pl-krakow", "kind": "city", "name": "Kraków", "language": "en", "otherName": "",
        "cityId": "", "city": "", "country": "PL", "text": "",
    }  # fmt: skip


def test_a_page_shows_what_was_asked_and_no_script(site: httpx.Client) -> None:
    answer = site.get("/search", params={"q": "<script>alert(1)</script> buiks"}, headers={"Accept": "text/html"})

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; buiks" in answer.text
    assert 'href="doc/ped/nl-amsterdam-buiksloterham"' in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_answers_can_be_kept(site: httpx.Client) -> None:
    plain = site.get("/search?q=krakow", headers={"Accept": "application/json"})
    pinned = site.get("/search?q=krakow&version=1", headers={"Accept": "application/json"})
    again = site.get("/search?q=krakow", headers={"Accept": "application/json", "If-None-Match": plain.headers["ETag"]})
    head = site.head("/search?q=krakow", headers={"Accept": "application/json"})

    assert (again.status_code, again.content) == (304, b"")
    assert (head.content, head.headers["ETag"]) == (b"", plain.headers["ETag"])
    assert plain.headers["Cache-Control"] == "public, no-cache"
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Memento-Datetime" in pinned.headers
    assert "Memento-Datetime" not in plain.headers
    assert {"Accept", "Accept-Datetime"} <= set(plain.headers["Vary"].replace(" ", "").split(","))
    assert plain.headers["Access-Control-Allow-Origin"] == "*"


def test_names_are_suggested(site: httpx.Client) -> None:
    found = site.get("/search/suggestions", params={"q": "grön", "limit": "3"}).json()

    assert found == {
        "q": "grön",
        "version": 1,
        "suggestions": [
            {
                "id": f"{ID}city/nl-groningen", "href": "../doc/city/nl-groningen", "kind": "city",
                "name": "Groningen", "language": "en", "otherName": None, "about": "city, Netherlands",
            },
            *found["suggestions"][1:],
        ],
    }  # fmt: skip
    assert len(found["suggestions"]) == 3
    assert site.get("/search/suggestions").json()["suggestions"] == []
