"""Endpoints on this machine that stand for those that the tests of federated queries name."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_JSON = "application/sparql-results+json"


class Neighbours:
    """A server whose paths are endpoints: ``/example.org/sparql`` stands for ``http://example.org/sparql``."""

    def __init__(self, endpoints: Iterable[str], port: int) -> None:
        self._addresses = {
            endpoint: f"http://127.0.0.1:{port}/{endpoint.removeprefix('http://')}" for endpoint in endpoints
        }
        self._stores: dict[str, Store] = {}

    @property
    def addresses(self) -> list[str]:
        """The addresses of all endpoints, which the server under test must be allowed to call."""
        return sorted(self._addresses.values())

    def hold(self, endpoint: str, quads: Iterable[Quad]) -> None:
        """Gives an endpoint its data."""
        store = Store()
        store.extend(self.moved(quads))
        self._stores[urlsplit(self._addresses[endpoint]).path] = store

    def text(self, text: bytes) -> bytes:
        """A text with the endpoints' names replaced by their addresses."""
        for endpoint, address in self._addresses.items():
            text = text.replace(endpoint.encode(), address.encode())
        return text

    def moved(self, quads: Iterable[Quad]) -> list[Quad]:
        """Quads with the endpoints' names replaced by their addresses."""
        return [
            Quad(quad.subject, quad.predicate, NamedNode(self._addresses[quad.object.value]), quad.graph_name)
            if isinstance(quad.object, NamedNode) and quad.object.value in self._addresses
            else quad
            for quad in quads
        ]

    def answer(self, address: str, query: str) -> bytes | None:
        """What the endpoint at a path answers; nothing where there is none."""
        store = self._stores.get(address)
        if store is None:
            return None
        found = store.query(query)
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON)


@contextmanager
def neighbours(endpoints: Iterable[str], port: int) -> Iterator[Neighbours]:
    """Runs a server for endpoints on a port of the loopback interface; port 0 serves none."""
    if not port:
        yield Neighbours([], 0)
        return
    found = Neighbours(endpoints, port)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(found))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(found: Neighbours) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(parts.path, parse_qs(parts.query).get("query", [""])[0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            is_form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
            self._answer(urlsplit(self.path).path, parse_qs(body)["query"][0] if is_form else body)

        def _answer(self, path: str, query: str) -> None:
            body = found.answer(path, query)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", _JSON)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    return Handler
