"""The rows of tables that findings are about come out of the check, as they stand in the file and no more of them."""

from __future__ import annotations

import asyncio
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

import pytest

from pedgraph.delivery.findings.files import told_file
from pedgraph.delivery.findings.page import findings_fragment
from pedgraph.intake.checking.checks import Check
from pedgraph.intake.checking.excerpts import LONGEST_VALUE_CHARACTERS, MOST_CHARACTERS, MOST_ROWS, excerpts
from pedgraph.intake.checking.service import CheckService
from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.tables.sheets import Sheet
from pedgraph.settings import load_settings
from tests.delivery.findings.outline import Outline
from tests.intake.tables.making import book
from tests.intake.tables.thirty_mistakes import write_thirty_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.intake.building import Built

CITIES: Final = (
    'Name,Country\nLyon,France\n"Gh\nent",Netherlands\nDelft,Atlantis\n=HYPERLINK("x"),France\nLille,France\n'
)


@pytest.fixture(scope="module")
def told(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What is told about a few files with mistakes, by their names."""
    folder = tmp_path_factory.mktemp("tables")
    workbook = book({"cities": [{"name": "Lyon", "country": "France"}, {"name": "Delft", "country": "Atlantis"}]})
    workbook["cities"]["F4"], workbook["cities"]["B4"] = "=1+1", "Lille"
    workbook.save(folder / "cities.xlsx")
    (folder / "cities.csv").write_text(CITIES)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("a/cities.csv", "Name,Country\nLyon,France\n")
        archive.writestr("b/districts.csv", "Name,City\nNorth,Nowhere\n")
    write_thirty_mistakes(folder / "thirty.xlsx")
    (folder / "text.ttl").write_text(
        "@prefix pedg: <https://w3id.org/pedgraph/ont#> .\n<https://w3id.org/pedgraph/id/city/x> a pedg:Cty ."
    )

    async def check() -> dict[str, dict[str, Any]]:
        async with CheckService(load_settings({}, home=built[0], checks=1)) as service:
            files = sorted(folder.iterdir())
            outcomes = {path.name: await service.run(Check(path, path.name, languages=("en", "nl"))) for path in files}
        return {name: told_file(json.loads(json.dumps(each.as_json())), "nl", name) for name, each in outcomes.items()}

    return asyncio.run(check())


def test_the_rows_of_a_workbook(told: dict[str, dict[str, Any]]) -> None:
    header = [
        "id", "name", "other names", "description", "country", "coordinates", "networks", "objectives",
        "GeoNames number", "NUTS code", "Wikidata item",
    ]  # fmt: skip
    assert told["cities.xlsx"]["sheets"] == [
        {
            "source": "cities.xlsx",
            "sheet": "cities",
            "header": {"line": 1, "values": header},
            "rows": [
                {"line": 2, "values": ["", "Lyon", "", "", "France"]},
                {"line": 3, "values": ["", "Delft", "", "", "Atlantis"]},
                {"line": 4, "values": ["", "Lille", "", "", "", "=1+1"]},
            ],
        }
    ]
    assert told["cities.xlsx"]["rows_left_out"] == 0


def test_the_rows_of_a_csv_file_with_one_before_each(told: dict[str, dict[str, Any]]) -> None:
    assert told["cities.csv"]["sheets"] == [
        {
            "source": "cities.csv",
            "sheet": "",
            "header": {"line": 1, "values": ["Name", "Country"]},
            "rows": [
                {"line": 3, "values": ["Gh\nent", "Netherlands"]},
                {"line": 4, "values": ["Delft", "Atlantis"]},
                {"line": 5, "values": ['=HYPERLINK("x")', "France"]},
            ],
        }
    ]


def test_the_rows_of_an_archive_name_their_files(told: dict[str, dict[str, Any]]) -> None:
    assert told["all.zip"]["sheets"] == [
        {
            "source": "b/districts.csv",
            "sheet": "",
            "header": {"line": 1, "values": ["Name", "City"]},
            "rows": [{"line": 2, "values": ["North", "Nowhere"]}],
        }
    ]


def test_a_text_has_no_rows(told: dict[str, dict[str, Any]]) -> None:
    assert told["text.ttl"]["total"] > 0
    assert (told["text.ttl"]["sheets"], told["text.ttl"]["rows_left_out"]) == ([], 0)


@pytest.mark.parametrize("name", ["thirty.xlsx", "cities.csv", "all.zip"])
def test_every_place_in_a_table_is_a_link_to_its_cell(told: dict[str, dict[str, Any]], name: str) -> None:
    outline = Outline(findings_fragment(told[name], "text"))

    identifiers = outline.values("id")
    cells = [link for link in outline.values("href") if link.startswith(("#cell-", "#row-", "#sheet-"))]
    assert len(cells) == told[name]["shown"] > 0
    assert [identifiers.count(link.removeprefix("#")) for link in cells] == [1] * len(cells)


def sheet(rows: int, *, name: str = "cities", columns: int = 2, text: str = "text") -> Sheet:
    """A sheet of a workbook with a header and rows."""
    return Sheet(name, "a.xlsx", True, [(number, [text] * columns) for number in range(1, rows + 2)])


def findings(table: Sheet, lines: Sequence[int], severity: Severity = Severity.VIOLATION) -> list[Finding]:
    return [Finding(severity, "S01", "", "", "", "", position=table.place(line, 1)) for line in lines]


def groups(*found: Sequence[Finding]) -> dict[str, Any]:
    """What is told about findings in these groups, as far as it matters here."""
    told = [[each.as_json() for each in group] for group in found]
    return {"en": {"groups": [{"severity": group[0]["severity"], "findings": group} for group in told]}}


def test_of_many_rows_the_first_of_each_kind_and_the_heavier_ones_are_shown() -> None:
    table = sheet(5000)
    hints = findings(table, range(10, 5000, 10), Severity.INFO)
    errors = findings(table, range(4005, 4505, 10))

    shown, left_out = excerpts([table], groups(hints, errors), [*hints, *errors])

    lines = [row["line"] for row in shown[0]["rows"]]
    assert 1 + len(lines) == MOST_ROWS - 1
    errors_with_the_rows_before = {line - back for line in range(4005, 4505, 10) for back in (0, 1)}
    assert set(lines) == errors_with_the_rows_before | {line - back for line in range(10, 500, 10) for back in (0, 1)}
    assert left_out == len(hints) + len(errors) - 49 - 50


def test_values_are_cut_and_wide_rows_are_no_more_than_fit() -> None:
    table = sheet(100, columns=100, text="x" * 5000)
    found = findings(table, range(2, 102))

    shown, left_out = excerpts([table], groups(found), found)

    rows = shown[0]["rows"]
    assert rows[0]["values"][0] == "x" * LONGEST_VALUE_CHARACTERS + "…"
    assert len(rows) > 5
    assert sum(len(value) for row in rows for value in row["values"]) < MOST_CHARACTERS
    assert len(rows) + left_out == 100


def test_a_row_that_is_shown_before_another_is_not_said_to_be_left_out() -> None:
    table = sheet(1000)
    found = findings(table, range(1000, 2, -1))

    shown, left_out = excerpts([table], groups(found), found)

    assert left_out == len(found) - len(shown[0]["rows"])


def test_what_is_about_a_sheet_shows_its_header_and_what_is_beyond_it_an_empty_row() -> None:
    whole, beyond, quiet = sheet(3, name="whole"), sheet(1, name="beyond"), sheet(3, name="quiet")
    found = [*findings(whole, [0]), *findings(beyond, [9])]

    shown, left_out = excerpts([whole, beyond, quiet], groups(found), found)

    header = {"line": 1, "values": ["text", "text"]}
    assert shown == [
        {"source": "a.xlsx", "sheet": "whole", "header": header, "rows": []},
        {"source": "a.xlsx", "sheet": "beyond", "header": header, "rows": [{"line": 9, "values": []}]},
    ]
    assert left_out == 0


def test_of_two_sheets_of_one_name_none_is_shown() -> None:
    found = findings(sheet(3), [2])

    assert excerpts([sheet(3), sheet(5)], groups(found), found) == ([], 1)


def test_what_was_checked_before_there_were_rows_is_told_without_them(told: dict[str, dict[str, Any]]) -> None:
    new = told["cities.xlsx"]
    old = {
        "told": {"en": {"groups": []}},
        "conforms": True,
        "media_type": "text/csv",
        "size_bytes": 1,
        "statements": 0,
        "receipt": new["receipt"],
    }
    kept = {name: value for name, value in new.items() if name not in {"sheets", "rows_left_out"}}

    assert (told_file(old, "en", "a.csv")["sheets"], told_file(old, "en", "a.csv")["rows_left_out"]) == ([], 0)
    assert "<b>cities!E3</b>" in findings_fragment(kept, "")
