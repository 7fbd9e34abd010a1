"""A sheet of a workbook or a CSV file as rows of cells, before anybody asks what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.tables.cells import is_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 500
_LETTERS: Final = 26


@dataclass
class Sheet:
    """A table as read: its name (of the sheet, or of the file without suffix), the file, and its rows by number.

    The values of a row begin with column 1. ``is_workbook`` says that its cells have addresses such as ``B7``.
    """

    name: str
    source: str
    is_workbook: bool
    rows: list[tuple[int, Sequence[object]]] = field(default_factory=list)

    def place(self, row: int = 0, column: int = 0) -> Position:
        """The position of a cell, of a row where there is no column, or of the sheet itself."""
        sheet = self.name if self.is_workbook else ""
        cell = f"{column_letters(column)}{row}" if self.is_workbook and row and column else ""
        return Position(source=self.source, sheet=sheet, line=row, column=column, cell=cell)

    @property
    def header(self) -> tuple[int, Sequence[object]]:
        """Number and values of the first row that is not empty; 0 and nothing where there is none."""
        return next(((number, row) for number, row in self.rows if not all(map(is_empty, row))), (0, ()))


def column_letters(number: int) -> str:
    """The letters of a column: ``A`` for 1, ``AA`` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
