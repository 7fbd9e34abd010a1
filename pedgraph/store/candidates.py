"""Candidates: folders in which a version comes into being, and which go away again where it does not."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyoxigraph import Store

from pedgraph.errors import DiskFull, PedgraphError, StoreError
from pedgraph.store.edits import DEFAULT_GRAPH, Edits
from pedgraph.store.versions import STORE_FOLDER, WORK_SUFFIX, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)

LINKED_SUFFIXES = frozenset({".sst", ".blob"})
_ENGINE_ERRORS = (OSError, RuntimeError, ValueError, SyntaxError)
_NO_SPACE = "No space left on device"


@contextmanager
def work_folder(versions: Versions) -> Iterator[tuple[Path, int]]:
    """The folder that becomes the next version, and its number; it goes away again where that fails.

    Raises :class:`StoreError`, :class:`DiskFull`. The caller holds the lock.
    """
    with refusing_full_disks(f"Publishing in {versions.home}"):
        versions.clean_up()
        pointer = versions.pointer()
        number = 1 if pointer is None else pointer.published + 1
        work = versions.directory(number).with_suffix(WORK_SUFFIX)
        work.mkdir()
        try:
            yield work, number
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise


@contextmanager
def refusing_full_disks(what: str) -> Iterator[None]:
    """Turns what the disk and the engine raise into :class:`DiskFull` or :class:`StoreError`; ``what`` failed then."""
    try:
        yield
    except _ENGINE_ERRORS as error:
        if is_full(error):
            raise DiskFull(
                "There is no room on the disk for another version. The current version is as it was."
            ) from error
        raise StoreError(f"{what} failed: {error}. The current version is as it was.") from error


def clone(source: Path, target: Path) -> None:
    """Makes the folder of a store from that of another, by hard links where a file never changes."""
    target.mkdir()
    copied = 0
    for path in source.iterdir():
        if path.name.startswith("LOG"):
            # The database's own log; it would pile up from version to version.
            continue
        if path.suffix in LINKED_SUFFIXES:
            try:
                os.link(path, target / path.name)
                continue
            except OSError:
                copied += 1
        shutil.copyfile(path, target / path.name)
    if copied:
        log.warning("this file system has no hard links: %d files of %s were copied instead", copied, source)


def write(directory: Path, work: Callable[[Edits], None], *, is_merged: bool) -> Edits:
    """Opens a store, works on it, and closes it again, also where that fails; gives the account of what was done."""
    edits = Edits(Store(str(directory)), is_merged=is_merged)
    failure: Exception | None = None
    try:
        work(edits)
        edits.store.flush()
    except (PedgraphError, MemoryError, *_ENGINE_ERRORS) as error:
        # The database closes when the last reference to it goes, and a traceback would hold some.
        failure = _without_frames(error)
    finally:
        edits.close()
    if failure is not None:
        raise failure
    return edits


def _without_frames(error: Exception) -> Exception:
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def is_full(error: Exception) -> bool:
    """Whether an error says that there is no room on the disk."""
    return getattr(error, "errno", None) == errno.ENOSPC or _NO_SPACE in str(error)


def count(directory: Path) -> tuple[dict[str, int], int]:
    """The sizes of all named graphs of a store, and of its default graph."""
    store = Store.read_only(str(directory))
    graphs = {str(graph.value): _size(store, graph) for graph in store.named_graphs()}
    return dict(sorted(graphs.items())), _size(store, DEFAULT_GRAPH)


def _size(store: Store, graph: NamedNode | BlankNode | DefaultGraph) -> int:
    solutions = store.query("SELECT (COUNT(*) AS ?size) { ?s ?p ?o }", default_graph=graph)
    size: Literal = next(iter(solutions))["size"]  # type: ignore[arg-type]
    return int(size.value)


def sync(work: Path, known: Collection[str]) -> None:
    """Makes a version durable; the files that it shares with its parent are so already."""
    files = [path for path in (work / STORE_FOLDER).iterdir() if path.name not in known]
    for path in (*files, work / "manifest.json"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(work / STORE_FOLDER)
    sync_folder(work)
