"""A steward's own file with its findings in it: bad cells coloured and commented, and a sheet that lists them all.

Knows nothing of rules; where a finding stands and what it says is decided elsewhere. Formulas are carried over as they
are written and never evaluated. What an earlier marking put there is taken away first.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.tables.findings_sheet import FindingsSheet, take_findings_sheet
from pedgraph.intake.tables.marks import clear, find_cell, find_sheet, put_mark
from pedgraph.intake.tables.opening import open_book
from pedgraph.intake.tables.remarks import Remark, read_remark
from pedgraph.intake.tables.words import read_words
from pedgraph.settings import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl import Workbook

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def mark(
    original: Path,
    findings: Iterable[Mapping[str, Any]],
    language: str,
    *,
    file_name: str = "",
    counts: Mapping[str, int] | None = None,
    unpacked_max_bytes: int = 500 * MEBIBYTE,
) -> bytes:
    """The file as an .xlsx workbook with the findings in it; a CSV file, or a zip of such, becomes one.

    ``findings`` are in their JSON form, told with labels or as :meth:`pedgraph.intake.findings.Finding.as_json` gives
    them; ``file_name`` is what the file was called when it was sent, ``counts`` how many findings there are
    of each severity, if these are not all. Raises :class:`pedgraph.errors.InputError` for a
    file that is no table or cannot be read and for a language without words, and :class:`pedgraph.errors.TooLarge`
    where more than ``unpacked_max_bytes`` would come out of it.
    """
    words = read_words(language)
    book = open_book(original, file_name or original.name, unpacked_max_bytes)
    workbook = book.workbook
    clear(workbook, take_findings_sheet(workbook))
    remarks = sorted(
        (_located(workbook, read_remark(each)) for each in findings), key=lambda each: _place(workbook, each)
    )
    by_cell: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.is_located and remark.cell:
            by_cell[remark.sheet, remark.cell].append(remark)
    former = {place: put_mark(workbook[place[0]][place[1]], found, words) for place, found in by_cell.items()}
    FindingsSheet(remarks, former, book.lost, counts or {}, words).add_to(workbook)
    # Values of formulas are not kept beside them; whoever opens the workbook sees them computed anew.
    workbook.calculation.fullCalcOnLoad = True
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def _located(workbook: Workbook, remark: Remark) -> Remark:
    """The remark with the sheet and the cell that hold what it is about; the names it came with where there is none."""
    sheet = find_sheet(workbook, remark)
    if sheet is None:
        return replace(remark, sheet=remark.sheet or remark.source)
    cell = find_cell(sheet, remark.cell).coordinate if remark.cell else ""
    return replace(remark, sheet=sheet.title, cell=cell, is_located=True)


def _place(workbook: Workbook, remark: Remark) -> tuple[int, int, int, int]:
    """What findings are sorted by: as one reads, sheet by sheet and row by row; those without a place come first."""
    if not remark.is_located:
        return (-1, 0, 0, remark.severity)
    cell = workbook[remark.sheet][remark.cell] if remark.cell else None
    row, column = (cell.row, cell.column) if cell is not None else (remark.line, 0)
    return (workbook.sheetnames.index(remark.sheet), row, column, remark.severity)
