"""Rows of the tables that everybody fills in, made of entries, each cell with its place in the JSON text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.intake.findings import NOWHERE, Position
from pedgraph.intake.reading.documents import Statement
from pedgraph.intake.tables.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.intake.reading.documents import Document


@dataclass
class _PointedSheet(Sheet):
    """A sheet whose cells stand somewhere else: in row 1 the headers, from row 2 on what entries say."""

    positions: dict[tuple[int, int], Position] = field(default_factory=dict)

    def place(self, row: int = 0, column: int = 0) -> Position:
        """Where the value of a cell, or the entry of a row, stands in the JSON text."""
        return self.positions.get((row, column)) or self.positions.get((row, 0), NOWHERE)


class Rows:
    """Collects rows by kind, and statements that need no row."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Position, Mapping[str, tuple[object, Position]]]]] = {}
        self._statements: list[Statement] = []

    def add(self, kind: str, position: Position, **cells: tuple[object, Position]) -> None:
        """Adds a row: each cell by the name of its column (``_`` for a blank) with its place."""
        named = {name.replace("_", " "): cell for name, cell in cells.items()}
        self._rows.setdefault(kind, []).append((position, named))

    def state(self, subject: str, path: str, value: NamedNode | Literal, position: Position) -> None:
        """Adds a statement."""
        self._statements.append(Statement(Triple(NamedNode(subject), NamedNode(path), value), position))

    def sheets(self) -> list[Sheet]:
        """One sheet per kind."""
        return [_sheet(kind, rows) for kind, rows in self._rows.items()]

    def finish(self, document: Document) -> None:
        """Adds the statements to a document that has those of the sheets."""
        stated = {each.triple for each in document.statements}
        for each in self._statements:
            if each.triple not in stated:
                stated.add(each.triple)
                document.statements.append(each)
                node, path = each.triple.subject, each.triple.predicate.value
                document.places.setdefault((getattr(node, "value", str(node)), path), each.position)


def _sheet(kind: str, rows: list[tuple[Position, Mapping[str, tuple[object, Position]]]]) -> Sheet:
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    sheet = _PointedSheet(kind, "", is_workbook=False)
    sheet.rows.append((1, names))
    for number, (position, cells) in enumerate(rows, start=2):
        sheet.rows.append((number, [cells.get(name, (None, position))[0] for name in names]))
        sheet.positions[number, 0] = position
        for column, name in enumerate(names, start=1):
            if name in cells:
                sheet.positions[number, column] = cells[name][1]
    return sheet
