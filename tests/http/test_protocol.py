"""The SPARQL 1.1 Protocol for queries: its three forms, its parameters, and what is wrong with a request."""

from __future__ import annotations

import http.client
import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from tests.problems import read_problem
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from pathlib import Path

ASK = "ASK { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
S1 = "https://w3id.org/pedgraph/graph/s1/1"
S2 = "https://w3id.org/pedgraph/graph/s2/1"
QUERY_TYPE = "application/sparql-query"
FORM_TYPE = "application/x-www-form-urlencoded"


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem document of an answer, which may be a page."""
    found = read_problem(answer.headers["content-type"], answer.text)
    assert found is not None
    return found


def problem_code(answer: httpx.Response) -> str:
    """The last part of a problem's type, after checking what every problem document has (RFC 9457, section 3.1)."""
    problem = problem_of(answer)
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("https://w3id.org/pedgraph/problem/")
    assert problem["title"]
    assert problem["detail"]
    return str(problem["type"].rpartition("/")[2])


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_the_three_forms_give_the_same_answer(path: str, server: RunningServer) -> None:
    url, headers = server.url + path, {"Accept": "text/csv"}
    answers = [
        httpx.get(url, params={"query": ASK}, headers=headers),
        httpx.post(url, data={"query": ASK}, headers=headers),
        httpx.post(url, content=ASK, headers={**headers, "Content-Type": QUERY_TYPE}),
        httpx.post(url, content=ASK, headers={**headers, "Content-Type": f"{QUERY_TYPE}; charset=UTF-8"}),
    ]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "true")] * 4


def test_head_answers_as_get_does_but_without_the_body(server: RunningServer) -> None:
    got = httpx.get(f"{server.url}/sparql", params={"query": ASK})
    head = httpx.head(f"{server.url}/sparql", params={"query": ASK})
    long = httpx.head(f"{server.url}/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})

    assert head.content == b""
    assert (head.status_code, head.headers["content-type"]) == (200, got.headers["content-type"])
    assert head.headers["content-length"] == got.headers["content-length"]
    assert (long.status_code, long.content) == (200, b"")


def test_options_name_the_methods(server: RunningServer) -> None:
    answer = httpx.options(f"{server.url}/sparql")

    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_other_sites_may_read(server: RunningServer) -> None:
    origin = {"Origin": "https://partner.example"}
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

    read = httpx.get(f"{server.url}/sparql", params={"query": ASK}, headers=origin)
    preflight = httpx.options(f"{server.url}/sparql", headers=asked)
    failed = httpx.get(f"{server.url}/sparql", params={"query": "nonsense"}, headers=origin)

    assert {answer.headers["access-control-allow-origin"] for answer in (read, preflight, failed)} == {"*"}
    assert "access-control-allow-credentials" not in read.headers
    assert "Pedgraph-Version" in read.headers["access-control-expose-headers"]
    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (200, "content-type")


def test_an_answer_says_which_version_it_is_from_and_must_not_be_sniffed(server: RunningServer) -> None:
    answer = server.get(ASK)

    assert answer.headers["pedgraph-version"] == "1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Accept" in answer.headers["vary"]


def sizes(server: RunningServer) -> dict[str, int]:
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = [line.split(",") for line in server.get(query).text.splitlines()[1:]]
    return {graph: int(number) for graph, number in rows}


def count(server: RunningServer, query: str, **parameters: str | list[str]) -> int:
    answer = httpx.get(
        f"{server.url}/sparql", params={"query": query, **parameters}, headers={"Accept": "text/csv"}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return int(answer.text.split()[1])


def test_the_default_graph_is_the_merge_in_which_a_shared_fact_counts_once(server: RunningServer) -> None:
    of_each = sum(sizes(server).values())
    distinct = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }"

    merged = count(server, COUNT)

    assert merged == count(server, distinct)
    assert merged < of_each


def test_dataset_parameters_select_graphs(server: RunningServer) -> None:
    size = sizes(server)
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    assert count(server, COUNT, **{"default-graph-uri": S1}) == size[S1]
    assert count(server, COUNT, **{"named-graph-uri": S1}) == 0
    assert count(server, named, **{"default-graph-uri": S1}) == 0
    assert count(server, named, **{"named-graph-uri": [S1, S2]}) == size[S1] + size[S2]
    assert count(server, COUNT, **{"default-graph-uri": "urn:x:unknown"}) == 0


def test_several_default_graphs_are_merged(server: RunningServer) -> None:
    size = sizes(server)
    geonames = "https://w3id.org/pedgraph/graph/geonames/1"
    both = (
        "SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?s ?p ?o {{ VALUES ?g {{ {} }} GRAPH ?g {{ ?s ?p ?o }} }} }} }}"
    )
    expected = count(server, both.format(f"<{S1}> <{geonames}>"))

    assert expected < size[S1] + size[geonames]
    assert count(server, COUNT, **{"default-graph-uri": [S1, geonames]}) == expected
    assert count(server, f"SELECT (COUNT(*) AS ?n) FROM <{S1}> FROM <{geonames}> {{ ?s ?p ?o }}") == expected
    clauses = "FROM g:s1\\/1 FROM g:geonames\\/1"
    prefixed = f"PREFIX g: <https://w3id.org/pedgraph/graph/> {COUNT.replace('{', clauses + ' {')}"
    assert count(server, prefixed) == expected


def test_dataset_parameters_win_over_dataset_clauses(server: RunningServer) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{S1}> FROM NAMED <{S1}> {{ ?s ?p ?o }}"

    assert count(server, query, **{"default-graph-uri": S2}) == sizes(server)[S2]


def test_relative_names_are_resolved_against_the_root_of_our_names(server: RunningServer) -> None:
    """SPARQL 1.1 Query, section 4.1.1.2: a query without BASE takes the base of the service."""
    size = sizes(server)[S1]

    assert server.get("SELECT (<a/../b> AS ?iri) {}").text.split()[1] == "https://w3id.org/pedgraph/b"
    assert count(server, COUNT.replace("{", "FROM <graph/s1/1> {")) == size
    assert count(server, COUNT.replace("{", "FROM <graph/s1/1> FROM <graph/none> {")) == size
    assert count(server, "SELECT (COUNT(*) AS ?n) { GRAPH <graph/s1/1> { ?s ?p ?o } }") == size


def test_escapes_are_resolved_wherever_they_stand(server: RunningServer) -> None:
    """SPARQL 1.1 Query, section 19.2."""
    whole = "".join(f"\\u{ord(character):04X}" for character in "ASK { ?s ?p ?o }")

    assert server.get(whole).text == "true"
    assert server.get("SELECT ('\\u00e9\\U0001F600' AS ?x)\\u0020{}").text.split() == ["x", "é😀"]
    assert problem_code(server.get("SELECT ('\\ud83d' AS ?x) {}")) == "bad-request"
    assert problem_code(server.get("SELECT * { \\u0053ERVICE <urn:x> {} }")) == "service-refused"


BAD_REQUESTS = {
    "an empty query": ({"params": {"query": ""}}, 400, "query-syntax"),
    "only a comment": ({"params": {"query": "# nothing"}}, 400, "query-syntax"),
    "two queries": ({"params": {"query": [ASK, ASK]}}, 400, "bad-request"),
    "two formats": ({"params": {"query": ASK, "format": ["csv", "tsv"]}}, 400, "bad-request"),
    "an unknown format": ({"params": {"query": ASK, "format": "docx"}}, 400, "bad-request"),
    "a format for graphs": ({"params": {"query": ASK, "format": "ttl"}}, 406, "not-acceptable"),
    "an image": ({"params": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
    "an update as a query": ({"params": {"query": "CLEAR ALL"}}, 400, "update-not-allowed"),
    "an update parameter": ({"params": {"update": "CLEAR ALL"}}, 400, "update-not-allowed"),
    "a relative default graph": ({"params": {"query": ASK, "default-graph-uri": "s1"}}, 400, "bad-request"),
    "a named graph with a space": ({"params": {"query": ASK, "named-graph-uri": "urn:x y"}}, 400, "bad-request"),
    "an unknown function": ({"params": {"query": "ASK { BIND(<urn:f>(1) AS ?x) }"}}, 422, "query-failed"),
}
BAD_POSTS = {
    "no content type": ({"content": ASK}, 415, "unsupported-media-type"),
    "plain text": ({"content": ASK, "headers": {"Content-Type": "text/plain"}}, 415, "unsupported-media-type"),
    "JSON": ({"json": {"query": ASK}}, 415, "unsupported-media-type"),
    "an update": (
        {"content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
        415,
        "unsupported-media-type",
    ),
    "an update in a form": ({"data": {"update": "CLEAR ALL"}}, 400, "update-not-allowed"),
    "UTF-16": (
        {"content": ASK.encode("utf-16"), "headers": {"Content-Type": f"{QUERY_TYPE}; charset=utf-16"}},
        415,
        "unsupported-media-type",
    ),
    "UTF-16 that says nothing": (
        {"content": ASK.encode("utf-16"), "headers": {"Content-Type": QUERY_TYPE}},
        400,
        "bad-request",
    ),
    "invalid UTF-8 in a form": (
        {"content": b"query=ASK%20%7B%7D%ff", "headers": {"Content-Type": FORM_TYPE}},
        400,
        "bad-request",
    ),
    "raw bytes in a form": (
        {"content": b"query=ASK {}\xff", "headers": {"Content-Type": FORM_TYPE}},
        400,
        "bad-request",
    ),
    "a query in address and body": (
        {"params": {"query": ASK}, "content": ASK, "headers": {"Content-Type": QUERY_TYPE}},
        400,
        "bad-request",
    ),
    "too many parameters": ({"data": {f"p{i}": "" for i in range(2000)}}, 400, "bad-request"),
    "a query just too long": (
        {"content": ASK + "#" * 2**20, "headers": {"Content-Type": QUERY_TYPE}},
        413,
        "too-large",
    ),
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_a_bad_get_gets_a_problem(name: str, server: RunningServer) -> None:
    arguments, status, code = BAD_REQUESTS[name]

    answer = httpx.get(f"{server.url}/sparql", **arguments)  # type: ignore[arg-type]

    assert (answer.status_code, problem_code(answer)) == (status, code)


@pytest.mark.parametrize("name", BAD_POSTS)
def test_a_bad_post_gets_a_problem(name: str, server: RunningServer) -> None:
    arguments, status, code = BAD_POSTS[name]

    answer = httpx.post(f"{server.url}/sparql", **arguments)  # type: ignore[arg-type]

    assert (answer.status_code, problem_code(answer)) == (status, code)


def test_a_query_as_long_as_the_limit_is_answered_by_get_and_by_post(server: RunningServer) -> None:
    query = ASK + "#" * (2**20 - len(ASK))

    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    connection.request("GET", f"/sparql?query={quote(query, safe='')}", headers={"Accept": "text/csv"})
    got = connection.getresponse().read()
    connection.close()

    assert got == b"true"
    assert server.post(query).text == "true"


def test_what_is_not_acceptable_names_what_is(server: RunningServer) -> None:
    answer = server.get("CONSTRUCT WHERE { ?s ?p ?o }", accept="text/csv")

    assert answer.status_code == 406
    assert answer.json()["offered"] == [
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
    ]


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  ?s ?p ex:o }", 2, 9),
        ("SELECT * { ?s ?p ?o", 1, 20),
        ("SELECT * {\n\n ?s <not an iri> ?o }", 3, 5),
        ("PREFIX x: <urn:x:>\nFETCH ?x", 2, 1),
    ],
)
def test_a_syntax_error_says_where(query: str, line: int, column: int, server: RunningServer) -> None:
    problem = server.get(query).json()

    assert (problem["line"], problem["column"]) == (line, column)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("PUT", "/sparql", 405), ("DELETE", "/sparql", 405), ("GET", "/nowhere", 404)]
)
def test_what_is_not_there_gets_a_problem_too(method: str, path: str, status: int, server: RunningServer) -> None:
    answer = httpx.request(method, server.url + path)

    assert answer.status_code == status
    assert problem_code(answer) == {405: "method-not-allowed", 404: "not-found"}[status]
    if status == 405:
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_repeated_accept_fields_count_as_one(server: RunningServer) -> None:
    headers = [("Accept", "text/nothing"), ("Accept", "text/csv;q=0.5")]
    answer = httpx.get(f"{server.url}/sparql", params={"query": "SELECT (1 AS ?one) {}"}, headers=headers)

    assert (answer.status_code, answer.text) == (200, "one\r\n1\r\n")


MEBIBYTE = 2**20


@pytest.mark.parametrize(
    ("request_line", "status", "code"),
    [
        (b"GET /sparql?query=" + b"%20" * (40 * MEBIBYTE // 3) + b" HTTP/1.1\r\n", 413, "too-large"),
        (b"GET /sparql?query=" + "ASK {} # \u00e9".encode() + b" HTTP/1.1\r\n", 400, "bad-request"),
        (b"what is this\r\n", 400, "bad-request"),
    ],
    ids=["40 MB in the address", "an address that is not encoded", "no HTTP"],
)
def test_what_is_no_request_gets_a_problem_too(
    request_line: bytes, status: int, code: str, server: RunningServer
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request_line + b"Host: localhost\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["type"].endswith("/" + code)


def test_files_of_the_server_are_named_in_its_log_only(home: Path) -> None:
    with running_server(home) as server:
        (home / "versions" / "000001" / "manifest.json").write_text("{", encoding="utf-8")
        readiness = httpx.get(f"{server.url}/readyz")
        (home / "pointer.json").write_text("{", encoding="utf-8")
        answer = server.get("ASK {}")
    logged = server.logged()

    assert (readiness.status_code, problem_code(readiness)) == (503, "not-ready")
    assert (answer.status_code, problem_code(answer)) == (500, "store")
    assert str(home) not in answer.text + readiness.text
    assert str(home / "versions") in logged
    assert str(home / "pointer.json") in logged
    assert answer.json()["incident"] in logged


def test_health_and_api_description(server: RunningServer) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert [httpx.head(server.url + path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert {"/healthz", "/readyz", "/sparql"} <= set(httpx.get(f"{server.url}/openapi.json").json()["paths"])
