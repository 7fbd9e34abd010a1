"""One HTTP connection of the server: what its library leaves open when a request is malformed or an answer fails."""

from __future__ import annotations

import socket
import struct
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pedgraph.errors import BadRequest, PedgraphError, TooLarge
from pedgraph.web.answering import BREAK_OFF
from pedgraph.web.problems import problem_response
from pedgraph.web.requests import DRAINED_BYTES

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp, Receive, Scope, Send
    from uvicorn.config import Config
    from uvicorn.server import ServerState

_DRAINED_SECONDS: Final = 30.0
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Connection(H11Protocol):
    """A connection that refuses with problem documents, and that can be broken off so that every client notices."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._refused_bytes: int | None = None
        application: ASGIApp = self.app

        async def with_break_off(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[BREAK_OFF] = self.break_off
            await application(scope, receive, send)

        self.app = with_break_off

    def break_off(self) -> None:
        """Resets the connection: an HTTP/1.0 client would take its orderly end for the end of the answer."""
        connection: socket.socket | None = self.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Takes bytes from the network; after a refusal they are thrown away."""
        if self._refused_bytes is None:
            super().data_received(data)
            return
        self._refused_bytes += len(data)
        if self._refused_bytes > DRAINED_BYTES:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is not a request, and waits a while for the client to read that."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        refusal = problem_response(self._refusal(sys.exception(), msg), headers={"Connection": "close"})
        reason = HTTPStatus(refusal.status_code).phrase
        head = h11.Response(status_code=refusal.status_code, headers=refusal.raw_headers, reason=reason)
        for event in (head, h11.Data(data=bytes(refusal.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self._refused_bytes = 0
        self.transport.write_eof()
        loop: asyncio.AbstractEventLoop = self.loop
        loop.call_later(_DRAINED_SECONDS, self.transport.close)

    def _refusal(self, cause: BaseException | None, msg: str) -> PedgraphError:
        hint = cause.error_status_hint if isinstance(cause, h11.ProtocolError) else None
        if hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            limit_bytes = self.config.h11_max_incomplete_event_size or 0
            return TooLarge(
                f"The address and the header fields are larger than the {limit_bytes:,} bytes that are read. "
                "Send a long query as the body of a POST.",
                limit_bytes=limit_bytes,
            )
        return BadRequest(f"This is not an HTTP request: {cause or msg}.")
