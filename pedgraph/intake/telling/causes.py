"""One mistake, one finding: what only follows from another finding is left to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Severity
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.findings import Finding

_MISSING: Final = PREFIXES["sh"] + "MinCountConstraintComponent"
_READING: Final = ("F", "T")
# Where a statement cannot be read, what follows of its subject is left out with it.
_SYNTAX: Final = "F06"
# A row whose name could not be read has one all the same.
_NAMELESS_ROW: Final = "T18"
_UNREAD_CELLS: Final = frozenset({"T12", "T13", "T32"})
_UNKNOWN_TERM: Final = "G01"
# Rules that an unknown term breaks by being unknown: it is in no code list, and of no kind.
_OF_KNOWN_TERMS: Final = frozenset({"S09", "S51"})


def without_consequences(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that a violation among them explains, in their order.

    A value that could not be read is missing, which its own finding says already; so does that of an unknown term,
    which is no member of any code list either. What is left out never changes whether the data conform.
    """
    given = list(findings)
    violations = [each for each in given if each.severity is Severity.VIOLATION]
    unread = {(each.focus_node, each.path) for each in violations if each.rule.startswith(_READING) and each.path}
    cut = {each.focus_node for each in violations if each.rule == _SYNTAX and each.focus_node}
    unread_cells = {each.position for each in violations if each.rule in _UNREAD_CELLS}
    unknown = {(each.focus_node, each.path, each.value) for each in violations if each.rule == _UNKNOWN_TERM}
    return [
        each
        for each in given
        if not (each.component == _MISSING and ((each.focus_node, each.path) in unread or each.focus_node in cut))
        and not (each.rule == _NAMELESS_ROW and each.position in unread_cells)
        and not (each.rule in _OF_KNOWN_TERMS and (each.focus_node, each.path, each.value) in unknown)
    ]
