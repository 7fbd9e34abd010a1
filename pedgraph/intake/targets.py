"""Narrowing shapes to chosen focus nodes, by naming them as targets.

The option ``focus_nodes`` of pySHACL 0.40 also drops the focus nodes of nested shapes, which then pass unseen: with it
``sh:node``, ``sh:or``, ``sh:not`` and qualified counts give wrong verdicts. Targets written out as
``sh:targetNode`` have no such effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS
from rdflib.namespace import SH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

_KINDS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


def narrow(shapes: Graph, data: Graph, focus_nodes: Collection[Node]) -> None:
    """Replaces the targets of all shapes, in place, by those of their focus nodes that are among the given ones."""
    name_targets(shapes, targets(shapes, data, focus_nodes))


def targets(shapes: Graph, data: Graph, focus_nodes: Collection[Node]) -> dict[Node, set[Node]]:
    """The shapes that have targets among the given focus nodes, with these.

    Targets are those of SHACL Core, section 2.1.3, but for implicit class targets. ``data`` holds the class hierarchy.
    """
    classes = {node: _classes(data, node) for node in focus_nodes}
    found = {
        shape: set(_targets(shapes, data, shape, classes))
        for shape in {shape for kind in _KINDS for shape in shapes.subjects(kind)}
    }
    return {shape: nodes for shape, nodes in found.items() if nodes}


def name_targets(shapes: Graph, chosen: Mapping[Node, Collection[Node]]) -> None:
    """Gives shapes, in place, the chosen targets, and takes those of all others away."""
    for kind in _KINDS:
        shapes.remove((None, kind, None))
    for shape, nodes in chosen.items():
        for node in nodes:
            shapes.add((shape, SH.targetNode, node))


def _targets(shapes: Graph, data: Graph, shape: Node, classes: dict[Node, set[Node]]) -> Iterator[Node]:
    for target in shapes.objects(shape, SH.targetClass):
        yield from (node for node, types in classes.items() if target in types)
    for target in shapes.objects(shape, SH.targetSubjectsOf):
        yield from (node for node in classes if (node, target, None) in data)
    for target in shapes.objects(shape, SH.targetObjectsOf):
        yield from (node for node in classes if (None, target, node) in data)
    for target in shapes.objects(shape, SH.targetNode):
        if target in classes:
            yield target


def _classes(data: Graph, node: Node) -> set[Node]:
    return {
        above
        for stated in data.objects(node, RDF.type)
        for above in data.transitive_objects(stated, RDFS.subClassOf)
        if above is not None
    }
