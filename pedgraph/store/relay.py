"""From the doors of a reader to the endpoints outside: which doors there are, and who carries the bytes.

This is the side of the server; see :mod:`pedgraph.store.doors` for that of the reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from pedgraph.errors import SettingsError
from pedgraph.settings import environment_name
from pedgraph.store.barrier import NETWORK_NAMESPACE, SECCOMP
from pedgraph.store.doors import Door, numeric

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?")
# As many descriptors go with one message (SCM_MAX_FD in linux/net/scm.h).
_MOST_DOORS: Final = 253
_CONNECT_SECONDS: Final = 10.0
_PIECE_BYTES: Final = 64 * 1024


def doors_of(settings: Settings) -> tuple[Door, ...]:
    """The doors to the endpoints that SERVICE may call; raises :class:`SettingsError` for an address that is none."""
    doors = dict.fromkeys(_door(address) for address in settings.service_endpoints.split())
    if len(doors) > _MOST_DOORS:
        raise _wrong(f"more than {_MOST_DOORS} hosts")
    return tuple(doors)


def refuse_calls_without_barrier(others: Sequence[str], calling: Sequence[str]) -> None:
    """Raises :class:`SettingsError` where nothing keeps readers from the network, or calling ones from most of it."""
    name = environment_name("service_endpoints")
    if not set(others) & {NETWORK_NAMESPACE, SECCOMP}:
        raise SettingsError(f"{name}: no SERVICE can be allowed, because nothing keeps readers from the network here.")
    if not calling:
        raise SettingsError(
            f"{name}: no SERVICE can be allowed, because nothing keeps a reader to these endpoints here. "
            "It takes user namespaces, or Landlock with network rules (Linux 6.7)."
        )
    if NETWORK_NAMESPACE not in calling:
        log.warning("readers for SERVICE are kept to the ports of the allowed endpoints, not to their hosts")


def _door(address: str) -> Door:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise _wrong(f"'{address}' is no absolute http or https IRI") from None
    if parts.username is not None or parts.password is not None or parts.fragment or '"' in address:
        raise _wrong(f"'{address}' has a user, a password or a fragment, which SERVICE cannot use")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise _wrong(f"the host of '{address}' is neither a name nor an IPv4 address in ASCII")
    host = str(parts.hostname)
    return Door(numeric(host) or host, port)


def _wrong(what: str) -> SettingsError:
    return SettingsError(f"{environment_name('service_endpoints')}: {what}.")


class Relay:
    """Carries bytes between the doors of one reader and the hosts that they stand for, until it is closed."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, doors: Sequence[Door], channel: socket.socket) -> Self:
        """Takes the listening sockets that a reader has sent through ``channel``; there are none without barrier."""
        relay = cls()
        channel.settimeout(0)
        try:
            _, descriptors, _, _ = socket.recv_fds(channel, 16, len(doors))
        except BlockingIOError:
            descriptors = []
        for door, descriptor in zip(doors, descriptors, strict=False):
            listener = socket.socket(fileno=descriptor)
            listener.settimeout(0)
            await relay._serve(door, listener)
        return relay

    async def _serve(self, door: Door, listener: socket.socket) -> None:
        self._servers.append(await asyncio.start_server(self._carrier(door), sock=listener))

    def close(self) -> None:
        """Lets go of all connections; may be called twice."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()

    def _carrier(self, door: Door) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                await _connect(door, reader, writer)
            except asyncio.CancelledError:
                # The reader has ended; nobody waits for this task.
                pass
            finally:
                self._tasks.discard(task)
                writer.close()

        return carry


async def _connect(door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            outer_reader, outer_writer = await asyncio.open_connection(door.host, door.port)
    except (OSError, TimeoutError) as error:
        log.warning("an endpoint cannot be reached: %s, port %d: %s", door.host, door.port, error)
        return
    with contextlib.closing(outer_writer), contextlib.suppress(OSError):
        async with asyncio.TaskGroup() as group:
            group.create_task(_copy(reader, outer_writer))
            group.create_task(_copy(outer_reader, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(_PIECE_BYTES):
            target.write(piece)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
    except OSError:
        target.close()
