"""Keeping the ledger up to date with the versions; whoever calls this holds the lock of the home folder."""

from __future__ import annotations

import itertools
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pedgraph.errors import PedgraphError
from pedgraph.store.differences import opened
from pedgraph.store.ledger import Ledger
from pedgraph.store.manifest import read_manifest
from pedgraph.store.recording import record_of_difference

if TYPE_CHECKING:
    from pedgraph.store.manifest import Manifest
    from pedgraph.store.recording import Record
    from pedgraph.store.versions import Versions

_LOCK_WAIT_SECONDS = 5.0

log = logging.getLogger(__name__)


def note(versions: Versions, manifest: Manifest, record: Record | None) -> bool:
    """Writes down what a publication changed: ``record``, where it was made from the version before it.

    The publication is done when this is called; that the ledger cannot be written does not undo it, only delays
    pruning. Gives whether the ledger is complete.
    """
    ledger = Ledger(versions.home)
    try:
        last = ledger.last()
        if record is not None and last is not None and last.version == manifest.parent:
            ledger.append(
                record,
                version=manifest.version,
                previous=manifest.parent,
                moment=manifest.created,
                mode=manifest.default_graph,
            )
        else:
            catch_up(versions)
    except PedgraphError as error:
        log.warning("what version %d changes is not in the ledger yet: %s", manifest.version, error)
        return False
    return True


def try_to_catch_up(versions: Versions) -> None:
    """Does the same as :func:`catch_up` before a publication, which must not fail for it."""
    try:
        catch_up(versions)
    except PedgraphError as error:
        log.warning("the ledger in %s cannot be brought up to date: %s", versions.home, error)


def roll_back(versions: Versions, version: int) -> None:
    """Makes a kept version the current one, and writes down what that changes.

    Raises :class:`VersionNotFound`, :class:`VersionGone`, :class:`StoreLocked`.
    """
    versions.rollback(version)
    with versions.lock(wait_seconds=_LOCK_WAIT_SECONDS):
        try_to_catch_up(versions)


def catch_up(versions: Versions) -> None:
    """Writes down all changes that lead to the current version and are not in the ledger yet.

    Where it holds none that a kept version follows on, it begins anew with the versions that are kept. Raises
    :class:`StoreError`, :class:`DiskFull`.
    """
    pointer = versions.pointer()
    if pointer is None:
        return
    ledger = Ledger(versions.home)
    last = ledger.last()
    if last is not None and last.version == pointer.current:
        return
    kept = versions.numbers()
    if last is None or last.version not in kept:
        if last is not None:
            log.warning("no kept version follows on version %d in the ledger, which begins anew", last.version)
            ledger.begin_anew()
        _append_difference(versions, ledger, None, kept[0])
        last = ledger.last()
        assert last is not None
    # What was published before something that is in the ledger was left out of it for a reason, or is in it.
    highest = ledger.highest_version()
    later = [number for number in kept if number > highest]
    steps = [last.version, *later]
    if steps[-1] != pointer.current:
        steps.append(pointer.current)
    for previous, version in itertools.pairwise(steps):
        _append_difference(versions, ledger, previous, version)


def _append_difference(versions: Versions, ledger: Ledger, previous: int | None, version: int) -> None:
    manifest = read_manifest(versions.directory(version))
    with opened(versions.store_directory(version)) as new:
        if previous is None:
            record = record_of_difference(None, new)
        else:
            with opened(versions.store_directory(previous)) as old:
                record = record_of_difference(old, new)
    # Going back to a version that was there before happens now, whenever that was made.
    is_new = version > ledger.highest_version()
    moment = manifest.created if is_new else datetime.now(UTC).isoformat(timespec="seconds")
    ledger.append(record, version=version, previous=previous, moment=moment, mode=manifest.default_graph)
