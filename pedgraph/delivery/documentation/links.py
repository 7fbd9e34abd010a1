"""Where a page about a thing is, and how things are called: IRIs to places in the documentation, and to short names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.vocabulary.iris import CODES, INDICATORS, SHAPES, TERMS, compact

if TYPE_CHECKING:
    from pedgraph.delivery.facts import Facts

# Namespaces that only alignments and sources use.
_NAMESPACES: Final = {
    "m8g": "http://data.europa.eu/m8g/",
    "oeo": "https://openenergyplatform.org/ontology/oeo/",
    "org": "http://www.w3.org/ns/org#",
    "qb": "http://purl.org/linked-data/cube#",
    "quantitykind": "http://qudt.org/vocab/quantitykind/",
    "s4city": "https://saref.etsi.org/saref4city/",
    "saref": "https://saref.etsi.org/core/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "vivo": "http://vivoweb.org/ontology/core#",
}


@dataclass(frozen=True)
class Link:
    """A name to show, and where it leads: a path within the documentation, or an IRI elsewhere."""

    text: str
    href: str
    note: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether it leads out of the documentation."""
        return "://" in self.href


class Places:
    """Finds the place of each thing."""

    def __init__(self, vocabulary: Facts, titles: dict[str, str]) -> None:
        self._vocabulary = vocabulary
        self._titles = titles
        self._classes = frozenset(vocabulary.of_kind("owl:Class"))

    def link(self, node: str) -> Link:
        """A link to what is known of a thing, with its label where there is one."""
        label = self._vocabulary.text(node, "rdfs:label") or self._vocabulary.text(node, "skos:prefLabel")
        return Link(label or self._titles.get(node) or short_name(node), self.place(node))

    def place(self, node: str) -> str:
        """The path of the page, with the anchor on it; the IRI itself where no page tells of it."""
        if node.startswith(TERMS):
            local = node.removeprefix(TERMS)
            return f"classes/{local}.html" if node in self._classes else f"ontology.html#{local}"
        if node.startswith(SHAPES):
            return f"shapes.html#{node.removeprefix(SHAPES)}"
        if node.startswith((CODES, INDICATORS)):
            scheme = self._vocabulary.node(node, "skos:inScheme")
            if scheme:
                return f"{scheme_page(scheme)}#{slug(node)}"
            if self._vocabulary.has(node):
                return scheme_page(node)
        return node


def scheme_page(scheme: str) -> str:
    """The path of the page of a code list."""
    return f"codes/{slug(scheme)}.html"


def slug(node: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", node.rstrip("/"))[-1]


def short_name(node: str) -> str:
    """A prefixed name, else the IRI itself."""
    for prefix, namespace in _NAMESPACES.items():
        if re.fullmatch(r"[\w.-]+", local := node.removeprefix(namespace)) and local != node:
            return f"{prefix}:{local}"
    return compact(node).strip("<>")
