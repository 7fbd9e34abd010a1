"""What a publication does to a store: named graphs are replaced or removed, and what follows from them is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, Triple

from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.vocabulary.iris import INFERRED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Store

    from pedgraph.store.edits import Edits


@dataclass(frozen=True)
class ChangeSet:
    """New content per graph IRI (the whole of it), and the IRIs of graphs to remove."""

    graphs: Mapping[str, Iterable[Triple]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def fill(store: Store, changes: ChangeSet, *, is_merged: bool = True) -> None:
    """Loads the graphs of a change set into an empty store, in bulk, with their merge if that is wanted."""
    store.bulk_extend(_loaded(changes.graphs, is_merged=is_merged))


def apply(edits: Edits, changes: ChangeSet) -> None:
    """Applies a change set to a store that holds a version already."""
    for graph in sorted(changes.removed):
        edits.drop(NamedNode(graph))
    for graph, triples in changes.graphs.items():
        edits.replace(NamedNode(graph), frozenset(triples))


def derive(edits: Edits, derivations: Sequence[str]) -> None:
    """Rebuilds the inferred graph from scratch: each CONSTRUCT in turn, over the merge and what earlier ones gave.

    Most of it comes out as it was, so it is taken away and put back as a whole, and what differs is noted at the end.
    """
    inferred = NamedNode(INFERRED_GRAPH)
    with edits.rebuilding(inferred):
        for construct in derivations:
            triples = [each for each in _constructed(edits, construct) if not _is_known(edits, each)]
            for graph in (inferred, DEFAULT_GRAPH):
                edits.store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in triples)


def merge_all(edits: Edits) -> None:
    """Makes the empty default graph of a store the merge of its named graphs."""
    for graph in list(edits.store.named_graphs()):
        quads = [Quad(quad.subject, quad.predicate, quad.object, DEFAULT_GRAPH) for quad in edits.quads(graph)]
        edits.store.extend(quads)


def _constructed(edits: Edits, construct: str) -> Iterator[Triple]:
    yield from edits.store.query(construct)  # type: ignore[misc]


def _loaded(graphs: Mapping[str, Iterable[Triple]], *, is_merged: bool) -> Iterator[Quad]:
    for graph, triples in graphs.items():
        name = NamedNode(graph)
        for triple in triples:
            yield Quad(triple.subject, triple.predicate, triple.object, name)
            if is_merged:
                yield Quad(triple.subject, triple.predicate, triple.object, DEFAULT_GRAPH)


def _is_known(edits: Edits, triple: Triple) -> bool:
    return Quad(triple.subject, triple.predicate, triple.object, DEFAULT_GRAPH) in edits.store
