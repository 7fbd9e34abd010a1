"""The versions on disk: folders that nobody writes to again, and the pointer that names the current one.

Layout of the home folder::

    pointer.json             {"current": 42, "published": 43}
    pruned.jsonl             number and time of each version that was removed
    ledger.sqlite            what each publication and rollback changed, see :mod:`pedgraph.store.ledger`
    lock                     held by whoever publishes (fcntl)
    versions/000042/store/   a complete Oxigraph database
    versions/000042/manifest.json
    versions/000043.tmp/     a publication under way, or what a killed one left behind
    trials/                  changes that are being tried, see :mod:`pedgraph.store.trials`

``published`` is the highest number that was ever current: a folder above it comes from a publication that ended
between its rename and its pointer, and counts as never published. Readers hold a shared lock on the manifest of the
version that they have open, so pruning leaves it alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.errors import NotReady, StoreError, StoreLocked
from pedgraph.store import history
from pedgraph.store.abandoned import remove_abandoned
from pedgraph.store.manifest import FILE_NAME, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

log = logging.getLogger(__name__)

STORE_FOLDER = "store"
WORK_SUFFIX = ".tmp"
_LOCK_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Pointer:
    """Which version is current, and the highest one that ever was."""

    current: int
    published: int


class Versions:
    """The versions under one home folder. Reading needs no lock; whoever changes something takes :meth:`lock`."""

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.root = self.home / "versions"
        self.trials = self.home / "trials"
        self._pointer_file = self.home / "pointer.json"
        self._read_pointer: tuple[tuple[int, ...], Pointer] | None = None
        self._identities: dict[int, str] = {}

    def directory(self, version: int) -> Path:
        """The folder of a version, whether it exists or not."""
        return self.root / f"{version:06d}"

    def pointer(self) -> Pointer | None:
        """Reads the pointer; ``None`` where nothing was ever published. Raises :class:`StoreError`."""
        try:
            status = self._pointer_file.stat()
            # The file is replaced whenever it changes, never written to.
            signature = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
            if self._read_pointer is None or self._read_pointer[0] != signature:
                members = json.loads(self._pointer_file.read_text(encoding="utf-8"))
                pointer = Pointer(current=int(members["current"]), published=int(members["published"]))
                self._read_pointer = signature, pointer
            return self._read_pointer[1]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"The pointer file {self._pointer_file} cannot be read: {error}.") from error

    def current(self) -> int:
        """The number of the current version; raises :class:`NotReady` where there is none yet."""
        pointer = self.pointer()
        if pointer is None:
            raise NotReady("No version is published here yet. 'pedgraph build' makes the first one.")
        return pointer.current

    def numbers(self) -> list[int]:
        """The numbers of all published versions that are kept, oldest first."""
        pointer = self.pointer()
        return [] if pointer is None else [number for number in self._on_disk() if number <= pointer.published]

    def identity(self, version: int) -> str:
        """A text that no other version has, of this home or of any other; raises :class:`VersionNotFound`."""
        if version not in self._identities:
            manifest = self.store_directory(version).parent / FILE_NAME
            try:
                self._identities[version] = hashlib.sha256(manifest.read_bytes()).hexdigest()
            except OSError as error:
                raise StoreError(f"{manifest} cannot be read: {error}.") from error
        return self._identities[version]

    def store_directory(self, version: int | None = None) -> Path:
        """The database folder of a version (default: the current one).

        Raises :class:`VersionNotFound` for one that never was, :class:`VersionGone` for one that was pruned.
        """
        number = self.current() if version is None else version
        if number not in self.numbers():
            raise history.missing(self, number)
        return self.directory(number) / STORE_FOLDER

    def resolve(self, text: str) -> int:
        """The number of the version that a number, a date, a time or a release name means.

        See :func:`pedgraph.store.history.resolve` for what it raises.
        """
        return history.resolve(self, text)

    def moment(self, version: int) -> datetime:
        """When a kept version was published; raises :class:`StoreError` where its manifest is damaged."""
        return history.moment_of(self, version)

    def rollback(self, version: int) -> None:
        """Makes a kept version the current one.

        Raises :class:`VersionNotFound`, :class:`VersionGone`, :class:`StoreLocked`.
        """
        # Asked before the lock, which makes the home folder, and again under it, where nobody prunes any more.
        self.store_directory(version)
        with self.lock():
            self.store_directory(version)
            pointer = self.pointer()
            self.point_to(version, published=version if pointer is None else pointer.published)

    @contextlib.contextmanager
    def lock(self, wait_seconds: float = 0.0) -> Iterator[None]:
        """Holds the right to publish; raises :class:`StoreLocked` where another process has it for longer than that."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(f"{self.home} cannot be written to: {error}.") from error
        try:
            _take(descriptor, self.home, wait_seconds)
            yield
        finally:
            os.close(descriptor)

    def point_to(self, version: int, *, published: int) -> None:
        """Moves the pointer atomically; the caller holds the lock."""
        work = self._pointer_file.with_suffix(WORK_SUFFIX)
        with work.open("w", encoding="utf-8") as file:
            json.dump({"current": version, "published": published}, file)
            file.flush()
            os.fsync(file.fileno())
        work.replace(self._pointer_file)
        sync_folder(self.home)

    def clean_up(self) -> None:
        """Removes what killed publications and trials left behind; the caller holds the lock."""
        pointer = self.pointer()
        published = 0 if pointer is None else pointer.published
        for path in self.root.iterdir():
            if path.name.endswith(WORK_SUFFIX):
                shutil.rmtree(path)
        for number in self._on_disk():
            if number > published:
                shutil.rmtree(self.directory(number))
        remove_abandoned(self.trials)

    def prune(self, keep: int) -> list[int]:
        """Removes all but the ``keep`` newest versions; returns the numbers removed. The caller holds the lock.

        The current version, named releases, versions whose manifest is damaged and versions that a reader has open
        stay.
        """
        pointer = self.pointer()
        removed = []
        for number in self.numbers()[:-keep]:
            directory = self.directory(number)
            is_current = pointer is not None and number == pointer.current
            if not (is_current or _may_be_release(directory) or _is_open_elsewhere(directory)):
                history.note_pruned(self, read_manifest(directory))
                doomed = directory.with_suffix(WORK_SUFFIX)
                directory.rename(doomed)
                shutil.rmtree(doomed)
                removed.append(number)
        return removed

    def _on_disk(self) -> list[int]:
        if not self.root.is_dir():
            return []
        return sorted(int(path.name) for path in self.root.iterdir() if path.name.isdecimal())


def hold(directory: Path) -> int:
    """Takes a shared lock on the manifest of a version's folder, against pruning; returns the descriptor to close."""
    descriptor = os.open(directory / FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def sync_folder(directory: Path) -> None:
    """Makes names in a folder durable (fsync)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int, home: Path, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise StoreLocked(f"Another process is publishing in {home}; try again when it is done.") from None
            # The kernel offers no wait with an end.
            time.sleep(_LOCK_POLL_SECONDS)
        else:
            return


def _may_be_release(directory: Path) -> bool:
    """Whether a version is a named release, or its manifest too damaged to tell."""
    try:
        return read_manifest(directory).release is not None
    except StoreError as error:
        log.warning("%s", error)
        return True


def _is_open_elsewhere(directory: Path) -> bool:
    descriptor = os.open(directory / FILE_NAME, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
