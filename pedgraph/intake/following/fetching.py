"""Fetching pages of a feed from another server, which is trusted with nothing: no time, no memory, no addresses."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from pedgraph import __version__
from pedgraph.errors import FeedRefused
from pedgraph.vocabulary.media import N_QUADS

if TYPE_CHECKING:
    from http.client import HTTPResponse

_CHUNK_BYTES: Final = 64 * 1024
_NOT_FOUND: Final = (404, 410)


@dataclass(frozen=True)
class Limits:
    """What a page may take: ``silence_seconds`` until anything more of it comes."""

    page_bytes: int = 64 * 1024 * 1024
    page_seconds: float = 120.0
    silence_seconds: float = 30.0


class PageMissing(Exception):
    """There is no such page, or it is gone."""


class _NoRedirects(HTTPRedirectHandler):
    """A page that leads elsewhere is none; what is fetched has the origin that was asked for."""

    def redirect_request(self, *_: object) -> None:
        """Follows none."""


class Fetcher:
    """Fetches pages below one address."""

    def __init__(self, site: str, limits: Limits) -> None:
        """``site`` is where the site of the other installation starts, with a slash at its end."""
        self._site = site
        self._limits = limits
        self._opener = build_opener(_NoRedirects, ProxyHandler())

    def fetch(self, address: str) -> bytes:
        """The page as N-Quads; raises :class:`FeedRefused`, and :class:`PageMissing` for one that is not there."""
        self._check(address)
        headers = {
            "Accept": N_QUADS.media_type,
            "Accept-Encoding": "identity",
            "User-Agent": f"pedgraph/{__version__} (follow)",
        }
        request = Request(address, headers=headers)  # noqa: S310 (its scheme was checked)
        try:
            with self._opener.open(request, timeout=self._limits.silence_seconds) as response:
                return self._read(response, address)
        except HTTPError as error:
            error.close()
            if error.code in _NOT_FOUND:
                raise PageMissing from None
            raise _refused(f"It answers with status {error.code}.", address) from None
        except (URLError, OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise _refused(f"It cannot be fetched: {reason or type(error).__name__}.", address) from None

    def _check(self, address: str) -> None:
        if not address.startswith(self._site) or not address.isascii() or not address.isprintable() or " " in address:
            raise _refused(f"It is not below {self._site}, where the feed is.", address)

    def _read(self, response: HTTPResponse, address: str) -> bytes:
        media_type = response.headers.get_content_type()
        if media_type != N_QUADS.media_type:
            raise _refused(f"It is {media_type}, not {N_QUADS.media_type}.", address)
        until = time.monotonic() + self._limits.page_seconds
        content = bytearray()
        while chunk := response.read1(_CHUNK_BYTES):
            content += chunk
            if len(content) > self._limits.page_bytes:
                raise _refused(f"It is larger than {self._limits.page_bytes:,} bytes.", address)
            if time.monotonic() > until:
                raise _refused(f"It takes longer than {self._limits.page_seconds:g} seconds.", address)
        # Reading in pieces does not notice by itself that some are missing.
        if response.length:
            raise _refused(f"It breaks off {response.length:,} bytes before its end.", address)
        return bytes(content)


def site_of_feed(address: str) -> str:
    """The start of the site whose feed has an address such as ``https://example.org/feed``.

    Raises :class:`FeedRefused` for what is no such address.
    """
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port)
    except ValueError:
        is_address = False
    path = address.rstrip("/")
    if not is_address or parts.query or parts.fragment or parts.username or not path.endswith("/feed"):
        raise _refused("The address of a feed looks like https://example.org/feed.", address)
    return path.removesuffix("feed")


def _refused(detail: str, address: str) -> FeedRefused:
    return FeedRefused(detail, source=address[:500])
