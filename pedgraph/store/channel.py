"""The parent's end of the line to a child process: frames that come are taken apart, and wait until they are taken."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, cast

from pedgraph.store.frames import HEAD, Kind

# Beyond this the child has to wait.
_KEPT_BYTES: Final = 256 * 1024


@dataclass(frozen=True)
class Frame:
    """A frame as received."""

    kind: Kind
    payload: bytes

    def members(self) -> dict[str, Any]:
        """The JSON object of a frame that carries one."""
        members: dict[str, Any] = json.loads(self.payload)
        return members


class Channel(asyncio.Protocol):
    """Frames from and to a child over a socket. Where nobody takes them, the child waits."""

    def __init__(self) -> None:
        self.is_lost = False
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._frames: deque[Frame] = deque()
        self._kept_bytes = 0
        self._waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport of the connection."""
        # Not every event loop derives its transports from those of asyncio.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Takes bytes from the child."""
        self._buffer += data
        start = 0
        while len(self._buffer) >= start + HEAD.size:
            kind, length = HEAD.unpack_from(self._buffer, start)
            end = start + HEAD.size + length
            if len(self._buffer) < end:
                break
            self._frames.append(Frame(Kind(kind), bytes(self._buffer[start + HEAD.size : end])))
            self._kept_bytes += length
            start = end
        del self._buffer[:start]
        if self._kept_bytes > _KEPT_BYTES and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's signature)
        """Notes that nothing more will come."""
        self.is_lost = True
        self._wake()

    def write(self, content: bytes) -> None:
        """Sends bytes to the child."""
        if self._transport is not None:
            self._transport.write(content)

    def take(self) -> Frame | None:
        """The next frame, or ``None`` where none has come."""
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self._kept_bytes -= len(frame.payload)
        if self._kept_bytes <= _KEPT_BYTES and self._transport is not None:
            self._transport.resume_reading()
        return frame

    async def more(self) -> None:
        """Waits until there is a frame, or none any more."""
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting

    def close(self) -> None:
        """Closes the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done() and (self._frames or self.is_lost):
            self._waiting.set_result(None)
