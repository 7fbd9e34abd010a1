"""The rules about the form of a file: their ids, and how a finding of each is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Severity
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from pedgraph.intake.findings import Finding, Position

UNKNOWN_FORM: Final = "F01"
OTHER_FORM: Final = "F02"
EMPTY: Final = "F03"
NOT_UTF_8: Final = "F04"
NUL: Final = "F05"
SYNTAX: Final = "F06"
RELATIVE_IRI: Final = "F07"
BAD_IRI: Final = "F08"
UNDECLARED_PREFIX: Final = "F09"
RDF_1_2: Final = "F10"
DOCUMENT_TYPE: Final = "F11"
FOREIGN_CONTEXT: Final = "F12"
TOO_DEEP: Final = "F13"
TWICE: Final = "F14"
UNKNOWN_MEMBER: Final = "F15"
GRAPHS_MERGED: Final = "F16"
MADE_GRAPH: Final = "F17"
TOO_MANY_PROBLEMS: Final = "F18"
UNCLOSED_TEXT: Final = "F19"
JSON_LD: Final = "F20"
BAD_LANGUAGE: Final = "F21"
# Found after reading.
ALIKE: Final = "F22"
NO_FORM: Final = "F23"

RULES: Final = tuple(f"F{number:02}" for number in (*range(1, 22), 23))

# After so many the reader stops: who made them has one mistake to mend, not a thousand.
PROBLEMS_MAX: Final = 1_000
_SHOWN_CHARACTERS: Final = 120


def notice(rule: str, position: Position, **variables: str) -> Finding:
    """Something to know about how the file was read, which keeps nothing out."""
    return replace(problem(rule, position, **variables), severity=Severity.INFO)


def shown(text: str) -> str:
    """The text, shortened, on one line, as it is repeated to whoever wrote it."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]} …"
