"""The rules T… about tables, and how a cell that cannot be read says so. Their texts are in ``shapes/messages``."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pedgraph.intake.closest import closest_of
from pedgraph.intake.findings import Severity
from pedgraph.intake.reading.documents import problem
from pedgraph.intake.tables.kinds import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

from pedgraph.intake.findings import Finding, Position

NO_NUMBER: Final = "T01"
TWO_NUMBERS: Final = "T02"
NO_CODE: Final = "T03"
UNKNOWN_COLUMN: Final = "T04"
MISSING_COLUMN: Final = "T05"
UNKNOWN_SHEET: Final = "T06"
NO_DATE: Final = "T07"
TWO_DATES: Final = "T08"
WRONG_UNIT: Final = "T09"
NOT_FOUND: Final = "T10"
SEVERAL_FOUND: Final = "T11"
FORMULA: Final = "T12"
ERROR_CELL: Final = "T13"
HIDDEN_SHEET: Final = "T14"
MERGED_CELLS: Final = "T15"
SAME_ID: Final = "T16"
NO_ID: Final = "T17"
NAMELESS_ROW: Final = "T18"
TOO_MUCH: Final = "T19"
DAMAGED: Final = "T20"
NOT_UTF_8: Final = "T21"
TOO_MANY_ROWS: Final = "T22"
NO_YEAR: Final = "T23"
NO_ADDRESS: Final = "T24"
SEVERAL_VALUES: Final = "T25"
NO_COORDINATES: Final = "T26"
COLUMN_TWICE: Final = "T27"
LONG_ROW: Final = "T28"
NO_TABLE: Final = "T29"
ENTITIES: Final = "T30"
TWO_QUALIFIERS: Final = "T31"
NO_TEXT: Final = "T32"
OPEN_QUOTE: Final = "T33"
ENCRYPTED: Final = "T34"
OTHER_FORM: Final = "T35"
NO_UNIT: Final = "T36"
NO_CSV_FILE: Final = "T37"
NO_SOURCE: Final = "T38"

# What is only passed over, or read all the same.
_WARNINGS: Final = frozenset({UNKNOWN_COLUMN, UNKNOWN_SHEET, HIDDEN_SHEET, NO_CSV_FILE})
RULES: Final = tuple(f"T{number:02}" for number in range(1, 39))
_MOST_ALLOWED: Final = 100
_LEAST_ALIKE: Final = 0.3


class NotReadError(Exception):
    """A value in a cell is none of its column. Never leaves this package: it becomes a finding."""

    def __init__(self, rule: str, **variables: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.variables = variables


def finding(
    rule: str, position: Position, *, focus_node: str = "", path: str = "", value: str = "", **variables: str
) -> Finding:
    """A finding about a cell, a row, a sheet or the whole file, as severe as its rule is."""
    found = problem(rule, position, focus_node=focus_node, path=path, value=value, **variables)
    return replace(found, severity=Severity.WARNING) if rule in _WARNINGS else found


def choice(text: str, allowed: Iterable[str], names: Iterable[str] = ()) -> dict[str, str]:
    """The variables ``allowed`` and ``nearest`` of a finding about a text that is none of what is allowed. ``names``
    are more words that it may be near to.
    """
    shown = list(dict.fromkeys(allowed))
    return {"allowed": ", ".join(shown[:_MOST_ALLOWED]), "nearest": nearest(text, [*shown, *names])}


def nearest(text: str, words: Iterable[str]) -> str:
    """The word that is most like a text; empty if none is at all."""
    given = tuple(words)
    by_form = _by_form(given)
    found = closest_of(tuple(by_form)).find(folded(text), _LEAST_ALIKE)
    return by_form.get(found, "")


@lru_cache(64)
def _by_form(words: tuple[str, ...]) -> dict[str, str]:
    return {folded(word): word for word in reversed(words)}
