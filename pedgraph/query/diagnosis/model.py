"""What the reading of a query gives: its terms, its patterns and its groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal as OneOf

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

Role = OneOf["class", "property", "thing", "graph", "other"]
PartKind = OneOf["filter", "bind", "values", "optional", "minus", "union", "group", "graph", "select"]


class Unreadable(Exception):
    """The query says something that the doctor cannot read, though the engine may; the message names it."""


@dataclass(frozen=True)
class Term:
    """A term of a pattern.

    ``text`` is how it is written where the query is asked in parts, ``shown`` how the query has it. ``value`` is what
    it means, ``None`` for variables, blank nodes and paths. ``iris`` are the IRIs of a path, with their offsets.
    """

    kind: OneOf["iri", "literal", "variable", "path"]
    text: str
    shown: str
    offset: int
    value: NamedNode | Literal | None = None
    iris: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """A triple pattern, or a path between two terms."""

    subject: Term
    predicate: Term
    object: Term

    @property
    def terms(self) -> tuple[Term, Term, Term]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object

    @property
    def text(self) -> str:
        """The pattern as SPARQL."""
        return " ".join(term.text for term in self.terms) + " ."

    @property
    def shown(self) -> str:
        """The pattern in the words of the query."""
        return " ".join(term.shown for term in self.terms)

    @property
    def offset(self) -> int:
        """Where the part of it that is its own begins."""
        return self.predicate.offset


@dataclass(frozen=True)
class Part:
    """Anything else in a group: its kind, its text as it stands, and the groups and terms within."""

    kind: PartKind
    text: str
    offset: int
    groups: tuple[Group, ...] = ()
    terms: tuple[Term, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A group graph pattern: what stands between two braces, in order."""

    elements: tuple[Pattern | Part, ...] = ()
    text: str = "{}"


@dataclass(frozen=True)
class Declaration:
    """A PREFIX line: the prefix, its namespace, and where the namespace stands."""

    prefix: str
    namespace: str
    offset: int


@dataclass(frozen=True)
class Modifiers:
    """What stands behind the group: whether it says GROUP BY, the numbers of LIMIT and OFFSET, where HAVING stands, and
    a closing VALUES block.
    """

    is_grouped: bool = False
    limit: int | None = None
    limit_offset: int = 0
    skipped: int | None = None
    skipped_offset: int = 0
    having: int | None = None
    values: Part | None = None


@dataclass(frozen=True)
class Template:
    """What a CONSTRUCT query makes, as text, and where it stands."""

    text: str
    offset: int


@dataclass(frozen=True)
class Head:
    """What stands before the group: the names of a DESCRIBE, the template of a CONSTRUCT, whether it counts."""

    terms: tuple[Term, ...] = ()
    template: Template | None = None
    has_aggregate: bool = False


@dataclass(frozen=True)
class Reading:
    """A query as far as the doctor needs it.

    ``prologue`` are its PREFIX and BASE lines, ``where`` its group, ``head_terms`` the names that a DESCRIBE asks for,
    ``modifiers`` what stands behind the group, ``template`` the braces of a CONSTRUCT. ``counts_all`` says that the
    query makes one row of all solutions, even of none; ``is_names_only`` that ``head_terms`` are all names of a query
    that could not be read.
    """

    prologue: str
    prefixes: tuple[Declaration, ...]
    where: Group | None
    head_terms: tuple[Term, ...] = ()
    modifiers: Modifiers = Modifiers()
    template: Template | None = None
    counts_all: bool = False
    is_names_only: bool = False
