"""``multipart/form-data`` with one file (RFC 7578), read while it comes in: the file to disk, the fields to memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pedgraph.errors import BadRequest, TooLarge

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.datastructures import Headers

    from pedgraph.web.receiving import Sink

MULTIPART: Final = "multipart/form-data"
FILE_FIELD: Final = "file"
_FIELDS_BYTES: Final = 256 * 1024
_NOT_AS_IT_SHOULD_BE: Final = f"This is not {MULTIPART} as it should be: "


class Form:
    """One form that comes in. Its file goes to a sink; ``fields`` are the texts that come with it."""

    def __init__(self, headers: Headers, sink: Sink, allowed: Collection[str]) -> None:
        """``allowed`` are the names of fields that there may be; raises :class:`BadRequest`."""
        boundary = header_parameters(headers.get("content-type", "").encode("latin-1"))[1].get("boundary", "")
        if not boundary:
            raise BadRequest(f"{_NOT_AS_IT_SHOULD_BE}it does not name its boundary.")
        self.fields: dict[str, str] = {}
        self._sink = sink
        self._allowed = allowed
        self._file: tuple[str, str] | None = None
        self._is_over = False
        self._fields_bytes = 0
        self._begin()
        callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise BadRequest(f"{_NOT_AS_IT_SHOULD_BE}{error}.") from None

    def put(self, content: bytes) -> None:
        """Takes the next bytes of the form; raises :class:`BadRequest`, :class:`TooLarge`."""
        try:
            self._parser.write(content)
        except FormParserError as error:
            raise BadRequest(f"{_NOT_AS_IT_SHOULD_BE}{error}.") from None

    def finish(self) -> tuple[str, str]:
        """The name and the media type of the file; raises :class:`BadRequest` where there is none, or no end."""
        if not self._is_over:
            raise BadRequest(f"{_NOT_AS_IT_SHOULD_BE}it has no end.")
        if self._file is None:
            raise BadRequest(f"There is no file in the form. Send one as the field '{FILE_FIELD}'.")
        return self._file

    def _begin(self) -> None:
        self._name = ""
        self._is_file = False
        self._headers: dict[bytes, bytes] = {}
        self._header = (bytearray(), bytearray())
        self._text = bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        _, options = header_parameters(self._headers.get(b"content-disposition", b""))
        self._name = options.get("name", "")
        if "filename" not in options:
            if self._name not in self._allowed or self._name in self.fields:
                known = ", ".join([FILE_FIELD, *self._allowed])
                raise BadRequest(f"A form has each of these fields at most once here, and no other: {known}.")
            return
        if self._file is not None:
            raise BadRequest(
                "There are several files in the form. Send one at a time, or several CSV files as one zip."
            )
        if self._name != FILE_FIELD or not options["filename"]:
            raise BadRequest(f"No file is chosen. A form has one in the field '{FILE_FIELD}'.")
        media_type = self._headers.get(b"content-type", b"").partition(b";")[0].decode("latin-1").strip().lower()
        # Browsers write quotation marks so (RFC 7578, section 4.2; HTML, section 4.10.21.8).
        self._file, self._is_file = (options["filename"].replace("%22", '"'), media_type), True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._sink.put(data[start:end])
            return
        self._fields_bytes += end - start
        if self._fields_bytes > _FIELDS_BYTES:
            raise TooLarge(
                f"The fields of the form are larger than the {_FIELDS_BYTES:,} bytes that are read.",
                limit_bytes=_FIELDS_BYTES,
            )
        self._text.extend(data[start:end])

    def _part_end(self) -> None:
        if not self._is_file:
            try:
                self.fields[self._name] = self._text.decode().strip()
            except UnicodeDecodeError:
                raise BadRequest(f"The field '{self._name}' is not valid UTF-8.") from None

    def _end(self) -> None:
        self._is_over = True


def header_parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """A header field with its parameters, such as ``form-data; name="file"``, as texts."""
    main, options = parse_options_header(value)
    return main.decode("latin-1"), {
        name.decode("latin-1"): text.decode("utf-8", "replace") for name, text in options.items()
    }
