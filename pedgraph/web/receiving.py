"""A file that grows while it is received."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, Protocol, Self

from pedgraph.errors import DiskFull, StoreError

if TYPE_CHECKING:
    from pathlib import Path

_DUE_BYTES: Final = 1024 * 1024
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Target(Protocol):
    """What takes the bytes of a file."""

    def write(self, chunk: bytes) -> None:
        """Adds bytes, which may wait for the disk; raises an error of ours where that cannot be done."""
        ...


class NewFile:
    """A file that is made to be written to. Use it as a context manager; whoever made its folder removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        """Makes it; raises :class:`DiskFull`, :class:`StoreError`."""
        try:
            self._file = self.path.open("xb", buffering=0)
        except OSError as error:
            raise _told(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, chunk: bytes) -> None:
        """Adds bytes; raises :class:`DiskFull`, :class:`StoreError`."""
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise _told(error) from error


class Sink:
    """Takes bytes at once, and hands them on when it is told to, which may wait for the disk.

    ``is_over`` says that more has come than allowed; nothing of that is kept in memory.
    """

    def __init__(self, target: Target, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._target = target
        self._waiting = bytearray()
        self.size_bytes = 0

    @property
    def is_over(self) -> bool:
        """Whether there is more than allowed."""
        return self.size_bytes > self._limit_bytes

    @property
    def is_due(self) -> bool:
        """Whether enough waits to be handed on."""
        return len(self._waiting) >= _DUE_BYTES

    def put(self, content: bytes) -> None:
        """Takes bytes."""
        self.size_bytes += len(content)
        if not self.is_over:
            self._waiting += content

    def hand_on(self) -> None:
        """Hands on what has been taken; raises what the target does."""
        content, self._waiting = bytes(self._waiting), bytearray()
        if content:
            self._target.write(content)


def _told(error: OSError) -> DiskFull | StoreError:
    if error.errno in _FULL:
        return DiskFull("There is no room on the disk for this file. Nothing of it was kept.")
    return StoreError(f"A file could not be received: {error}.")
