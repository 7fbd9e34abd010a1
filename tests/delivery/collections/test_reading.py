"""Lists as they are read from their file: places, orders, and values that mean nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.collections.asking import read
from pedgraph.delivery.collections.cursors import cursor, offset_of
from pedgraph.delivery.collections.definitions import CITIES, COLLECTIONS
from pedgraph.delivery.collections.gathering import Place
from pedgraph.delivery.collections.writing import write
from pedgraph.errors import BadRequest, StoreError
from tests.delivery.collections.worlds import CITY, asked, slugs, small_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the lists of the small world."""
    path = tmp_path_factory.mktemp("collections") / "made.sqlite"
    write(small_world(), path)
    return path


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("-180,-90,180,90", ["fj-labasa", "fr-lyon", "fj-taveuni"]),
        ("179,-20,-179,-10", ["fj-labasa", "fj-taveuni"]),
        ("179.5,-20,-179,-10", ["fj-taveuni"]),
        ("-179,-20,179,-10", []),
        ("4.83,45.76,4.83,45.76", ["fr-lyon"]),
        (" 4, 45, +5, 46.", ["fr-lyon"]),
        ("4.84,45,5,46", []),
        ("180,-90,-180,90", []),
    ],
)
def test_a_box_holds_what_is_in_it_also_across_the_antimeridian(made: Path, box: str, found: list[str]) -> None:
    assert slugs(asked(made, "cities", ("bbox", box))) == found


def test_a_box_holds_what_is_in_its_city_only_where_that_is_asked_for(made: Path) -> None:
    box = ("bbox", "179,-20,-179,-10")
    assert slugs(asked(made, "peds", box)) == []
    assert slugs(asked(made, "peds", box, ("approximate", "city"))) == ["fj-harm"]


def test_an_outline_is_in_a_box_that_it_reaches_into(tmp_path: Path) -> None:
    world = small_world()
    ring = [[4.0, 45.0], [6.0, 45.0], [6.0, 47.0], [4.0, 45.0]]
    world.places[CITY + "fr-lyon"] = Place({"type": "Polygon", "coordinates": [ring]}, "")
    write(world, tmp_path / "made.sqlite")
    for box, found in (("5.9,46.9,9,50", ["fr-lyon"]), ("6.1,45,9,50", []), ("3,44,4,45", ["fr-lyon"])):
        assert slugs(asked(tmp_path / "made.sqlite", "cities", ("bbox", box))) == found


@pytest.mark.parametrize(
    "box",
    [
        "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "inf,0,1,1", "-181,0,1,1", "0,0,180.001,1", "0,-90.5,1,1",
        "0,0,1,91", "0,2,1,1", "1e1,0,1,1", "0,0,1,1\x00", "٣,0,4,1", ",,,", "1" * 9000,
    ],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(box: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read(CITIES, [("bbox", box)])
    assert caught.value.extensions["parameter"] == "bbox"
    assert len(caught.value.detail) < 200


def test_values_of_one_filter_add_up_and_filters_narrow_each_other_down(made: Path) -> None:
    assert slugs(asked(made, "cities", ("country", "FJ"), ("country", "fr"))) == ["fj-labasa", "fr-lyon", "fj-taveuni"]
    assert slugs(asked(made, "cities", ("country", "FJ"), ("bbox", "0,-90,180,90"))) == ["fj-labasa"]
    assert slugs(asked(made, "peds", ("city", "fj-labasa"), ("stage", "implementation"))) == ["fj-harm"]
    assert slugs(asked(made, "peds", ("city", "fr-lyon"))) == []


@pytest.mark.parametrize(
    "value", ["fj-labasa", "id:city/fj-labasa", f"{CITY}fj-labasa", f"<{CITY}fj-labasa>", " fj-labasa "]
)
def test_a_thing_may_be_named_in_several_ways(made: Path, value: str) -> None:
    assert slugs(asked(made, "peds", ("city", value))) == ["fj-harm"]


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("city", "fj-labassa", ["fj-labasa"]),
        ("country", "XX", []),
        ("country", "ped-stage/implementation", []),
        ("stage", "implementatoin", ["implementation"]),
        ("year", "20", []),
        ("year", "二〇二五", []),
        ("city", "../etc/passwd", []),
        ("project", "' OR 1=1 --", []),
        ("city", "ped/fj-harm", []),
        ("city", "https://w3id.org/pedgraph/id/ped/fj-harm%00", []),
        ("stage", "x" * 5000, []),
    ],
)
def test_a_value_that_nothing_stands_for_is_refused(made: Path, name: str, value: str, nearest: list[str]) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(made, "peds", (name, value))
    assert (caught.value.extensions["parameter"], caught.value.extensions["nearest"]) == (name, nearest)
    assert len(caught.value.detail) < 300


def test_each_filter_counts_what_would_be_there_with_another_value(made: Path) -> None:
    found = asked(made, "cities", ("country", "FJ"))
    assert [(each.value, each.label, each.count) for each in found.counts["country"]] == [
        ("FJ", "FJI", 2), ("FR", "FRA", 1), ("NL", "NLD", 1),
    ]  # fmt: skip
    assert (found.total, found.of, found.counts["role"]) == (2, 4, ())


def test_what_lacks_what_a_list_goes_by_comes_last_either_way(made: Path) -> None:
    numbers = small_world()
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    for slug, residents in (("fj-labasa", "9"), ("fr-lyon", "10")):
        term = {"type": "literal", "value": residents, "datatype": decimal}
        numbers.facts["cities"][CITY + slug]["residents"] = [term]
    path = made.with_name("numbers.sqlite")
    write(numbers, path)
    assert slugs(asked(path, "cities", ("sort", "residents"))) == ["fj-labasa", "fr-lyon", "nl-nowhere", "fj-taveuni"]
    assert slugs(asked(path, "cities", ("sort", "-residents"))) == ["fr-lyon", "fj-labasa", "nl-nowhere", "fj-taveuni"]


def test_what_a_search_has_found_stays_in_its_order(made: Path) -> None:
    ranked = [CITY + "nl-nowhere", "https://example.org/other", CITY + "fj-labasa", CITY + "fr-lyon"]
    found = asked(made, "cities", ("q", "x"), ("country", "FJ"), ("country", "NL"), ranked=ranked)
    assert (slugs(found), found.total) == (["nl-nowhere", "fj-labasa"], 2)
    assert slugs(asked(made, "cities", ("q", "x"), ("sort", "label"), ranked=ranked)) == [
        "fj-labasa", "fr-lyon", "nl-nowhere",
    ]  # fmt: skip


def test_a_cursor_holds_for_one_list_of_one_version_alone() -> None:
    pairs = [("country", "NL"), ("sort", "label")]
    made = cursor(40, "version", "peds", pairs)
    assert offset_of(made, "version", "peds", pairs) == 40
    others = [
        (made, "another", "peds", pairs),
        (made, "version", "sites", pairs),
        (made, "version", "peds", pairs[:1]),
        (made, "version", "peds", [("country", "NL\nsort"), ("sort", "label")]),
        (made[:-1], "version", "peds", pairs),
        (("B" if made[0] == "A" else "A") + made[1:], "version", "peds", pairs),
        (made[:7] + ("B" if made[7] == "A" else "A") + made[8:], "version", "peds", pairs),
        (made + "AAAA", "version", "peds", pairs),
        ("", "version", "peds", pairs),
        ("é", "version", "peds", pairs),
        ("\ud800", "version", "peds", pairs),
        ("A" * 10_000, "version", "peds", pairs),
    ]
    for given in others:
        with pytest.raises(BadRequest):
            offset_of(*given)


def test_all_lists_are_there_in_an_empty_world(tmp_path: Path) -> None:
    world = small_world()
    world.facts = {name: {} for name in COLLECTIONS}
    write(world, tmp_path / "made.sqlite")
    for name in COLLECTIONS:
        found = asked(tmp_path / "made.sqlite", name)
        assert (found.items, found.total, found.of, set(map(len, found.counts.values()))) == ((), 0, 0, {0})


def test_a_file_that_cannot_be_written_or_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        write(small_world(), tmp_path / "missing" / "made.sqlite")
    (tmp_path / "damaged.sqlite").write_bytes(b"SQLite format 3\x00" + b"\x00" * 5000)
    for path in (tmp_path / "damaged.sqlite", tmp_path / "nowhere.sqlite"):
        with pytest.raises(StoreError):
            asked(path, "cities")


def test_what_has_no_place_has_none_and_is_near_its_city(made: Path) -> None:
    (district,) = asked(made, "peds").items
    assert (district.geometry, district.credit) == (None, "")
    assert json.loads(district.nearby or "") == {"type": "Point", "coordinates": [179.38, -16.42]}
    assert district.nearby_credit == "credit of fj-labasa"
