"""What a publication does to a store: named graphs are replaced or removed, and their merge is kept true.

The store's own default graph holds the merge (RDF 1.1 Semantics, section 5.2, for graphs without blank nodes in
common) of all named graphs: a set, so a triple that several graphs state stands in it once. A withdrawn graph takes
away only what no other graph states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from pedgraph.vocabulary.iris import INFERRED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

DEFAULT_GRAPH = DefaultGraph()


@dataclass(frozen=True)
class ChangeSet:
    """New content per graph IRI (the whole of it), and the IRIs of graphs to remove."""

    graphs: Mapping[str, Iterable[Triple]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def fill(store: Store, changes: ChangeSet) -> None:
    """Loads the graphs of a change set into an empty store, in bulk, with their merge."""
    store.bulk_extend(_doubled(changes.graphs))


def apply(store: Store, changes: ChangeSet) -> None:
    """Applies a change set to a store that holds a version already."""
    for graph in sorted(changes.removed):
        _replace(store, NamedNode(graph), frozenset())
        store.remove_graph(NamedNode(graph))
    for graph, triples in changes.graphs.items():
        _replace(store, NamedNode(graph), frozenset(triples))


def derive(store: Store, derivations: Sequence[str]) -> None:
    """Rebuilds the inferred graph from scratch: each CONSTRUCT in turn, over the merge and what earlier ones gave."""
    inferred = NamedNode(INFERRED_GRAPH)
    _replace(store, inferred, frozenset())
    for construct in derivations:
        triples = [Triple(each.subject, each.predicate, each.object) for each in _constructed(store, construct)]
        for triple in triples:
            if not _holds(store, triple, DEFAULT_GRAPH):
                _add(store, triple, inferred)


def _constructed(store: Store, construct: str) -> Iterator[Triple]:
    yield from store.query(construct)  # type: ignore[misc]


def _doubled(graphs: Mapping[str, Iterable[Triple]]) -> Iterator[Quad]:
    for graph, triples in graphs.items():
        name = NamedNode(graph)
        for triple in triples:
            yield Quad(triple.subject, triple.predicate, triple.object, name)
            yield Quad(triple.subject, triple.predicate, triple.object, DEFAULT_GRAPH)


def _replace(store: Store, graph: NamedNode, wanted: frozenset[Triple]) -> None:
    present = frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    # Removal comes first: the store rewrites literals, so a triple may look new and fall together with an old one.
    for triple in present - wanted:
        store.remove(Quad(triple.subject, triple.predicate, triple.object, graph))
        if not _is_stated(store, triple):
            store.remove(Quad(triple.subject, triple.predicate, triple.object, DEFAULT_GRAPH))
    for triple in wanted - present:
        _add(store, triple, graph)


def _add(store: Store, triple: Triple, graph: NamedNode) -> None:
    store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    store.add(Quad(triple.subject, triple.predicate, triple.object, DEFAULT_GRAPH))


def _is_stated(store: Store, triple: Triple) -> bool:
    quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name != DEFAULT_GRAPH for quad in quads)


def _holds(store: Store, triple: Triple, graph: DefaultGraph) -> bool:
    return Quad(triple.subject, triple.predicate, triple.object, graph) in store
