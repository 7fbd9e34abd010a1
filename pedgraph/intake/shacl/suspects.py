"""The suspects: for each shape the focus nodes that may violate it, by queries over all data at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from pedgraph.errors import QuerySyntaxError
from pedgraph.intake.shacl.conditions import NEVER, alternatives, expression_of, pattern_of
from pedgraph.intake.shacl.focus import Focus
from pedgraph.intake.shacl.inversion import Inverted, invert
from pedgraph.intake.shacl.terms_in_sparql import Untranslatable
from pedgraph.intake.shacl.translation import Translation
from pedgraph.intake.terms import term_of_rdflib
from pedgraph.store.facts import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib
    from rdflib.term import Node

    from pedgraph.store.facts import Facts

_CLASSES: Final = re.compile(r"%CLASSES <([^>]*)>%(\)?)")
# Paths of any length are followed from each focus node, not for all nodes that there are.
_FOLLOWED: Final = re.compile(r"\)[*+?]|\|")
_BELOW: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


@dataclass
class ShapeQueries:
    """The queries for the suspects of a shape; without any condition all its focus nodes are suspects."""

    targets: list[str]
    conditions: list[str] = field(default_factory=list)
    inverted: list[Inverted] = field(default_factory=list)
    reason: str = ""


@dataclass
class Suspects:
    """The suspects of each shape, and for its SPARQL constraints (by text) the rows that each suspect came from."""

    nodes: dict[Node, set[Node]]
    witnesses: dict[str, dict[Node, list[dict[str, Node]]]]


class Queries:
    """The queries for the suspects of all shapes of a shapes graph; made once."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.focus = Focus(shapes)
        translation = Translation(shapes)
        self.shapes: dict[Node, ShapeQueries] = {}
        # A shape whose targets cannot be written in SPARQL keeps them, and pySHACL finds its focus nodes.
        self.untranslated: list[Node] = []
        for shape in self.focus.targeted():
            try:
                self.shapes[shape] = self._queries(shape, translation)
            except Untranslatable:
                self.untranslated.append(shape)

    def _queries(self, shape: Node, translation: Translation) -> ShapeQueries:
        targets = list(self.focus.patterns(shape))
        try:
            condition = translation.may_violate(shape)
            conditions = [] if condition == NEVER else [_asked(each) for each in alternatives(condition)]
            inverted = invert(translation.shapes, shape, targets)
        except Untranslatable as reason:
            return ShapeQueries(targets, reason=str(reason) or "?")
        return ShapeQueries(targets, conditions, inverted)

    def select(self, facts: Facts) -> Suspects:
        """Asks for the suspects; raises :class:`pedgraph.errors.StoreError`."""
        asking = _Asking(facts)
        found = Suspects({}, {})
        for shape, queries in self.shapes.items():
            nodes = found.nodes[shape] = set(self.focus.nameless(shape))
            if (
                queries.reason
                or asking.is_nameless
                or (asking.is_wrapped and any(each.is_exact_only for each in queries.inverted))
            ):
                nodes |= asking.nodes(queries.targets, [""])
                continue
            nodes |= asking.nodes(queries.targets, queries.conditions)
            for inverted in queries.inverted:
                try:
                    rows = asking.rows(inverted)
                except QuerySyntaxError:
                    # What one library takes for a query and the other does not: pySHACL looks at all focus nodes.
                    nodes |= asking.nodes(queries.targets, [""])
                    continue
                nodes |= set(rows)
                found.witnesses[inverted.text] = rows
        return found


def _asked(condition: object) -> str:
    text = pattern_of(condition)  # type: ignore[arg-type]
    return f"FILTER({expression_of(condition)})" if _FOLLOWED.search(text) else text  # type: ignore[arg-type]


class _Asking:
    """Queries on one set of facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._below: dict[str, str] = {}
        self.is_wrapped = facts.has_wrapped()
        ask = f"SELECT ?below WHERE {{ ?below {_BELOW} ?above FILTER(!isIRI(?below) || !isIRI(?above)) }} LIMIT 1"
        self.is_nameless = bool(facts.solutions(ask))

    def nodes(self, targets: Iterable[str], conditions: Iterable[str]) -> set[Node]:
        queries = [f"SELECT DISTINCT ?this WHERE {{ {target} {each} }}" for target in targets for each in conditions]
        return {_node(row[0]) for query in queries for row in self._facts.solutions(self._filled(query))}

    def rows(self, inverted: Inverted) -> dict[Node, list[dict[str, Node]]]:
        found: dict[Node, list[dict[str, Node]]] = {}
        for query in inverted.queries:
            for row in self._facts.solutions(self._filled(query)):
                this, *others = row
                bound = {name: _node(each) for name, each in zip(inverted.variables, others, strict=True) if each}
                found.setdefault(_node(this), []).append(bound)
        return found

    def _filled(self, query: str) -> str:
        return _CLASSES.sub(lambda found: self._classes(found[1], ", " if found[2] else " ") + found[2], query)

    def _classes(self, kind: str, between: str) -> str:
        if kind not in self._below:
            below = f"SELECT DISTINCT ?below WHERE {{ ?below {_BELOW}+ <{kind}> }}"
            found = {str(row[0]) for row in self._facts.solutions(below)} | {f"<{kind}>"}
            self._below[kind] = "\n".join(sorted(found))
        return self._below[kind].replace("\n", between)


def _node(term: object) -> Node:
    assert isinstance(term, NamedNode | BlankNode | Literal), term
    return term_of_rdflib(unwrapped(term) if isinstance(term, Literal) else term)
