"""A thousand malformed requests: none gets a 500, each error is a problem document, and the server stays what it was.

What is sent is made by hypothesis from pieces: requests as bytes with all that a client can get wrong, requests of the
SPARQL protocol with texts and parameters that hardly fit, and requests made from the OpenAPI document of the server.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.raw import refusal, send
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

KEY = "a-key-that-nobody-guesses"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EXAMPLES = {"bytes": 500, "protocol": 300, "described": 200}
SOAK_EXAMPLES = 10_000

PATHS = [
    "/", "/sparql", "/sparql/", "/query", "/update", "/update/", "/data", "/data/", "/data/person/1", "/queries",
    "/queries/list-cities", "/queries/none", "/queries/running", "/queries/running/1", "/versions", "/versions/1",
    "/ont", "/code", "/code/none", "/id/none", "/doc/none", "/shapes", "/context/v1.jsonld", "/limits", "/openapi.json",
    "/healthz", "/readyz", "/%00", "/..%2f..%2fetc/passwd", "//", "*", "http://other.example/sparql",
]  # fmt: skip
METHODS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "G\u00cbT",
    "X" * 300,
    "",
]
NAMES = [
    "query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri", "format",
    "version", "timeout", "explain", "graph", "default", "limit", "offset", "page", "q", "lang", "\x00", "%", "",
]  # fmt: skip
TEXTS = [
    "ASK {}", COUNT, "SELECT * { ?s ?p ?o } LIMIT 3", "DESCRIBE <urn:x>", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1",
    "INSERT DATA { <urn:x:s> <urn:x:p> 1 }", "CLEAR ALL", "LOAD <file:///etc/passwd>", "DROP GRAPH <urn:x:none>",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "ASK { FILTER(1 < 2) }", "PREFIX x: <urn:x:>",
    "SELECT (1/0 AS ?x) {}", "SELECT * { ?s ?p '\U0001f600' }", "ASK { ?s ?p <<( ?a ?b ?c )>> }", "\\u0041SK {}",
    "<urn:x:s> <urn:x:p> 1 .", "{", "}", "\ufeff", "csv", "1", "-1", "1e309", "NaN", "2026-01-01", "none",
    "", "0" * 5000,
]  # fmt: skip
TYPES = [
    "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded", "text/turtle",
    "application/ld+json", "application/rdf+xml", "application/n-quads", "application/json", "multipart/form-data",
    "multipart/form-data; boundary=b", "application/sparql-query; charset=utf-16", "text/plain", "a", "/",
    ";;=", "\u00e9",
]  # fmt: skip
HEADERS = [
    "Accept: text/csv", "Accept: */*;q=2", "Accept: ;;;", "Accept: " + "a/b," * 2000, "Accept: text/html",
    "Accept-Encoding: gzip;q=x, br", "Accept-Language: " + "x-" * 500, "Authorization: Bearer", "Authorization: \x01",
    f"Authorization: Bearer {KEY}", "Authorization: Basic AAAA", "If-None-Match: *", 'If-None-Match: "', "If-Match: W/",
    "If-Modified-Since: yesterday", "Range: bytes=9-1", "Expect: 100-continue", "Expect: 200-ok", "Content-Length: 3",
    "Content-Length: -1", "Content-Length: 9999999999999999999999", "Content-Length: x", "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x", "Connection: upgrade\r\nUpgrade: websocket",
    "Connection: close", "Upgrade: h2c", "Host: ", "Host: a\r\nHost: b", "Origin: null", "no colon", ": no name",
    " folded", "X-Forwarded-For: " + "1," * 999, "X-Forwarded-Proto: javascript", "Cookie: \u00ff\u00fe", "A: \x00",
    "Access-Control-Request-Method: \x7f", "Content-Encoding: gzip", "Prefer: return=x", "Slug: ../../x",
]  # fmt: skip

text = st.sampled_from(TEXTS) | st.text(max_size=40)
parameters = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=5), text), max_size=4)
headers = st.lists(st.sampled_from(HEADERS), max_size=4)


@pytest.fixture(scope="module")
def writable(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that takes writes, all of them, on a home of its own."""
    home = tmp_path_factory.mktemp("fuzzed") / "home"
    shutil.copytree(built[0], home)
    with running_server(
        home, admin_key=KEY, default_graph="plain", validate_writes="off", readers=2, query_deadline_seconds=5
    ) as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def unharmed(writable: RunningServer) -> Iterator[None]:
    """After all requests the same processes serve the same answers, and the log knows of nothing unforeseen."""
    processes = {process.pid for process in writable.processes()}
    yield
    answer = writable.get("ASK { <urn:x:s> ?p ?o }")
    assert (answer.status_code, writable.process.poll()) == (200, None)
    # Writing starts one more process, and so does checking a file.
    assert processes <= {process.pid for process in writable.processes()}
    assert len(writable.processes()) <= len(processes) + 2
    assert "Traceback" not in writable.logged()
    assert "unforeseen" not in writable.logged()


def often(examples: int, *, is_new: bool = False) -> settings:
    """So many requests, the same in each run of a test, or new ones each time."""
    return settings(
        max_examples=examples,
        derandomize=not is_new,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def raw_requests(draw: st.DrawFn) -> tuple[str, bytes]:
    """A method, and the bytes of a request that may be wrong in each of its parts; most of them are right."""

    def part(right: st.SearchStrategy[str], wrong: st.SearchStrategy[str]) -> str:
        return draw(wrong if draw(st.integers(0, 5)) == 0 else right)

    method = part(st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]), st.sampled_from(METHODS))
    path = part(st.sampled_from(PATHS), st.text(max_size=20))
    query = part(
        parameters.map(lambda pairs: urlencode(pairs, errors="surrogatepass")),
        parameters.map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)),
    )
    version = part(st.just("HTTP/1.1"), st.sampled_from(["HTTP/1.0", "HTTP/2.0", "HTTP/9", "", "HTTP/1.1 x"]))
    fields = draw(headers) if draw(st.booleans()) else []
    content_type = part(st.sampled_from(TYPES[:8]), st.sampled_from(TYPES))
    body = draw(st.binary(max_size=60) | text.map(lambda value: value.encode("utf-8", "surrogatepass")))
    lines = [f"{method} {path}?{query} {version}", "Host: localhost", "Connection: close", *fields]
    lines += [f"Content-Type: {content_type}", f"Authorization: Bearer {KEY}"]
    if not any(field.startswith(("Content-Length", "Transfer-Encoding")) for field in fields):
        lines.append(f"Content-Length: {len(body)}")
    line_end = part(st.just("\r\n"), st.sampled_from(["\n", "\r"]))
    return method, line_end.join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body


@often(EXAMPLES["bytes"])
@given(raw_requests())
def test_no_bytes_get_a_500(writable: RunningServer, request_: tuple[str, bytes]) -> None:
    method, raw = request_

    answer = send(writable.url, raw, method=method, may_be_incomplete=True)

    assert answer is None or refusal(answer, method) == ""


@st.composite
def protocol_requests(draw: st.DrawFn) -> tuple[str, bytes]:
    """A method, and the bytes of a request that is HTTP, with texts, parameters and types that hardly go together."""
    method = draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE"]))
    content_type = draw(st.sampled_from(TYPES))
    is_form = "form-urlencoded" in content_type
    content = urlencode(draw(parameters), errors="surrogatepass") if is_form else draw(text)
    body = content.encode("utf-8", "surrogatepass")
    query = urlencode(draw(parameters), errors="surrogatepass")
    lines = [f"{method} {draw(st.sampled_from(PATHS))}?{query} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [field for field in draw(headers) if field.startswith(("Accept", "If-", "Range", "Prefer", "Origin"))]
    lines += [f"Authorization: Bearer {KEY}"] if draw(st.booleans()) else []
    return method, "\r\n".join([*lines, "", ""]).encode() + body


@often(EXAMPLES["protocol"])
@given(protocol_requests())
def test_no_request_of_the_protocols_gets_a_500(writable: RunningServer, request_: tuple[str, bytes]) -> None:
    method, raw = request_

    answer = send(writable.url, raw, method=method)

    assert answer is not None
    assert refusal(answer, method) == ""


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of a request."""

    method: str
    path: str
    parameters: list[dict[str, Any]]
    media_types: list[str]


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("requests", [raw_requests(), protocol_requests()], ids=["bytes", "protocol"])
def test_no_request_of_many_more_gets_a_500(
    writable: RunningServer, requests: st.SearchStrategy[tuple[str, bytes]]
) -> None:
    @often(SOAK_EXAMPLES, is_new=True)
    @given(requests)
    def check(request_: tuple[str, bytes]) -> None:
        method, raw = request_
        answer = send(writable.url, raw, method=method, may_be_incomplete=True)
        assert answer is None or refusal(answer, method) == ""

    check()


@pytest.fixture(scope="module")
def operations(writable: RunningServer) -> list[Operation]:
    """All operations that the OpenAPI document describes, with what is written once for several put in its place."""
    document = httpx.get(f"{writable.url}/openapi.json").json()

    def resolved(part: dict[str, Any]) -> dict[str, Any]:
        found = document if "$ref" in part else part
        for name in part.get("$ref", "#").split("/")[1:]:
            found = found[name]
        return found

    found = [
        Operation(
            method.upper(),
            path,
            [resolved(each) for each in (*item.get("parameters", []), *operation.get("parameters", []))],
            sorted(resolved(operation.get("requestBody", {})).get("content", {})),
        )
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "head", "put", "post", "delete", "options"}
    ]
    assert found
    return found


@often(EXAMPLES["described"])
@given(data=st.data())
def test_no_request_that_is_described_gets_a_500(
    writable: RunningServer, operations: list[Operation], data: st.DataObject
) -> None:
    operation = data.draw(st.sampled_from(operations))
    path, query, body = operation.path, [], b""
    lines = ["Host: localhost", "Connection: close"]
    for parameter in operation.parameters:
        value = data.draw(st.sampled_from(fitting(parameter) + TEXTS) | st.text(max_size=20) | st.integers().map(str))
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(value, safe="", errors="surrogatepass"))
        elif parameter["in"] == "header" and value.isascii() and value.isprintable():
            lines.append(f"{parameter['name']}: {value}")
        elif data.draw(st.booleans()):
            query.append((parameter["name"], value))
    if operation.media_types:
        body = data.draw(text).encode("utf-8", "surrogatepass")
        lines += [f"Content-Type: {data.draw(st.sampled_from(operation.media_types))}", f"Content-Length: {len(body)}"]
    lines += [f"Authorization: Bearer {KEY}"] if data.draw(st.booleans()) else []
    lines.insert(0, f"{operation.method} {path}?{urlencode(query, errors='surrogatepass')} HTTP/1.1")

    answer = send(writable.url, "\r\n".join([*lines, "", ""]).encode() + body, method=operation.method)

    assert answer is not None
    assert refusal(answer, operation.method) == ""


def fitting(parameter: dict[str, Any]) -> list[str]:
    """Values that fit a parameter: those that it lists, and its example."""
    schema = parameter.get("schema", {})
    values = [*schema.get("enum", []), *schema.get("examples", [])]
    return [str(value) for value in (*values, parameter.get("example", ""))]
