"""A version, published or not yet, opened to be looked at in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, Store

from pedgraph.errors import StoreError
from pedgraph.store.edits import DEFAULT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import BlankNode, DefaultGraph, Literal, Quad, Triple

    Term = NamedNode | BlankNode | Literal | Triple
    Subject = NamedNode | BlankNode | Triple


class Candidate:
    """The store of a version, read-only. Queries see what those of readers see."""

    def __init__(self, directory: Path) -> None:
        try:
            self._store = Store.read_only(str(directory))
        except OSError as error:
            raise StoreError(f"The candidate version cannot be opened: {error}.") from error

    def query(self, text: str) -> QuerySolutions | QueryTriples:
        """Evaluates a query that gives solutions or a graph; raises :class:`StoreError` where that fails."""
        try:
            result = self._store.query(text)
        except (OSError, RuntimeError, ValueError, SyntaxError) as error:
            raise StoreError(f"A query on the candidate version failed: {error}.") from error
        assert isinstance(result, QuerySolutions | QueryTriples)
        return result

    def about(self, subject: str, predicate: str | None = None) -> Iterator[Triple]:
        """What the merge of all graphs says of a thing, by a property if one is given, in no order."""
        quads = self._store.quads_for_pattern(NamedNode(subject), _node(predicate), None, DEFAULT_GRAPH)
        return (quad.triple for quad in quads)

    def pointing_to(self, thing: str, predicate: str | None = None) -> Iterator[Triple]:
        """What the merge of all graphs says with a thing as its object, by a property if one is given, in no order."""
        quads = self._store.quads_for_pattern(None, _node(predicate), NamedNode(thing), DEFAULT_GRAPH)
        return (quad.triple for quad in quads)

    def quads_about(self, subject: str) -> Iterator[Quad]:
        """What each named graph says of a thing, in no order."""
        quads = self._store.quads_for_pattern(NamedNode(subject), None, None, None)
        return (quad for quad in quads if isinstance(quad.graph_name, NamedNode))

    def quads(
        self,
        *,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        value: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern, in which ``None`` fits everything; raises :class:`StoreError`."""
        try:
            yield from self._store.quads_for_pattern(subject, predicate, value, graph)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The version cannot be read: {error}.") from error


def _node(iri: str | None) -> NamedNode | None:
    return None if iri is None else NamedNode(iri)
