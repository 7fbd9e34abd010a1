"""What a proxy in front says of the request that it passes on: who sent it, to which host, how, and below which path.

It counts only where the proxy is one that the settings name, as anybody can send such fields. Of several values the
last counts: it is the one that the proxy itself has written. How an application learns of a path in front is the affair
of ASGI (``root_path``, which ``path`` begins with).
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pedgraph.errors import SettingsError
from pedgraph.settings import environment_name

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pedgraph.settings import Settings

_HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PREFIX: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")
_HOST_FIELD: Final = b"x-forwarded-host"
_PREFIX_FIELD: Final = b"x-forwarded-prefix"


class Forwarded:
    """An application behind proxies: it sees requests as their senders do."""

    def __init__(self, app: ASGIApp, trusted: list[str]) -> None:
        self._app = app
        # How the library reads who sent a request and by which scheme, without its own word on whom to trust.
        self._with_sender = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]
        self._trusted = self._with_sender.trusted_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as an ASGI application."""
        client = scope.get("client")
        if scope["type"] == "http" and client and client[0] in self._trusted:
            names = {name for name, _ in scope["headers"]}
            if _HOST_FIELD in names:
                _set_host(scope)
            if _PREFIX_FIELD in names:
                _set_prefix(scope)
            await self._with_sender(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self._app(scope, receive, send)


def trusted_proxies(settings: Settings) -> list[str]:
    """The addresses and networks of proxies that are believed; raises :class:`SettingsError` for what is neither."""
    given = settings.trusted_proxies.split()
    for each in given:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            if given != ["*"]:
                name = environment_name("trusted_proxies")
                raise SettingsError(
                    f"{name}: '{each}' is neither an address nor a network such as 10.0.0.0/8."
                ) from None
    return given


def _last(scope: Scope, field: bytes) -> str:
    values: list[bytes] = [value for name, value in scope["headers"] if name == field]
    return values[-1].decode("latin-1").rpartition(",")[2].strip()


def _set_host(scope: Scope) -> None:
    host = _last(scope, _HOST_FIELD)
    if _HOST.fullmatch(host):
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", host.encode("ascii")), *others]


def _set_prefix(scope: Scope) -> None:
    prefix = _last(scope, _PREFIX_FIELD)
    if _PREFIX.fullmatch(prefix) and not {".", ".."} & set(prefix.split("/")):
        path = scope["path"].removeprefix(scope["root_path"])
        scope["root_path"] = prefix.rstrip("/")
        scope["path"] = scope["root_path"] + path
