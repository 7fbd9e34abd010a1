"""The header field that says, with every answer to a query and every refusal of one, what limits it was held to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "Pedgraph-Limits"
_PATHS: Final = ("/sparql", "/queries")


class LimitsHeader:
    """Adds the limits, a dictionary of structured fields (RFC 9651, section 3.2), where queries are answered."""

    def __init__(self, app: ASGIApp, value: str) -> None:
        self._app = app
        self._value = value

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; what the application sends gets the field."""
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS):
            await self._app(scope, receive, send)
            return

        async def with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = self._value
            await send(message)

        await self._app(scope, receive, with_limits)
