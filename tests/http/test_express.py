"""The short way for plain requests and the long way through the library give the same; neither loses anything."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

import h11
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from pedgraph.web.express import Kept, KeptResponses, plain_request
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from pathlib import Path


def request(target: str, *fields: str) -> bytes:
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode()


def connect(server: RunningServer) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def read_response(connection: socket.socket, client: h11.Connection) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, header fields but for the date, and body of the next response."""
    status, fields, body = 0, [], b""
    while True:
        event = client.next_event()
        if event is h11.NEED_DATA:
            client.receive_data(connection.recv(65536))
        elif isinstance(event, h11.Response):
            status, fields = event.status_code, sorted(each for each in event.headers if each[0] != b"date")
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        else:
            assert isinstance(event, h11.EndOfMessage), event
            return status, fields, body


def exchange(connection: socket.socket, content: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("Host", "localhost")]))
    client.send(h11.EndOfMessage())
    connection.sendall(content)
    return read_response(connection, client)


TARGETS = {
    "an answer": f"/sparql?query={quote('ASK {}')}",
    "a graph": f"/sparql?query={quote('CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } ORDER BY ?s LIMIT 5')}",
    "a long answer": f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}",
    "a syntax error": f"/sparql?query={quote('ASK {')}",
    "no such format": f"/sparql?query={quote('ASK {}')}&format=nothing",
    "another path": "/healthz",
    "a page": "/documentation/",
    "an encoded path": "/code/%68elix",
    "nothing there": "/nowhere",
    "a slash too many": f"/sparql/?query={quote('ASK {}')}",
    "two queries": "/sparql?query=a&query=b",
}


@pytest.mark.parametrize(
    "fields", [(), ("Accept: text/csv",), ("Accept-Encoding: gzip",), ("Origin: http://x.example",)]
)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_both_ways_give_the_same(target: str, fields: tuple[str, ...], server: RunningServer) -> None:
    plain = request(target, *fields)
    # A field that only the library reads; it changes nothing else.
    long = request(target, *fields, "TE: trailers")
    with closing(connect(server)) as connection:
        answers = [exchange(connection, content) for content in (plain, long, plain, long, plain)]

    assert plain_request(plain) is not None
    assert plain_request(long) is None
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "content",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_whatever_is_not_plain_is_left_to_the_library(content: bytes) -> None:
    assert plain_request(content) is None


def test_requests_sent_ahead_are_answered_in_their_order(server: RunningServer) -> None:
    """HTTP pipelining (RFC 9112, section 9.3.2), in one packet and in two."""
    targets = [f"/sparql?query={quote(f'SELECT ({number} AS ?n) {{}}')}&format=csv" for number in range(6)]
    client = h11.Connection(h11.CLIENT)
    bodies = []
    with closing(connect(server)) as connection:
        connection.sendall(request(targets[0]))
        connection.sendall(b"".join(request(target) for target in targets[1:]))
        for _ in targets:
            client.send(h11.Request(method="GET", target="/", headers=[("Host", "localhost")]))
            client.send(h11.EndOfMessage())
            bodies.append(read_response(connection, client)[2])
            client.start_next_cycle()

    assert bodies == [f"n\r\n{number}\r\n".encode() for number in range(6)]


def test_a_kept_response_is_never_of_an_older_version(home: Path) -> None:
    graph = "https://w3id.org/pedgraph/graph/rounds/1"
    target = f"/sparql?query={quote('SELECT (MAX(?n) AS ?max) { ?s <urn:x:round> ?n }')}&format=csv"
    with running_server(home) as server, closing(connect(server)) as connection:
        for number in range(10):
            triple = Triple(NamedNode("urn:x:s"), NamedNode("urn:x:round"), Literal(number))
            version = publish(Versions(home), ChangeSet({graph: [triple]}), Publication("test", "a round")).version
            for _ in range(3):
                status, fields, body = exchange(connection, request(target))

                assert (status, body) == (200, f"max\r\n{number}\r\n".encode())
                assert (b"pedgraph-version", str(version).encode()) in fields


def test_what_is_kept_is_bounded() -> None:
    kept = KeptResponses(10_000)
    for number in range(100):
        kept.put(b"%d" % number, Kept(b"HTTP/1.1 200 OK\r\n", b"x" * 1000, lambda: True))

    assert kept.get(b"99") is not None
    assert sum(kept.get(b"%d" % number) is not None for number in range(100)) == 5
