"""Shuts a process off from the network and from outliving its parent, by means that hold on a plain Linux host.

The engine calls out when a query says ``SERVICE``. The check of the query text refuses that; what is done here is the
second, independent barrier, so that one missed token is not a hole. Three ways are tried and each is enough for what
the engine does: a network namespace of its own (nothing in it but a loopback device that is down), a seccomp filter
that fails every new socket, and Landlock, which fails every TCP connection. Some containers forbid one or the other.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Collection, Sequence

NETWORK_NAMESPACE, SECCOMP, LANDLOCK = "network-namespace", "seccomp", "landlock"

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2

# linux/audit.h and asm/unistd.h: architecture mark, and the numbers of socket and io_uring_setup.
_SYSTEM_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}

# linux/bpf_common.h and linux/seccomp.h
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EACCES
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_FIRST_ARGUMENT = 0, 4, 16
_X32_CALLS = 0x40000000

# linux/landlock.h; the numbers of its calls are the same on all architectures that pedgraph runs on.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _FIRST_WITH_NETWORK = 1, 4
_RULE_NET_PORT = 2
_BIND_TCP, _CONNECT_TCP = 1, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def close_network() -> tuple[str, ...]:
    """Shuts the calling process off; call it before any thread is started.

    Returns the names of the barriers now in force, of :data:`NETWORK_NAMESPACE`, :data:`SECCOMP` and :data:`LANDLOCK`;
    empty where none holds.
    """
    in_force = []
    if leave_network(with_mounts=False):
        in_force.append(NETWORK_NAMESPACE)
    if limit_ports(()):
        in_force.append(LANDLOCK)
    if filter_sockets(allowed_family=None):
        in_force.append(SECCOMP)
    return tuple(in_force)


def leave_network(*, with_mounts: bool) -> bool:
    """Goes into a network namespace of its own, with mounts of its own where these are asked for; whether it is so."""
    libc = c_library()
    mounts = _CLONE_NEWNS if with_mounts else 0
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | mounts) == 0 or libc.unshare(_CLONE_NEWNET | mounts) == 0)


def limit_ports(ports: Collection[int]) -> bool:
    """Lets the calling process make TCP connections to these ports only, and take none; whether that is in force."""
    libc = c_library()
    if libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION) < _FIRST_WITH_NETWORK:
        return False
    handled = struct.pack("=QQ", 0, _BIND_TCP | _CONNECT_TCP)
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return False
    try:
        for port in ports:
            if libc.syscall(_ADD_RULE, rules, _RULE_NET_PORT, struct.pack("=QQ", _CONNECT_TCP, port), 0) != 0:
                return False
        return _give_up_privileges(libc) and libc.syscall(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def filter_sockets(*, allowed_family: socket.AddressFamily | None) -> bool:
    """Lets the calling process make no new sockets, or only those of one family; whether that is in force."""
    numbers = _SYSTEM_CALLS.get(platform.machine())
    if numbers is None:
        return False
    architecture, socket_call, io_uring_call = numbers
    # No family has this number.
    family = 0xFFFFFFFF if allowed_family is None else int(allowed_family)
    instructions = (
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 0, 6, architecture),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_AT_LEAST, 4, 0, _X32_CALLS),
        (_JUMP_EQUAL, 3, 0, io_uring_call),
        (_JUMP_EQUAL, 0, 3, socket_call),
        (_LOAD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 1, 0, family),
        (_RETURN, 0, 0, _FAIL),
        (_RETURN, 0, 0, _ALLOW),
    )
    return _install(instructions)


def die_with_parent(parent: int) -> None:
    """Ends this process when its parent (a process id) ends; at once where that has happened already."""
    c_library().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _install(instructions: Sequence[tuple[int, int, int, int]]) -> bool:
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    program = _Program(len(instructions), code)
    libc = c_library()
    if not _give_up_privileges(libc):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _give_up_privileges(libc: ctypes.CDLL) -> bool:
    return bool(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def c_library() -> ctypes.CDLL:
    """The C library, for calls that Python has no functions for."""
    return ctypes.CDLL(None, use_errno=True)
