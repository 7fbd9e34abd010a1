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
    return _with_names_in_order(content, rdf_format)


def _canonical(triples: Iterable[Triple]) -> list[Triple]:
    """The same graph with blank nodes named as RDFC-1.0 does."""
    unique = list(dict.fromkeys(triples))
    if not any(isinstance(term, BlankNode) for triple in unique for term in (triple.subject, triple.object)):
        return unique
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in unique)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    """By subject, its kind first."""
    return str(triple.subject), triple.predicate.value != RDF_TYPE, triple.predicate.value, str(triple.object)


def _prefixes(triples: list[Triple]) -> dict[str, str]:
    """The prefixes in use, with one for each code list and each kind of thing."""
    text = " ".join(str(triple) for triple in triples)
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}" in text}
    return {**kinds_in(text), **used}


def _with_names_in_order(content: bytes, rdf_format: Format) -> bytes:
    """The serializer writes prefixes in an order that changes from run to run; here they are sorted."""
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
