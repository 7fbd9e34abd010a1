"""The doors of a reader that may call other endpoints: a network of its own in which these endpoints are all there is.

A name in ``SERVICE`` is trusted twice: the check of the query text allows certain addresses, and in the network
namespace of the reader there is a listening socket for each host and port of these, and nothing else. The sockets are
handed to the server, which connects what comes in to the real host; encryption stays between reader and endpoint. So
neither a token that the check missed nor a redirect leads anywhere else.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.store import barrier

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Sequence

# linux/sockios.h, linux/if.h and linux/mount.h
_GET_FLAGS, _SET_FLAGS, _SET_ADDRESS, _IS_UP = 0x8913, 0x8914, 0x8916, 1
_BIND_MOUNT: Final = 4096
_BACKLOG: Final = 16


@dataclass(frozen=True)
class Door:
    """A host, by name or IPv4 address, and a port that a reader may reach."""

    host: str
    port: int


def as_argument(doors: Sequence[Door]) -> str:
    """Doors as one argument of a command line."""
    return json.dumps([asdict(door) for door in doors])


def from_argument(argument: str) -> tuple[Door, ...]:
    """The doors in an argument of a command line."""
    return tuple(Door(**members) for members in json.loads(argument))


def open_doors(doors: Sequence[Door], channel: socket.socket) -> tuple[str, ...]:
    """Shuts the calling process off but for some doors; call it before any thread is started.

    The listening sockets go out through ``channel``, in the order of the doors. Returns the names of the barriers now
    in force. Where the host allows no namespace, no socket goes out, and only Landlock may hold, which knows ports but
    not hosts.
    """
    in_force = []
    if barrier.leave_network(with_mounts=True) and _listen(doors, channel):
        in_force.append(barrier.NETWORK_NAMESPACE)
    if barrier.limit_ports({door.port for door in doors}):
        in_force.append(barrier.LANDLOCK)
    if in_force[:1] == [barrier.NETWORK_NAMESPACE] and barrier.filter_sockets(allowed_family=socket.AF_INET):
        in_force.append(barrier.SECCOMP)
    return tuple(in_force)


def _listen(doors: Sequence[Door], channel: socket.socket) -> bool:
    """Listens for what is sent to the doors; ``False`` where that is not possible, and then nothing can be reached."""
    hosts = list(dict.fromkeys(door.host for door in doors))
    addresses = {host: numeric(host) or f"127.254.0.{number}" for number, host in enumerate(hosts, 1)}
    listeners: list[socket.socket] = []
    try:
        _bring_up({address for host, address in addresses.items() if numeric(host)})
        names = [f"{address} {host}\n" for host, address in addresses.items()]
        if not _replace_hosts("".join(names)):
            return False
        for door in doors:
            listeners += [socket.create_server((addresses[door.host], door.port), backlog=_BACKLOG)]
        socket.send_fds(channel, [b"doors"], [listener.fileno() for listener in listeners])
    except OSError:
        return False
    finally:
        for listener in listeners:
            listener.close()
    return True


def numeric(host: str) -> str | None:
    """An address as the resolver reads it, in its usual form; ``None`` for a name."""
    with suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def _bring_up(addresses: set[str]) -> None:
    """Brings up the loopback device, with these addresses besides its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        request = struct.pack("16sh14x", b"lo", 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(device, _GET_FLAGS, request))
        fcntl.ioctl(device, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _IS_UP))
        for number, address in enumerate(sorted(addresses)):
            if not address.startswith("127."):
                name = f"lo:{number}".encode()
                fcntl.ioctl(
                    device, _SET_ADDRESS, struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
                )


def _replace_hosts(text: str) -> bool:
    """Puts a file of its own in the place of ``/etc/hosts``, as this process and no other sees it."""
    libc: ctypes.CDLL = barrier.c_library()
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fchmod(file.fileno(), 0o444)
        return bool(libc.mount(os.fsencode(file.name), b"/etc/hosts", None, _BIND_MOUNT, None) == 0)
