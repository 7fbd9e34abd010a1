"""The focus nodes of a shape: its targets (SHACL, section 2.1.3) as patterns of SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from rdflib import OWL, RDF, RDFS
from rdflib.namespace import SH

from pedgraph.intake.shacl.terms_in_sparql import term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
# The names begin with what no variable of a constraint may begin with (see the inversion).
RESERVED: Final = "pedgraph_"
_KIND: Final = f"?{RESERVED}kind"
_OTHER: Final = f"?{RESERVED}other"
_SHAPE_EXPECTING: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LIST_TAKING: Final = (SH["and"], SH["or"], SH.xone)


class Focus:
    """Which shapes have targets, and which these are."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self._shapes = shapes
        # pySHACL takes these for classes, and those below them.
        self._kinds_of_class = {RDFS.Class, OWL.Class, *shapes.subjects(RDFS.subClassOf, RDFS.Class)}

    def targeted(self) -> list[Node]:
        """The shapes with targets."""
        shapes = self._shapes
        found = {shape for kind in _TARGETS for shape in shapes.subjects(kind)}
        classes = {each for kind in self._kinds_of_class for each in shapes.subjects(RDF.type, kind)}
        return sorted(found | (classes & self._all()), key=str)

    def patterns(self, shape: Node) -> Iterator[str]:
        """Patterns that bind the focus nodes of a shape; classes are filled in when it is asked.

        Raises :class:`Untranslatable` where a target has no name.
        """
        classes: set[Node] = {*self._shapes.objects(shape, SH.targetClass), *self._implicit(shape)}
        for each in sorted(classes, key=str):
            yield f"VALUES {_KIND} {{ %CLASSES {term(each)}% }} ?this {term(RDF.type)} {_KIND} ."
        for each in self._shapes.objects(shape, SH.targetSubjectsOf):
            yield f"?this {term(each)} {_OTHER} ."
        for each in self._shapes.objects(shape, SH.targetObjectsOf):
            yield f"{_OTHER} {term(each)} ?this ."
        nodes = [each for each in self._shapes.objects(shape, SH.targetNode) if not isinstance(each, rdflib.BNode)]
        if nodes:
            yield f"VALUES ?this {{ {' '.join(term(each) for each in nodes)} }}"

    def nameless(self, shape: Node) -> set[Node]:
        """The blank nodes that are named as targets."""
        return {each for each in self._shapes.objects(shape, SH.targetNode) if isinstance(each, rdflib.BNode)}

    def replace(self, shapes: rdflib.Graph, chosen: dict[Node, set[Node]]) -> None:
        """Gives shapes in a copy of the shapes graph the chosen focus nodes for their targets."""
        for shape, nodes in chosen.items():
            if (shape, None, None) not in shapes:
                continue
            for kind in _TARGETS:
                shapes.remove((shape, kind, None))
            for class_kind in self._implicit_kinds(shape):
                shapes.remove((shape, RDF.type, class_kind))
                shapes.add((shape, RDF.type, SH.NodeShape))
            for node in nodes:
                shapes.add((shape, SH.targetNode, node))

    def _implicit_kinds(self, shape: Node) -> set[Node]:
        return self._kinds_of_class & set(self._shapes.objects(shape, RDF.type))

    def _implicit(self, shape: Node) -> set[Node]:
        return {shape} if self._implicit_kinds(shape) else set()

    def _all(self) -> set[Node]:
        """All that pySHACL takes for shapes."""
        shapes = self._shapes
        found = {each for kind in (SH.NodeShape, SH.PropertyShape) for each in shapes.subjects(RDF.type, kind)}
        found |= {each for kind in (*_TARGETS, SH.property, SH.node) for each in shapes.subjects(kind)}
        found |= {each for kind in _SHAPE_EXPECTING for each in shapes.objects(None, kind)}
        lists = (each for kind in _LIST_TAKING for each in shapes.objects(None, kind))
        return found | {member for each in lists for member in shapes.items(each)}
