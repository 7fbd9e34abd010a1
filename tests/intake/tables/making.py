"""Filled tables made for tests: CSV files, archives of them, workbooks."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

from pedgraph.intake.tables.columns import read_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Content = Mapping[str, Sequence[Mapping[str, object]]]


def grid(kind_name: str, rows: Sequence[Mapping[str, object]], language: str = "en") -> list[list[object]]:
    """The cells of a sheet: headers in a language and rows, or labels and values for a form. Names of no column of the
    kind come behind, as they are.
    """
    kind = read_model().kind(kind_name)
    names = [column.name for column in kind.columns]
    extra = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in names]
    if kind.is_form:
        return [[kind.column(name).label(language), value] for row in rows for name, value in row.items()]
    header: list[object] = [*(column.label(language) for column in kind.columns), *extra]
    return [header, *([row.get(name) for name in [*names, *extra]] for row in rows)]


def csv_text(cells: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([["" if value is None else value for value in row] for row in cells])
    return text.getvalue()


def write_archive(path: Path, content: Content, delimiter: str = ",") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, rows in content.items():
            archive.writestr(f"{kind}.csv", csv_text(grid(kind, rows), delimiter))
    return path


def book(content: Content, language: str = "en") -> Workbook:
    """A workbook with a sheet per kind, whose cells may be changed before it is saved."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for kind, rows in content.items():
        sheet = workbook.create_sheet(read_model().kind(kind).label(language))
        for row in grid(kind, rows, language):
            sheet.append(row)
    return workbook


def write_book(path: Path, content: Content, language: str = "en") -> Path:
    book(content, language).save(path)
    return path
