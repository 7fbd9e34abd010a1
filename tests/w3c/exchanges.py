"""Tests of the protocols: the requests and responses that the manifests describe in words, sent and looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from pyoxigraph import NamedNode, Quad

from tests.w3c.answers import Graph, Solutions, difference, read_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

    from tests.w3c.endpoint import Endpoint
    from tests.w3c.manifests import Case

_SECTION: Final = re.compile(r"^#### (Request|Response)\s*$", re.MULTILINE)
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_DATA: Final = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
_DOCUMENT: Final = NamedNode("http://xmlns.com/foaf/0.1/Document")
_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ANY_BUT: Final = "is _not_ `<test>`"


@dataclass(frozen=True)
class Exchange:
    """A request, and what the response to it must be."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    status: str
    media_types: tuple[str, ...]
    expected: str


def exchanges(comment: str) -> list[Exchange]:
    """Reads all exchanges that a comment describes."""
    parts = _SECTION.split(comment)
    encoding = "utf-16" if "encoded in utf-16" in parts[0] else "utf-8"
    texts = list(zip(parts[1::2], parts[2::2], strict=True))
    found = []
    for (request_title, request), (response_title, response) in zip(texts[::2], texts[1::2], strict=True):
        assert (request_title, response_title) == ("Request", "Response")
        found.append(_exchange(request, response, encoding))
    return found


def _exchange(request: str, response: str, encoding: str) -> Exchange:
    first, headers, body = _message(request)
    method, target = first.split()[:2]
    status, described, expected = _message(response)
    return Exchange(
        method=method,
        target=target,
        headers={name: value for name, value in headers.items() if name not in {"host", "content-length"}},
        body=body.encode(encoding),
        status=status.strip("`"),
        media_types=tuple(_MEDIA_TYPE.findall(described.get("content-type", ""))),
        expected=expected,
    )


def _message(text: str) -> tuple[str, dict[str, str], str]:
    """First line, header fields in lower case, and body of a message that is set in by four spaces."""
    lines = [line.removeprefix("    ").rstrip() for line in text.partition("followed by")[0].strip("\n").splitlines()]
    while lines and not lines[0]:
        del lines[0]
    first, headers = lines.pop(0), {}
    while lines and ":" in lines[0]:
        name, _, value = lines.pop(0).partition(":")
        headers[name.lower()] = value.strip()
    return first, headers, "\n".join(lines).strip("\n")


def run_protocol_case(case: Case, endpoint: Endpoint) -> str:
    """Runs a test of the protocol of queries and updates; gives what is wrong, or an empty text."""
    endpoint.load("protocol", _protocol_data(endpoint))
    for exchange in exchanges(case.comment):
        address = _protocol_url(exchange, endpoint)
        wrong = _look(_send(exchange, address, endpoint), exchange)
        if wrong:
            return f"{exchange.method} {exchange.target[:60]}: {wrong}"
    return ""


def _protocol_data(endpoint: Endpoint) -> Iterator[Quad]:
    """A document for each graph that the tests name; the second knows the one that a relative IRI in a test means."""
    found = endpoint.query("SELECT (<data1.rdf> AS ?iri) {}", "application/sparql-results+json")
    if found.status_code == 200:
        iri = found.json()["results"]["bindings"][0]["iri"]["value"]
        yield Quad(NamedNode(iri), _TYPE, _DOCUMENT, NamedNode(_DATA.format(2)))
    for number in (1, 2, 3):
        node = NamedNode(_DATA.format(number))
        yield Quad(node, _TYPE, _DOCUMENT, node)


def _protocol_url(exchange: Exchange, endpoint: Endpoint) -> str:
    media_type = exchange.headers.get("content-type", "")
    is_update = "sparql-update" in media_type or b"update=" in exchange.body or "update=" in exchange.target
    is_update = is_update or exchange.body.decode(errors="replace").startswith("CLEAR")
    url = endpoint.update_url if is_update else endpoint.query_url
    query = urlsplit(exchange.target).query
    return f"{url}?{query}" if query else url


def _send(exchange: Exchange, address: str, endpoint: Endpoint) -> httpx.Response:
    return endpoint.send(exchange.method, address, exchange.headers, exchange.body)


def _look(answer: httpx.Response, exchange: Exchange) -> str:
    """What is wrong with a response, or an empty text."""
    if not _is_status(answer.status_code, exchange.status):
        return f"expected {exchange.status}, got {answer.status_code} {answer.text[:200]}"
    given = answer.headers.get("content-type", "").partition(";")[0].strip()
    if exchange.media_types and given not in exchange.media_types:
        return f"expected one of {', '.join(exchange.media_types)}, got '{given}'"
    if exchange.method == "HEAD" or not exchange.expected:
        return ""
    found = read_answer(answer.content, given, str(answer.url))
    if _ANY_BUT in exchange.expected:
        is_fine = isinstance(found, Solutions) and [set(row) for row in found.rows] == [{"o"}]
        is_fine = is_fine and isinstance(found, Solutions) and str(found.rows[0]["o"]) != "<test>"
        return "" if is_fine else f"expected {exchange.expected}, got {found}"
    if exchange.expected == "true":
        is_true = found is True or (isinstance(found, Solutions) and bool(found.rows))
        return "" if is_true else f"expected true, got {found}"
    expected = read_answer(exchange.expected.encode(), "text/turtle", str(answer.url))
    return difference(expected, Graph(found.quads) if isinstance(found, Graph) else found)


def _is_status(status: int, words: str) -> bool:
    allowed = re.findall(r"[1-5](?:\d\d|xx)", words)
    same = {200: 204, 204: 200}
    return any(
        str(code).startswith(word.rstrip("x")) for word in allowed for code in (status, same.get(status, status))
    )


def _mended(body: bytes) -> bytes:
    """A payload with the full stops that the manifest leaves out in Turtle, and with the line ends of MIME."""
    lines = body.decode().split("\n")
    is_multipart = lines[0].startswith("--")
    mended = [line + " ." if line.startswith("<http") and line.endswith('"') else line for line in lines]
    return ("\r\n" if is_multipart else "\n").join([*mended, ""] if is_multipart else mended).encode()


class GraphStoreRun:
    """The tests of the Graph Store Protocol, which build upon each other, in the order of their manifest."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._new_path = ""
        self._is_set_up = False

    def run(self, case: Case) -> str:
        """Runs one test; gives what is wrong, or an empty text."""
        if not self._is_set_up:
            self._set_up()
        for exchange in self._exchanges(case):
            answer = _send(exchange, urljoin(self._endpoint.graphs_url, exchange.target), self._endpoint)
            self._new_path = answer.headers.get("location", self._new_path)
            wrong = _look(answer, exchange)
            if wrong:
                return f"{exchange.method} {exchange.target[:80]}: {wrong}"
        return ""

    def _set_up(self) -> None:
        """The second person is there from the start, for one test takes it away."""
        self._endpoint.load("graph store", [])
        body = b"<http://example.org/s> <http://example.org/p> 1 ."
        self._endpoint.send("PUT", f"{self._endpoint.graphs_url}/person/2.ttl", {"Content-Type": "text/turtle"}, body)
        self._is_set_up = True

    def _exchanges(self, case: Case) -> list[Exchange]:
        """What the manifest says, with the addresses of this server, and with two slips of the manifest put right."""
        name = case.iri.rpartition("#")[2]
        found = exchanges(self._in_place(case.comment)) if case.comment else []
        if name == "put__mismatched_payload":
            # The manifest gives the payload the type that it has.
            return [replace(found[0], headers={"content-type": "application/rdf+xml"})]
        if name == "post__existing_graph" and not found:
            # The manifest describes this request under the next test, whose own it leaves out.
            person = f"{self._endpoint.graphs_url}/person/1"
            body = f'<{person}> <http://xmlns.com/foaf/0.1/name> "Jane Doe" .'.encode()
            target = urlsplit(person).path + ".ttl"
            return [Exchange("POST", target, {"content-type": "text/turtle"}, body, "200", (), "")]
        return [replace(exchange, body=_mended(exchange.body)) for exchange in found]

    def _in_place(self, comment: str) -> str:
        parts = urlsplit(self._endpoint.graphs_url)
        comment = comment.replace("$HOST$/$GRAPHSTORE$", f"{parts.netloc}{parts.path}")
        comment = comment.replace("$HOST$$GRAPHSTORE$", f"{parts.netloc}{parts.path}")
        comment = comment.replace("$HOST$", parts.netloc).replace("$GRAPHSTORE$", parts.path)
        return comment.replace("$NEWPATH$", self._new_path or "/none")
