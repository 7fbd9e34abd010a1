"""Sending documents that are made once: with a tag, how long they hold, and what a page may load."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from pedgraph.delivery.describing import Document
from pedgraph.errors import PreconditionFailed
from pedgraph.vocabulary.media import HTML
from pedgraph.vocabulary.ranges import asked_part
from pedgraph.web.conditions import known_tags

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

HOUR_SECONDS: Final = 3600
_CHUNK_BYTES: Final = 256 * 1024
PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class WholeFile(Response):
    """A file, sent in pieces; a client that stops reading for too long is cut off."""

    def __init__(self, path: Path, headers: dict[str, str], stall_seconds: float) -> None:
        self._path = path
        self._stall_seconds = stall_seconds
        self._first, self._end = self._part(path.stat().st_size)
        super().__init__(headers={**headers, "Content-Length": str(self._end - self._first)})

    def _part(self, size_bytes: int) -> tuple[int, int]:
        """The first byte that is sent, and the one after the last."""
        return 0, size_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Sends it as an ASGI application."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            with self._path.open("rb") as file:
                file.seek(self._first)
                remaining = self._end - self._first
                while chunk := await asyncio.to_thread(file.read, min(_CHUNK_BYTES, remaining)):
                    remaining -= len(chunk)
                    async with asyncio.timeout(self._stall_seconds):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class PartOfFile(WholeFile):
    """One part of a file, from its first byte up to the one after its last (RFC 9110, section 15.3.7)."""

    def __init__(self, path: Path, headers: dict[str, str], stall_seconds: float, *, part: tuple[int, int]) -> None:
        self._asked = part
        super().__init__(path, headers, stall_seconds)
        self.status_code = HTTPStatus.PARTIAL_CONTENT
        self.headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{path.stat().st_size}"

    def _part(self, size_bytes: int) -> tuple[int, int]:  # noqa: ARG002
        return self._asked


def send_file(request: Request, path: Path, headers: dict[str, str], stall_seconds: float) -> Response:
    """Sends a file that never changes, or the part of it that is asked for, or says that the client has it already.

    ``headers`` hold its ``ETag``. Raises :class:`RangeNotSatisfiable`, and :class:`PreconditionFailed` where the client
    wants another state of it (RFC 9110, sections 13.1 and 14.2).
    """
    everything = {**headers, "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    tag = headers["ETag"]
    wanted = request.headers.get("if-match", tag).strip()
    if wanted != "*" and tag not in [each.strip() for each in wanted.split(",")]:
        raise PreconditionFailed(f"This file has the tag {tag}, which is none of those in If-Match.")
    if known_tags(request) & {tag.strip('"'), "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=everything)
    is_same = request.headers.get("if-range", tag).strip() == tag
    field = request.headers.get("range") if request.method == "GET" and is_same else None
    part = asked_part(field, path.stat().st_size)
    if part is None:
        return WholeFile(path, everything, stall_seconds)
    return PartOfFile(path, everything, stall_seconds, part=part)


def send_document(
    request: Request, document: Document, headers: dict[str, str], *, keep: str, policy: str = PAGE_POLICY
) -> Response:
    """Sends a document, or only says that it has not changed (RFC 9110, section 13.1.2).

    ``keep`` is the ``Cache-Control`` field, ``policy`` what a page may load (Content Security Policy Level 3).
    """
    is_page = document.content_type.startswith(HTML.media_type)
    everything = {
        **headers,
        **({"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"} if is_page else {}),
        "ETag": document.tag,
        "Cache-Control": keep,
        "X-Content-Type-Options": "nosniff",
    }
    if known_tags(request) & {document.tag.strip('"'), "*"}:
        return Response(status_code=304, headers=everything)
    return Response(document.content, headers=everything | {"Content-Type": document.content_type})


def send_json(request: Request, members: object, *, keep: str, headers: dict[str, str] | None = None) -> Response:
    """Sends JSON in the same way."""
    document = Document(json.dumps(members, ensure_ascii=False).encode(), "application/json")
    return send_document(request, document, headers or {}, keep=keep)
