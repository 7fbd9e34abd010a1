"""One HTTP connection of the server: what its library leaves open when a request is malformed or an answer fails."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pedgraph.errors import BadRequest, PedgraphError, TooLarge
from pedgraph.web.answering import BREAK_OFF, ENDS_WITH_CLIENT
from pedgraph.web.express import (
    HOLDS_WHILE,
    Kept,
    KeptResponses,
    Responding,
    plain_request,
    scope_of,
    status_line,
)
from pedgraph.web.problems import problem_response
from pedgraph.web.requests import DRAINED_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from uvicorn.config import Config
    from uvicorn.server import ServerState

# The key of the lifespan's state under which responses are kept for all connections.
KEPT_RESPONSES: Final = "kept_responses"

_DRAINED_SECONDS: Final = 30.0
_HELD_BYTES: Final = 64 * 1024
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Connection(H11Protocol):
    """A connection that refuses with problem documents, that can be broken off so that every client notices, and that
    answers plain requests on a short way.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._refused_bytes: int | None = None
        self._unread_bytes = 0
        self._responses: KeptResponses = app_state.get(KEPT_RESPONSES) or KeptResponses(0)
        self._express: asyncio.Task[None] | None = None
        self._held = b""
        self._is_leaving = False
        self._served_at = 0.0
        application: ASGIApp = self.app

        async def with_break_off(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[BREAK_OFF] = self.break_off
            await application(scope, receive, send)

        self.app = with_break_off

    def break_off(self) -> None:
        """Resets the connection: an HTTP/1.0 client would take its orderly end for the end of the answer."""
        connection: socket.socket | None = self.transport.get_extra_info("socket")
        # A client that has gone took its socket with it.
        if connection is not None and connection.fileno() >= 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Takes bytes from the network; after a refusal they are thrown away."""
        if self._refused_bytes is not None:
            self._refused_bytes += len(data)
            if self._refused_bytes > DRAINED_BYTES:
                self.transport.abort()
        elif self._express is not None:
            self._hold(data)
        elif self._throws_away(len(data)):
            self.transport.abort()
        elif not (self._is_between_requests() and (self._send_kept(data) or self._begin_express(data))):
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the work for a client that has gone."""
        if self._express is not None:
            self._express.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Closes the connection, after the answer that is under way."""
        if self._express is not None:
            self._is_leaving = True
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Closes a connection on which nothing was asked for a while."""
        idle_seconds = self.loop.time() - self._served_at
        if self._express is None and idle_seconds < self.timeout_keep_alive:
            remaining_seconds = self.timeout_keep_alive - idle_seconds
            self.timeout_keep_alive_task = self.loop.call_later(remaining_seconds, self.timeout_keep_alive_handler)
        elif self._express is None:
            super().timeout_keep_alive_handler()

    def _is_between_requests(self) -> bool:
        is_idle = self.conn.our_state is h11.IDLE and self.conn.their_state is h11.IDLE
        return is_idle and not self.conn.trailing_data[0] and not self.flow.write_paused

    def _throws_away(self, size_bytes: int) -> bool:
        """Whether so much came of a body after the answer to its request that it is enough."""
        if not (self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY):
            self._unread_bytes = 0
            return False
        self._unread_bytes += size_bytes
        return self._unread_bytes > DRAINED_BYTES

    def _send_kept(self, data: bytes) -> bool:
        kept = self._responses.get(data)
        if kept is None:
            return False
        self._served_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_handler()
        self.transport.write(b"".join((kept.status_line, self._server_fields(), kept.rest)))
        return True

    def _begin_express(self, data: bytes) -> bool:
        request = plain_request(data)
        if request is None:
            return False
        self._unset_keepalive_if_required()
        connection: dict[str, Any] = {
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "state": self.app_state.copy(),
            "extensions": {ENDS_WITH_CLIENT: {}},
        }
        scope = scope_of(request, self.root_path, connection)
        self._express = self.loop.create_task(self._answer(scope, data))
        self._express.add_done_callback(self._end_express)
        self.tasks.add(self._express)
        return True

    async def _answer(self, scope: Scope, data: bytes) -> None:
        responding = Responding()

        async def send(message: Message) -> None:
            content = responding.take(message)
            if content is None:
                return
            if responding.has_head_to_send():
                content = status_line(responding.status) + self._server_fields() + content
            self.transport.write(content)
            if self.flow.write_paused:
                await self.flow.drain()

        await self.app(scope, _Bodiless().receive, send)
        assert responding.is_complete or self.transport.is_closing()
        holds = scope["extensions"].get(HOLDS_WHILE)
        if holds is not None and responding.is_whole:
            self._responses.put(data, Kept(status_line(responding.status), responding.rest, holds))

    def _end_express(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._express = None
        if task.cancelled() or self.transport.is_closing():
            return
        if (error := task.exception()) is not None:
            self.logger.error("Exception in ASGI application", exc_info=error)
            self.break_off()
            return
        self.on_response_complete()
        if self._is_leaving:
            self.transport.close()
        elif self._held:
            held, self._held = self._held, b""
            self.data_received(held)

    def _hold(self, data: bytes) -> None:
        """Keeps what a client sends before it has its answer, up to a limit."""
        self._held += data
        if len(self._held) > _HELD_BYTES:
            self.flow.pause_reading()

    def _server_fields(self) -> bytes:
        return b"".join([b"%b: %b\r\n" % field for field in self.server_state.default_headers])

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


class _Bodiless:
    """What an application receives for a request without a body."""

    def __init__(self) -> None:
        self._is_over = False

    async def receive(self) -> Message:
        """The end of the request; after it nothing comes, as the work is cancelled when the client goes."""
        if self._is_over:
            await asyncio.Event().wait()
        self._is_over = True
        return {"type": "http.request", "body": b"", "more_body": False}
