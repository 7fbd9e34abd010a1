"""RDF terms and SHACL property paths, written as SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from rdflib import RDF
from rdflib.namespace import SH

from pedgraph.intake.terms import from_rdflib
from pedgraph.store.facts import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdflib.term import Node

_DEEPEST_PATH = 8


class Untranslatable(Exception):
    """A part of a shape that is not translated, so that all focus nodes of the shape are suspects."""


def term(node: Node) -> str:
    """An IRI or literal in SPARQL, the literal as the facts hold it; raises :class:`Untranslatable` for blank nodes."""
    if isinstance(node, rdflib.BNode):
        raise Untranslatable("a blank node")
    found = from_rdflib(node)
    return str(wrapped(found) if isinstance(node, rdflib.Literal) else found)  # type: ignore[arg-type]


class Steps:
    """A property path: its steps one after the other, and whether it may lead from a node to itself in no step."""

    def __init__(self, steps: Sequence[str], *, is_nullable: bool) -> None:
        self.steps = tuple(steps)
        self.is_nullable = is_nullable

    @property
    def text(self) -> str:
        """The path in SPARQL."""
        return "/".join(self.steps)


def path(shapes: rdflib.Graph, node: Node) -> Steps:
    """A path of SHACL (section 2.3.1) in SPARQL, read as pySHACL 0.40 reads it.

    pySHACL follows the steps of an inverted sequence in the order in which they are written. Raises
    :class:`Untranslatable` for what is no path.
    """
    text, is_nullable = _path(shapes, node, is_inverse=False, depth=0)
    items = list(shapes.items(node)) if isinstance(node, rdflib.BNode) else []
    if not items:
        return Steps([text], is_nullable=is_nullable)
    return Steps([_path(shapes, item, is_inverse=False, depth=1)[0] for item in items], is_nullable=is_nullable)


def _path(shapes: rdflib.Graph, node: Node, *, is_inverse: bool, depth: int) -> tuple[str, bool]:
    if isinstance(node, rdflib.URIRef):
        return ("^" if is_inverse else "") + term(node), False
    if depth > _DEEPEST_PATH or not isinstance(node, rdflib.BNode):
        raise Untranslatable("a path that is none")
    (facts,) = [set(shapes.predicate_objects(node))]
    if len({predicate for predicate, _ in facts}) != len(facts):
        raise Untranslatable("a path with two values")
    kind = dict(facts)
    if RDF.first in kind:
        return _joined(shapes, node, "/", is_inverse=is_inverse, depth=depth)
    if len(kind) != 1:
        raise Untranslatable("a path of several kinds")
    ((predicate, value),) = kind.items()
    if predicate == SH.inversePath:
        return _path(shapes, value, is_inverse=not is_inverse, depth=depth + 1)
    if predicate == SH.alternativePath:
        return _joined(shapes, value, "|", is_inverse=is_inverse, depth=depth)
    signs = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
    if predicate not in signs:
        raise Untranslatable("a path of an unknown kind")
    text, is_nullable = _path(shapes, value, is_inverse=is_inverse, depth=depth + 1)
    return f"({text}){signs[rdflib.URIRef(str(predicate))]}", is_nullable or predicate != SH.oneOrMorePath


def _joined(shapes: rdflib.Graph, node: Node, sign: str, *, is_inverse: bool, depth: int) -> tuple[str, bool]:
    items = [_path(shapes, item, is_inverse=is_inverse, depth=depth + 1) for item in shapes.items(node)]
    if len(items) < 2:  # noqa: PLR2004 - SHACL wants two at least
        raise Untranslatable("a path of less than two")
    is_nullable = (all if sign == "/" else any)(nullable for _, nullable in items)
    return f"({sign.join(text for text, _ in items)})", is_nullable
