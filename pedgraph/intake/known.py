"""What all know of the things of others, looked up in a store as it is asked for.

Listing it would take longer than a check: a store of a million quads has more than a hundred thousand things.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Triple

from pedgraph.intake.bundle import KNOWN
from pedgraph.store.edits import normalised
from pedgraph.store.facts import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.store.facts import Lookup, Subject, Term

# Finds quads by subject, predicate and object.
Find = Callable[["Subject | None", "NamedNode | None", "Term | None"], Iterable["Quad"]]


class OwnGraph:
    """A graph, those of its triples that were submitted in the form in which they were.

    ``find`` finds the quads of the graph. It must not hold on to a store: what a check leaves behind is cleared away
    some time later only, and a store that is held cannot be opened again.
    """

    def __init__(self, find: Find, submitted: Sequence[Triple]) -> None:
        self._find = find
        self._submitted = submitted
        quads = normalised(Quad(each.subject, each.predicate, each.object) for each in submitted)
        self._stored = {(quad.subject, quad.predicate, quad.object) for quad in quads}

    def about(self, nodes: Iterable[Subject]) -> list[Triple]:
        """What is stated of some nodes, and all that was submitted."""
        return [*(Triple(*each) for node in nodes for each in self.rest(node, None, None)), *self._submitted]

    def rest(
        self, subject: Subject | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[tuple[Subject, NamedNode, Term]]:
        """Looks up what was not submitted."""
        if isinstance(value, Literal) and wrapped(value) != value:
            return
        for quad in self._find(subject, predicate, value):
            found = (quad.subject, quad.predicate, quad.object)
            if found not in self._stored:
                yield found


def either(*several: Lookup) -> Lookup:
    """Looks up in one place after the other."""
    return lambda subject, predicate, value: chain.from_iterable(each(subject, predicate, value) for each in several)


def known_elsewhere(find: Find, left_out: Collection[str]) -> Lookup:
    """Looks up kinds, identifiers and places of things in all named graphs but some."""

    def look_up(
        subject: Subject | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[tuple[Subject, NamedNode, Term]]:
        if isinstance(value, Literal) and wrapped(value) != value:
            return
        for name in sorted(KNOWN) if predicate is None else [predicate.value]:
            if name not in KNOWN:
                return
            for quad in find(subject, NamedNode(name), value):
                graph = quad.graph_name
                if isinstance(graph, NamedNode) and graph.value not in left_out:
                    yield quad.subject, quad.predicate, quad.object

    return look_up
