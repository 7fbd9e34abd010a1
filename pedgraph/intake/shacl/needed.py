"""The part of a shapes graph that some of its shapes need, which is quicker to copy and to read than the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from rdflib import OWL, RDF, RDFS
from rdflib.namespace import SH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

# Where a shapes graph speaks of these, what a shape means hangs on more than what it points to.
_ELSEWHERE: Final = (
    (None, RDF.type, SH.ConstraintComponent),
    (None, RDFS.subClassOf, SH.ConstraintComponent),
    (None, SH.qualifiedValueShapesDisjoint, None),
)


class Shapes:
    """A shapes graph from which parts are taken."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self.graph = graph
        self._is_whole = any(each in graph for each in _ELSEWHERE)
        # pySHACL takes prefixes from all ontologies, and classes of classes for targets.
        self._always = {*graph.subjects(RDF.type, OWL.Ontology), *graph.subjects(RDFS.subClassOf, RDFS.Class)}

    def needed(self, shapes: Iterable[Node]) -> rdflib.Graph:
        """A new graph with these shapes and all that they refer to."""
        found = rdflib.Graph(bind_namespaces="none")
        if self._is_whole:
            found += self.graph
            return found
        left, seen = [*self._always, *shapes], set[object]()
        while left:
            node = left.pop()
            if node in seen:
                continue
            seen.add(node)
            for triple in self.graph.triples((node, None, None)):
                found.add(triple)
                left.append(triple[2])
        return found
