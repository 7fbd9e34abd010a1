"""Triples by subject and property, as little of them as telling needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pyoxigraph import Triple

RDF: Final = PREFIXES["rdf"]
RDF_TYPE: Final = RDF + "type"
RDFS_LABEL: Final = PREFIXES["rdfs"] + "label"
SUB_CLASS_OF: Final = PREFIXES["rdfs"] + "subClassOf"
SKOS: Final = PREFIXES["skos"]
NOTATION: Final = SKOS + "notation"
IN_SCHEME: Final = SKOS + "inScheme"
# In the order in which they are looked for.
NAMES: Final = (RDFS_LABEL, SKOS + "prefLabel", PREFIXES["dcterms"] + "title")

# Language tag, or nothing, and text.
Text = tuple[str, str]


class Index:
    """An index of triples. Nodes are given by IRI, blank nodes by ``_:label``, values as text."""

    def __init__(self, triples: Iterable[Triple], properties: Collection[str] | None = None) -> None:
        """Takes in the triples, or only those with the given properties."""
        self._about: dict[str, dict[str, list[Text]]] = {}
        self._pointing: dict[tuple[str, str], list[str]] = {}
        for triple in triples:
            property_ = triple.predicate.value
            if properties is not None and property_ not in properties:
                continue
            subject = node_name(triple.subject)
            term = triple.object
            text = (term.language or "", term.value) if isinstance(term, Literal) else ("", node_name(term))
            self._about.setdefault(subject, {}).setdefault(property_, []).append(text)
            if not isinstance(term, Literal):
                self._pointing.setdefault((property_, text[1]), []).append(subject)

    def texts(self, subject: str, property_: str) -> Sequence[Text]:
        """The values of a property with their languages, in the order of the file."""
        return self._about.get(subject, {}).get(property_, ())

    def values(self, subject: str, property_: str) -> list[str]:
        """The values of a property."""
        return [text for _, text in self.texts(subject, property_)]

    def value(self, subject: str, property_: str) -> str:
        """The first value of a property, or an empty text."""
        return next(iter(self.values(subject, property_)), "")

    def subjects(self, property_: str, node: str) -> list[str]:
        """The nodes from which a property leads to a node."""
        return self._pointing.get((property_, node), [])

    def names(self, node: str) -> list[Text]:
        """The labels of a node: those of the first naming property that it has."""
        return next((list(found) for each in NAMES if (found := self.texts(node, each))), [])

    def members(self, start: str) -> Iterator[str]:
        """The members of an RDF list, in its order."""
        seen = set()
        while start and start != RDF + "nil" and start not in seen:
            seen.add(start)
            yield from self.values(start, RDF + "first")
            start = self.value(start, RDF + "rest")


def node_name(term: object) -> str:
    """An IRI as it is, a blank node as ``_:label``."""
    return term.value if isinstance(term, NamedNode) else str(term)


def choose(texts: Iterable[Text], language: str) -> str:
    """The text in a language, else in English, else without a language, else the first of any; empty for none."""
    order = {language: 0, "en": 1, "": 2}
    best = min(texts, key=lambda text: (order.get(_base(text[0]), 3), text), default=("", ""))
    return best[1]


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()
