"""The frames between the pool and its readers: a kind, a length, and that many bytes. Both sides use this module."""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import BinaryIO

HEAD: Final = struct.Struct(">BI")
DATA_FRAME_BYTES: Final = 64 * 1024


class Kind(IntEnum):
    """What a frame carries. All but ``DATA`` carry a JSON object."""

    READY = 1
    REQUEST = 2
    HEADER = 3
    DATA = 4
    END = 5
    ERROR = 6


def pack(kind: Kind, payload: bytes) -> bytes:
    """One frame as bytes."""
    return HEAD.pack(kind, len(payload)) + payload


def pack_object(kind: Kind, members: dict[str, Any]) -> bytes:
    """One frame with a JSON object as its payload."""
    return pack(kind, json.dumps(members).encode())


def read_frame(stream: BinaryIO) -> tuple[Kind, bytes] | None:
    """Reads one frame from a blocking stream; ``None`` at its end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    payload = stream.read(length)
    return None if len(payload) < length else (Kind(kind), payload)


class FrameWriter:
    """A binary output that turns what is written to it into frames.

    The header frame goes out with the first full frame or at the end, so that an early failure still decides the
    status of the answer.
    """

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._header = pack_object(Kind.HEADER, {})
        self._pending = bytearray()

    def write(self, data: bytes) -> int:
        """Takes bytes of the answer."""
        self._pending += data
        if len(self._pending) >= DATA_FRAME_BYTES:
            self._send(b"")
        return len(data)

    def flush(self) -> None:
        """Does nothing: the engine calls it at the end of an answer, where :meth:`finish` follows."""

    def finish(self, end: bytes) -> None:
        """Sends what is pending and the frame that ends the answer, at once."""
        self._send(end)

    def _send(self, end: bytes) -> None:
        data = pack(Kind.DATA, bytes(self._pending)) if self._pending else b""
        self._output.write(b"".join((self._header, data, end)))
        self._output.flush()
        self._header = b""
        self._pending.clear()
