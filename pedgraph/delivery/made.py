"""Files that are made once per version of the graph, when somebody first asks for them, and kept beside the versions.

Layout: ``made/000042-<identity>-<release of pedgraph>/<name>`` in the home folder. A file is made under another name
and moved to its own when it is whole, by one process at a time (fcntl). What belongs to no kept version any more is
removed when something is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pedgraph import __version__
from pedgraph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from pedgraph.store.versions import Versions

FOLDER: Final = "made"
_IDENTITY_CHARACTERS: Final = 16


class MadeFiles:
    """The files made for the versions under one home folder."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._root = versions.home / FOLDER
        self._locks: defaultdict[tuple[int, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    def path(self, version: int, name: str) -> Path:
        """Where a file of a version is, or will be; raises :class:`VersionNotFound`, :class:`VersionGone`."""
        identity = self._versions.identity(version)[:_IDENTITY_CHARACTERS]
        return self._root / f"{version:06d}-{identity}-{__version__}" / name

    async def file(self, version: int, name: str, make: Callable[[Path], Awaitable[None]]) -> Path:
        """The file of that name for a version; ``make`` writes it, to the path that it is given, where it is missing.

        ``name`` says everything on which the content depends besides the version. Raises what ``make`` raises,
        :class:`VersionNotFound`, :class:`VersionGone`, and :class:`StoreError` where the disk does not take it.
        """
        path = self.path(version, name)
        if path.is_file():
            return path
        async with self._locks[version, name], _held(path):
            if not path.is_file():
                work = path.with_name(f"{path.name}.tmp")
                await make(work)
                work.replace(path)
                await asyncio.to_thread(self._clean_up)
        return path

    def _clean_up(self) -> None:
        kept = {self.path(each, "").name for each in self._versions.numbers()}
        for folder in self._root.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _held(path: Path) -> AsyncIterator[None]:
    """Keeps other processes from making the same file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be written to: {error}.") from error
    try:
        await asyncio.to_thread(fcntl.flock, descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
