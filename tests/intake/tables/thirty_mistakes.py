"""A workbook with thirty mistakes of different kinds, each in a cell of its own, in content that is sound otherwise."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.tables.sheets import column_letters
from tests.intake.tables.content import CONTENT
from tests.intake.tables.making import book

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.intake.tables.content import Row


@dataclass(frozen=True)
class Mistake:
    """What stands in a column of a row of a sheet (both counted from 1, headers in row 1), and the rule it breaks.

    A column that the kind does not have comes behind the others.
    """

    sheet: str
    row: int
    column: str
    value: object
    rule: str

    @property
    def cell(self) -> str:
        """The address of the cell."""
        return f"{column_letters(_columns(self.sheet).index(self.column) + 1)}{self.row}"


# Nobody is written to: the address is put together here so that nothing takes this file for a list of addresses.
ADDRESS: Final = "ada" + "@" + "example.org"
BEYOND: Final = "(beyond the last header)"
TWICE: Final = "(the same header again)"

MISTAKES: Final = (
    Mistake("sources", 2, "address", "example.org/report", "T24"),
    Mistake("organisations", 2, "ROR", "ror-123", "S10"),
    Mistake("organisations", 4, "id", "nl-example-municipality", "T16"),
    Mistake("persons", 3, "name", None, "T18"),
    Mistake("networks", 2, "id", "Example Networks!", "T17"),
    Mistake("cities", 1, "founded", "founded", "T04"),
    Mistake("cities", 2, "coordinates", "#REF!", "T13"),
    Mistake("cities", 3, "country", None, "S15"),
    Mistake("projects", 2, "description", f"Write to {ADDRESS} for more.", "S38"),
    Mistake("projects", 2, "start date", "31.02.2023", "T07"),
    Mistake("city-roles", 2, "city", "Example City; Third City", "T25"),
    Mistake("districts", 2, "coordinates", "52,37,4,89", "T26"),
    Mistake("districts", 2, "technologies", "heat pumb", "T03"),
    Mistake("districts", 2, "district area", "=10+2.5", "T12"),
    Mistake("districts", 2, "floor area", "many", "T01"),
    Mistake("districts", 2, "residents", "4.500", "T02"),
    Mistake("districts", 3, "city", None, "S14"),
    Mistake("sites", 2, "district", "Exampel Distrikt", "T10"),
    Mistake("events", 2, "end date", "04/06/2024", "T08"),
    Mistake("events", 3, "end date", "2024-05-01", "S06"),
    Mistake("numbers", 2, "value", "über 130", "T31"),
    Mistake("numbers", 3, "reference year", "24", "T23"),
    Mistake("energy-balances", 2, "use", "2600 kWh", "T09"),
    Mistake("status-claims", 2, "source", None, "S46"),
    Mistake("targets", 2, "unit", "kilos", "T36"),
    Mistake("obstacles", 2, "origin", "grid capacity", "T15"),
    Mistake("arrangements", 3, "name", True, "T32"),
    Mistake("policies", 2, BEYOND, "see annex", "T28"),
    Mistake("deliverables", 1, TWICE, "number", "T27"),
    Mistake("pictures", 2, "credit", None, "S53"),
)

# What the mistakes need around them to be the only ones.
_MORE: Final[dict[str, dict[int, Row]]] = {
    "organisations": {4: {"actor type": "municipality"}},
    "persons": {3: {"other names": "Bob Example"}},
    "cities": {2: {"networks": "Network of example cities"}, 3: {"name": "Third City"}},
    "districts": {3: {"name": "Second District"}},
    "hubs": {2: {"mission": "We cut use.", "vision": "Every roof counts.", "objectives": "Share what works"}},
    "numbers": {2: {"value qualifier": "exact"}},
}
_MERGED: Final = 1


def write_thirty_mistakes(path: Path) -> Path:
    """Writes the workbook."""
    make_thirty_mistakes().save(path)
    return path


def make_thirty_mistakes() -> Workbook:
    """The workbook, not yet saved."""
    content: dict[str, list[dict[str, Any]]] = deepcopy(CONTENT)
    for sheet, rows in _MORE.items():
        for row, values in rows.items():
            if row - 2 == len(content[sheet]):
                content[sheet].append({})
            content[sheet][row - 2].update(values)
    workbook = book(content)
    for mistake in MISTAKES:
        cell = workbook[_title(mistake.sheet)][mistake.cell]
        cell.value = mistake.value
        if mistake.rule == "T13":
            cell.data_type = "e"
        if mistake.rule == "T15":
            workbook[_title(mistake.sheet)].merge_cells(f"{mistake.cell}:{mistake.cell[:-1]}{mistake.row + _MERGED}")
    workbook[_title("cities")][f"{_letter('cities', 'founded')}2"] = 1275
    return workbook


def marked_cells() -> set[tuple[str, str]]:
    """The cells that must come back marked, and no others: title of the sheet and address."""
    return {(_title(mistake.sheet), mistake.cell) for mistake in MISTAKES}


def _columns(sheet: str) -> list[str]:
    from pedgraph.intake.tables.columns import read_model

    names = [column.name for column in read_model().kind(sheet).columns]
    return [*names, *(mistake.column for mistake in MISTAKES if mistake.sheet == sheet and mistake.column not in names)]


def _letter(sheet: str, column: str) -> str:
    return column_letters(_columns(sheet).index(column) + 1)


def _title(sheet: str) -> str:
    from pedgraph.intake.tables.columns import read_model

    return read_model().kind(sheet).label("en")
