"""Files that are kept as they came: named after their SHA-256, written aside, made durable, and moved into place."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pedgraph.errors import NotFound, TooLarge
from pedgraph.intake.submissions.records import Stored
from pedgraph.intake.submissions.register import as_disk_error
from pedgraph.store.versions import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

_READ_ONLY: Final = 0o444
_CHUNK_BYTES: Final = 1024 * 1024


class Upload:
    """A file that is coming in. Whoever opened it closes it; what was not kept until then is gone.

    Write to it chunk by chunk; raises :class:`TooLarge`, :class:`DiskFull`, :class:`StoreError`.
    """

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._directory = directory
        self._checksum = hashlib.sha256()
        self._bytes = 0
        self._is_kept = False
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file, self.path = _own_file(directory)
        except OSError as error:
            raise as_disk_error(error, directory) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, chunk: bytes) -> None:
        """Adds a chunk."""
        self._bytes += len(chunk)
        if self._bytes > self._max_bytes:
            raise TooLarge(f"At most {self._max_bytes:,} bytes are taken.", limit_bytes=self._max_bytes)
        self._checksum.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise as_disk_error(error, self._directory) from error

    def flush(self) -> None:
        """Makes what was written so far readable under ``path``; raises :class:`DiskFull`, :class:`StoreError`."""
        try:
            self._file.flush()
        except OSError as error:
            raise as_disk_error(error, self._directory) from error

    def keep(self, root: Path) -> Stored:
        """Makes the file durable under its name; one that is there already stays."""
        stored = Stored(self._checksum.hexdigest(), self._bytes)
        target = _place(root, stored.sha256)
        try:
            self._file.flush()
            os.fchmod(self._file.fileno(), _READ_ONLY)
            os.fsync(self._file.fileno())
            if not target.exists():
                _make_folder(target.parent)
                self.path.rename(target)
                self._is_kept = True
            # Also where it was there already: somebody else may have moved it there just now.
            sync_folder(target.parent)
        except OSError as error:
            raise as_disk_error(error, root) from error
        return stored

    def close(self) -> None:
        """Lets go of it; harmless where that was done already."""
        if not self._is_kept:
            self.path.unlink(missing_ok=True)
        try:
            self._file.close()
        except OSError:
            # What could not be written is of no use to anybody now.
            return


class Files:
    """The files that are kept in a folder."""

    def __init__(self, directory: Path) -> None:
        self._root = directory / "files"
        self._incoming = directory / "incoming"

    def upload(self, max_bytes: int) -> Upload:
        """A file that may come in, of so many bytes at most."""
        return Upload(self._incoming, max_bytes)

    def keep(self, upload: Upload) -> Stored:
        """Keeps an upload as it is; once this returns it is on the disk."""
        return upload.keep(self._root)

    def keep_chunks(self, chunks: Iterable[bytes], max_bytes: int) -> Stored:
        """Keeps what comes in chunks."""
        with self.upload(max_bytes) as upload:
            for chunk in chunks:
                upload.write(chunk)
            return self.keep(upload)

    def path(self, sha256: str) -> Path:
        """Where a file lies; raises :class:`NotFound` where it is not kept."""
        path = _place(self._root, sha256)
        if not path.is_file():
            raise NotFound(f"There is no file with the SHA-256 {sha256}.")
        return path

    def read(self, sha256: str) -> bytes:
        """The bytes of a file; raises :class:`NotFound` where it is not kept."""
        return self.path(sha256).read_bytes()

    def sweep(self) -> int:
        """Removes uploads that nobody writes to any more; returns how many."""
        removed = 0
        for path in self._incoming.glob("*.part") if self._incoming.is_dir() else ():
            try:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
                    removed += 1
            except (BlockingIOError, FileNotFoundError):
                continue
        return removed


def chunks_of(path: Path) -> Iterable[bytes]:
    """The content of a file in chunks."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _own_file(directory: Path) -> tuple[BinaryIO, Path]:
    """A new file, locked for as long as somebody writes to it, so that those left behind can be told apart."""
    while True:
        descriptor, name = tempfile.mkstemp(dir=directory, suffix=".part")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return os.fdopen(descriptor, "wb"), Path(name)
        # It was swept away before it was locked.
        os.close(descriptor)


def _place(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256


def _make_folder(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        sync_folder(directory.parent)
        sync_folder(directory.parent.parent)
