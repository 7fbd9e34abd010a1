"""Changes to the store of a candidate version, with an account of what they come to.

In the mode ``merged`` the store's own default graph holds the merge (RDF 1.1 Semantics, section 5.2, for graphs without
blank nodes in common) of all named graphs: a set, so a triple that several graphs state stands in it once. Every change
keeps it true: what is withdrawn from one graph stays where another one states it. In the mode ``plain`` the default
graph is a graph of its own.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import BlankNode, Triple

    GraphName = NamedNode | BlankNode | DefaultGraph

DEFAULT_GRAPH = DefaultGraph()
# Takes from the default graph what only one named graph states.
_FORGET = """
DELETE {{ ?s ?p ?o }} WHERE {{
  GRAPH {graph} {{ ?s ?p ?o }}
  FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER (?other != {graph}) }}
}}
"""


class Edits:
    """A store that is being edited. ``added`` and ``removed`` hold, per graph, by how much it differs from before."""

    def __init__(self, store: Store, *, is_merged: bool) -> None:
        self.store = store
        self.is_merged = is_merged
        self.added: defaultdict[GraphName, set[Triple]] = defaultdict(set)
        self.removed: defaultdict[GraphName, set[Triple]] = defaultdict(set)
        self._graphs_changed: set[str] = set()
        self._names: tuple[NamedNode | BlankNode, ...] = ()

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds quads; in the mode ``merged`` also to the default graph."""
        fresh = [quad for quad in normalised(quads) if quad not in self.store]
        if self.is_merged:
            merged = dict.fromkeys(_in_default(quad) for quad in fresh)
            fresh += [quad for quad in merged if quad not in self.store]
        self.store.extend(fresh)
        for quad in fresh:
            _note(quad, self.added, self.removed)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Removes quads; in the mode ``merged`` from the default graph too what no other graph states."""
        for quad in normalised(quads):
            if quad in self.store:
                self._remove(quad)
                if self.is_merged and not self._is_stated(quad):
                    self._remove(_in_default(quad))

    def create(self, graph: NamedNode) -> None:
        """Makes an empty graph; harmless where it exists."""
        if not self.exists(graph):
            self.store.add_graph(graph)
            self._graphs_changed.add(graph.value)

    def clear(self, graph: GraphName) -> None:
        """Takes all triples out of a graph."""
        self.remove(list(self.quads(graph)))

    def drop(self, graph: NamedNode | BlankNode) -> None:
        """Removes a graph with all that is in it; harmless where there is none."""
        if self.exists(graph):
            self.clear(graph)
            self.store.remove_graph(graph)
            self._graphs_changed.add(graph.value)

    def replace(self, graph: GraphName, wanted: frozenset[Triple]) -> None:
        """Gives a graph another content, and leaves alone what stays the same."""
        quads = {Quad(each.subject, each.predicate, each.object, graph) for each in wanted}
        quads = set(normalised(quads))
        present = set(self.quads(graph))
        self.remove(present - quads)
        self.add(quads - present)

    @contextmanager
    def rebuilding(self, graph: NamedNode) -> Iterator[None]:
        """Empties a graph, in the mode ``merged``, for the store itself to be given what it is to hold: in this graph
        and in the default graph, to which none of it may be known. What differs afterwards is noted.
        """
        before = {quad.triple for quad in self.quads(graph)}
        self.store.update(_FORGET.format(graph=graph))
        self.store.clear_graph(graph)
        yield
        after = {quad.triple for quad in self.quads(graph)}
        for triple in before - after:
            quad = Quad(triple.subject, triple.predicate, triple.object, graph)
            _note(quad, self.removed, self.added)
            if (merged := _in_default(quad)) not in self.store:
                _note(merged, self.removed, self.added)
        for triple in after - before:
            quad = Quad(triple.subject, triple.predicate, triple.object, graph)
            _note(quad, self.added, self.removed)
            _note(_in_default(quad), self.added, self.removed)

    def quads(self, graph: GraphName) -> Iterator[Quad]:
        """All that stands in a graph."""
        return self.store.quads_for_pattern(None, None, None, graph)

    def exists(self, graph: GraphName) -> bool:
        """Whether there is such a graph; the default graph always exists."""
        return isinstance(graph, DefaultGraph) or self.store.contains_named_graph(graph)

    def changed(self) -> set[str]:
        """The IRIs of named graphs whose content or existence differs from before."""
        names = {graph for graph in (*self.added, *self.removed) if self.added[graph] or self.removed[graph]}
        return self._graphs_changed | {graph.value for graph in names if not isinstance(graph, DefaultGraph)}

    def is_empty(self) -> bool:
        """Whether nothing differs from before."""
        return not (self.changed() or self.added[DEFAULT_GRAPH] or self.removed[DEFAULT_GRAPH])

    def close(self) -> None:
        """Lets go of the store; what has changed can still be asked."""
        self._names = tuple(self.store.named_graphs())
        self.store = Store()

    def counted(self, graphs: dict[str, int], default: int) -> tuple[dict[str, int], int]:
        """The sizes of named graphs and of the default graph once closed, from what they were before."""
        sizes = {
            str(name.value): graphs.get(str(name.value), 0) + len(self.added[name]) - len(self.removed[name])
            for name in self._names
        }
        difference = len(self.added[DEFAULT_GRAPH]) - len(self.removed[DEFAULT_GRAPH])
        return dict(sorted(sizes.items())), default + difference

    def _remove(self, quad: Quad) -> None:
        self.store.remove(quad)
        _note(quad, self.removed, self.added)

    def _is_stated(self, quad: Quad) -> bool:
        found = self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(each.graph_name != DEFAULT_GRAPH for each in found)


def normalised(quads: Iterable[Quad]) -> list[Quad]:
    """The quads as the store gives them back: it rewrites some literals, so that two quads may become one."""
    scratch = Store()
    scratch.extend(quads)
    return list(scratch)


def _in_default(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DEFAULT_GRAPH)


def _note(quad: Quad, here: defaultdict[GraphName, set[Triple]], there: defaultdict[GraphName, set[Triple]]) -> None:
    graph, triple = quad.graph_name, quad.triple
    if triple in there[graph]:
        there[graph].discard(triple)
    else:
        here[graph].add(triple)
