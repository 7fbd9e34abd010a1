"""One diagnosis under way: the query, whom to ask, and what was found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pedgraph.query.diagnosis.findings import Counted, Finding
from pedgraph.query.diagnosis.terms import writable
from pedgraph.query.tokens import position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.query.diagnosis.asking import Asker
    from pedgraph.query.diagnosis.joins import Step
    from pedgraph.query.diagnosis.model import Reading, Role, Term


@dataclass(frozen=True)
class Unknown:
    """A name that does not occur where it would have to: what it is used as, how it is written and where.

    ``places`` are those in which it does occur.
    """

    iri: str
    role: Role
    shown: str
    offset: int | None
    places: frozenset[str] = frozenset()


@dataclass
class Case:
    """A query under examination."""

    text: str
    reading: Reading
    asker: Asker
    findings: list[Finding] = field(default_factory=list)
    patterns: list[Counted] = field(default_factory=list)
    culprit: Counted | None = None
    unknown: list[Unknown] = field(default_factory=list)
    slipped_namespaces: tuple[str, ...] = ()

    def find(
        self, kind: str, message: str, offset: int | None, *, term: str | None = None, suggestions: Iterable[str] = ()
    ) -> None:
        """Adds a finding, once."""
        line, column = (None, None) if offset is None else position(self.text, offset)
        finding = Finding(kind, message, line, column, term, tuple(suggestions))
        if finding not in self.findings:
            self.findings.append(finding)

    def has_found(self, offset: int) -> bool:
        """Whether there is a finding about this place already, or a name in it that is unknown."""
        if any(unknown.offset == offset for unknown in self.unknown):
            return True
        return any((finding.line, finding.column) == position(self.text, offset) for finding in self.findings)

    def has_found_any_of(self, terms: Iterable[Term]) -> bool:
        """Whether there is a finding about one of these terms already, or about the prefix of its name."""
        names = [each for term in terms for each in (term, *term.iris)]
        has_slipped = any(
            name.value is not None and name.value.value.startswith(self.slipped_namespaces) for name in names
        )
        return has_slipped or any(self.has_found(name.offset) for name in names)

    def counted(self, step: Step, solutions: int | None, joined: int | None) -> Counted:
        """A step with its counts."""
        return Counted(step.shown, *position(self.text, step.offset), solutions, joined)

    def write(self, iri: str) -> str:
        """An IRI so that it can stand in this query."""
        return writable(iri, self.reading.prefixes)

    def write_term(self, term: object) -> str:
        """Any term so that it can stand in this query."""
        if isinstance(term, NamedNode):
            return self.write(term.value)
        return self.write_literal(term) if isinstance(term, Literal) else str(term)

    def write_literal(self, literal: Literal) -> str:
        """A literal so that it can stand in this query."""
        if literal.language or str(literal).endswith('"'):
            return str(literal)
        bare = str(literal).rpartition("^^")[0]
        return f"{bare}^^{self.write(literal.datatype.value)}"
