"""Files that clients send: written to disk while they come in, so that their size does not matter to the memory.

A file is the body of a request as it is, named by ``Content-Disposition`` (RFC 6266) or the parameter ``filename``, or
the one file in ``multipart/form-data`` (RFC 7578), where fields may come with it.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pedgraph.errors import BadRequest, Busy, DiskFull, TooLarge, UnsupportedMediaType, UploadCut
from pedgraph.web.multipart import MULTIPART, Form, header_parameters
from pedgraph.web.receiving import Sink
from pedgraph.web.requests import DRAINED_BYTES, FORM, content_type

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from starlette.requests import Request

    from pedgraph.settings import Settings
    from pedgraph.web.receiving import Target

_LONGEST_NAME: Final = 150
_LONGEST_SUFFIX: Final = 12
# What the frame of a form and its fields may have on top of the file.
_FRAME_BYTES: Final = 1024 * 1024
# A client may be slow, but not as slow as this for long.
_SLOWEST_BYTES_PER_SECOND: Final = 8 * 1024
_AT_ONE_TIME: Final = 32
_RETRY_SECONDS: Final = 5
# RFC 8187, section 3.2.
_ENCODED_NAME: Final = re.compile(r";\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)", re.IGNORECASE)
_UNKNOWN: Final = "application/octet-stream"


@dataclass(frozen=True)
class Received:
    """A file that has come in: what its sender calls it and says that it is, and the fields that came with it.

    ``file_name`` and ``media_type`` are empty where nothing is said of them.
    """

    file_name: str
    media_type: str
    fields: dict[str, str]


class Uploads:
    """Receives files; only so many at a time. One for each web process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._number = 0

    async def receive(self, request: Request, target: Target, fields: Collection[str] = ()) -> Received:
        """Receives the file of a request into a target, with the fields that a form may have.

        Raises :class:`TooLarge`, :class:`UnsupportedMediaType`, :class:`BadRequest`, :class:`UploadCut` where it does
        not come in whole, :class:`Busy`, and what the target raises.
        """
        body = _Body(request, self._settings.client_stall_seconds)
        try:
            _refuse_early(request, self._settings)
            async with self._turn():
                return await self._receive(request, body, Sink(target, self._settings.file_max_bytes), fields)
        except UploadCut:
            raise
        except (BadRequest, Busy, DiskFull, TooLarge, UnsupportedMediaType):
            await body.throw_away()
            raise

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._number >= _AT_ONE_TIME:
            raise Busy("Many files are coming in at this moment.", retry_after_seconds=_RETRY_SECONDS)
        self._number += 1
        try:
            yield
        finally:
            self._number -= 1

    async def _receive(self, request: Request, body: _Body, sink: Sink, fields: Collection[str]) -> Received:
        media_type, _ = content_type(request.headers)
        form = Form(request.headers, sink, fields) if media_type == MULTIPART else None
        async for chunk in body.chunks():
            if form is None:
                sink.put(chunk)
            else:
                form.put(chunk)
            if sink.is_over:
                raise _too_large(self._settings)
            if sink.is_due:
                await asyncio.to_thread(sink.hand_on)
        await asyncio.to_thread(sink.hand_on)
        if form is None:
            return Received(_name(request), _known(media_type), {})
        name, media_type = form.finish()
        return Received(clean_name(name), _known(media_type), form.fields)


def clean_name(name: str) -> str:
    """What a file may be called in findings and on disk: without folders and whatever cannot be seen, and not long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(each for each in last if each.isprintable()).strip(" .")
    if len(visible) <= _LONGEST_NAME:
        return visible
    stem, dot, suffix = visible.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return visible[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"


def _refuse_early(request: Request, settings: Settings) -> None:
    """Refuses what need not be read to be refused."""
    media_type, _ = content_type(request.headers)
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise UnsupportedMediaType(
            f"Files are read as they are, not in the content coding '{coding}'. Unpack it first."
        )
    if media_type == FORM:
        raise UnsupportedMediaType(f"A file is sent as the body, or as a file in {MULTIPART}; this is {FORM}.")
    declared = request.headers.get("content-length", "")
    most = settings.file_max_bytes + (_FRAME_BYTES if media_type == MULTIPART else 0)
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(settings)


class _Body:
    """The body of a request, as it comes in."""

    def __init__(self, request: Request, stall_seconds: float) -> None:
        self._request = request
        self._stall_seconds = stall_seconds
        self._is_complete = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes; raises :class:`UploadCut` where they do not come, or too slowly."""
        now = asyncio.get_running_loop().time
        started, received = now(), 0
        while not self._is_complete:
            slowest = started + self._stall_seconds + received / _SLOWEST_BYTES_PER_SECOND
            try:
                async with asyncio.timeout_at(min(slowest, now() + self._stall_seconds)):
                    chunk = await self._next()
            except TimeoutError:
                raise UploadCut("The file came in too slowly, and was given up. Nothing of it was kept.") from None
            received += len(chunk)
            yield chunk

    async def throw_away(self) -> None:
        """Reads what is still to come, but not for ever: a client that sends to the end before it reads, on a
        connection that ends with the answer, would not get to see the answer otherwise.
        """
        fields = ", ".join(self._request.headers.getlist("connection")).lower()
        if self._request.scope["http_version"] != "1.0" and "close" not in fields:
            # The server takes care of connections that stay.
            return
        received = 0
        with suppress(UploadCut):
            async for chunk in self.chunks():
                received += len(chunk)
                if received > DRAINED_BYTES:
                    return

    async def _next(self) -> bytes:
        message = await self._request.receive()
        if message["type"] != "http.request":
            self._is_complete = True
            raise UploadCut("The connection ended before the file did. Nothing of it was kept.")
        self._is_complete = not message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        return chunk


def _name(request: Request) -> str:
    """What the file is called that is the body of a request."""
    given = request.query_params.get("filename", "")
    disposition = request.headers.get("content-disposition", "")
    if not given and (encoded := _ENCODED_NAME.search(disposition)):
        given = unquote(encoded[1], errors="replace")
    return clean_name(given or header_parameters(disposition.encode("latin-1"))[1].get("filename", ""))


def _known(media_type: str) -> str:
    return "" if media_type == _UNKNOWN else media_type


def _too_large(settings: Settings) -> TooLarge:
    return TooLarge(
        f"The file is larger than the {settings.file_max_bytes:,} bytes that are read.",
        limit_bytes=settings.file_max_bytes,
    )
