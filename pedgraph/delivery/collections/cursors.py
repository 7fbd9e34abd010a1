"""Cursors: where a page of a list begins, bound to the list, to what it was asked for and to the version.

A version never changes, so a place in a list stays what it is. The check is no secret: who makes up a cursor gets at
nothing that a filter would not give. It keeps a cursor from being used for another list, where it would leave things
out unseen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final
from urllib.parse import urlencode

from pedgraph.errors import BadRequest

_CHECK_BYTES: Final = 9
_OFFSET_BYTES: Final = 6


def cursor(offset: int, version: str, name: str, pairs: list[tuple[str, str]]) -> str:
    """The cursor of a place in a list. ``version`` is the identity of a version, ``pairs`` says what is in the list."""
    place = offset.to_bytes(_OFFSET_BYTES)
    return base64.urlsafe_b64encode(place + _check(place, version, name, pairs)).decode()


def offset_of(given: str, version: str, name: str, pairs: list[tuple[str, str]]) -> int:
    """The place that a cursor stands for; raises :class:`BadRequest` where it was not made for this very list."""
    try:
        content = base64.b64decode(given.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        content = b""
    place, check = content[:_OFFSET_BYTES], content[_OFFSET_BYTES:]
    if len(place) != _OFFSET_BYTES or check != _check(place, version, name, pairs):
        raise BadRequest(
            "The cursor belongs to another list, to other filters or to another version, or is none. Follow the links "
            "'next' and 'prev' of an answer as they are, or leave it out to begin with the first page.",
            parameter="cursor",
        )
    return int.from_bytes(place)


def _check(place: bytes, version: str, name: str, pairs: list[tuple[str, str]]) -> bytes:
    said = f"{version}\n{name}\n{urlencode(pairs)}\n".encode(errors="surrogatepass") + place
    return hashlib.blake2b(said, digest_size=_CHECK_BYTES).digest()
