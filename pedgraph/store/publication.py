"""Publication: how a new version comes into being, so that a death at any moment leaves the current one intact.

Lock, clone the current version with hard links (or start empty), open read-write, apply, derive, flush, close, check
read-only, write the manifest, fsync, rename, move the pointer, prune. A version is never written to again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pedgraph.errors import PedgraphError, SettingsError, StoreError
from pedgraph.store import chronicle
from pedgraph.store.candidates import LINKED_SUFFIXES, clone, count, sync, work_folder, write
from pedgraph.store.changes import ChangeSet, apply, derive, fill, merge_all
from pedgraph.store.edits import DEFAULT_GRAPH, Edits
from pedgraph.store.history import next_moment
from pedgraph.store.manifest import Manifest, checksums, read_manifest
from pedgraph.store.recording import Record, record_of_edits
from pedgraph.store.versions import STORE_FOLDER, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)


class _NothingChangedError(PedgraphError):
    """Ends a publication that would be like its parent."""

    def __init__(self) -> None:
        super().__init__("Nothing changes.")


@dataclass(frozen=True)
class Publication:
    """What a publication needs to know besides the change itself.

    ``derivations`` are the texts of the CONSTRUCT queries that fill the inferred graph, in their order; ``None`` leaves
    that graph as it is. ``keep`` is
    the number of newest versions that survive it. ``release`` names the version, which saves it from pruning.
    ``examine`` is called with the folder of the candidate's store once it is written, and ends the publication by
    raising an error. ``is_merged`` says whether the default graph is the merge of the named graphs; where it is a graph
    of its own nothing is derived.
    """

    author: str
    reason: str
    derivations: Sequence[str] | None = ()
    keep: int = 10
    release: str | None = None
    examine: Callable[[Path], None] = lambda _: None
    is_merged: bool = True

    @property
    def mode(self) -> str:
        """What the default graph is, as the manifest says it."""
        return "merged" if self.is_merged else "plain"

    def derive(self, edits: Edits) -> None:
        """Fills the inferred graph, where anything is to be derived."""
        if self.is_merged and self.derivations is not None:
            derive(edits, self.derivations)


def build(
    versions: Versions, changes: ChangeSet, publication: Publication, then: Callable[[Edits], None] = lambda _: None
) -> Manifest:
    """Publishes a version made from scratch, holding the graphs of the change set, what ``then`` makes of them, and
    what is derived.

    Returns its manifest. Raises :class:`StoreLocked` while another process publishes, :class:`StoreError` where the
    disk does not take it, :class:`DiskFull` where there is no room; the current version stays as it was then.
    """

    def work(edits: Edits) -> None:
        fill(edits.store, changes, is_merged=publication.is_merged)
        then(edits)
        publication.derive(edits)

    with versions.lock(), work_folder(versions) as (work_directory, number):
        write(work_directory / STORE_FOLDER, work, is_merged=publication.is_merged)
        publication.examine(work_directory / STORE_FOLDER)
        return _finish(versions, work_directory, number, publication, _Made())


def publish(versions: Versions, changes: ChangeSet, publication: Publication) -> Manifest:
    """Publishes the current version with a change set applied; see :func:`build` for what it returns and raises."""
    return edit(versions, lambda edits: apply(edits, changes), publication, is_wanted=lambda _: True)


def edit(
    versions: Versions,
    change: Callable[[Edits], None],
    publication: Publication,
    *,
    wait_seconds: float = 0.0,
    is_wanted: Callable[[Edits], bool] = lambda edits: not edits.is_empty(),
) -> Manifest:
    """Publishes the current version as edited by ``change``; see :func:`build` for what it returns and raises.

    ``change`` may raise an error of ours, and nothing is published then. Where the edits are not ``is_wanted``, which
    is by default where they come to nothing, nothing is published either, and the manifest is the parent's. Waits for
    other publications up to ``wait_seconds``.
    """
    with versions.lock(wait_seconds):
        chronicle.try_to_catch_up(versions)
        parent = read_manifest(versions.directory(versions.current()))
        if parent.default_graph != publication.mode:
            parent = _convert(versions, parent, publication)

        def work(edits: Edits) -> None:
            change(edits)
            if not is_wanted(edits):
                raise _NothingChangedError
            publication.derive(edits)

        try:
            return _edited(versions, parent, work, publication)
        except _NothingChangedError:
            return parent


def convert(versions: Versions, publication: Publication) -> Manifest | None:
    """Publishes the current version with the default graph that the mode of the publication wants.

    Returns ``None`` where it has that already. Raises :class:`SettingsError` where a default graph of its own holds
    data, which would be lost in the merge, and what :func:`build` raises.
    """
    with versions.lock():
        parent = read_manifest(versions.directory(versions.current()))
        return None if parent.default_graph == publication.mode else _convert(versions, parent, publication)


def _convert(versions: Versions, parent: Manifest, publication: Publication) -> Manifest:
    if publication.is_merged and parent.merged_triples:
        raise SettingsError(
            f"Version {parent.version} has a default graph of its own with {parent.merged_triples:,} triples, which "
            "would be lost in a merge of the named graphs. Move them to a named graph first, or set "
            "PEDGRAPH_DEFAULT_GRAPH=plain."
        )

    def work(edits: Edits) -> None:
        if publication.is_merged:
            merge_all(edits)
            publication.derive(edits)
        else:
            edits.store.clear_graph(DEFAULT_GRAPH)

    log.info("version %d is converted: its default graph becomes %s", parent.version, publication.mode)
    made = replace(publication, reason=f"The default graph becomes {publication.mode}", release=None)
    with work_folder(versions) as (work_directory, number):
        clone(versions.directory(parent.version) / STORE_FOLDER, work_directory / STORE_FOLDER)
        write(work_directory / STORE_FOLDER, work, is_merged=publication.is_merged)
        return _finish(versions, work_directory, number, made, _Made(parent))


def _edited(versions: Versions, parent: Manifest, work: Callable[[Edits], None], publication: Publication) -> Manifest:
    with work_folder(versions) as (work_directory, number):
        clone(versions.directory(parent.version) / STORE_FOLDER, work_directory / STORE_FOLDER)
        records = []

        def work_and_record(edits: Edits) -> None:
            work(edits)
            records.append(record_of_edits(edits))

        account = write(work_directory / STORE_FOLDER, work_and_record, is_merged=publication.is_merged)
        publication.examine(work_directory / STORE_FOLDER)
        made = _Made(parent, account, records[0])
        return _finish(versions, work_directory, number, publication, made)


@dataclass(frozen=True)
class _Made:
    """What a candidate was made from, the account of what was done to it, and what that comes to thing by thing."""

    parent: Manifest | None = None
    account: Edits | None = None
    record: Record | None = None


def _finish(versions: Versions, work: Path, number: int, publication: Publication, made: _Made) -> Manifest:
    manifest, known = _manifest(versions, work, number, publication, made)
    manifest.write(work)
    sync(work, known)
    work.rename(versions.directory(number))
    sync_folder(versions.root)
    versions.point_to(number, published=number)
    if chronicle.note(versions, manifest, made.record):
        # The ledger may need what pruning takes away.
        _prune(versions, publication.keep)
    return manifest


def _manifest(
    versions: Versions, work: Path, number: int, publication: Publication, made: _Made
) -> tuple[Manifest, dict[str, str]]:
    """The manifest of a candidate, and the files that it shares with its parent, with their checksums."""
    parent, account = made.parent, made.account
    files = {} if parent is None else parent.files
    known = {name: checksum for name, checksum in files.items() if name.endswith(tuple(LINKED_SUFFIXES))}
    if parent is None or account is None:
        graphs, merged_triples = count(work / STORE_FOLDER)
        changed = dict.fromkeys(graphs, number)
    else:
        graphs, merged_triples = account.counted(parent.graphs, parent.merged_triples)
        since = {graph: parent.changed.get(graph, parent.version) for graph in graphs}
        changed = since | dict.fromkeys(account.changed() & set(graphs), number)
    manifest = Manifest(
        version=number,
        created=next_moment(versions),
        author=publication.author,
        reason=publication.reason,
        parent=None if parent is None else parent.version,
        release=publication.release,
        quads=sum(graphs.values()),
        merged_triples=merged_triples,
        graphs=graphs,
        files=checksums(work / STORE_FOLDER, known=known),
        default_graph=publication.mode,
        changed=changed,
    )
    return manifest, known


def _prune(versions: Versions, keep: int) -> None:
    """The publication is done when this is called; that old versions cannot be removed does not undo it."""
    try:
        versions.prune(keep)
    except (OSError, StoreError) as error:
        log.warning("old versions in %s could not be removed: %s", versions.home, error)
