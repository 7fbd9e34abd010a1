"""The rows of tables that findings are about, as a spreadsheet shows them, with a place to jump to for each finding."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.tables.sheets import column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping

# File, sheet, row and column; 0 where a finding is about the whole row or sheet.
Place = tuple[str, str, int, int]

_LONGEST_NAME_CHARACTERS: Final = 40


@dataclass(frozen=True)
class Note:
    """What is said at a place: the number of a group of findings, its rule and severity, and what is wrong."""

    group: int
    rule: str
    severity: str
    problem: str


@dataclass(frozen=True)
class Cell:
    """A cell, or the number of a row: its text, its id where a finding is about it, and what is said about it."""

    text: str
    anchor: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def severity(self) -> str:
        """The weight of the heaviest finding, which the cell has the colour of."""
        return next(
            (name for name in ("violation", "warning", "info") if any(note.severity == name for note in self.notes)), ""
        )


@dataclass(frozen=True)
class Row:
    """A row with its number; ``follows_gap`` where rows before it are not shown."""

    head: Cell
    cells: tuple[Cell, ...]
    is_header: bool
    follows_gap: bool


@dataclass(frozen=True)
class SheetView:
    """A sheet, or a CSV file: its name, the letters of its columns, and the rows that are shown."""

    title: Cell
    letters: tuple[str, ...]
    rows: tuple[Row, ...]


class SheetViews:
    """The views of the sheets that a file is told with; ids in them begin with ``prefix``."""

    def __init__(self, told: dict[str, Any], prefix: str = "") -> None:
        self._prefix = prefix
        self._notes = _notes(told)
        self._anchors: dict[Place, str] = {}
        self._names: set[str] = set()
        # What is told of files that were checked long ago has no sheets.
        self.views = [self._view(sheet) for sheet in told.get("sheets", ())]

    def anchor(self, finding: dict[str, Any]) -> str:
        """The id of the place that a finding is about; empty where it is not shown."""
        return self._anchors.get(_place(finding), "")

    def _view(self, sheet: dict[str, Any]) -> SheetView:
        source, name = sheet["source"], sheet["sheet"]
        short = self._short_name(name or source)
        self._anchors[source, name, 0, 0] = title_anchor = f"{self._prefix}sheet-{short}"
        header = sheet["header"]
        rows = [row for row in (header, *sheet["rows"]) if row is not None]
        lines = {row["line"] for row in rows}
        marked = [place[3] for place in self._notes if place[:2] == (source, name) and place[2] in lines]
        width = max([*marked, *(len(row["values"]) for row in rows)], default=0)
        before = 0
        shown = []
        for row in sorted(rows, key=lambda each: each["line"]):
            place = (source, name, row["line"])
            values = [*row["values"], *[""] * (width - len(row["values"]))]
            cells = tuple(self._cell(value, (*place, column), short) for column, value in enumerate(values, start=1))
            head = self._cell(str(row["line"]), (*place, 0), short)
            shown.append(Row(head, cells, row is header, follows_gap=row["line"] != before + 1))
            before = row["line"]
        title = Cell(name or source, title_anchor, self._notes.get((source, name, 0, 0), ()))
        return SheetView(title, tuple(map(column_letters, range(1, width + 1))), tuple(shown))

    def _cell(self, text: str, place: Place, short: str) -> Cell:
        notes = self._notes.get(place, ())
        if not notes:
            return Cell(text)
        line, column = place[2:]
        address = f"cell-{short}-{column_letters(column)}{line}" if column else f"row-{short}-{line}"
        self._anchors[place] = anchor = f"{self._prefix}{address}"
        return Cell(text, anchor, notes)

    def _short_name(self, name: str) -> str:
        """What stands for a sheet in ids: letters of ASCII, digits and hyphens, for no two sheets the same."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", name)[:_LONGEST_NAME_CHARACTERS].strip("-")
        short, number = plain or "1", 1
        while short in self._names:
            number += 1
            short = f"{plain}-{number}".strip("-")
        self._names.add(short)
        return short


def _notes(told: dict[str, Any]) -> Mapping[Place, tuple[Note, ...]]:
    """What is said at each place, once for each group of findings."""
    notes: defaultdict[Place, dict[int, Note]] = defaultdict(dict)
    for number, group in enumerate(told["groups"], start=1):
        for finding in group["findings"]:
            note = Note(number, finding["rule"], finding["severity"], finding["problem"])
            notes[_place(finding)].setdefault(number, note)
    return {place: tuple(found.values()) for place, found in notes.items()}


def _place(finding: dict[str, Any]) -> Place:
    position = finding["position"]
    return position["source"], position["sheet"], position["line"], position["column"]
