"""Where in the file a finding is about: the statement with this node, property and value, or the nearest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from pedgraph.intake.findings import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.findings import Finding, Position
    from pedgraph.intake.reading.documents import Document


class Places:
    """The places of a document, by what stands there."""

    def __init__(self, document: Document) -> None:
        self._cells = document.places
        self._exact: dict[tuple[str, str, str], Position] = {}
        self._property: dict[tuple[str, str], Position] = {}
        self._node: dict[str, Position] = {}
        self._pointing: dict[str, Position] = {}
        self._properties: defaultdict[str, set[str]] = defaultdict(set)
        for statement in document.statements:
            triple, position = statement.triple, statement.position
            subject, value = _text(triple.subject), _text(triple.object)
            self._exact.setdefault((subject, triple.predicate.value, value), position)
            self._property.setdefault((subject, triple.predicate.value), position)
            self._node.setdefault(subject, position)
            self._properties[subject].add(triple.predicate.value)
            if not isinstance(triple.object, Literal):
                self._pointing.setdefault(value, position)

    def place(self, finding: Finding) -> Position:
        """The place that a finding is about; empty where the file does not mention its node."""
        node = finding.focus_node
        paths = [path.strip("^") for path in finding.path.split(" | ") if path]
        for path in paths:
            if (node, path, finding.value) in self._exact:
                return self._exact[node, path, finding.value]
        for path in paths:
            for known in (self._cells, self._property):
                if (node, path) in known:
                    return known[node, path]
        if finding.value:
            for path in sorted(self._properties[node]):
                if (node, path, finding.value) in self._exact:
                    return self._exact[node, path, finding.value]
        return self._cells.get((node, "")) or self._node.get(node) or self._pointing.get(node) or NOWHERE


def placed(findings: Iterable[Finding], document: Document) -> list[Finding]:
    """The findings with their positions, in the order of the file; what has no place comes last."""
    places = Places(document)
    found = [
        each if each.position else replace(each, position=places.place(each) or each.position) for each in findings
    ]
    return sorted(set(found), key=lambda each: (not each.position, each.position, each))


def _text(term: object) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    assert isinstance(term, BlankNode), term
    return str(term)
