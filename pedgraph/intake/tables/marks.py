"""Marks on cells: colour and comment, put there and taken away again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.remarks import NAME, told, without_told
from pedgraph.intake.tables.safe_cells import plain_text
from pedgraph.intake.tables.styles import MARKS, ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

    from pedgraph.intake.tables.remarks import Remark
    from pedgraph.intake.tables.words import Words

_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\b")
_WIDTH_PIXELS: Final = 340
_LINE_PIXELS: Final = 17
_LINE_CHARACTERS: Final = 48
_LINES_SHOWN: Final = 24


def find_sheet(workbook: Workbook, remark: Remark) -> Worksheet | None:
    """The sheet that a remark is about; that of the named file, or the only one, where it names no sheet."""
    from pedgraph.intake.tables.csv_books import title_of

    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    if remark.sheet:
        return sheets.get(remark.sheet)
    if remark.source and title_of(remark.source) in sheets:
        return sheets[title_of(remark.source)]
    return next(iter(sheets.values())) if len(sheets) == 1 else None


def find_cell(sheet: Worksheet, address: str) -> Cell:
    """The cell of an address; of merged cells the one that holds their content, of no address the first."""
    found = _ADDRESS.match(address)
    cell: Cell | MergedCell = sheet[f"{found[1]}{found[2]}" if found else "A1"]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    return cell  # type: ignore[return-value]


def put_mark(cell: Cell, remarks: Sequence[Remark], words: Words) -> str:
    """Colours a cell after the worst of its remarks and adds their words to its comment.

    Gives the ground that it had before, in a form that :func:`clear` understands.
    """
    from openpyxl.comments import Comment

    former = _written(cell.fill)  # type: ignore[arg-type]
    cell.fill = ground(MARKS[min(remark.severity for remark in remarks)])
    text, author = told(remarks, words), NAME
    if cell.comment is not None:
        text, author = f"{cell.comment.text}\n\n{text}", cell.comment.author or NAME
    lines = sum(1 + len(line) // _LINE_CHARACTERS for line in text.split("\n"))
    height_pixels = _LINE_PIXELS * (min(lines, _LINES_SHOWN) + 1)
    cell.comment = Comment(plain_text(text), author, height=height_pixels, width=_WIDTH_PIXELS)
    return former


def clear(workbook: Workbook, former: Mapping[tuple[str, str], str]) -> None:
    """Takes away the marks of an earlier marking; ``former`` holds what :func:`put_mark` gave then, by sheet and cell.

    A cell that is still marked but not known there, as after a row was moved, loses its ground.
    """
    colours = set(MARKS.values())
    for sheet in workbook.worksheets:
        # The public ways to all cells make those in between, of which there may be billions.
        for cell in sheet._cells.values():  # noqa: SLF001
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in colours:
                cell.fill = _read(former.get((sheet.title, cell.coordinate), ""))
            if cell.comment is not None and NAME in cell.comment.text:
                _take_comment(cell)


def _take_comment(cell: Cell | MergedCell) -> None:
    from openpyxl.comments import Comment

    comment = cell.comment
    assert comment is not None
    left = without_told(comment.text)
    if left != comment.text:
        cell.comment = Comment(left, comment.author, comment.height, comment.width) if left.strip() else None


def _written(fill: PatternFill) -> str:
    """A ground of one colour as text; empty for none and for what is not one colour."""
    if fill.fill_type != "solid":
        return ""
    colour = fill.fgColor
    return json.dumps({colour.type: colour.value, "tint": colour.tint})


def _read(written: str) -> PatternFill:
    """The ground that :func:`_written` wrote; none for anything else, for it comes back from outside."""
    from openpyxl.styles import PatternFill
    from openpyxl.styles.colors import Color

    try:
        return PatternFill("solid", fgColor=Color(**json.loads(written)))
    except (ValueError, TypeError):
        return PatternFill()
