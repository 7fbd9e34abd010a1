"""Runs the web server in this process until it is told to stop."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from pedgraph.errors import SettingsError
from pedgraph.web.app import create_app
from pedgraph.web.connections import Connection

if TYPE_CHECKING:
    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

_LAST_ANSWERS_SECONDS = 5
# A query in the address may be as long as one in a body, percent-encoded.
_ENCODED_SIZE = 3
_OTHER_HEADERS_BYTES = 64 * 1024


def listen(settings: Settings) -> socket.socket:
    """Opens the port; raises :class:`SettingsError` where that is not possible."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
        # Connections inherit it. asyncio would set it only if the socket named its protocol. Without it, an answer on a
        # kept connection waits some 40 ms until the client has confirmed the header.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"Cannot listen on {settings.host}, port {settings.port}: {error}.") from error
    return listener


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM; running answers get some seconds to end."""
    with listen(settings) as listener:
        config = uvicorn.Config(
            create_app(settings),
            http=Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=settings.query_max_bytes * _ENCODED_SIZE + _OTHER_HEADERS_BYTES,
            timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        )
        host, port = listener.getsockname()[:2]
        log.info("listening on http://%s:%d/sparql", f"[{host}]" if ":" in host else host, port)
        uvicorn.Server(config).run(sockets=[listener])
