"""JSON-LD back into triples, by two parsers that share no code; neither may load anything."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import rdflib
from pyoxigraph import RdfFormat, Triple, parse, serialize
from rdflib.compare import isomorphic

from pedgraph.vocabulary.contexts import document, inlined
from pedgraph.vocabulary.iris import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.vocabulary.contexts import Json


def with_pyoxigraph(given: Json) -> set[Triple]:
    quads = parse(json.dumps(inlined(given)).encode(), RdfFormat.JSON_LD)
    return {quad.triple for quad in quads}


def with_rdflib(given: Json) -> rdflib.Graph:
    with warnings.catch_warnings():
        # The parser uses a class that its own library has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return rdflib.Graph().parse(data=json.dumps(inlined(given)), format="json-ld")


def as_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    content = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert content is not None
    return rdflib.Graph().parse(data=content, format="nt")


def assert_same_graph(given: Json, triples: Iterable[Triple]) -> None:
    """The document holds these triples, no more and no fewer, for both parsers."""
    expected = set(triples)
    assert with_pyoxigraph(given) == expected
    assert isomorphic(with_rdflib(given), as_rdflib(expected))


def objects(value: Any) -> Iterator[Json]:  # noqa: ANN401
    """All JSON objects in a document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(each)


def definitions() -> dict[str, Any]:
    found: dict[str, Any] = document(CONTEXT)["@context"]
    return found
