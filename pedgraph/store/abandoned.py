"""Folders that belong to a process only as long as it works in them: who is killed leaves one, and the next one tidies.

Each is locked (flock) by its owner, and the kernel lets go of a lock when its holder ends, however that happens.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def own_folder(root: Path) -> Iterator[Path]:
    """A new empty folder under ``root``, which is made where it is missing; it goes away at the end.

    Raises :class:`OSError`.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root):
        _remove_unowned(root)
        folder = Path(tempfile.mkdtemp(dir=root))
        owner = _try_lock(folder)
    assert owner is not None
    try:
        yield folder
    finally:
        # Under the lock of the owner still, so that nobody else removes it at the same time.
        shutil.rmtree(folder, ignore_errors=True)
        os.close(owner)


def remove_abandoned(root: Path) -> int:
    """Removes the folders under ``root`` whose owners are gone; gives their number; raises :class:`OSError`."""
    if not root.is_dir():
        return 0
    with _locked(root):
        return _remove_unowned(root)


def _remove_unowned(root: Path) -> int:
    removed = 0
    for folder in root.iterdir():
        lock = _try_lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
            removed += 1
    return removed


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Between the making of a folder and its lock nobody may take it for abandoned."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_lock(folder: Path) -> int | None:
    """The descriptor that holds a lock on a folder, or ``None`` where another one does or the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
