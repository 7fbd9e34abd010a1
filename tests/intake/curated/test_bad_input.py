"""What is wrong with a table stops the build, with file, row, column and what to do; the current version stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pedgraph.errors import DoesNotConform, InputError
from pedgraph.intake.building import build_version
from pedgraph.settings import Settings
from pedgraph.store.versions import Pointer, Versions
from tests.cli.commandline import run
from tests.intake.curated.worlds import write_world

if TYPE_CHECKING:
    from pathlib import Path


class Bad(NamedTuple):
    """What is replaced in a table, and what is told of it: rule, place and value of the finding."""

    table: str
    old: str
    new: str
    told: tuple[str, str, str]


ROLES, PROJECTS, NUMBERS = "projects/city-roles.csv", "projects/projects.csv", "places/numbers.csv"
CITIES, DISTRICTS, SOURCES = "places/cities.csv", "places/districts.csv", "sources.csv"
# Each list is spoiled at once, so that each finding is seen to be told beside the others.
BAD = {
    "a city that is named by its id and not there": [
        Bad(
            ROLES, "city/nl-voorbeeld,project/alpha,follower", "city/nl-voorbeelt,project/alpha,follower",
            ("T10", "projects/city-roles.csv:3:1", "city/nl-voorbeelt"),
        ),
    ],
    "a city that is named by its name, and a source, that are not there": [
        Bad(DISTRICTS, "Haven,nl-voorbeeld", "Haven,Voorbeild", ("T10", "places/districts.csv:2:3", "Voorbeild")),
        Bad(ROLES, "1,first-report", "1,first-raport", ("T10", "projects/city-roles.csv:2:5", "first-raport")),
    ],
    "rows without a source": [
        Bad(PROJECTS, "2022,tweede-bericht", "2022,", ("T38", "projects/projects.csv:4:5", "")),
        Bad(CITIES, "Voorbeelt,NLD,,,tweede-bericht", "Voorbeelt,NLD", ("T38", "places/cities.csv:3:6", "")),
        Bad(NUMBERS, "locator,source", "locator,", ("T05", "places/numbers.csv:1", "")),
    ],
    "values that cannot be read": [
        Bad(PROJECTS, "2023-01", "2023-13", ("T07", "projects/projects.csv:3:4", "2023-13")),
        Bad(NUMBERS, "1200,number", "1200,heads", ("T36", "places/numbers.csv:2:4", "heads")),
        Bad(ROLES, "follower city", "folower city", ("T03", "projects/city-roles.csv:3:3", "folower city")),
        Bad(CITIES, "GeoNames number", "their number", ("T04", "places/cities.csv:1:5", "their number")),
    ],
    "values that break rules": [
        Bad(NUMBERS, "1200,number", "1200,ha", ("S35", "places/numbers.csv:2:4", "Hectare")),
        Bad(
            PROJECTS, "for All,ALPHA,2022", "me@example.org,ALPHA,2022",
            ("S38", "projects/projects.csv:4:2", "Alpha me@example.org"),
        ),
    ],
    "an id twice in one source": [
        Bad(PROJECTS, "2022,tweede-bericht", "2022,first-report", ("T16", "projects/projects.csv:4:1", "alpha")),
    ],
    "sources that are not described as they should be": [
        Bad(SOURCES, "silent-page,", "first-report,", ("T16", "sources.csv:4:1", "first-report")),
        Bad(SOURCES, "City of Voorbeeld", "", ("S45", "sources.csv:3:3", "")),
        Bad(SOURCES, "2026-11-20", "20 Smarch", ("T07", "sources.csv:3:5", "20 Smarch")),
        Bad(SOURCES, "https://example.org/first", "first", ("T24", "sources.csv:2:4", "first")),
        Bad(SOURCES, "stated-by-operator", "said-so", ("T03", "sources.csv:2:9", "said-so")),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose current version is built from the tables as they should be."""
    home = tmp_path_factory.mktemp("kept")
    data = write_world(tmp_path_factory.mktemp("right") / "data")
    build_version(Versions(home), data, Settings(validate_writes="off"))
    return home


def refused(home: Path, data: Path) -> tuple[DoesNotConform, dict[str, Any]]:
    with pytest.raises(DoesNotConform) as caught:
        build_version(Versions(home), data, Settings(validate_writes="off"))
    assert Versions(home).pointer() == Pointer(current=1, published=1)
    assert [path.name for path in Versions(home).root.iterdir()] == ["000001"]
    assert caught.value.told is not None
    return caught.value, caught.value.told


def places(told: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (each["rule"], each["place"].removeprefix("tables/"), each["found"])
        for group in told["groups"]
        for each in group["findings"]
    }


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_stops_the_build_with_its_place_and_what_to_do(name: str, kept: Path, tmp_path: Path) -> None:
    data = write_world(tmp_path / "data")
    for bad in BAD[name]:
        path = data / "tables" / bad.table
        text = path.read_text(encoding="utf-8")
        assert bad.old in text
        path.write_text(text.replace(bad.old, bad.new, 1), encoding="utf-8")

    error, told = refused(kept, data)

    assert places(told) == {bad.told for bad in BAD[name]}
    assert all(each["fix"] for group in told["groups"] for each in group["findings"])
    assert {each["severity"] for each in error.findings} <= {"violation", "warning"}


def test_files_that_are_no_tables_stop_the_build(kept: Path, tmp_path: Path) -> None:
    data = write_world(tmp_path / "data")
    tables = data / "tables"
    (tables / "places" / "citys.csv").write_text("id,name,source\nx,X,first-report\n", encoding="utf-8")
    (tables / "places" / "notes.txt").write_text("to do", encoding="utf-8")
    (tables / "projects" / "hubs.csv").write_bytes(b"id,name,source\nx,Caf\xe9,first-report\n")
    (tables / "README.md").write_text("What lies here.", encoding="utf-8")
    (tables / "places" / ".hidden").write_text("", encoding="utf-8")

    _, told = refused(kept, data)

    assert places(told) >= {
        ("T06", "places/citys.csv", "citys"), ("T37", "places/notes.txt", "notes.txt"),
        ("T21", "projects/hubs.csv:2", "urce\nx,Café,first-re"),
    }  # fmt: skip
    assert {rule for rule, place, _ in places(told) if "hubs" not in place} == {"T06", "T37"}


def test_a_table_that_cannot_be_read_stops_the_build(kept: Path, tmp_path: Path) -> None:
    data = write_world(tmp_path / "data")
    (data / "tables" / "places" / "sites.csv").symlink_to(data / "nowhere.csv")

    with pytest.raises(InputError, match=r"sites\.csv: It cannot be read"):
        build_version(Versions(kept), data, Settings())

    assert Versions(kept).pointer() == Pointer(current=1, published=1)


def test_the_command_says_where_and_what_to_do_and_ends_with_1(tmp_path: Path) -> None:
    data = write_world(tmp_path / "data")
    path = data / "tables" / DISTRICTS
    path.write_text(path.read_text(encoding="utf-8").replace("Haven,nl-", "Haven,city/be-"), encoding="utf-8")

    ended = run("build", "--data", str(data), home=tmp_path / "home")

    lines = [line.split() for line in ended.stderr.decode().splitlines()]
    assert ended.returncode == 1
    assert ["✖", "error", "T10", "x", "1", "in", "city"] in lines
    assert ["tables/places/districts.csv:2:3", "Haven", "city/be-voorbeeld", "city/nl-voorbeeld"] in lines
    assert ["→", "Add", "a", "row", "for", "it", "in", "its", "sheet,", "or", "correct", "the", "name."] in lines
    assert "do not conform: 1 violation" in ended.stderr.decode()
    assert Versions(tmp_path / "home").pointer() is None
