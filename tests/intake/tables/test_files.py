"""Files as they come: encodings, quotes, bombs, passwords, other forms. Each gives one clear finding, no error."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from pedgraph.intake.messages import translate
from pedgraph.intake.tables import csv_files, workbooks
from pedgraph.intake.tables.csv_files import read_archive, read_csv
from pedgraph.intake.tables.workbooks import read_workbook
from pedgraph.settings import Settings
from tests.intake.tables.making import book, write_archive, write_book

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.reading.documents import Document

SETTINGS: Final = Settings()
PERSONS: Final = {"persons": [{"name": "Zoë Müller"}]}
TEXT: Final = "name,other names\r\nZoë Müller,\r\n"


def rules(document: Document) -> list[str]:
    messages = [finding.message for finding in translate(document.problems, "en")]
    assert all(message and "{?" not in message for message in messages)
    return [finding.rule for finding in document.problems]


def read_bytes(tmp_path: Path, content: bytes) -> Document:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return read_csv(path, "persons.csv", SETTINGS)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.replace(",", ";").replace("\r\n", "\n").encode(),
        TEXT.replace(",", "\t").replace("\r\n", "\r").encode(),
        ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
        ('"name","other names"\r\n"Zoë Müller",""').encode(),
        ("\r\n,\r\n" + TEXT).encode(),
    ],
)
def test_a_csv_file_may_be_written_in_many_ways(tmp_path: Path, content: bytes) -> None:
    document = read_bytes(tmp_path, content)

    assert rules(document) == []
    assert [str(triple.object) for triple in document.triples if triple.predicate.value.endswith("label")] == [
        '"Zoë Müller"@en'
    ]


def test_latin_1_is_read_and_told(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, TEXT.encode("latin-1"))

    assert rules(document) == ["T21"]
    assert document.problems[0].position.line == 2
    assert "Zoë" in document.problems[0].value
    assert any("Zoë Müller" in str(triple.object) for triple in document.triples)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)

    assert rules(read_csv(path, "anything.csv", SETTINGS)) == ["T29"]
    assert rules(read_workbook(path, "book.xlsx", SETTINGS)) == ["T20"]
    assert rules(read_archive(path, "archive.zip", SETTINGS)) == ["T20"]


def test_an_open_quotation_mark_is_told_and_the_rows_before_it_are_kept(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, b'name\nAda\n"Bob\nCleo\n')

    assert rules(document) == ["T33"]
    assert document.problems[0].position.line == 3
    assert len({triple.subject for triple in document.triples}) == 1


def test_a_formula_is_told_and_never_computed(tmp_path: Path) -> None:
    document = read_bytes(tmp_path, b'name,other names\nAda,"=HYPERLINK(""http://127.0.0.1/"")"\n')

    assert rules(document) == ["T12"]
    assert document.problems[0].value.startswith("=HYPERLINK")
    assert document.problems[0].position.column == 2


def test_formulas_and_errors_in_a_workbook_are_told_without_their_kept_values(tmp_path: Path) -> None:
    workbook = book({"persons": [{"name": "Ada"}, {"name": "Bob"}]})
    workbook["persons"]["C2"] = "=A1&A2"
    workbook["persons"]["C3"] = "#REF!"
    workbook["persons"]["C3"].data_type = "e"
    workbook.save(tmp_path / "book.xlsx")

    document = read_workbook(tmp_path / "book.xlsx", "book.xlsx", SETTINGS)

    assert [(each.rule, each.position.cell, each.value) for each in document.problems] == [
        ("T12", "C2", "=A1&A2"),
        ("T13", "C3", "#REF!"),
    ]


def test_sheets(tmp_path: Path) -> None:
    """Hidden sheets are read and told, those of pedgraph and empty ones passed over, others told with the nearest."""
    workbook = book(PERSONS)
    workbook["persons"].sheet_state = "hidden"
    workbook.create_sheet("Citys")["A1"] = "name"
    workbook.create_sheet("Findings")["A1"] = "T01"
    workbook.create_sheet("Empty")
    workbook.create_sheet("Lists")["A1"] = "list"
    workbook.save(tmp_path / "book.xlsx")

    document = read_workbook(tmp_path / "book.xlsx", "book.xlsx", SETTINGS)

    assert [(each.rule, each.position.sheet, each.severity.name) for each in document.problems] == [
        ("T14", "persons", "WARNING"),
        ("T06", "Citys", "WARNING"),
    ]
    assert dict(document.problems[1].variables)["nearest"] == "cities"
    assert len(document.triples) == 2
    assert document.sheets == ("persons", "Citys", "Findings", "Empty", "Lists")


def test_merged_cells_are_told_where_they_hold_something(tmp_path: Path) -> None:
    workbook = book({"persons": [{"name": "Ada"}, {"other names": "Bob"}]})
    workbook["persons"].merge_cells("B2:B3")
    workbook["persons"].merge_cells("E5:F6")
    workbook.save(tmp_path / "book.xlsx")

    document = read_workbook(tmp_path / "book.xlsx", "book.xlsx", SETTINGS)

    assert ("T15", "B2") in [(each.rule, each.position.cell) for each in document.problems]
    assert "T15" not in rules(document)[1:]


def test_percent_cells_mean_what_they_show(tmp_path: Path) -> None:
    workbook = book({"numbers": [{"value": 0.35}]})
    workbook["numbers"]["C2"].number_format = "0.0%"
    workbook.save(tmp_path / "book.xlsx")

    document = read_workbook(tmp_path / "book.xlsx", "book.xlsx", SETTINGS)

    stated = {triple.predicate.value.rpartition("#")[2]: str(triple.object) for triple in document.triples}
    assert rules(document) == []
    assert stated["value"].startswith('"35.0"')
    assert stated["unit"].endswith("PERCENT>")


def test_a_bomb_is_told_before_it_is_unpacked(tmp_path: Path) -> None:
    """Half a gigabyte of blanks in half a megabyte."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("persons.csv", "w") as member:
        for _ in range(64):
            member.write(b" " * 1024 * 1024)
    small = Settings(unpacked_max_bytes=32 * 1024 * 1024)

    assert rules(read_archive(path, "bomb.zip", small)) == ["T19"]
    assert rules(read_workbook(path, "bomb.xlsx", small)) == ["T19"]


def test_an_archive_with_too_many_parts_is_told(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}.csv", "")

    assert rules(read_archive(path, "many.zip", SETTINGS)) == ["T19"]


def changed(source: Path, target: Path, name: str, change: bytes, by: bytes) -> Path:
    """A copy of a workbook with something replaced in one of its parts."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            content = before.read(info)
            after.writestr(info.filename, content.replace(change, by) if info.filename == name else content)
    return target


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_entities_in_a_workbook_are_told(tmp_path: Path, part: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    good = write_book(tmp_path / "good.xlsx", PERSONS)
    first = zipfile.ZipFile(good).read(part)
    root = b"<" + first.replace(b"<?xml", b"").partition(b"<")[2][:6]
    path = changed(good, tmp_path / "bad.xlsx", part, root, laughs + root)

    document = read_workbook(path, "bad.xlsx", SETTINGS)

    assert rules(document) == ["T30"]
    assert document.statements == []


def test_other_forms_and_passwords_are_told(tmp_path: Path) -> None:
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    files = {
        "old.xls": (compound, "T35"),
        "locked.xlsx": (compound + "EncryptedPackage".encode("utf-16-le"), "T34"),
        "text.xlsx": (b"name,other names\n", "T20"),
        "cut.xlsx": (write_book(tmp_path / "whole", PERSONS).read_bytes()[:2000], "T20"),
        "table.ods": (archive_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "T35"),
        "empty.xlsx": (archive_of({}), "T35"),
        "hollow.xlsx": (archive_of({"xl/workbook.xml": b"<workbook/>"}), "T20"),
    }
    for name, (content, rule) in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert rules(read_workbook(path, name, SETTINGS)) == [rule], name


def archive_of(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_an_archive_passes_over_what_systems_add_and_tells_the_rest(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "archive.zip", PERSONS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._persons.csv", b"\0\1")
        archive.writestr(".DS_Store", b"\0")
        archive.writestr("folder/readme.pdf", b"%PDF")
        archive.writestr("folder/Citys.csv", "name\nA\n")

    document = read_archive(path, "archive.zip", SETTINGS)

    assert [(each.rule, each.position.source) for each in document.problems] == [
        ("T37", "folder/readme.pdf"),
        ("T06", "folder/Citys.csv"),
    ]
    assert {each.position.source for each in document.statements} == {"persons.csv"}


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("persons.csv", TEXT * 10)
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)

    assert rules(read_archive(path, "archive.zip", SETTINGS)) == ["T20"]


@pytest.mark.parametrize("module", [csv_files, workbooks])
def test_more_rows_than_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    rows = {"persons": [{"name": f"Person {number}"} for number in range(9)]}

    if module is csv_files:
        document = read_archive(write_archive(tmp_path / "a.zip", rows), "a.zip", SETTINGS)
    else:
        document = read_workbook(write_book(tmp_path / "a.xlsx", rows), "a.xlsx", SETTINGS)

    assert rules(document) == ["T22"]
    assert document.problems[0].position.line == 4
    assert len(document.triples) == 4


def test_a_cell_far_out_costs_nothing(tmp_path: Path) -> None:
    workbook = book(PERSONS)
    workbook["persons"]["XFD1048576"] = "far"
    workbook.save(tmp_path / "far.xlsx")

    document = read_workbook(tmp_path / "far.xlsx", "far.xlsx", SETTINGS)

    assert rules(document) == ["T22"]
    assert len(document.triples) == 2


def test_a_workbook_of_an_old_kind_of_dates(tmp_path: Path) -> None:
    workbook = book({"targets": [{"name": "A"}]})
    workbook.epoch = CALENDAR_MAC_1904
    workbook["targets"]["H2"] = from_excel(45356)
    workbook.save(tmp_path / "mac.xlsx")

    document = read_workbook(tmp_path / "mac.xlsx", "mac.xlsx", SETTINGS)

    assert rules(document) == []
    assert any(str(triple.object).startswith('"2024-03-05"') for triple in document.triples)
