"""A publication that is killed at any moment leaves the current version whole, and the next one works."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pyoxigraph import Store

from pedgraph.store.changes import ChangeSet
from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.store.ledger import Ledger
from pedgraph.store.manifest import checksums, read_manifest
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import STORE_FOLDER, Versions
from tests.faults.publisher import GRAPHS, TRIPLES_PER_GRAPH, content
from tests.feeds import held, replayed
from tests.folders import TEXTS

FEW_KILLS = 15
KILLS = 50
LONGEST_WAIT_SECONDS = 0.4
# In memory, where there is such a folder: it is not power that fails here.
QUICK_FOLDER = Path("/dev/shm")  # noqa: S108 (only as the place of a folder that nobody else has)
PUBLISHER = Path(__file__).with_name("publisher.py")


def assert_whole(versions: Versions) -> None:
    """The current version opens, has all its files unchanged, and holds one round and nothing of another."""
    directory = versions.directory(versions.current())
    manifest = read_manifest(directory)
    assert checksums(directory / STORE_FOLDER) == manifest.files
    store = Store.read_only(str(directory / STORE_FOLDER))
    rounds = {quad.object for quad in store}
    assert len(rounds) == 1
    sizes = {
        str(graph.value): len(list(store.quads_for_pattern(None, None, None, graph))) for graph in store.named_graphs()
    }
    assert sizes == dict.fromkeys(GRAPHS, TRIPLES_PER_GRAPH) == manifest.graphs
    merged = len(list(store.quads_for_pattern(None, None, None, DEFAULT_GRAPH)))
    assert merged == TRIPLES_PER_GRAPH == manifest.merged_triples


def test_kill_at_random_moments(tmp_path: Path) -> None:
    moments = random.Random(20261121)
    versions = Versions(tmp_path)
    left_behind = killed = 0
    build(versions, ChangeSet(dict.fromkeys(GRAPHS, content(-2))), Publication("test", "the first one"))
    # More than a few where the machine is so busy that none of these falls into a publication.
    while killed < FEW_KILLS or (left_behind == 0 and killed < KILLS):
        killed += 1
        with subprocess.Popen([sys.executable, str(PUBLISHER), str(tmp_path)], stdout=subprocess.PIPE) as publisher:
            assert publisher.stdout is not None
            assert publisher.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, LONGEST_WAIT_SECONDS))
            publisher.send_signal(signal.SIGKILL)
        assert_whole(versions)
        left_behind += len(list(versions.root.glob("*.tmp")))

    published = versions.current()
    manifest = publish(versions, ChangeSet(dict.fromkeys(GRAPHS, content(-1))), Publication("test", "the next one"))

    assert manifest.version > published
    assert_whole(versions)
    assert left_behind > 0, "no kill fell into a publication; the moments are badly chosen"
    assert list(versions.root.glob("*.tmp")) == []
    assert versions.numbers() == sorted(int(path.name) for path in versions.root.iterdir())
    # However many versions were pruned meanwhile, the ledger leads to the current one.
    assert replayed(versions) == held(versions)
    steps = [(each.previous, each.version) for each in Ledger(versions.home).changes()]
    assert steps == [*((number - 1, number) for number in range(manifest.version, 1, -1)), (None, 1)]


def test_a_death_at_any_step_leaves_a_ledger_that_leads_to_the_current_version() -> None:
    with TemporaryDirectory(dir=QUICK_FOLDER if QUICK_FOLDER.is_dir() else None) as home:
        command = [sys.executable, "-m", "tests.faults.dying", home]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    deaths = [json.loads(line) for line in done.stdout.splitlines()]

    # Nothing was begun anew, and nothing could not be read.
    assert done.stderr == ""
    streams = {each["stream"] for each in deaths}
    assert len(streams) == 1
    for each in deaths:
        changes = each["changes"]
        versions = [1, *(version for _, _, version in changes[1:])]
        assert changes == [
            [number, previous, version]
            for number, (previous, version) in enumerate(itertools.pairwise([None, *versions]), start=1)
        ], each
        assert (versions[-1], each["is replayed"], each["kept"][-1]) == (each["current"], True, each["current"]), each
    places = {each["before"].split()[0] for each in deaths}
    assert {"BEGIN", "INSERT", "COMMIT", "os.rename", "shutil.rmtree", "fcntl.flock", "open"} <= places


@pytest.mark.soak
def test_kill_the_whole_build_at_fifty_random_moments(tmp_path: Path) -> None:
    moments = random.Random(20261122)
    versions = Versions(tmp_path)
    command = [sys.executable, "-m", "pedgraph", "build", "--data", str(TEXTS), "--home", str(tmp_path)]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    duration_seconds = time.monotonic() - started
    for _ in range(KILLS):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as builder:
            time.sleep(moments.uniform(0, duration_seconds))
            builder.send_signal(signal.SIGKILL)
        directory = versions.directory(versions.current())
        manifest = read_manifest(directory)
        assert checksums(directory / STORE_FOLDER) == manifest.files
        assert len(Store.read_only(str(directory / STORE_FOLDER))) == manifest.quads + manifest.merged_triples

    before = versions.current()
    subprocess.run(command, check=True, capture_output=True)

    assert versions.current() > before
