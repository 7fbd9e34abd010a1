"""What a diagnosis says, and its form as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

MOST_COUNTED: Final = 1000


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be, or a reason why nothing is left.

    ``line`` and ``column`` count from 1; both are ``None`` for what is not in the text of the query. ``suggestions``
    are written so that they can stand in the query.
    """

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    term: str | None = None
    suggestions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        where = None if self.line is None else {"line": self.line, "column": self.column}
        return {
            "kind": self.kind,
            "where": where,
            "term": self.term,
            "message": self.message,
            "suggestions": list(self.suggestions),
        }


@dataclass(frozen=True)
class Counted:
    """A pattern and how many solutions it has: alone, and joined to those before it. ``None`` is not known."""

    text: str
    line: int
    column: int
    solutions: int | None
    joined_solutions: int | None

    def as_json(self) -> dict[str, Any]:
        """The pattern as a JSON object; counts end at ``"1000+"``."""
        return {
            "pattern": self.text,
            "where": {"line": self.line, "column": self.column},
            "solutions": _capped(self.solutions),
            "joined_solutions": _capped(self.joined_solutions),
        }


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer is empty. ``is_empty`` is ``None`` where that could not be found out in the time.

    ``culprit`` is the pattern, filter or modifier after which nothing is left. ``note`` says what the doctor could not
    look at.
    """

    query: str
    version: int
    is_empty: bool | None
    seconds: float
    is_complete: bool = True
    findings: tuple[Finding, ...] = ()
    patterns: tuple[Counted, ...] = ()
    culprit: Counted | None = None
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The diagnosis as a JSON object."""
        return {
            "query": self.query,
            "version": self.version,
            "is_empty": self.is_empty,
            "findings": [finding.as_json() for finding in self.findings],
            "patterns": [counted.as_json() for counted in self.patterns],
            "culprit": self.culprit.as_json() if self.culprit else None,
            "note": self.note,
            "complete": self.is_complete,
            "seconds": round(self.seconds, 3),
        }


def _capped(count: int | None) -> int | str | None:
    return f"{MOST_COUNTED}+" if count is not None and count > MOST_COUNTED else count
