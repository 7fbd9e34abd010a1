"""Shuts a process off from the network and from outliving its parent, by means that hold on a plain Linux host.

The engine calls out when a query says ``SERVICE``. The check of the query text refuses that; what is done here is the
second, independent barrier, so that one missed token is not a hole. Two ways are tried and either is enough: a
network namespace of its own (nothing in it but a loopback device that is down), and a seccomp filter that fails every
new socket. Some containers forbid the first, few the second.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct

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
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
_X32_CALLS = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def close_network() -> tuple[str, ...]:
    """Shuts the calling process off; call it before any thread is started.

    Returns the names of the barriers now in force, ``network-namespace`` and ``seccomp``; empty where none holds.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    in_force = []
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWNET) == 0:
        in_force.append("network-namespace")
    if _filter_sockets(libc):
        in_force.append("seccomp")
    return tuple(in_force)


def die_with_parent(parent: int) -> None:
    """Ends this process when its parent (a process id) ends; at once where that has happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _filter_sockets(libc: ctypes.CDLL) -> bool:
    numbers = _SYSTEM_CALLS.get(platform.machine())
    if numbers is None:
        return False
    architecture, socket_call, io_uring_call = numbers
    instructions = (
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 0, 4, architecture),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_AT_LEAST, 2, 0, _X32_CALLS),
        (_JUMP_EQUAL, 1, 0, socket_call),
        (_JUMP_EQUAL, 0, 1, io_uring_call),
        (_RETURN, 0, 0, _FAIL),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    program = _Program(len(instructions), code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
