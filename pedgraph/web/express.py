"""The short way for plain requests: one GET that came whole, without the machinery that other requests need.

What is on the wire is the same either way, as the same application answers; only the reading of the request and the
writing of the response are simpler. Whatever is not plain goes the long way, through the library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import Message

# The ASGI extension by which the application says until when a response holds for the same request.
HOLDS_WHILE: Final = "pedgraph.holds_while"

_LARGEST_REQUEST_BYTES: Final = 16 * 1024
_LARGEST_KEPT_BYTES: Final = 64 * 1024
_PLAIN: Final = re.compile(
    rb"GET (/[!-\"$-~]*) HTTP/1\.1\r\n((?:[A-Za-z][A-Za-z0-9-]*:[ \t]*(?:[!-~](?:[ \t!-~]*[!-~])?)?[ \t]*\r\n)+)\r\n"
)
# They change how the rest of the connection is read, which is for the library to decide.
_NOT_PLAIN: Final = frozenset(
    {b"connection", b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer"}
)
_STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode("ascii") for status in HTTPStatus
}

Fields = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class PlainRequest:
    """A plain request: its target as sent, and its header fields with names in lower case."""

    target: bytes
    fields: Fields


def plain_request(data: bytes) -> PlainRequest | None:
    """The request in what came in one piece, or ``None`` where it is not plain."""
    if len(data) > _LARGEST_REQUEST_BYTES or (found := _PLAIN.fullmatch(data)) is None:
        return None
    fields = []
    hosts = 0
    for line in found[2].split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip(b" \t")
        if name in _NOT_PLAIN and (name, value.lower()) != (b"connection", b"keep-alive"):
            return None
        hosts += name == b"host"
        fields.append((name, value))
    return PlainRequest(found[1], fields) if hosts == 1 else None


def scope_of(request: PlainRequest, root_path: str, connection: dict[str, Any]) -> dict[str, Any]:
    """The ASGI scope of a plain request; ``connection`` holds what is the same for all requests of a connection."""
    raw_path, _, query_string = request.target.partition(b"?")
    path = raw_path.decode("ascii")
    return {
        **connection,
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "root_path": root_path,
        "path": root_path + (unquote(path) if "%" in path else path),
        "raw_path": root_path.encode("ascii") + raw_path,
        "query_string": query_string,
        "headers": request.fields,
    }


def head(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Header fields as they go out, with the empty line that ends them."""
    lines = [b"%b: %b" % field for field in fields]
    content = b"\r\n".join([*lines, b"", b""])
    assert content.count(b"\n") == len(lines) + 1, "a line break within a header field"
    return content


def status_line(status: int) -> bytes:
    """The first line of a response."""
    return _STATUS_LINES[status]


@dataclass(frozen=True, slots=True)
class Kept:
    """A response as it goes out, but for the fields that the server adds to each, and whether it holds still."""

    status_line: bytes
    rest: bytes
    holds: Callable[[], bool]


class KeptResponses:
    """Responses by the bytes of the request, those not asked for longest going first; of ``max_bytes`` together."""

    def __init__(self, max_bytes: int) -> None:
        self._kept: LRUCache[bytes, Kept] = LRUCache(max(max_bytes, 1), getsizeof=lambda kept: len(kept.rest) + 1000)

    def get(self, request: bytes) -> Kept | None:
        """The response to the same bytes, where there is one that still holds."""
        kept = self._kept.get(request)
        return kept if kept is not None and kept.holds() else None

    def put(self, request: bytes, kept: Kept) -> None:
        """Keeps a response, unless it is large."""
        if len(kept.rest) <= min(_LARGEST_KEPT_BYTES, self._kept.maxsize - 1000):
            self._kept[request] = kept


class Responding:
    """Collects what the application sends into bytes for the wire (RFC 9112)."""

    def __init__(self) -> None:
        self.status = 0
        self.is_complete = False
        self.is_whole = False
        self.rest = b""
        self._fields: Fields = []
        self._is_chunked = False
        self._has_begun = False
        self._is_first = True

    def take(self, message: Message) -> bytes | None:
        """What follows from a message: bytes to be sent, ``None`` where the head waits for the first of the body.

        Bytes of the first call lack the status line and the fields of the server, which go in front of them.
        """
        if message["type"] == "http.response.start":
            self.status, self._fields = message["status"], list(message["headers"])
            return None
        body, more = message.get("body", b""), message.get("more_body", False)
        self.is_complete = not more
        if self._has_begun:
            return self._chunk(body, last=not more) if self._is_chunked else body
        self._has_begun = True
        has_no_body = self.status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        fields = self._fields
        if not has_no_body and not any(name == b"content-length" for name, _ in fields):
            if more:
                self._is_chunked = True
                return head([*fields, (b"transfer-encoding", b"chunked")]) + self._chunk(body, last=False)
            # What is compressed as it comes may be all there in its first piece; the client must see where it ends.
            fields = [*fields, (b"content-length", b"%d" % len(body))]
        self.is_whole = not more
        self.rest = head(fields) + (b"" if has_no_body else body)
        return self.rest

    def has_head_to_send(self) -> bool:
        """Whether the bytes of the last call are the first of the response; says so once."""
        is_first, self._is_first = self._is_first, False
        return is_first

    @staticmethod
    def _chunk(body: bytes, *, last: bool) -> bytes:
        content = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        return content + b"0\r\n\r\n" if last else content
