"""Triples by subject and property: the little that is asked of a graph where no query is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from pedgraph.vocabulary.iris import PREFIXES
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

_MORE_PREFIXES: Final = {"vann": "http://purl.org/vocab/vann/", "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#"}
_NIL: Final = PREFIXES["rdf"] + "nil"


def iri(name: str) -> str:
    """The IRI of a prefixed name such as ``skos:definition``."""
    prefix, _, local = name.partition(":")
    return (PREFIXES | _MORE_PREFIXES)[prefix] + local


class Facts:
    """An index of triples. Nodes are given by IRI, blank nodes by ``_:label``; answers are in a fixed order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[str, dict[str, list[Triple]]] = {}
        self._pointing: dict[tuple[str, str], list[str]] = {}
        for triple in triples:
            subject = node_name(triple.subject)
            self._about.setdefault(subject, {}).setdefault(triple.predicate.value, []).append(triple)
            if not isinstance(triple.object, Literal):
                pointing = self._pointing.setdefault((triple.predicate.value, node_name(triple.object)), [])
                pointing.append(subject)

    def has(self, subject: str) -> bool:
        """Whether anything is said of a node."""
        return subject in self._about

    def triples(self, subject: str) -> list[Triple]:
        """All that is said of a node, with what is said of the blank nodes that it leads to."""
        found: list[Triple] = []
        open_nodes, seen = [subject], {subject}
        while open_nodes:
            stated = [triple for each in self._about.get(open_nodes.pop(), {}).values() for triple in each]
            found += stated
            blank = {str(triple.object) for triple in stated if isinstance(triple.object, BlankNode)} - seen
            seen |= blank
            open_nodes += sorted(blank)
        return found

    def properties(self, subject: str) -> list[str]:
        """The properties that a node has values for."""
        return sorted(self._about.get(subject, {}))

    def nodes(self, subject: str, property_name: str) -> list[str]:
        """The nodes that a property leads to, by name; those without an IRI last, in the order of the file."""
        found = [
            node_name(triple.object)
            for triple in self._about.get(subject, {}).get(iri(property_name), [])
            if not isinstance(triple.object, Literal)
        ]
        named = sorted(each for each in found if not each.startswith("_:"))
        return named + [each for each in found if each.startswith("_:")]

    def node(self, subject: str, property_name: str) -> str:
        """The first node that a property leads to, or an empty text."""
        return next(iter(self.nodes(subject, property_name)), "")

    def texts(self, subject: str, property_name: str) -> list[tuple[str, str]]:
        """The literals of a property: pairs of language (empty where there is none) and text; English comes first."""
        found = [
            (triple.object.language or "", triple.object.value)
            for triple in self._about.get(subject, {}).get(iri(property_name), [])
            if isinstance(triple.object, Literal)
        ]
        return sorted(found, key=lambda pair: (pair[0] != "en", pair))

    def text(self, subject: str, property_name: str) -> str:
        """The English text of a property, else the first of any language, else an empty text."""
        return next((text for _, text in self.texts(subject, property_name)), "")

    def subjects(self, property_name: str, node: str) -> list[str]:
        """The nodes from which a property leads to a node."""
        return sorted(set(self._pointing.get((iri(property_name), node), ())))

    def of_kind(self, class_name: str) -> list[str]:
        """The named nodes that are said to be of a class."""
        found = set(self._pointing.get((RDF_TYPE, iri(class_name)), ()))
        return sorted(each for each in found if not each.startswith("_:"))

    def members(self, start: str) -> Iterator[str]:
        """The members of an RDF list, in its order."""
        while start and start != _NIL:
            yield from self.nodes(start, "rdf:first")
            start = self.node(start, "rdf:rest")


def node_name(term: object) -> str:
    """An IRI as it is, a blank node as ``_:label``."""
    return term.value if isinstance(term, NamedNode) else str(term)
