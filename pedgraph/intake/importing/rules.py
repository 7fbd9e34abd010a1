"""The rules I… about answers of the PED Database. Their texts are in ``shapes/messages``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Severity
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from pedgraph.intake.findings import Finding, Position

NO_ANSWER: Final = "I01"
NO_NAME: Final = "I02"
SAME_NUMBER: Final = "I03"
NO_HOME: Final = "I04"
UNKNOWN_FIELD: Final = "I05"
UNKNOWN_CHOICE: Final = "I06"
NO_AMOUNT: Final = "I07"
NO_MONTH: Final = "I08"
NO_COUNTRY: Final = "I09"
NO_CITY: Final = "I10"
NO_POINT: Final = "I11"
CONTACT: Final = "I12"
UPLOAD: Final = "I13"
MARKUP: Final = "I14"
NO_REFERENCE: Final = "I15"
NO_LABELS: Final = "I16"
SUMMARY: Final = "I17"

RULES: Final = tuple(f"I{number:02}" for number in range(1, 18))
# The rest is a warning: something of the entry is missing in what is made of it, and somebody can mend that.
_VIOLATIONS: Final = frozenset({NO_ANSWER, SAME_NUMBER})
_NOTICES: Final = frozenset({NO_HOME, CONTACT, UPLOAD, MARKUP, NO_LABELS, SUMMARY})


def finding(rule: str, position: Position, *, value: str = "", **variables: str) -> Finding:
    """A finding about an answer, as severe as its rule is."""
    found = problem(rule, position, value=value, **variables)
    if rule in _VIOLATIONS:
        return found
    return replace(found, severity=Severity.INFO if rule in _NOTICES else Severity.WARNING)
