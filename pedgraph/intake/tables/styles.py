"""Colours and types of templates and marked workbooks: few, quiet, and dark enough on their ground to be read.

Every pair of text and ground keeps a contrast of 7:1 or more (WCAG 2.2, success criterion 1.4.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Severity

if TYPE_CHECKING:
    from openpyxl.styles import Alignment, Font, PatternFill

INK: Final = "FF1F2933"
QUIET: Final = "FF4A5560"
PAPER: Final = "FFFFFFFF"
HEADER: Final = "FFE4E9EE"
REQUIRED: Final = "FF1F4E5F"
WANTED: Final = "FFBCD9E2"
LINE: Final = "FFC3CBD3"
LINK: Final = "FF0B4F9E"

# Marks of findings; a cell with one of these grounds is taken for marked by us.
MARKS: Final = {Severity.VIOLATION: "FFF9CFCB", Severity.WARNING: "FFFCE3A1", Severity.INFO: "FFCFE3F7"}
SIGNS: Final = {Severity.VIOLATION: "✖", Severity.WARNING: "▲", Severity.INFO: "●"}
# One line of text, and what is above and below all lines.
_LINE_POINTS: Final = 15.5
_AROUND_POINTS: Final = 3


def ground(colour: str) -> PatternFill:
    """A cell's ground in one colour."""
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=colour)


def letters(
    colour: str = INK, *, size: float = 11, is_bold: bool = False, is_italic: bool = False, is_link: bool = False
) -> Font:
    """The type of a text."""
    from openpyxl.styles import Font

    return Font(
        name="Calibri", size=size, bold=is_bold, italic=is_italic, color=colour, underline="single" if is_link else None
    )


def height_points(*texts: tuple[str, int]) -> float:
    """The height of a row that shows all of its texts, each in a column of so many characters.

    Not every spreadsheet program finds it by itself when it opens a file.
    """
    lines = max(sum(1 + len(part) // width for part in text.split("\n")) for text, width in texts)
    return _LINE_POINTS * lines + _AROUND_POINTS


def wrapped(*, vertical: str = "top") -> Alignment:
    """Text that breaks at the edge of its cell."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical=vertical, horizontal="left")
