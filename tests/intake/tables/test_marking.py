"""Marked workbooks: exactly the cells of the findings are marked, and nothing else of the steward's file changes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from pedgraph.errors import InputError, TooLarge
from pedgraph.intake.findings import Finding, Position, Severity
from pedgraph.intake.tables.marking import mark
from pedgraph.intake.tables.styles import MARKS
from pedgraph.intake.tables.words import own_sheet_titles

if TYPE_CHECKING:
    from pathlib import Path

GREEN = "FF00FF00"


def finding(severity: str, sheet: str, cell: str, **members: object) -> dict[str, Any]:
    told = {"rule": "S22", "severity": severity, "message": "S22: One role only.", "value": "boss", **members}
    return {**told, "position": asdict(Position(source="own.xlsx", sheet=sheet, cell=cell))}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workbook with what a steward may have put into it."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "City roles"
    for row in (["City", "Role", "Year"], ["Musterstadt", "boss", 2024], [None, "follower", "=2000+24"]):
        sheet.append(row)
    sheet["B2"].fill = PatternFill("solid", fgColor=GREEN)
    sheet["A2"].font = Font(bold=True, italic=True)
    sheet["C2"].comment = Comment("asked Ana on Monday", "Ana")
    sheet["C2"].number_format = "0000"
    choice = DataValidation(type="list", formula1='"lighthouse,follower"')
    choice.add("B2:B100")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("C2:C9", Rule("cellIs", operator="lessThan", formula=["2000"]))
    sheet.freeze_panes = "A2"
    sheet.merge_cells("A5:C5")
    notes = workbook.create_sheet("My notes")
    notes["B7"] = "=SUM('City roles'!C2:C3)"
    workbook.save(tmp_path / "own.xlsx")
    return tmp_path / "own.xlsx"


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def marked(workbook: Workbook) -> dict[tuple[str, str], tuple[str, str]]:
    """Each marked cell with its colour and its comment."""
    return {
        (sheet.title, cell.coordinate): (cell.fill.fgColor.rgb, cell.comment.text if cell.comment else "")
        for sheet in workbook.worksheets
        if sheet.title not in own_sheet_titles()
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in MARKS.values() or (cell.comment and "pedgraph" in cell.comment.text)
    }


def contents(workbook: Workbook) -> dict[tuple[str, str], tuple[Any, ...]]:
    """All that a steward may have put into the cells."""
    return {
        (sheet.title, cell.coordinate): (
            cell.value, cell.data_type, cell.number_format, repr(cell.font), cell.fill.fgColor.rgb,
            cell.comment.text if cell.comment else None,
        )
        for sheet in workbook.worksheets
        if sheet.title not in own_sheet_titles()
        for row in sheet.iter_rows()
        for cell in row
    }  # fmt: skip


def test_exactly_the_cells_of_the_findings_are_marked(own: Path) -> None:
    findings = [
        finding("warning", "City roles", "C2", message="S34: No unit.", rule="S34", value="2024"),
        finding("violation", "City roles", "B2", allowed=["lighthouse", "follower"], nearest="follower"),
        finding("info", "City roles", "B2", message="S28: More could be said.", rule="S28", value=""),
        finding("violation", "City roles", "A3", message="S22: Name the city.", value=""),
    ]

    found = marked(opened(mark(own, findings, "en")))

    assert found == {
        ("City roles", "B2"): (
            MARKS[Severity.VIOLATION],
            "pedgraph ✖ Error S22\nS22: One role only.\nFound: boss\nAllowed: lighthouse, follower\n"
            "Did you mean: follower\n\npedgraph ● Note S28\nS28: More could be said.",
        ),
        ("City roles", "A3"): (MARKS[Severity.VIOLATION], "pedgraph ✖ Error S22\nS22: Name the city."),
        ("City roles", "C2"): (
            MARKS[Severity.WARNING],
            "asked Ana on Monday\n\npedgraph ▲ Warning S34\nS34: No unit.\nFound: 2024",
        ),
    }


def test_the_list_of_findings_is_in_front_and_leads_to_the_cells(own: Path) -> None:
    findings = [
        finding("warning", "My notes", "B7", message="T09: Formula.", rule="T09", value="=SUM(A1)"),
        finding(
            "violation",
            "City roles",
            "B2",
            allowed=["lighthouse", "follower"],
            nearest={"iri": "", "label": "follower"},
            property={"label": "role"},
        ),
        finding("violation", "", "", message="S39: No licence.", rule="S39", value=""),
    ]

    workbook = opened(mark(own, findings, "de"))

    sheet = workbook["Befunde"]
    rows = [[cell.value for cell in row[:8]] for row in sheet.iter_rows(min_row=7)]
    assert workbook.sheetnames == ["Befunde", "City roles", "My notes"]
    assert workbook.active is sheet
    assert sheet["A2"].value == "✖ Fehler: 2     ▲ Warnung: 1     ● Hinweis: 0"
    assert rows == [
        ["✖ Fehler", "own.xlsx", None, None, "(leer)", "S39: No licence.", None, "S39"],
        [
            "✖ Fehler",
            "City roles",
            "B2",
            "role",
            "boss",
            "S22: One role only.",
            "Gemeint vielleicht: follower\nlighthouse, follower",
            "S22",
        ],
        ["▲ Warnung", "My notes", "B7", None, "=SUM(A1)", "T09: Formula.", None, "T09"],
    ]
    assert [cell.hyperlink.location for cell in sheet["C"] if cell.hyperlink] == ["'City roles'!B2", "'My notes'!B7"]
    assert sheet["E9"].data_type == "s"


def test_nothing_else_changes(own: Path) -> None:
    before = load_workbook(own)

    after = opened(mark(own, [finding("violation", "City roles", "A3")], "en"))

    changed = {place for place, content in contents(after).items() if contents(before)[place] != content}
    sheet, former = after["City roles"], before["City roles"]
    assert changed == {("City roles", "A3")}
    assert [each.sqref for each in sheet.data_validations.dataValidation] == [
        each.sqref for each in former.data_validations.dataValidation
    ]
    assert [each.sqref for each in sheet.conditional_formatting] == [
        each.sqref for each in former.conditional_formatting
    ]
    assert sheet.freeze_panes == "A2"
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A5:C5"]
    assert after["City roles"]["C3"].value == "=2000+24"


def test_a_second_marking_takes_the_first_away(own: Path, tmp_path: Path) -> None:
    before = contents(load_workbook(own))
    first = tmp_path / "first.xlsx"
    first.write_bytes(mark(own, [finding("violation", "City roles", cell) for cell in ("B2", "C2", "A5")], "en"))

    second = opened(mark(first, [finding("info", "My notes", "B7")], "fr"))
    (tmp_path / "second.xlsx").write_bytes(mark(first, [], "en"))

    assert set(marked(second)) == {("My notes", "B7")}
    assert second.sheetnames == ["Constats", "City roles", "My notes"]
    assert contents(load_workbook(tmp_path / "second.xlsx")) == before


def test_a_mark_on_merged_cells_stands_where_their_content_is(own: Path) -> None:
    assert set(marked(opened(mark(own, [finding("warning", "City roles", "B5")], "en")))) == {("City roles", "A5")}


def test_what_is_about_a_whole_row_marks_no_cell(own: Path) -> None:
    place = asdict(Position(source="own.xlsx", sheet="City roles", line=1))

    workbook = opened(mark(own, [{**finding("violation", "", ""), "position": place}], "en"))

    assert marked(workbook) == {}
    assert workbook["Findings"]["C7"].hyperlink.location == "'City roles'!A1"


def test_csv_becomes_a_marked_workbook(tmp_path: Path) -> None:
    table = tmp_path / "city.csv"
    table.write_bytes('city;note\r\nMusterstadt;"two\nlines"\r\nBöblitz;=1+1\r\n'.encode())
    findings = [{**finding("violation", "", ""), "position": asdict(Position("city.csv", line=3, column=2))}]

    workbook = opened(mark(table, findings, "en"))

    assert set(marked(workbook)) == {("city", "B3")}
    assert [[cell.value for cell in row] for row in workbook["city"].iter_rows()] == [
        ["city", "note"],
        ["Musterstadt", "two\nlines"],
        ["Böblitz", "=1+1"],
    ]
    assert workbook["city"]["B3"].data_type == "s"


def test_each_csv_of_an_archive_becomes_a_sheet(tmp_path: Path) -> None:
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("tables/city.csv", "city\nMusterstadt\n")
        files.writestr("tables/project.csv", "project\nErfunden\n")
        files.writestr("README.txt", "read me")
    place = asdict(Position("tables/project.csv", line=2, column=1))

    workbook = opened(mark(archive, [{**finding("info", "", ""), "position": place}], "es"))

    assert workbook.sheetnames == ["Hallazgos", "city", "project"]
    assert set(marked(workbook)) == {("project", "A2")}


def test_findings_as_the_check_gives_them_are_understood(own: Path) -> None:
    plain = Finding(
        Severity.WARNING, "S36", "https://example.org/x", "https://example.org/p", "420", "S36: No share.",
        position=Position("own.xlsx", sheet="City roles", cell="C2"),
    )  # fmt: skip

    assert marked(opened(mark(own, [plain.as_json()], "nl"))) == {
        ("City roles", "C2"): (
            MARKS[Severity.WARNING],
            "asked Ana on Monday\n\npedgraph ▲ Waarschuwing S36\nS36: No share.\nGevonden: 420",
        )
    }


def test_rows_of_the_list_are_as_high_as_what_they_say(own: Path) -> None:
    """A program that does not find the height by itself would write one row over the other."""
    long = finding("violation", "City roles", "B2", message=f"S22: {'word ' * 40}", allowed=["x" * 130])

    sheet = opened(mark(own, [long, finding("violation", "City roles", "B3")], "en"))["Findings"]

    # One line has 70 characters where it is said what is wrong, and 40 where it is said what is allowed.
    assert [sheet.row_dimensions[row].height for row in (7, 8)] == [15.5 * 4 + 3, 15.5 + 3]


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"PK\x03\x04 not a workbook"])
def test_what_is_no_table_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.xlsx"
    file.write_bytes(content)
    if content.startswith(b"PK\x05\x06"):
        with pytest.raises(InputError, match="no table"):
            mark(file, [], "en")
    else:
        assert opened(mark(file, [], "en")).sheetnames[0] == "Findings"


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook")

    with pytest.raises(InputError, match=r"own\.xlsx"):
        mark(file, [], "en")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", bytes(2_000_000))

    with pytest.raises(TooLarge):
        mark(file, [], "en", unpacked_max_bytes=1_000_000)


def test_what_is_lost_is_said(own: Path) -> None:
    with zipfile.ZipFile(own, "a") as parts:
        parts.writestr("xl/media/image1.png", b"")
        parts.writestr("xl/drawings/drawing9.xml", b"<xdr:wsDr><xdr:sp macro=''/></xdr:wsDr>")

    told = str(opened(mark(own, [], "en"))["Findings"]["A4"].value)

    assert told == (
        "This copy does not hold everything of your file: pictures, shapes. Nothing has changed in the file itself."
    )


def test_true_numbers_are_told_where_not_all_are_listed(own: Path) -> None:
    findings = [finding("violation", "City roles", "B2")]

    told = opened(mark(own, findings, "en", counts={"violation": 12_000, "warning": 0, "info": 1}))["Findings"]["A2"]

    assert told.value == "✖ Error: 12000     ▲ Warning: 0     ● Note: 1     (the first 1 of 12001 are listed)"
