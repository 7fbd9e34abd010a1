"""Solutions as CSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 3).

The engine writes IRIs as they are, though a comma may stand in one: a reader of the table would take it for the end of
the field. So the rows are written here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

_QUOTED: Final = re.compile(r'[",\r\n]')
_ROWS_AT_A_TIME: Final = 200
# What most cells are; asked by class, as this is where the time goes.
_WITH_VALUE: Final = frozenset({NamedNode, Literal})


class Output(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Takes bytes and says how many they were."""
        ...


def write_csv(solutions: QuerySolutions, output: Output) -> None:
    """Writes a line of names and one for each solution; whatever the solutions raise comes through."""
    commas = max(len(solutions.variables) - 1, 0)
    lines = [_line([variable.value for variable in solutions.variables], commas)]
    for solution in solutions:
        values = [
            term.value if term.__class__ in _WITH_VALUE else _value(term)  # type: ignore[attr-defined]
            for term in solution
        ]
        lines.append(_line(values, commas))
        if len(lines) >= _ROWS_AT_A_TIME:
            output.write("".join(lines).encode())
            lines.clear()
    output.write("".join(lines).encode())


def _value(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, Triple):
        return " ".join(map(_value, term))
    return "" if term is None else str(term)


def _line(values: list[str], commas: int) -> str:
    line = ",".join(values)
    if line.count(",") == commas and '"' not in line and "\n" not in line and "\r" not in line:
        return line + "\r\n"
    return ",".join([_quoted(value) for value in values]) + "\r\n"


def _quoted(value: str) -> str:
    if _QUOTED.search(value) is None:
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'
