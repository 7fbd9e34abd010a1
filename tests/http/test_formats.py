"""Formats: every one is what it says it is, and real clients get what they ask for."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib.compare import isomorphic

if TYPE_CHECKING:
    from tests.servers import RunningServer

CITY = "https://w3id.org/pedgraph/id/city/fr-lyon"
SELECT = f"SELECT ?p ?o ?missing {{ <{CITY}> ?p ?o }} ORDER BY ?p ?o"
CONSTRUCT = f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{CITY}> }} ?s ?p ?o }}"""
GRAPH_FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
    "trig": ("application/trig", RdfFormat.TRIG),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = (
    "application/sparql-results+xml, application/sparql-results+json, text/csv, text/tab-separated-values, "
    "application/json, text/xml, application/rdf+xml"
)
JENA_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
COMUNICA = (
    "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.8,text/csv;q=0.6,"
    "text/tab-separated-values;q=0.3"
)

NEGOTIATED = [
    (SELECT, None, "application/sparql-results+json"),
    (SELECT, "*/*", "application/sparql-results+json"),
    (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
    (SELECT, "application/json", "application/json"),
    (SELECT, "application/xml", "application/xml"),
    (SELECT, "text/*", "text/csv; charset=utf-8"),
    (SELECT, "text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values; charset=utf-8"),
    (SELECT, "text/csv; header=present", "text/csv; charset=utf-8"),
    (SELECT, "application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    (SELECT, "image/png, text/csv;q=0.1", "text/csv; charset=utf-8"),
    (SELECT, "", "application/sparql-results+json"),
    (SELECT, BROWSER, "application/xml"),
    (SELECT, RDFLIB, "application/sparql-results+json"),
    (SELECT, JENA_SELECT, "application/sparql-results+json"),
    (SELECT, COMUNICA, "application/sparql-results+json"),
    (CONSTRUCT, None, "text/turtle; charset=utf-8"),
    (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/json", "application/json"),
    (CONSTRUCT, JENA_GRAPH, "text/turtle; charset=utf-8"),
    (CONSTRUCT, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
]


@pytest.mark.parametrize(("query", "accept", "content_type"), NEGOTIATED)
def test_a_client_gets_the_type_that_it_prefers(
    query: str, accept: str | None, content_type: str, server: RunningServer
) -> None:
    answer = server.get(query, accept="*/*" if accept is None else accept)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_a_graph_is_the_same_in_every_format(name: str, server: RunningServer) -> None:
    content_type, rdf_format = GRAPH_FORMATS[name]
    wanted = rdflib.Graph().parse(data=server.get(CONSTRUCT, format="nt").text, format="nt")

    answer = server.get(CONSTRUCT, accept="image/png", format=name)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    triples = [quad.triple for quad in parse(answer.content, rdf_format)]
    given = rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    assert len(triples) == len(wanted) == 5
    assert isomorphic(given, wanted)


def test_turtle_abbreviates_with_the_prefixes_of_the_query(server: RunningServer) -> None:
    text = server.get(CONSTRUCT, format="ttl").text

    assert "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ." in text
    assert 'rdfs:label "Lyon"@en' in text


@pytest.mark.parametrize("results_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV])
def test_solutions_are_the_same_in_every_format(results_format: QueryResultsFormat, server: RunningServer) -> None:
    answer = server.get(SELECT, accept=results_format.media_type)

    solutions = parse_query_results(answer.content, results_format)
    assert isinstance(solutions, QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["p", "o", "missing"]
    given = [[str(term.value) if term else "" for term in solution] for solution in solutions]
    assert given == list(csv.reader(io.StringIO(server.get(SELECT).text)))[1:]
    assert len(given) == 5


def test_csv_is_as_the_recommendation_has_it(server: RunningServer) -> None:
    """Plain values, CR LF, quotes doubled (SPARQL 1.1 Query Results CSV and TSV Formats, section 3)."""
    query = """SELECT ?iri ?plain ?tagged ?number ?none {
        VALUES (?iri ?plain ?tagged ?number) { (<urn:x:a> 'say "a, b"' "Łódź"@pl 1.5) } }"""

    answer = server.get(query)

    assert answer.content.decode() == 'iri,plain,tagged,number,none\r\nurn:x:a,"say ""a, b""",Łódź,1.5,\r\n'


def test_tsv_keeps_the_terms(server: RunningServer) -> None:
    query = "SELECT ?iri ?tagged ?number { VALUES (?iri ?tagged ?number) { (<urn:x:a> 'Łódź'@pl 1.5) } }"

    answer = server.get(query, accept="text/tab-separated-values")

    assert answer.text == '?iri\t?tagged\t?number\n<urn:x:a>\t"Łódź"@pl\t1.5\n'


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        ("application/sparql-results+json", '{"head":{},"boolean":true}'),
        ("text/csv", "true"),
        ("text/tab-separated-values", "true"),
        (
            "application/sparql-results+xml",
            '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            "<boolean>true</boolean></sparql>",
        ),
    ],
)
def test_a_boolean_in_every_format(accept: str, body: str, server: RunningServer) -> None:
    assert server.get("ASK { ?s ?p ?o }", accept=accept).text == body


def test_describe_gives_what_is_said_of_a_thing(server: RunningServer) -> None:
    answer = server.get(f"DESCRIBE <{CITY}>", accept="application/n-triples")

    assert f'<{CITY}> <http://www.w3.org/2000/01/rdf-schema#label> "Lyon"@en .' in answer.text.splitlines()


def test_the_same_query_gives_the_same_bytes_from_every_reader(server: RunningServer) -> None:
    for query, name in [(CONSTRUCT, "ttl"), (CONSTRUCT, "jsonld"), ("SELECT * { ?s ?p ?o }", "json")]:
        assert len({server.get(query, accept="*/*", format=name).content for _ in range(8)}) == 1


def test_an_empty_answer_is_a_complete_answer(server: RunningServer) -> None:
    nothing = "{ <urn:x:a> <urn:x:b> ?o }"

    solutions = json.loads(server.get(f"SELECT ?o {nothing}", accept="*/*").text)
    graph = server.get(f"CONSTRUCT WHERE {nothing}", accept="application/n-triples")

    assert solutions == {"head": {"vars": ["o"]}, "results": {"bindings": []}}
    assert (graph.status_code, graph.content) == (200, b"")
