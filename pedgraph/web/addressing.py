"""Addresses: from a request to the start of the site, and the address of the site as the client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request


def path_of(request: Request) -> str:
    """The path of a request as this server knows it, without what a proxy adds in front, percent-encoded."""
    path: str = request.scope["path"]
    return quote(path.removeprefix(request.scope.get("root_path", "")))


def root_of(request: Request) -> str:
    """The way from the address of a request to the start of the site; relative, so that it holds behind a proxy."""
    return "../" * (path_of(request).count("/") - 1)


def site_of(request: Request) -> str:
    """The absolute address of the start of the site as the client sees it, with a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '').rstrip('/')}/"


def same_address(request: Request, pairs: Sequence[tuple[str, str]] = ()) -> str:
    """The relative reference to the path of a request, with these parameters instead of its own."""
    # With a dot in front, a colon in the last segment is not taken for the end of a scheme (RFC 3986, section 4.2).
    last = "./" + path_of(request).rpartition("/")[2]
    return f"{last}?{urlencode(pairs, quote_via=quote, safe='/:,')}" if pairs else last
