"""The same graph gives the same bytes, whatever its blank nodes are called and in whatever order it comes."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from pedgraph.vocabulary.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from pedgraph.vocabulary.serialising import serialised

TEXT = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
pedg:City a owl:Class ; rdfs:label "city"@en ; rdfs:seeAlso [ rdfs:label "a" ] , [ rdfs:label "b" ] .
"""
FORMATS = {TURTLE: "turtle", JSON_LD: "json-ld", N_TRIPLES: "nt", RDF_XML: "xml"}


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(input=text.encode(), format=RdfFormat.TURTLE)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("rdf_format", FORMATS, ids=lambda each: each.name)
def test_the_same_graph_gives_the_same_bytes(rdf_format: Format) -> None:
    first = serialised(triples(TEXT), rdf_format)

    assert {serialised(reversed(triples(TEXT)), rdf_format) for _ in range(20)} == {first}
    given = rdflib.Graph().parse(data=first, format=FORMATS[rdf_format])
    assert isomorphic(given, rdflib.Graph().parse(data=TEXT, format="turtle"))


def test_only_prefixes_in_use_are_declared() -> None:
    text = serialised(triples(TEXT), TURTLE).decode()

    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == ["owl:", "pedg:", "rdf:", "rdfs:"]
