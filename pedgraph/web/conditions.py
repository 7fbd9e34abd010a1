"""Entity tags on the wire: what a client says that it has, and one tag for each content coding of an answer."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"|\*')
_CODING: Final = re.compile(r"-(?:zstd|br|gzip)$")


def known_tags(request: Request) -> frozenset[str]:
    """The tags in ``If-None-Match`` (RFC 9110, section 13.1.2), without quotes, weakness and content coding; ``*`` for
    any.
    """
    field = ", ".join(request.headers.getlist("if-none-match"))
    return (
        frozenset("*" if found[0] == "*" else _CODING.sub("", found[1]) for found in _TAG.finditer(field))
        if field
        else frozenset()
    )


class TagsOfCodings:
    """Gives compressed answers tags of their own: other bytes, another strong tag (RFC 9110, section 8.8.3.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; what the application sends gets its tag changed where it is compressed."""

        async def with_tag(message: Message) -> None:
            if message["type"] == "http.response.start":
                _retag(MutableHeaders(scope=message), Headers(scope=scope), message["status"])
            await send(message)

        await self._app(scope, receive, with_tag if scope["type"] == "http" else send)


def _retag(headers: MutableHeaders, asked: Headers, status: int) -> None:
    tag = headers.get("etag", "")
    if not tag.endswith('"'):
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    if coding := headers.get("content-encoding"):
        headers["etag"] = f'{tag[:-1]}-{coding}"'
    elif status == HTTPStatus.NOT_MODIFIED:
        # The client has the answer in one of its codings, and the tag that comes back is the one of that.
        held = re.search(f'{tag[:-1]}(?:-(?:zstd|br|gzip))?"', asked.get("if-none-match", ""))
        headers["etag"] = held[0] if held else tag
