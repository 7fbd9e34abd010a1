"""A proxy that puts a server below a path of another address, as reverse proxies do; a real one, in a thread."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

# Fields of one connection, which a proxy does not pass on (RFC 9110, section 7.6.1).
_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})


class Proxy(ThreadingHTTPServer):
    """Serves ``upstream`` below the path ``prefix``; what it takes away of the path it says in ``X-Forwarded-Prefix``
    or keeps to itself.
    """

    def __init__(self, upstream: str, prefix: str, *, says_prefix: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream)
        self.prefix = prefix
        self.said = {"X-Forwarded-Prefix": prefix} if says_prefix else {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_GET(self) -> None:
        """Passes a request on, and its answer back."""
        if not self.path.startswith(self.server.prefix + "/"):
            self.send_error(404)
            return
        headers = {key: value for key, value in self.headers.items() if key.lower() not in _OF_ONE_CONNECTION}
        headers |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "http"}
        headers |= {"X-Forwarded-Host": self.headers["Host"], **self.server.said}
        upstream = self.server.upstream
        inner = http.client.HTTPConnection(str(upstream.hostname), upstream.port, timeout=30)
        inner.request(self.command, self.path.removeprefix(self.server.prefix), headers=headers)
        self._give_back(inner.getresponse())
        inner.close()

    def _give_back(self, answer: http.client.HTTPResponse) -> None:
        content = answer.read()
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() not in _OF_ONE_CONNECTION:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing on the terminal."""


@contextmanager
def proxied(upstream: str, prefix: str, *, says_prefix: bool) -> Iterator[str]:
    """Runs a proxy; gives the address below which the server is found."""
    proxy = Proxy(upstream, prefix, says_prefix=says_prefix)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}{prefix}"
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
