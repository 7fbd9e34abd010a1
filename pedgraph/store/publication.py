"""Publication: how a new version comes into being, so that a death at any moment leaves the current one intact.

Lock, clone the current version with hard links (or start empty), open read-write, apply, derive, flush, close, check
read-only, write the manifest, fsync, rename, move the pointer, prune. A version is never written to again.
"""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pyoxigraph import Store

from pedgraph.errors import StoreError
from pedgraph.store.changes import DEFAULT_GRAPH, ChangeSet, apply, derive, fill
from pedgraph.store.manifest import Manifest, checksums, read_manifest
from pedgraph.store.versions import STORE_FOLDER, WORK_SUFFIX, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)

LINKED_SUFFIXES = frozenset({".sst", ".blob"})
_ENGINE_ERRORS = (OSError, RuntimeError, ValueError, SyntaxError)


@dataclass(frozen=True)
class Publication:
    """What a publication needs to know besides the change itself.

    ``derivations`` are the texts of the CONSTRUCT queries that fill the inferred graph, in their order. ``keep`` is
    the number of newest versions that survive it. ``release`` names the version, which saves it from pruning.
    """

    author: str
    reason: str
    derivations: Sequence[str] = ()
    keep: int = 10
    release: str | None = None


def build(versions: Versions, changes: ChangeSet, publication: Publication) -> Manifest:
    """Publishes a version made from scratch, holding the graphs of the change set and what is derived from them.

    Returns its manifest. Raises :class:`StoreLocked` while another process publishes, :class:`StoreError` where the
    disk does not take it; the current version stays as it was then.
    """
    with versions.lock(), _work_folder(versions) as (work, number):
        _write(work / STORE_FOLDER, changes, publication, is_new=True)
        return _finish(versions, work, number, publication, parent=None)


def publish(versions: Versions, changes: ChangeSet, publication: Publication) -> Manifest:
    """Publishes the current version with a change set applied; see :func:`build` for what it returns and raises."""
    with versions.lock():
        parent = versions.current()
        with _work_folder(versions) as (work, number):
            _clone(versions.directory(parent) / STORE_FOLDER, work / STORE_FOLDER)
            _write(work / STORE_FOLDER, changes, publication, is_new=False)
            return _finish(versions, work, number, publication, parent=parent)


@contextmanager
def _work_folder(versions: Versions) -> Iterator[tuple[Path, int]]:
    """The folder that becomes the next version, and its number; it goes away again where that fails."""
    try:
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
    except _ENGINE_ERRORS as error:
        raise StoreError(f"Publishing in {versions.home} failed: {error}. The current version is as it was.") from error


def _clone(source: Path, target: Path) -> None:
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


def _write(directory: Path, changes: ChangeSet, publication: Publication, *, is_new: bool) -> None:
    failure = ""
    store = Store(str(directory))
    try:
        if is_new:
            fill(store, changes)
        else:
            apply(store, changes)
        derive(store, publication.derivations)
        store.flush()
    except _ENGINE_ERRORS as error:
        failure = str(error)
    # The database closes when the last reference to it goes, and a traceback would hold some.
    del store
    if failure:
        raise RuntimeError(failure)


def _finish(versions: Versions, work: Path, number: int, publication: Publication, *, parent: int | None) -> Manifest:
    known = {}
    if parent is not None:
        known = {
            name: checksum
            for name, checksum in read_manifest(versions.directory(parent)).files.items()
            if name.endswith(tuple(LINKED_SUFFIXES))
        }
    graphs, merged_triples = _count(work / STORE_FOLDER)
    manifest = Manifest(
        version=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        author=publication.author,
        reason=publication.reason,
        parent=parent,
        release=publication.release,
        quads=sum(graphs.values()),
        merged_triples=merged_triples,
        graphs=graphs,
        files=checksums(work / STORE_FOLDER, known=known),
    )
    manifest.write(work)
    _sync(work)
    work.rename(versions.directory(number))
    sync_folder(versions.root)
    versions.point_to(number, published=number)
    _prune(versions, publication.keep)
    return manifest


def _prune(versions: Versions, keep: int) -> None:
    """The publication is done when this is called; that old versions cannot be removed does not undo it."""
    try:
        versions.prune(keep)
    except (OSError, StoreError) as error:
        log.warning("old versions in %s could not be removed: %s", versions.home, error)


def _count(directory: Path) -> tuple[dict[str, int], int]:
    store = Store.read_only(str(directory))
    graphs = {str(graph.value): _size(store, graph) for graph in store.named_graphs()}
    return dict(sorted(graphs.items())), _size(store, DEFAULT_GRAPH)


def _size(store: Store, graph: NamedNode | BlankNode | DefaultGraph) -> int:
    solutions = store.query("SELECT (COUNT(*) AS ?size) { ?s ?p ?o }", default_graph=graph)
    size: Literal = next(iter(solutions))["size"]  # type: ignore[arg-type]
    return int(size.value)


def _sync(work: Path) -> None:
    for path in (*(work / STORE_FOLDER).iterdir(), work / "manifest.json"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(work / STORE_FOLDER)
    sync_folder(work)
