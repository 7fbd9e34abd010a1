"""The graphs in the body of a request: one of a media type of its own, or several in ``multipart/form-data``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from pedgraph.errors import BadRequest, UnsupportedMediaType
from pedgraph.vocabulary.media import RDF_XML, TURTLE
from pedgraph.web.requests import FORM, content_type, read_body

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from pedgraph.settings import Settings

_MULTIPART: Final = "multipart/form-data"
_MOST_PARTS: Final = 1000
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True)
class Payload:
    """A graph as somebody sends it."""

    content: bytes
    media_type: str


async def read_payloads(request: Request, settings: Settings) -> list[Payload]:
    """Reads the graphs in a body (Graph Store HTTP Protocol, sections 5.3 and 5.5).

    Raises :class:`BadRequest`, :class:`UnsupportedMediaType`, :class:`TooLarge`.
    """
    body = await read_body(request, settings.file_max_bytes)
    media_type, charset = content_type(request.headers)
    if media_type == _MULTIPART:
        return await _parts(request, body)
    if media_type == FORM:
        raise UnsupportedMediaType(f"A graph is sent as it is, or as a file in {_MULTIPART}; this is {FORM}.")
    if not media_type:
        # Section 5.3: without a Content-Type it is taken for RDF/XML. Nothing at all is no document of that.
        media_type = RDF_XML.media_type if body.strip() else TURTLE.media_type
    _refuse_other_charsets(charset)
    return [Payload(body, media_type)]


async def _parts(request: Request, body: bytes) -> list[Payload]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        parser = MultiPartParser(request.headers, stream(), max_files=_MOST_PARTS, max_fields=_MOST_PARTS)
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        detail = error.message if isinstance(error, MultiPartException) else f"{error} is missing"
        raise BadRequest(f"This is not {_MULTIPART} as it should be: {detail}.") from None
    payloads = []
    for name, part in form.multi_items():
        if not isinstance(part, UploadFile):
            raise BadRequest(f"The part '{name}' is no file: it has no file name.")
        media_type, charset = content_type(part.headers)
        _refuse_other_charsets(charset)
        payloads.append(Payload(await part.read(), media_type or TURTLE.media_type))
        await part.close()
    return payloads


def _refuse_other_charsets(charset: str) -> None:
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f"Graphs are read as UTF-8 only, not as {charset}.")
