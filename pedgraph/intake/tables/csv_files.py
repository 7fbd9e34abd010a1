"""CSV files, alone or in a zip archive (RFC 4180, and what spreadsheets write instead)."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.reading.rules import NUL
from pedgraph.intake.tables.cells import Flaw, is_empty
from pedgraph.intake.tables.compiling import compile_sheets
from pedgraph.intake.tables.packages import open_package
from pedgraph.intake.tables.rules import FORMULA, NO_CSV_FILE, NOT_UTF_8, OPEN_QUOTE, TOO_MANY_ROWS, TOO_MUCH, finding
from pedgraph.intake.tables.sheets import MOST_COLUMNS, MOST_ROWS, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pedgraph.intake.tables.things import Things
    from pedgraph.settings import Settings

CSV: Final = "text/csv"
ZIP: Final = "application/zip"
_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
_DELIMITERS: Final = ",;\t"
_LONGEST_CELL_CHARACTERS: Final = 1_000_000
# What spreadsheets write where there is no UTF-8.
_WINDOWS: Final = "cp1252"
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ADDED_BY_SYSTEMS: Final = ("__MACOSX/", ".")


def read_csv(path: Path, file_name: str, settings: Settings, known: Things | None = None) -> Document:
    """Reads one CSV file; its name without suffix says which kind of things it holds.

    All that is wrong becomes a finding. ``known`` are things that cells may name without describing them.
    """
    document = Document(CSV)
    if path.stat().st_size > settings.unpacked_max_bytes:
        limits = {"bytes": str(path.stat().st_size), "limit": str(settings.unpacked_max_bytes), "parts": "1"}
        document.problems.append(finding(TOO_MUCH, Position(source=file_name), value=file_name, **limits))
        return document
    sheets = [csv_sheet(path.read_bytes(), file_name, document)] if path.stat().st_size else []
    compile_sheets(sheets or [Sheet(_stem(file_name), file_name, is_workbook=False)], document, known)
    return document


def read_archive(path: Path, file_name: str, settings: Settings, known: Things | None = None) -> Document:
    """Reads a zip archive of CSV files, which may name things of each other."""
    document = Document(ZIP)
    with open_package(path, file_name, settings, document) as package:
        sheets = []
        for info in package.files if package else ():
            name = info.filename
            base = PurePosixPath(name).name
            if info.is_dir() or name.startswith(_ADDED_BY_SYSTEMS[0]) or base.startswith(_ADDED_BY_SYSTEMS[1]):
                continue
            if PurePosixPath(name).suffix.lower() not in _SUFFIXES:
                allowed = ", ".join(sorted(_SUFFIXES))
                document.problems.append(
                    finding(NO_CSV_FILE, Position(source=name), value=name, sheet=base, allowed=allowed)
                )
                continue
            assert package is not None
            content = package.read(info)
            if content is not None:
                sheets.append(csv_sheet(content, name, document))
        if package:
            compile_sheets(sheets, document, known)
    return document


def _stem(file_name: str) -> str:
    return PurePosixPath(file_name.replace("\\", "/")).stem


def csv_sheet(content: bytes, name: str, document: Document) -> Sheet:
    """The rows of a CSV file, numbered as a spreadsheet does; what is wrong with its form is added to the document."""
    sheet = Sheet(_stem(name), name, is_workbook=False)
    text = _decoded(content, name, document)
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    skipped = 0
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=,"):
        delimiter, skipped = first[4], 1
    else:
        delimiter = max(_DELIMITERS, key=_without_quoted(first).count)
        lines.seek(0)
    # Characters, for Python counts them; a file is smaller than this in any case.
    csv.field_size_limit(_LONGEST_CELL_CHARACTERS)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    _rows(reader, sheet, skipped, document)
    return sheet


def _rows(reader: Iterable[list[str]], sheet: Sheet, skipped: int, document: Document) -> None:
    number = skipped
    try:
        for number, row in enumerate(reader, start=skipped + 1):
            if all(map(is_empty, row)):
                continue
            if len(sheet.rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                if len(row) > MOST_COLUMNS:
                    # Headers beyond the limit do not take those before with them.
                    sheet.rows.append((number, [_value(cell) for cell in row[:MOST_COLUMNS]]))
                limits = {"rows": str(MOST_ROWS), "columns": str(MOST_COLUMNS)}
                document.problems.append(finding(TOO_MANY_ROWS, sheet.place(number), sheet=sheet.name, **limits))
                return
            sheet.rows.append((number, [_value(cell) for cell in row]))
    except csv.Error:
        document.problems.append(finding(OPEN_QUOTE, sheet.place(number + 1), sheet=sheet.name))


def _value(cell: str) -> object:
    # A spreadsheet would compute it; here it is told, and never computed.
    return Flaw(FORMULA, cell) if cell.startswith("=") else cell


def _without_quoted(line: str) -> str:
    return "".join(part for number, part in enumerate(line.split('"')) if number % 2 == 0)


def _without_nul(text: str, name: str, document: Document) -> str:
    """The text without the characters that no text has, which are told."""
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        document.problems.append(finding(NUL, Position(source=name, line=row), number=str(text.count("\0"))))
    return text.replace("\0", "")


def _decoded(content: bytes, name: str, document: Document) -> str:
    """The text of a file in UTF-8 or UTF-16; anything else is told, and read as Windows wrote it."""
    encoding = "utf-8-sig"
    if content.startswith(_UTF_16):
        encoding = "utf-16"
    elif b"\0" in content[:2]:
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        return _without_nul(content.decode(encoding), name, document)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        row = before.count(b"\n") + 1
        text = content.decode(_WINDOWS, errors="replace")
        word = content[max(error.start - 10, 0) : error.start + 10].decode(_WINDOWS, errors="replace")
        position = Position(source=name, line=row)
        document.problems.append(finding(NOT_UTF_8, position, value=word.strip(), byte=str(error.start + 1)))
        return text
