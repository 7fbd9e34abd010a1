"""A workbook made of CSV files: a sheet for each, every cell as the text that stands there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from pedgraph.errors import InputError
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.tables.cells import shown
from pedgraph.intake.tables.csv_files import CSV, csv_sheet
from pedgraph.intake.tables.safe_cells import write_text
from pedgraph.intake.tables.styles import HEADER, ground, letters, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl import Workbook

_NO_TITLE: Final = re.compile(r"[\[\]:*?/\\]")
_TITLE_CHARACTERS: Final = 31
_COLUMN_WIDTH: Final = 24


def csv_book(tables: Mapping[str, bytes]) -> Workbook:
    """A workbook with a sheet per CSV file, named after it without folder and suffix; its rows are numbered as those of
    the file.

    Raises :class:`InputError` where there is no table.
    """
    from openpyxl import Workbook

    if not tables:
        raise InputError("There is no table in it. Send an .xlsx workbook, a .csv file or a .zip of .csv files.")
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, content in tables.items():
        sheet = workbook.create_sheet(title_of(name))
        for line, row in csv_sheet(content, name, Document(CSV)).rows:
            for column, value in enumerate(row, start=1):
                if text := shown(value):
                    cell = write_text(sheet, line, column, text)
                    if line == 1:
                        cell.font, cell.fill = letters(is_bold=True), ground(HEADER)
                        cell.alignment = wrapped()
        for column in range(1, sheet.max_column + 1):
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = _COLUMN_WIDTH
        sheet.freeze_panes = "A2"
    return workbook


def title_of(file_name: str) -> str:
    """The title of the sheet for a CSV file, for example ``city`` for ``tables/city.csv``."""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    visible = "".join(each if each.isprintable() else " " for each in stem)
    return _NO_TITLE.sub(" ", visible)[:_TITLE_CHARACTERS].strip(" '") or "Table"
