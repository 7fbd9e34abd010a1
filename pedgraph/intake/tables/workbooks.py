"""Excel workbooks (ECMA-376, Office Open XML), read without computing anything in them."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.tables.cells import Flaw, is_empty, shown
from pedgraph.intake.tables.compiling import compile_sheets
from pedgraph.intake.tables.kinds import OWN_SHEETS, folded
from pedgraph.intake.tables.packages import UNREADABLE, open_package
from pedgraph.intake.tables.rules import (
    DAMAGED,
    ENTITIES,
    ERROR_CELL,
    FORMULA,
    HIDDEN_SHEET,
    MERGED_CELLS,
    OTHER_FORM,
    TOO_MANY_ROWS,
    finding,
)
from pedgraph.intake.tables.sheets import MOST_COLUMNS, MOST_ROWS, Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.tables.packages import Package
    from pedgraph.intake.tables.things import Things
    from pedgraph.settings import Settings

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN_PART: Final = "xl/workbook.xml"
_XML: Final = (".xml", ".rels", ".vml")
# A document type, where entities could be declared; no workbook has one. In UTF-16 there is a zero between letters.
_DOCUMENT_TYPE: Final = re.compile(rb"<\0?!\0?(D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):[A-Z]+\d+[\"']")


def read_workbook(path: Path, file_name: str, settings: Settings, known: Things | None = None) -> Document:
    """Reads a workbook, one kind of things to a sheet.

    All that is wrong becomes a finding: formulas and errors in cells, merged cells, hidden sheets, and packages that
    are damaged, encrypted, of another form or too large. ``known`` are things that cells may name without describing
    them.
    """
    document = Document(WORKBOOK)
    with open_package(path, file_name, settings, document) as package:
        if package is None or not _is_sound(package, file_name, document):
            return document
        sheets = _open(path, file_name, document)
    if sheets is not None:
        compile_sheets(sheets, document, known)
    return document


def _is_sound(package: Package, file_name: str, document: Document) -> bool:
    names = {info.filename for info in package.files}
    position = Position(source=file_name)
    if _MAIN_PART not in names:
        document.problems.append(finding(OTHER_FORM, position, value=file_name))
        return False
    for info in package.files:
        if info.filename.endswith(_XML):
            content = package.read(info)
            if content is None:
                return False
            if _DOCUMENT_TYPE.search(content):
                document.problems.append(finding(ENTITIES, position, value=info.filename))
                return False
    return True


def _open(path: Path, file_name: str, document: Document) -> list[Sheet] | None:
    """The sheets of a workbook; ``None``, with a finding, where it cannot be read."""
    from zipfile import ZipFile

    from openpyxl import load_workbook

    # Of what it leaves out, such as pictures and newer drop-downs, openpyxl warns; here only values matter.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # By its path it would go by the suffix, and an upload has none.
            with path.open("rb") as file, ZipFile(path) as archive:
                workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
                document.sheets = tuple(workbook.sheetnames)
                return [
                    sheet
                    for worksheet in workbook.worksheets
                    if (sheet := _sheet(worksheet, archive, file_name, document)) is not None
                ]
        except (*UNREADABLE, KeyError, IndexError, TypeError, AttributeError, SyntaxError, ArithmeticError):
            # What openpyxl raises for packages that only look like workbooks is not laid down anywhere.
            document.problems.append(finding(DAMAGED, Position(source=file_name), value=file_name))
            return None


def _sheet(worksheet: Any, archive: Any, file_name: str, document: Document) -> Sheet | None:  # noqa: ANN401
    """One sheet with its cells; ``None`` for those that pedgraph adds itself."""
    sheet = Sheet(worksheet.title, file_name, is_workbook=True)
    if folded(sheet.name) in OWN_SHEETS:
        return None
    worksheet.reset_dimensions()
    for number, cells in enumerate(worksheet.iter_rows(), start=1):
        row = [_value(cell) for cell in cells]
        while row and is_empty(row[-1]):
            row.pop()
        if not row:
            continue
        if len(sheet.rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
            limits = {"rows": str(MOST_ROWS), "columns": str(MOST_COLUMNS)}
            document.problems.append(finding(TOO_MANY_ROWS, sheet.place(number), sheet=sheet.name, **limits))
            break
        sheet.rows.append((number, row))
    if worksheet.sheet_state != "visible" and sheet.rows:
        document.problems.append(finding(HIDDEN_SHEET, sheet.place(), value=sheet.name, sheet=sheet.name))
    _tell_merged(sheet, worksheet, archive, document)
    return sheet


def _tell_merged(sheet: Sheet, worksheet: Any, archive: Any, document: Document) -> None:  # noqa: ANN401
    """A finding for each group of merged cells that holds anything: of their rows only the first has the value."""
    from openpyxl.utils import column_index_from_string

    part = worksheet._worksheet_path.lstrip("/")  # noqa: SLF001  # read-only sheets do not tell their merged cells
    rows = dict(sheet.rows)
    for letters, digits in _MERGED.findall(archive.read(part)):
        row, column = int(digits), column_index_from_string(letters.decode())
        values = rows.get(row, [])
        if column <= len(values) and not is_empty(values[column - 1]):
            value = shown(values[column - 1])
            document.problems.append(finding(MERGED_CELLS, sheet.place(row, column), value=value))


def _value(cell: Any) -> object:  # noqa: ANN401
    """What stands in a cell: text, number, date, truth value, or the flaw that nobody should read."""
    value, data_type = cell.value, cell.data_type
    if value is None:
        return None
    if data_type == "f" or not isinstance(value, str | int | float | bool | date | time | timedelta):
        text = value if isinstance(value, str) else getattr(value, "text", "") or "="
        return Flaw(FORMULA, str(text))
    if data_type == "e":
        return Flaw(ERROR_CELL, str(value))
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        # A cell that shows 35 % holds 0.35.
        return f"{shown(value * 100)} %"
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
