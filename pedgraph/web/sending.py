"""Sending documents that are made once: with a tag, how long they hold, and what a page may load."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from pedgraph.delivery.describing import Document
from pedgraph.vocabulary.media import HTML
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
        super().__init__(headers={**headers, "Content-Length": str(path.stat().st_size)})
        self._path = path
        self._stall_seconds = stall_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Sends it as an ASGI application."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            with self._path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
                    async with asyncio.timeout(self._stall_seconds):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


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
