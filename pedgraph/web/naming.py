"""From the path of a request to the IRI that it stands for, and to the format that a suffix of the path asks for.

The path below the start of the site is that of the IRI below its root. It is read as it was sent: what differs in
escapes only is the same IRI, except for an escaped slash, which is none (RFC 3986, section 2.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse

from pedgraph.errors import NotFound
from pedgraph.vocabulary.iris import ROOT, is_absolute
from pedgraph.web.addressing import path_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

_LONGEST: Final = 500
_SHOWN: Final = 80
# As in "/id/", which is no name with a slash too many.
_SLASHES_OF_A_FOLDER: Final = 2
# What an IRI can hold unescaped in a path (RFC 3987, section 2.2), and may be part of a name.
_SEGMENT: Final = re.compile(r"[\w~!$&'()*+,;=:@-][\w.~!$&'()*+,;=:@-]*")
_ESCAPED_SLASH: Final = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """What a path names: the part of the IRI below the root without a suffix, and the suffix, which may be empty."""

    local: str
    suffix: str

    @property
    def iri(self) -> str:
        """The IRI."""
        return ROOT + self.local


def named(request: Request, suffixes: Container[str], *, segments: Sequence[int], below: str = "/") -> Named:
    """What the path of a request names, or what follows in it after ``below``; ``segments`` says how many segments
    that may have.

    Raises :class:`NotFound` for what cannot be the IRI of anything here.
    """
    path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).removeprefix(below)
    missing = NotFound(f"There is nothing at {_shown(path_of(request))}: this is no name of anything here.")
    if len(path) > _LONGEST or _ESCAPED_SLASH.search(bytes(request.scope.get("raw_path") or b"")):
        raise missing
    dot = path.rfind(".")
    suffix = path[dot:].lower() if dot > path.rfind("/") and path[dot:].lower() in suffixes else ""
    local = path.removesuffix(path[dot:]) if suffix else path
    parts = local.split("/")
    if len(parts) not in segments or not all(map(_SEGMENT.fullmatch, parts)) or not is_absolute(ROOT + local):
        raise missing
    return Named(local, suffix)


def without_slash(request: Request) -> Response | None:
    """Leads from an address with a slash at its end to the one without; ``None`` where there is no such slash."""
    sent = bytes(request.scope.get("raw_path") or b"")
    if not sent.endswith(b"/") or path_of(request).count("/") <= _SLASHES_OF_A_FOLDER:
        return None
    last = path_of(request).removesuffix("/").rpartition("/")[2]
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"../{last}{'?' if query else ''}{query}", status_code=308)


def _shown(path: str) -> str:
    return path if len(path) <= _SHOWN else f"{path[:_SHOWN]} …"
