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
    with versions.lock(), _store_errors(versions.home):
        work, number = _start(versions)
        _write(work / STORE_FOLDER, changes, publication, is_new=True)
        return _finish(versions, work, number, publication, parent=None)


def publish(versions: Versions, changes: ChangeSet, publication: Publication) -> Manifest:
    """Publishes the current version with a change set applied; see :func:`build` for what it returns and raises."""
    with versions.lock(), _store_errors(versions.home):
        parent = versions.current()
        work, number = _start(versions)
        _clone(versions.directory(parent) / STORE_FOLDER, work / STORE_FOLDER)
        _write(work / STORE_FOLDER, changes, publication, is_new=False)
        return _finish(versions, work, number, publication, parent=parent)


@contextmanager
def _store_errors(home: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise StoreError(f"Publishing in {home} failed: {error}. The current version is as it was.") from error


def _start(versions: Versions) -> tuple[Path, int]:
    versions.clean_up()
    pointer = versions.pointer()
    number = 1 if pointer is None else pointer.published + 1
    work = versions.directory(number).with_suffix(WORK_SUFFIX)
    work.mkdir()
    return work, number


def _clone(source: Path, target: Path) -> None:
    target.mkdir()
    copied = 0
    for path in source.iterdir():
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
    store = Store(str(directory))
    if is_new:
        fill(store, changes)
    else:
        apply(store, changes)
    derive(store, publication.derivations)
    store.flush()
    # RocksDB closes when the last reference goes; nothing may hold one here.
    del store


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
    versions.prune(publication.keep)
    return manifest


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
