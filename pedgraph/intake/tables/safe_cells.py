"""Text that is written to a sheet as text, whatever it looks like: a spreadsheet must not take it for a formula.

For CSV this follows what OWASP advises on CSV injection: text that begins with a sign of a formula gets an apostrophe
in front. In a workbook the cell itself says that it holds text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST_CHARACTERS: Final = 32_000
# XML 1.0, section 2.2: what may not stand in a document at all.
_NO_CHARACTER: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def csv_text(text: str) -> str:
    """The text as it may stand in a CSV file that somebody opens with a spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def plain_text(text: str) -> str:
    """The text without the characters that a workbook cannot hold, cut to what fits into a cell."""
    cleaned = _NO_CHARACTER.sub("\ufffd", text)
    return cleaned if len(cleaned) <= _LONGEST_CHARACTERS else f"{cleaned[: _LONGEST_CHARACTERS - 1]}…"


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Puts text into a cell of a workbook, so that it stays text, also when somebody edits it there. Gives the cell."""
    from openpyxl.cell import Cell

    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = plain_text(text)
    cell.data_type = "s"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True
    return cell
