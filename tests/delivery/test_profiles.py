"""Profiles of JSON-LD: the document is in the form that it says, and the graph in it is the one that went in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from pedgraph.delivery.profiles import MOST_TRIPLES, as_json_ld
from pedgraph.errors import NotAcceptable
from pedgraph.vocabulary.contexts import load
from pedgraph.vocabulary.iris import CONTEXT, PREFIXES
from pedgraph.vocabulary.media import COMPACTED, EXPANDED, FLATTENED, GRAPH_FORMATS, JSON_LD_PROFILES

if TYPE_CHECKING:
    from tests.servers import RunningServer

LABEL, SEE = PREFIXES["rdfs"] + "label", PREFIXES["rdfs"] + "seeAlso"
XSD = PREFIXES["xsd"]
GRAPH = f"""<urn:x:b> <{LABEL}> "B" .
<urn:x:a> <{LABEL}> "Łódź"@pl .
<urn:x:a> <{LABEL}> "Lodz"@en .
<urn:x:a> <{SEE}> _:n .
_:n <{SEE}> _:m .
_:m <{SEE}> _:n .
<urn:x:a> <urn:x:p> "1.50"^^<{XSD}decimal> .
<urn:x:a> <urn:x:p> "true"^^<{XSD}boolean> .
<urn:x:a> <urn:x:p> <urn:x:b> .
<urn:x:a> <urn:x:p> <urn:x:b> .
<urn:x:a> <{PREFIXES["rdf"]}type> <{PREFIXES["pedg"]}City> .
""".encode()
PROFILES = {"compacted": COMPACTED, "flattened": FLATTENED, "expanded": EXPANDED}
QUERY = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { <https://w3id.org/pedgraph/id/city/fr-lyon> } ?s ?p ?o }"


def graph_of(n_quads: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=n_quads, format="nt")


def graph_in(document: object) -> rdflib.Graph:
    """The graph of a JSON-LD document, by the reference processor; our own context is all that it can load."""
    return graph_of(jsonld.to_rdf(document, {"documentLoader": load, "format": "application/n-quads"}))


@pytest.mark.parametrize("profile", [COMPACTED, FLATTENED])
def test_the_graph_comes_back(profile: str) -> None:
    document = json.loads(as_json_ld(GRAPH, profile))

    assert len(graph_in(document)) == 10
    assert isomorphic(graph_in(document), graph_of(GRAPH.decode()))


def test_compacted_has_our_context_and_its_keys() -> None:
    document = json.loads(as_json_ld(GRAPH, COMPACTED))

    assert list(document) == ["@context", "@graph"]
    assert document["@context"] == CONTEXT
    city = next(node for node in document["@graph"] if node["id"] == "urn:x:a")
    assert city["type"] == "City"
    assert city["label"] == {"en": "Lodz", "pl": "Łódź"}


def test_flattened_is_one_object_for_each_node() -> None:
    document = json.loads(as_json_ld(GRAPH, FLATTENED))

    assert [node["@id"] for node in document] == ["_:b0", "_:b1", "urn:x:a", "urn:x:b"]
    assert document[3] == {"@id": "urn:x:b", LABEL: [{"@value": "B"}]}
    assert document == jsonld.flatten(document)


@pytest.mark.parametrize("profile", [COMPACTED, FLATTENED])
def test_the_order_of_the_triples_does_not_matter(profile: str) -> None:
    lines = [line for line in GRAPH.splitlines(keepends=True) if b"_:" not in line]

    assert as_json_ld(b"".join(lines), profile) == as_json_ld(b"".join(reversed(lines)), profile)


@pytest.mark.parametrize("profile", [COMPACTED, FLATTENED])
def test_nothing_is_a_document_too(profile: str) -> None:
    assert len(graph_in(json.loads(as_json_ld(b"", profile)))) == 0


def test_too_many_triples_are_refused_with_what_is_offered() -> None:
    lines = [f"<urn:x:{number}> <urn:x:p> <urn:x:o> .\n".encode() for number in range(MOST_TRIPLES + 1)]

    with pytest.raises(NotAcceptable, match="5,000 triples are made into flattened JSON-LD") as caught:
        as_json_ld(b"".join(lines), FLATTENED)

    assert caught.value.extensions["offered"] == [each.media_type for each in GRAPH_FORMATS]


@pytest.mark.parametrize("term", ["<<( <urn:a> <urn:b> <urn:c> )>>", '"x"@ar--rtl'])
def test_what_json_ld_cannot_write_is_refused(term: str) -> None:
    line = f"<urn:x:a> <urn:x:p> {term} .".encode()
    assert [type(quad.triple) for quad in parse(line, RdfFormat.N_TRIPLES)] == [Triple]

    with pytest.raises(NotAcceptable, match="JSON-LD has no way"):
        as_json_ld(line, COMPACTED)


@pytest.mark.parametrize("name", PROFILES)
def test_a_query_is_answered_in_the_profile(name: str, server: RunningServer) -> None:
    wanted = graph_of(server.get(QUERY, accept="application/n-triples").text)

    by_accept = server.get(QUERY, accept=f'application/ld+json;profile="{PROFILES[name]}"')
    by_parameter = server.get(QUERY, accept="*/*", _profile=name)
    again = server.get(QUERY, accept="*/*", _profile=PROFILES[name], format="jsonld")

    assert by_accept.headers["content-type"] == f'application/ld+json; profile="{PROFILES[name]}"'
    assert by_accept.content == by_parameter.content == again.content
    assert by_accept.headers["etag"] == by_parameter.headers["etag"]
    assert isomorphic(graph_in(by_accept.json()), wanted)
    assert len(wanted) == 6


def test_each_profile_has_a_tag_of_its_own(server: RunningServer) -> None:
    answers = [server.get(QUERY, accept="application/ld+json", _profile=name) for name in (*PROFILES, "framed")]

    assert len({answer.headers["etag"] for answer in answers}) == 4
    assert answers[-1].headers["content-type"] == "application/ld+json"


def test_a_profile_that_is_not_offered_does_not_count(server: RunningServer) -> None:
    framed = server.get(QUERY, accept=f'application/ld+json;profile="{JSON_LD_PROFILES}framed"')
    plain = server.get(QUERY, accept="application/ld+json")

    assert (framed.headers["content-type"], framed.content) == ("application/ld+json", plain.content)


def test_a_large_graph_is_not_compacted_and_the_next_query_is_answered(server: RunningServer) -> None:
    many = "CONSTRUCT { ?s ?p ?x } WHERE { ?s ?p ?o . ?x a ?y } LIMIT 60000"

    for query in (many, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 6000"):
        answer = server.get(query, accept="application/ld+json", _profile="compacted")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (406, "not-acceptable")
    assert server.get(QUERY, accept="*/*", _profile="compacted").status_code == 200
