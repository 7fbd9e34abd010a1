"""Findings: what is wrong with data, in a form that can be sorted, counted, shown and sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.iris import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(IntEnum):
    """How much it matters (SHACL, section 2.1.4), worst first: a violation keeps data out, the rest does not."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2

    @classmethod
    def of(cls, iri: str) -> Severity:
        """The severity of a ``sh:…`` IRI."""
        return cls[iri.rpartition("#")[2].upper()]


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """Where something stands in a file; what does not apply is empty or 0.

    ``source`` names the file (that inside of an archive too), ``sheet`` a sheet of a workbook. ``line`` is the line of
    a text, or the row of a table, and ``column`` the column of either, both from 1; in a text columns count characters.
    ``cell`` is the address in a workbook, such as ``B7``; ``pointer`` a JSON pointer (RFC 6901), ``#`` in front of it.
    """

    source: str = ""
    sheet: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    pointer: str = ""

    def __bool__(self) -> bool:
        """Whether it says anything beyond the name of the file."""
        return bool(self.sheet or self.line or self.cell or self.pointer)


NOWHERE: Final = Position()


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, or could be better.

    ``rule`` is the id of the rule, ``focus_node`` the IRI of what the finding is about, ``path`` the property and
    ``value`` the value that are wrong, both as text or empty. ``message`` says what is wrong and how to mend it.
    ``shape`` is the IRI of the shape with the violated constraint, empty for what is no matter of SHACL. ``variables``
    are the names and texts that are filled into the message, so that it can be had in another language. ``component``
    is the IRI of the constraint component (SHACL, section 3.6.2.8) and ``position`` the place in the file, if known.
    """

    severity: Severity
    rule: str
    focus_node: str
    path: str
    value: str
    message: str
    shape: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    component: str = ""
    position: Position = NOWHERE

    @property
    def key(self) -> str:
        """Under what the message stands in the catalogues: the local name of the shape, or the id of a gate."""
        return self.shape.removeprefix(SHAPES) or self.rule

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return {**asdict(self), "severity": self.severity.name.lower(), "variables": dict(self.variables)}

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> Finding:
        """The finding that :meth:`as_json` made these members from."""
        severity = Severity[members["severity"].upper()]
        variables = tuple(members["variables"].items())
        position = Position(**members.get("position", {}))
        return cls(**{**members, "severity": severity, "variables": variables, "position": position})


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether data with these findings may be published: no violation among them."""
    return all(finding.severity is not Severity.VIOLATION for finding in findings)


def count(findings: Iterable[Finding]) -> str:
    """The numbers in words, for example ``1 violation, 3 warnings``; ``nothing to complain about`` for none."""
    numbers = Counter(finding.severity for finding in findings)
    words = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "hint"}
    parts = [f"{number} {words[severity]}{'s' * (number != 1)}" for severity, number in sorted(numbers.items())]
    return ", ".join(parts) or "nothing to complain about"
