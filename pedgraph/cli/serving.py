"""Runs the web server until it is told to stop: in this process, or in several that share the port."""

from __future__ import annotations

import functools
import logging
import math
import os
import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from pedgraph.cli.output import set_up_logging
from pedgraph.errors import SettingsError
from pedgraph.store.barrier import die_with_parent
from pedgraph.store.relay import doors_of
from pedgraph.web.app import create_app
from pedgraph.web.connections import Connection
from pedgraph.web.forwarding import trusted_proxies

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

_LAST_ANSWERS_SECONDS = 5
# A query in the address may be as long as one in a body, percent-encoded.
_ENCODED_SIZE = 3
_OTHER_HEADERS_BYTES = 64 * 1024


def listen(settings: Settings, *, is_shared: bool = False) -> socket.socket:
    """Opens the port, for this process alone or for several of them; raises :class:`SettingsError` where that is not
    possible. The system spreads new connections over all processes that listen on a shared port.
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        address = (settings.host, settings.port)
        listener = socket.create_server(address, family=family, backlog=1024, reuse_port=is_shared)
        # Connections inherit it. asyncio would set it only if the socket named its protocol. Without it, an answer on a
        # kept connection waits some 40 ms until the client has confirmed the header.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"Cannot listen on {settings.host}, port {settings.port}: {error}.") from error
    return listener


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM, in this process or in several; running answers get some seconds to end.

    Raises :class:`SettingsError` where a setting cannot be used.
    """
    # Said here, it is one sentence; said by a web process that starts, it is a page of the log.
    doors_of(settings)
    trusted_proxies(settings)
    if settings.workers > 1:
        _serve_in_several(settings)
        return
    with listen(settings) as listener:
        config = _config(settings, create_app(settings))
        _announce(listener)
        uvicorn.Server(config).run(sockets=[listener])


def _serve_in_several(settings: Settings) -> None:
    with _reserve(settings) as reserved:
        own = _share(settings, port=reserved.getsockname()[1])
        config = _config(own, functools.partial(_worker, own, os.getpid()), factory=True, workers=settings.workers)
        _announce(reserved)
        Multiprocess(config, sockets=_OwnListener(own)).run()


def _share(settings: Settings, *, port: int) -> Settings:
    """The settings of one of several web processes: its part of what they have together."""
    shared = {
        name: math.ceil(getattr(settings, name) / settings.workers)
        for name in ("readers", "service_readers", "queue_max_queries", "queries_per_client")
    }
    return settings.model_copy(update={**shared, "port": port})


def _reserve(settings: Settings) -> socket.socket:
    """Takes the port without listening on it, so that it is known and stays ours while workers come and go."""
    probe = listen(settings)
    address = probe.getsockname()
    probe.close()
    reserved = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(address)
    return reserved


class _OwnListener(list[socket.socket]):
    """The sockets of a worker, as they are handed to it: opened when they arrive there, each worker having its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def __reduce__(self) -> tuple[Callable[[Settings], list[socket.socket]], tuple[Settings]]:
        return _listeners, (self._settings,)


def _listeners(settings: Settings) -> list[socket.socket]:
    return [listen(settings, is_shared=True)]


def _worker(settings: Settings, parent: int) -> Callable[..., Any]:
    """The application of one of several web processes, made where it runs."""
    die_with_parent(parent)
    set_up_logging(verbose=log.isEnabledFor(logging.DEBUG))
    return create_app(settings)


def _config(settings: Settings, app: Callable[..., Any], **more: Any) -> uvicorn.Config:  # noqa: ANN401
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=settings.root_path,
        # The application sees to what proxies say, as there is more of it than the server knows.
        proxy_headers=False,
        h11_max_incomplete_event_size=settings.query_max_bytes * _ENCODED_SIZE + _OTHER_HEADERS_BYTES,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        **more,
    )


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    log.info("listening on http://%s:%d/sparql", f"[{host}]" if ":" in host else host, port)
