"""Trials: what a change would make of the current version, tried on a copy that is never published.

A trial takes no part in publication: it holds the version that it starts from against pruning, works in a folder of its
own beside the versions, and others publish meanwhile.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.errors import StoreError
from pedgraph.store.abandoned import own_folder
from pedgraph.store.candidates import clone, refusing_full_disks, write
from pedgraph.store.manifest import Manifest, read_manifest
from pedgraph.store.versions import STORE_FOLDER, hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pedgraph.store.edits import Edits
    from pedgraph.store.versions import Versions

_PLAIN = "The default graph is a graph of its own here, so there is no merge of claims that a change could be tried on."


@dataclass(frozen=True)
class Trial:
    """The version that was started from, the folders of the stores before and after, and what differs."""

    manifest: Manifest
    before: Path
    after: Path
    account: Edits


@contextmanager
def trial(versions: Versions, work: Callable[[Edits], None]) -> Iterator[Trial]:
    """Tries ``work`` on a copy of the current version, which goes away at the end; the current one stays as it is.

    Raises :class:`NotReady` where there is no version, :class:`StoreError`, :class:`DiskFull`, and what ``work`` does.
    """
    number, held = _hold_current(versions)
    try:
        source = versions.directory(number)
        manifest = read_manifest(source)
        if manifest.default_graph != "merged":
            raise StoreError(_PLAIN)
        with ExitStack() as stack:
            with refusing_full_disks(f"Trying a change in {versions.home}"):
                target = stack.enter_context(own_folder(versions.trials)) / STORE_FOLDER
                clone(source / STORE_FOLDER, target)
                account = write(target, work, is_merged=True)
            yield Trial(manifest, source / STORE_FOLDER, target, account)
    finally:
        os.close(held)


def _hold_current(versions: Versions) -> tuple[int, int]:
    while True:
        number = versions.current()
        try:
            return number, hold(versions.directory(number))
        except FileNotFoundError:
            if versions.current() == number:
                raise StoreError(f"Version {number} is the current one, and its manifest is missing.") from None
