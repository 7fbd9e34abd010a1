"""Formats: every one is what it says it is, and real clients get what they ask for."""

from __future__ import annotations

import csv
import http.client
import io
import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow

from pedgraph.vocabulary.media import BOOLEAN_FORMATS, RESULT_FORMATS, Format
from pedgraph.vocabulary.media import GRAPH_FORMATS as MEDIA_GRAPH_FORMATS
from tests.vocabulary import clients

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
ASK = "ASK { ?s ?p ?o }"
CSV = "text/csv; charset=utf-8; header=present"
QUERIES = {RESULT_FORMATS: SELECT, BOOLEAN_FORMATS: ASK, MEDIA_GRAPH_FORMATS: CONSTRUCT}

NEGOTIATED = [
    (SELECT, None, "application/sparql-results+json"),
    (SELECT, "*/*", "application/sparql-results+json"),
    (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
    (SELECT, "application/json", "application/json"),
    (SELECT, "application/xml", "application/xml"),
    (SELECT, "text/*", CSV),
    (SELECT, "text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values; charset=utf-8"),
    (SELECT, "text/csv; header=present", CSV),
    (SELECT, "application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    (SELECT, "image/png, text/csv;q=0.1", CSV),
    (ASK, "text/csv", "text/csv; charset=utf-8"),
    (SELECT, "", "application/sparql-results+json"),
    (CONSTRUCT, None, "text/turtle; charset=utf-8"),
    (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/json", "application/json"),
    (CONSTRUCT, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"', "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
]


@pytest.mark.parametrize(("query", "accept", "content_type"), NEGOTIATED)
def test_a_client_gets_the_type_that_it_prefers(
    query: str, accept: str | None, content_type: str, server: RunningServer
) -> None:
    answer = server.get(query, accept="*/*" if accept is None else accept)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


def sent(server: RunningServer, query: str, accept: str | None, format_name: str | None) -> tuple[int, str]:
    """Sends a query with exactly this ``Accept``, or without any; several formats become several parameters."""
    parameters = [("query", query), *(("format", name) for name in (format_name or "").split(",") if format_name)]
    parameters += [("format", ""), ("output", parameters[1][1]), ("results", "x")] if format_name else []
    headers = {} if accept is None else {"Accept": accept}
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    try:
        connection.request("GET", f"/sparql?{urlencode(parameters)}", headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["content-type"]
    finally:
        connection.close()


@pytest.mark.parametrize(("offered", "row"), clients.ALL, ids=lambda value: value[0] if len(value) == 4 else "")
def test_real_clients_get_what_they_can_read(
    offered: tuple[Format, ...], row: clients.Row, server: RunningServer
) -> None:
    _, name, accept, chosen = row

    status, content_type = sent(server, QUERIES[offered], accept, name)

    types = {chosen.content_type(), *(chosen.content_type(alias) for alias in chosen.aliases)}
    assert status == 200
    assert content_type in types


@pytest.mark.parametrize("return_format", ["xml", "json", "csv", "tsv"])
def test_rdflib_reads_the_answers(return_format: str, server: RunningServer) -> None:
    store = SPARQLStore(f"{server.url}/sparql", returnFormat=return_format)

    rows = list(store.query(f"SELECT * {{ VALUES (?z ?a) {{ (<{CITY}> 'Łódź'@pl) (UNDEF 2) }} }}"))
    graph = SPARQLStore(f"{server.url}/sparql").query(CONSTRUCT).graph

    assert [[str(term) for term in row if term] for row in rows if isinstance(row, ResultRow)] == [
        [CITY, "Łódź"],
        ["2"],
    ]
    assert graph is not None
    assert len(graph) == 6


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_a_graph_is_the_same_in_every_format(name: str, server: RunningServer) -> None:
    content_type, rdf_format = GRAPH_FORMATS[name]
    wanted = rdflib.Graph().parse(data=server.get(CONSTRUCT, format="nt").text, format="nt")

    answer = server.get(CONSTRUCT, accept="image/png", format=name)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    triples = [quad.triple for quad in parse(answer.content, rdf_format)]
    given = rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    assert len(triples) == len(wanted) == 6
    assert isomorphic(given, wanted)


def test_turtle_has_the_prefixes_that_it_uses(server: RunningServer) -> None:
    text = server.get(CONSTRUCT, format="ttl").text

    lines = text.splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix")]
    assert prefixes == sorted(lines[: len(prefixes)])
    assert [line.split()[1] for line in prefixes] == ["city:", "country:", "geo:", "pedg:", "rdfs:", "schema:", "skos:"]
    assert 'rdfs:label "Lyon"@en' in text


@pytest.mark.parametrize("results_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV])
def test_solutions_are_the_same_in_every_format(results_format: QueryResultsFormat, server: RunningServer) -> None:
    answer = server.get(SELECT, accept=results_format.media_type)

    solutions = parse_query_results(answer.content, results_format)
    assert isinstance(solutions, QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["p", "o", "missing"]
    given = [[str(term.value) if term else "" for term in solution] for solution in solutions]
    assert given == list(csv.reader(io.StringIO(server.get(SELECT).text)))[1:]
    assert len(given) == 6


def test_csv_is_as_the_recommendation_has_it(server: RunningServer) -> None:
    """Plain values, CR LF, quotes doubled (SPARQL 1.1 Query Results CSV and TSV Formats, section 3)."""
    query = """SELECT ?iri ?plain ?tagged ?number ?none {
        VALUES (?iri ?plain ?tagged ?number) { (<urn:x:a> 'say "a, b"' "Łódź"@pl 1.5) } }"""

    answer = server.get(query)

    assert answer.headers["content-type"] == CSV
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
    """Each text is another one to the cache, so each answer is made."""
    for query, name in [
        (CONSTRUCT, "ttl"),
        (CONSTRUCT, "rdf"),
        (CONSTRUCT, "jsonld"),
        ("SELECT * { ?s ?p ?o } LIMIT 300", "json"),
    ]:
        assert len({server.get(query + " " * n, accept="*/*", format=name).content for n in range(8)}) == 1


def test_an_empty_answer_is_a_complete_answer(server: RunningServer) -> None:
    nothing = "{ <urn:x:a> <urn:x:b> ?o }"

    solutions = json.loads(server.get(f"SELECT ?o {nothing}", accept="*/*").text)
    graph = server.get(f"CONSTRUCT WHERE {nothing}", accept="application/n-triples")

    assert solutions == {"head": {"vars": ["o"]}, "results": {"bindings": []}}
    assert (graph.status_code, graph.content) == (200, b"")


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("json", '{"head":{"vars":["z","a","m"]}'),
        ("csv", "z,a,m\r\n"),
        ("tsv", "?z\t?a\t?m\n"),
        ("xml", '<variable name="z"/><variable name="a"/><variable name="m"/>'),
    ],
)
def test_columns_come_as_they_were_written(name: str, head: str, server: RunningServer) -> None:
    assert head in server.get("SELECT * { ?z ?a ?m } LIMIT 1", accept="*/*", format=name).text


def test_a_byte_order_mark_comes_on_request_and_with_csv_only(server: RunningServer) -> None:
    plain, marked = server.get(SELECT), server.get(SELECT, bom="1")
    others = [server.get(SELECT, accept="*/*", format=name, bom="1").content for name in ("json", "xml", "tsv")]

    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert marked.headers["etag"] != plain.headers["etag"]
    assert [content[:1] for content in others] == [b"{", b"<", b"?"]


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"format": "docx"}, 400),
        ({"output": "docx"}, 400),
        ({"format": "ttl"}, 406),
        ({"format": "csv", "output": "json"}, 400),
        ({"output": "csv"}, 200),
        ({"format": "", "output": "text/csv"}, 200),
    ],
)
def test_a_named_format_wins_where_it_is_known(parameters: dict[str, str], status: int, server: RunningServer) -> None:
    headers = {"Accept": "application/sparql-results+xml"}
    answer = httpx.get(f"{server.url}/sparql", params={"query": SELECT, **parameters}, headers=headers)

    assert answer.status_code == status
    if status == 200:
        assert answer.headers["content-type"] == CSV
    if status == 406:
        assert answer.json()["offered"] == [each.media_type for each in RESULT_FORMATS]


def test_an_iri_with_a_comma_stays_one_field(server: RunningServer) -> None:
    answer = server.get("SELECT ?a ?b { VALUES (?a ?b) { (<urn:x:Vienna,_Austria> 1) } }")

    assert answer.text == 'a,b\r\n"urn:x:Vienna,_Austria",1\r\n'


@pytest.mark.parametrize(("form", "name"), [("SELECT ?o", "xml"), ("CONSTRUCT { <urn:x:s> <urn:x:p> ?o }", "rdf")])
def test_what_xml_cannot_carry_is_offered_in_other_formats(form: str, name: str, server: RunningServer) -> None:
    query = form + ' { VALUES ?o { "a\\u0001b" } }'

    refused = server.get(query, accept="*/*", format=name)
    others = [server.get(query, accept=media_type).status_code for media_type in refused.json()["offered"]]

    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (406, "not-acceptable")
    assert "U+0001" in refused.json()["detail"]
    assert others == [200] * len(others)
    assert len(others) >= 3


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_client_sees_the_end_of_a_long_answer(coding: str, server: RunningServer) -> None:
    """By a length or by chunks: not by the end of the connection, which comes seconds later."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    try:
        path = "/sparql?" + urlencode({"query": f"SELECT * {{ ?s ?p ?o }} # {coding}", "format": "json"})
        connection.request("GET", path, headers={"Accept-Encoding": coding})
        answer = connection.getresponse()

        assert answer.headers.get("content-encoding", "identity") == coding
        assert ("content-length" in answer.headers) != (answer.headers.get("transfer-encoding") == "chunked")
        assert len(answer.read()) > 50_000
    finally:
        connection.close()
