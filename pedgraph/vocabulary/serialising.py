"""Triples as bytes in an RDF format: always the same bytes for the same graph, whatever its blank nodes are called."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, serialize

from pedgraph.vocabulary.iris import PREFIXES, kinds_in
from pedgraph.vocabulary.media import JSON_LD, RDF_XML, TRIG, TURTLE
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from pedgraph.vocabulary.media import Format

_XML_NAMES: Final = re.compile(rb"(?<=<rdf:RDF )[^>]*(?=>)")


def serialised(triples: Iterable[Triple], rdf_format: Format) -> bytes:
    """The triples in an RDF format, with the prefixes that they need."""
    parsed_as = RdfFormat.from_media_type(rdf_format.media_type)
    assert parsed_as is not None
    ordered = sorted(_canonical(triples), key=_order)
    content = serialize(ordered, format=parsed_as, prefixes=_prefixes(ordered))
    assert content is not None
    return in_fixed_order(content, rdf_format)


def serialised_quads(quads: Iterable[Quad], rdf_format: Format) -> bytes:
    """Quads in one of the formats for datasets, with the prefixes that they need."""
    parsed_as = RdfFormat.from_media_type(rdf_format.media_type)
    assert parsed_as is not None
    ordered = sorted(_canonical_quads(quads), key=lambda quad: (str(quad.graph_name), _order(quad.triple)))
    prefixes = _prefixes([*(quad.triple for quad in ordered), *{quad.graph_name for quad in ordered}])
    content = serialize(ordered, format=parsed_as, prefixes=prefixes)
    assert content is not None
    return in_fixed_order(content, rdf_format)


def _canonical(triples: Iterable[Triple]) -> list[Triple]:
    """The same graph with blank nodes named as RDFC-1.0 does."""
    quads = (Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    return [quad.triple for quad in _canonical_quads(quads)]


def _canonical_quads(quads: Iterable[Quad]) -> list[Quad]:
    unique = list(dict.fromkeys(quads))
    if not any(isinstance(term, BlankNode) for quad in unique for term in (quad.subject, quad.object)):
        return unique
    dataset = Dataset(unique)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    """By subject, its kind first."""
    return str(triple.subject), triple.predicate.value != RDF_TYPE, triple.predicate.value, str(triple.object)


def _prefixes(used_in: Iterable[object]) -> dict[str, str]:
    """The prefixes in use in triples and terms, with one for each code list and each kind of thing."""
    text = " ".join(map(str, used_in))
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}" in text}
    return {**kinds_in(text), **used}


def in_fixed_order(content: bytes, rdf_format: Format) -> bytes:
    """What the serializer of the engine has written, with the names in it in order.

    It writes prefixes in an order that changes from run to run; here they are sorted.
    """
    if rdf_format in {TURTLE, TRIG}:
        lines = content.splitlines(keepends=True)
        head = sorted(line for line in lines if line.startswith(b"@prefix "))
        return b"".join([*head, b"\n", *lines[len(head) :]])
    if rdf_format == RDF_XML:
        return _XML_NAMES.sub(lambda found: b" ".join(sorted(found[0].split())), content, count=1)
    if rdf_format == JSON_LD:
        document = json.loads(content)
        if "@context" in document:
            document["@context"] = dict(sorted(document["@context"].items()))
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
    return content
