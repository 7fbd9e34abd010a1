"""A set of triples in the engine, to be asked by queries and by patterns, that keeps literals as they were written.

The engine rewrites some literals as it takes them in: ``01`` becomes ``1``, ``"5"^^xsd:nonNegativeInteger`` an
``xsd:integer``. What would be rewritten is wrapped here instead: the same text under a datatype
that the engine does not know, and therefore leaves alone. Queries see the wrapped form, patterns the form as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store, Triple

from pedgraph.errors import QuerySyntaxError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import BlankNode

    Subject = NamedNode | BlankNode | Triple
    Term = NamedNode | BlankNode | Literal | Triple

# Gives the triples that match a subject, a predicate and an object, each of which may be open.
Lookup = Callable[["Subject | None", "NamedNode | None", "Term | None"], Iterable["tuple[Subject, NamedNode, Term]"]]
WRITTEN: Final = "urn:pedgraph:written:"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
# What the engine is known to keep; about all other literals it is asked.
_KEPT: Final = {
    "string": re.compile(r"(?s:.*)"),
    "integer": re.compile(r"0|-?[1-9][0-9]{0,15}"),
    "decimal": re.compile(r"0|-?[1-9][0-9]{0,9}|-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,9}[1-9]"),
    "boolean": re.compile(r"true|false"),
    "gYear": re.compile(r"[12][0-9]{3}"),
    "date": re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"),
}
_SCRATCH_GRAPH: Final = DefaultGraph()
_ANY: Final = NamedNode("urn:pedgraph:any")


class Facts:
    """Triples in the default graph of a store of the engine."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def of(cls, *groups: Iterable[Triple]) -> Facts:
        """Takes in triples as they were written."""
        store = Store()
        for triples in groups:
            store.bulk_extend(_quads(triples))
        return cls(store)

    @classmethod
    def open(cls, directory: Path) -> Facts:
        """The default graph of a version, read-only; raises :class:`StoreError`."""
        try:
            return cls(Store.read_only(str(directory)))
        except OSError as error:
            raise StoreError(f"The version cannot be opened: {error}.") from error

    def solutions(self, query: str) -> list[tuple[Term | None, ...]]:
        """The rows of a SELECT query, literals as the engine holds them; raises :class:`QuerySyntaxError` for what it
        does not take for one, and :class:`StoreError`.
        """
        try:
            found = self._store.query(query)
            assert isinstance(found, QuerySolutions)
            return [tuple(row) for row in found]
        except SyntaxError as error:
            raise QuerySyntaxError(f"{error.msg}.", line=error.lineno, column=error.offset) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"A query on the facts failed: {error}.") from error

    def matching(
        self, subject: Subject | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[tuple[Subject, NamedNode, Term]]:
        """The triples that match a pattern, literals as written."""
        wanted = wrapped(value) if isinstance(value, Literal) else value
        for quad in self._store.quads_for_pattern(subject, predicate, wanted, _SCRATCH_GRAPH):
            found = quad.object
            yield quad.subject, quad.predicate, unwrapped(found) if isinstance(found, Literal) else found

    def has_wrapped(self) -> bool:
        """Whether any literal is wrapped."""
        found = self._store.query(f'ASK {{ ?s ?p ?o FILTER(STRSTARTS(STR(DATATYPE(?o)), "{WRITTEN}")) }}')
        assert isinstance(found, QueryBoolean)
        return bool(found)

    def add(self, triples: Iterable[Triple]) -> None:
        """Takes in more triples as they were written."""
        self._store.extend(_quads(triples))

    def __len__(self) -> int:
        return len(self._store)


class Together:
    """Facts, and others that are looked up elsewhere; a triple that both have is one."""

    def __init__(self, own: Facts, *others: Lookup) -> None:
        self._own = own
        self._others = others

    def matching(
        self, subject: Subject | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[tuple[Subject, NamedNode, Term]]:
        """The triples that match a pattern, literals as written."""
        found = dict.fromkeys(self._own.matching(subject, predicate, value))
        yield from found
        for look_up in self._others:
            for each in look_up(subject, predicate, value):
                if each not in found:
                    found[each] = None
                    yield each

    def __len__(self) -> int:
        return len(self._own)


def _quads(triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        value = triple.object
        yield Quad(triple.subject, triple.predicate, wrapped(value) if isinstance(value, Literal) else value)


def wrapped(literal: Literal) -> Literal:
    """The literal itself where the engine keeps it, else its wrapped form."""
    if literal.language:
        return literal
    kept = _KEPT.get(literal.datatype.value.removeprefix(_XSD))
    return literal if kept is not None and kept.fullmatch(literal.value) else _wrapped(literal)


def unwrapped(literal: Literal) -> Literal:
    """The literal as it was written."""
    datatype = literal.datatype.value
    if not datatype.startswith(WRITTEN):
        return literal
    return Literal(literal.value, datatype=NamedNode(datatype.removeprefix(WRITTEN)))


@lru_cache(maxsize=200_000)
def _wrapped(literal: Literal) -> Literal:
    scratch = _scratch()
    scratch.add(Quad(_ANY, _ANY, literal))
    (kept,) = list(scratch)
    scratch.clear()
    if kept.object == literal:
        return literal
    return Literal(literal.value, datatype=NamedNode(WRITTEN + literal.datatype.value))


@lru_cache(maxsize=1)
def _scratch() -> Store:
    return Store()
