"""Small pieces of triples that the descriptions are put together from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.vocabulary.iris import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Facts: TypeAlias = "Mapping[str, Sequence[NamedNode | Literal]]"

_MORE_PREFIXES: Final = {
    "dcatap": "http://data.europa.eu/r5r/",
    "eu": "http://publications.europa.eu/resource/authority/",
    "formats": "http://www.w3.org/ns/formats/",
    "iana": "https://www.iana.org/assignments/media-types/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_OTHERS: Final = re.compile(r"[^A-Za-z0-9_.:/-]")


def about(subject: NamedNode, facts: Facts) -> Iterator[Triple]:
    """The triples with a subject, by prefixed names of properties."""
    for name, values in facts.items():
        for value in values:
            yield Triple(subject, named(name), value)


def named(name: str) -> NamedNode:
    """The node that a prefixed name stands for."""
    prefix, _, local = name.partition(":")
    return NamedNode((_MORE_PREFIXES.get(prefix) or PREFIXES[prefix]) + local)


def english(text: str) -> Literal:
    """A text in English."""
    return Literal(text, language="en")


def text_of(tagged: str) -> list[Literal]:
    """The literal of a text that begins with its language and a space; none where it is empty."""
    language, _, text = tagged.partition(" ")
    if not text:
        return []
    return [Literal(text, language=language) if language else Literal(text)]


def typed(value: object, kind: str) -> Literal:
    """A literal of a datatype of XML Schema."""
    return Literal(str(value), datatype=NamedNode(PREFIXES["xsd"] + kind))


def nodes(*iris: str) -> list[NamedNode]:
    """The nodes of IRIs; those that are empty are left out."""
    return [NamedNode(iri) for iri in iris if iri]


def fragment(iri: str) -> str:
    """A name for an IRI inside the fragment of another one; different IRIs get different names."""
    return _OTHERS.sub(lambda found: f"%{ord(found[0]):02X}", compact(iri).strip("<>"))
