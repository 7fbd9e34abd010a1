"""Sending an answer while it is made, and letting go of its reader as soon as nobody listens any more."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, TypeVar

from starlette.responses import Response

from pedgraph.errors import PedgraphError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import Receive, Scope, Send

    from pedgraph.store.answer import Answer

log = logging.getLogger(__name__)

_CLIENT_CLOSED_REQUEST: Final = 499
# The ASGI extension by which the server lets an application reset its connection.
BREAK_OFF: Final = "pedgraph.break_off"
# The ASGI extension by which it says that it cancels the application when the client has gone.
ENDS_WITH_CLIENT: Final = "pedgraph.ends_with_client"

T = TypeVar("T")


class ClientGone(Exception):
    """The client closed its connection; nobody will see an answer."""


def nobody_listens() -> Response:
    """What is given to the server for a client that has gone; only a log will see it."""
    return Response(status_code=_CLIENT_CLOSED_REQUEST)


async def unless_gone(scope: Scope, receive: Receive, work: Coroutine[object, object, T]) -> T:
    """Does the work, but ends it when the client closes its connection; raises :class:`ClientGone` then."""
    if ENDS_WITH_CLIENT in scope.get("extensions", {}):
        return await work
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return await working
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _break_off(scope: Scope) -> None:
    if (break_off := scope.get("extensions", {}).get(BREAK_OFF)) is not None:
        break_off()
        # The server notices the end of its connection in the next turn of the loop.
        await asyncio.sleep(0)


class AnswerResponse(Response):
    """A response whose body comes from an answer that is not complete yet.

    Where the rest of the answer fails, the connection is reset before the end of the body (RFC 9112, section 8), so
    that no client takes the part for the whole: not even one of HTTP/1.0, for which an orderly end would be the end.
    """

    def __init__(self, answer: Answer, *, headers: dict[str, str], stall_seconds: float) -> None:
        super().__init__(status_code=200, headers=headers)
        del self.headers["content-length"]
        self._answer = answer
        self._stall_seconds = stall_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer as an ASGI application."""
        try:
            await unless_gone(scope, receive, self._send(scope, send))
        except (ClientGone, TimeoutError):
            log.info("the client went away or stopped reading before its answer was complete")
            await _break_off(scope)
        except PedgraphError as error:
            log.warning("an answer was cut short: %s: %s", error.code, error.detail)
            await _break_off(scope)
        finally:
            await self._answer.close()

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            async for chunk in self._answer.chunks():
                async with asyncio.timeout(self._stall_seconds):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
