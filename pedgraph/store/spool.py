"""What a client has not read yet of an answer: in memory first, then in a file, so that no reader waits for it."""

from __future__ import annotations

import logging
import os
import tempfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


class DiskSpace:
    """The disk space that all spools have together."""

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self.directory = directory
        self._free_bytes = max_bytes

    def reserve(self, size_bytes: int) -> bool:
        """Takes some of it, where there is as much."""
        if size_bytes > self._free_bytes:
            return False
        self._free_bytes -= size_bytes
        return True

    def give_back(self, size_bytes: int) -> None:
        """Returns what was taken."""
        self._free_bytes += size_bytes


class Spool:
    """Bytes in the order in which they came. ``memory_bytes`` of them stay in memory, and as many are taken at once."""

    def __init__(self, memory_bytes: int, disk: DiskSpace) -> None:
        self._memory_bytes = memory_bytes
        self._disk = disk
        self._chunks: list[bytes] = []
        self._chunks_bytes = 0
        self._file: IO[bytes] | None = None
        self._read_bytes = 0
        self._written_bytes = 0

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._chunks) or self._file is not None

    def is_long(self) -> bool:
        """Whether there is more than memory is meant for."""
        return self._chunks_bytes >= self._memory_bytes or self._file is not None

    def is_on_disk(self) -> bool:
        """Whether not all of it is in memory."""
        return self._file is not None

    def put(self, data: bytes) -> bool:
        """Takes bytes; ``False`` where there is no room for them yet."""
        if not self.is_long():
            self._chunks.append(data)
            self._chunks_bytes += len(data)
            return True
        if not self._disk.reserve(len(data)):
            return False
        if self._write(data):
            return True
        self._disk.give_back(len(data))
        return False

    def take(self) -> bytes:
        """Gives the bytes that came first; nothing where there are none."""
        if self._chunks or self._file is None:
            taken, self._chunks, self._chunks_bytes = b"".join(self._chunks), [], 0
            return taken
        taken = os.pread(self._file.fileno(), self._memory_bytes, self._read_bytes)
        self._read_bytes += len(taken)
        if self._read_bytes == self._written_bytes:
            self._close_file()
        return taken

    def clear(self) -> None:
        """Throws everything away; may be called twice."""
        self._chunks, self._chunks_bytes = [], 0
        self._close_file()

    def _write(self, data: bytes) -> bool:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0, dir=self._disk.directory)  # noqa: SIM115 (held open)
            is_written = os.pwrite(self._file.fileno(), data, self._written_bytes) == len(data)
        except OSError as error:
            log.warning("a part of an answer cannot be put on disk: %s", error)
            is_written = False
        if is_written:
            self._written_bytes += len(data)
        elif self._written_bytes == 0:
            self._close_file()
        return is_written

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._disk.give_back(self._written_bytes)
        self._file, self._read_bytes, self._written_bytes = None, 0, 0
