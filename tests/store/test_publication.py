"""Publication: versions on disk, their pointer, their manifest, and who may change them."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Store

from pedgraph.errors import NotReady, StoreError, StoreLocked, VersionNotFound
from pedgraph.store.changes import ChangeSet
from pedgraph.store.manifest import checksums, read_manifest
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import STORE_FOLDER, Pointer, Versions, hold
from tests.store.worlds import PUBLICATION, A, B, contents, texts, triple, world

if TYPE_CHECKING:
    from pathlib import Path


def opened(versions: Versions, number: int | None = None) -> dict[str, set[str]]:
    return contents(Store.read_only(str(versions.store_directory(number))))


def test_a_build_makes_a_version_and_points_to_it(tmp_path: Path) -> None:
    versions = Versions(tmp_path)

    manifest = build(versions, world(a=[triple("a"), triple("s")], b=[triple("s")]), PUBLICATION)

    assert versions.pointer() == Pointer(current=1, published=1)
    assert read_manifest(versions.directory(1)) == manifest
    assert (manifest.version, manifest.parent, manifest.author, manifest.reason) == (1, None, "somebody", "to see")
    assert (manifest.quads, manifest.merged_triples, manifest.graphs) == (3, 2, {A: 2, B: 1})
    assert manifest.files == checksums(versions.store_directory())
    assert opened(versions)[A] == texts(triple("a"), triple("s"))


def test_a_publication_leaves_its_parent_byte_for_byte_as_it_was(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple(str(i)) for i in range(500)]), PUBLICATION)
    before = checksums(versions.store_directory(1))

    manifest = publish(versions, ChangeSet({B: [triple("b")]}, frozenset({A})), PUBLICATION)

    assert (manifest.version, manifest.parent) == (2, 1)
    assert checksums(versions.store_directory(1)) == before == read_manifest(versions.directory(1)).files
    assert checksums(versions.store_directory(2)) == manifest.files
    assert opened(versions) == {B: texts(triple("b")), "": texts(triple("b"))}
    assert len(opened(versions, 1)[A]) == 500


def test_a_clone_shares_its_large_files_with_its_parent(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple(str(i)) for i in range(500)]), PUBLICATION)

    publish(versions, world(b=[triple("b")]), PUBLICATION)

    parents = {path.name: path.stat().st_ino for path in versions.store_directory(1).glob("*.sst")}
    children = {path.name: path.stat().st_ino for path in versions.store_directory(2).glob("*.sst")}
    assert len(parents.items() & children.items()) > len(parents) / 2


def test_many_publications_leave_no_litter(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)
    for number in range(12):
        publish(versions, world(a=[triple(str(number))]), PUBLICATION)

    names = [path.name for path in versions.store_directory().iterdir() if path.suffix not in {".sst", ".log"}]

    assert len([name for name in names if name.startswith("LOG")]) == 1
    assert len(names) < 9, names


def test_a_rollback_moves_the_pointer_and_the_next_publication_goes_on_from_there(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("first")]), PUBLICATION)
    publish(versions, world(a=[triple("second")]), PUBLICATION)

    versions.rollback(1)
    rolled_back = versions.pointer()
    manifest = publish(versions, world(b=[triple("third")]), PUBLICATION)

    assert rolled_back == Pointer(current=1, published=2)
    assert (manifest.version, manifest.parent) == (3, 1)
    assert opened(versions)[""] == texts(triple("first"), triple("third"))
    assert versions.numbers() == [1, 2, 3]


def test_a_rollback_to_nowhere_changes_nothing(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)

    with pytest.raises(VersionNotFound, match="Kept versions: 1"):
        versions.rollback(7)

    assert versions.pointer() == Pointer(current=1, published=1)


def test_a_damaged_manifest_stops_neither_publishing_nor_pruning(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    for name in ("1", "2", "3"):
        build(versions, world(a=[triple(name)]), Publication("somebody", "to see", keep=100))
    (versions.directory(1) / "manifest.json").write_text("{", encoding="utf-8")

    publish(versions, world(a=[triple("4")]), Publication("somebody", "prunes", keep=1))

    assert versions.numbers() == [1, 4]
    assert versions.current() == 4


def test_pruning_keeps_the_newest_the_named_the_current_and_what_is_open(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    plain = Publication("somebody", "to see", keep=100)
    build(versions, world(a=[triple("1")]), Publication("somebody", "named", keep=100, release="2026.1"))
    for number in range(2, 9):
        publish(versions, world(a=[triple(str(number))]), plain)
    versions.rollback(3)
    held = hold(versions.directory(4))
    publish(versions, world(a=[triple("9")]), Publication("somebody", "prunes", keep=3))
    before_release = versions.numbers()
    os.close(held)
    with versions.lock():
        removed = versions.prune(3)

    assert before_release == [1, 4, 7, 8, 9]
    assert removed == [4]
    assert sorted(path.name for path in versions.root.iterdir()) == ["000001", "000007", "000008", "000009"]


def test_two_publications_at_once_are_refused(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)
    script = (
        "import sys; from pathlib import Path; from pedgraph.store.versions import Versions\n"
        "with Versions(Path(sys.argv[1])).lock(): print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(StoreLocked, match="try again"):
            publish(versions, world(b=[triple("b")]), PUBLICATION)
        other.communicate(b"")

    assert publish(versions, world(b=[triple("b")]), PUBLICATION).version == 2


def test_what_a_killed_publication_left_behind_is_no_version_and_goes_away(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)
    publish(versions, world(a=[triple("b")]), PUBLICATION)
    # Killed before its rename, and killed between its rename and its pointer.
    (versions.root / "000003.tmp" / STORE_FOLDER).mkdir(parents=True)
    versions.point_to(1, published=1)

    listed = versions.numbers()
    manifest = publish(versions, world(a=[triple("c")]), PUBLICATION)

    assert listed == [1]
    assert (manifest.version, manifest.parent) == (2, 1)
    assert sorted(path.name for path in versions.root.iterdir()) == ["000001", "000002"]
    assert opened(versions)[A] == texts(triple("c"))


def test_a_change_that_fails_leaves_the_current_version_as_it_was(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)

    for derivation in ("CONSTRUCT { ?s <urn:x:f> ?x } WHERE { ?s ?p ?o BIND(<urn:f>(?o) AS ?x) }", "nonsense"):
        wrong = Publication("somebody", "to see", derivations=[derivation])
        with pytest.raises(StoreError, match="The current version is as it was"):
            publish(versions, world(a=[triple("b")]), wrong)

    assert [path.name for path in versions.root.iterdir()] == ["000001"]
    assert versions.pointer() == Pointer(current=1, published=1)
    assert opened(versions)[A] == texts(triple("a"))


def test_an_empty_home_is_not_ready(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "nothing")

    assert (versions.pointer(), versions.numbers()) == (None, [])
    with pytest.raises(NotReady, match="pedgraph build"):
        versions.current()
    with pytest.raises(NotReady):
        publish(versions, world(a=[]), PUBLICATION)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"current": "x", "published": 1}', '{"current": 1}'])
def test_a_damaged_pointer_is_a_clear_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "pointer.json").write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match="pointer file"):
        Versions(tmp_path).pointer()


def test_a_damaged_manifest_is_a_clear_error(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)
    (versions.directory(1) / "manifest.json").write_text(json.dumps({"version": 1}), encoding="utf-8")

    with pytest.raises(StoreError, match="manifest"):
        read_manifest(versions.directory(1))


def test_a_home_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StoreError, match="cannot be written"):
        build(Versions(tmp_path / "file"), world(a=[]), PUBLICATION)


def test_holding_a_version_is_a_shared_lock(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    build(versions, world(a=[triple("a")]), PUBLICATION)

    first, second = hold(versions.directory(1)), hold(versions.directory(1))
    with (versions.directory(1) / "manifest.json").open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    os.close(first)
    os.close(second)
