"""Writes that are killed, take too long or too much, or find no room: all or nothing, and the next one works."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest
from pyoxigraph import Store

from pedgraph.errors import DiskFull, MemoryLimit, ReaderLost, StoreLocked, TimeLimit
from pedgraph.intake.writes import UPDATE, Outcome, Write
from pedgraph.intake.writing import WriteService
from pedgraph.settings import Settings, load_settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.manifest import checksums, read_manifest
from pedgraph.store.publication import Publication, build
from pedgraph.store.versions import STORE_FOLDER, Versions
from tests.servers import RunningServer, running_server
from tests.store.worlds import contents
from tests.writing import KEY, client, done, graphs, update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE = 1024 * 1024
SMALL = "INSERT DATA { <urn:x:s> <urn:x:p> 1 }"
ENDLESS = (
    "INSERT { <urn:x:n> <urn:x:is> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } }"
)
SEED = "INSERT DATA { " + " ".join(f"<urn:x:{n}> <urn:x:p> {n} ." for n in range(400)) + " }"


def settings(home: Path, **given: object) -> Settings:
    return load_settings({}, home=home, default_graph="plain", validate_writes="off", **given)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A home in plain mode with some triples in its default graph."""
    home = tmp_path / "home"
    build(Versions(home), ChangeSet(), Publication("somebody", "to begin", is_merged=False))
    run(settings(home), SEED)
    return home


def run(chosen: Settings, *texts: str) -> list[Outcome]:
    async def each() -> list[Outcome]:
        async with WriteService(chosen) as service:
            return [await service.run(Write(UPDATE, "a", "b"), [text.encode()]) for text in texts]

    return asyncio.run(each())


def assert_whole(home: Path) -> None:
    """The current version has all its files unchanged, and nothing is left over."""
    versions = Versions(home)
    directory = versions.directory(versions.current())
    manifest = read_manifest(directory)
    assert checksums(directory / STORE_FOLDER) == manifest.files
    assert len(Store.read_only(str(directory / STORE_FOLDER))) == manifest.quads + manifest.merged_triples
    assert list(versions.root.glob("*.tmp")) == []


def triples(home: Path) -> set[str]:
    return contents(Store.read_only(str(Versions(home).store_directory()))).get("", set())


def writers(parent: int) -> list[psutil.Process]:
    found = []
    # Servers of other tests are children too, and have writers of their own.
    for each in psutil.Process(parent).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "pedgraph.intake.writer" in each.cmdline():
                found.append(each)
    return found


async def writer_at_work(write: asyncio.Future[Outcome]) -> psutil.Process:
    """Waits for a writer of this process that computes; raises the error of its write where that has ended."""
    while not write.done():
        for each in writers(os.getpid()):
            with contextlib.suppress(psutil.NoSuchProcess):
                if each.cpu_times().user > 1.0:
                    return each
        await asyncio.sleep(0.05)
    raise AssertionError(f"the write has ended: {write.result()}")


def test_a_writer_that_is_killed_costs_one_write(plain: Path) -> None:
    before = triples(plain)

    async def kill_one() -> list[Outcome]:
        async with WriteService(settings(plain)) as service:
            first = asyncio.ensure_future(service.run(Write(UPDATE, "a", "b"), [ENDLESS.encode()]))
            killed = await writer_at_work(first)
            killed.kill()
            with pytest.raises(ReaderLost, match="or nothing"):
                await first
            assert triples(plain) == before
            return [await service.run(Write(UPDATE, "a", "b"), [SMALL.encode()])]

    assert asyncio.run(kill_one()) == [Outcome(version=3)]
    assert len(triples(plain)) == len(before) + 1
    assert_whole(plain)


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06])
def test_killed_at_any_moment_it_happens_as_a_whole_or_not_at_all(seconds: float, plain: Path) -> None:
    before = triples(plain)
    text = "DELETE WHERE { ?s ?p ?o } ; " + SMALL

    async def kill_one() -> None:
        async with WriteService(settings(plain)) as service:
            await service.run(Write(UPDATE, "a", "b"), [b""])
            (writer,) = writers(os.getpid())
            asyncio.get_running_loop().call_later(seconds, writer.kill)
            with contextlib.suppress(ReaderLost):
                await service.run(Write(UPDATE, "a", "b"), [text.encode()])
            # Where the write was quicker, what follows must not be killed in its place.
            while writer.is_running():  # noqa: ASYNC110 (nobody else tells when the end was noticed)
                await asyncio.sleep(0.01)
            assert triples(plain) in (before, {'<urn:x:s> <urn:x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'})
            await service.run(Write(UPDATE, "a", "b"), [b"INSERT DATA { <urn:x:last> <urn:x:p> 1 }"])

    asyncio.run(kill_one())

    assert any("urn:x:last" in triple for triple in triples(plain))
    assert_whole(plain)


def test_the_deadline_ends_a_write(plain: Path) -> None:
    before = triples(plain)

    with pytest.raises(TimeLimit) as caught:
        run(settings(plain, validation_deadline_seconds=1.5), ENDLESS)

    assert caught.value.extensions["limit_seconds"] == 1.5
    assert writers(os.getpid()) == []
    assert triples(plain) == before
    run(settings(plain), SMALL)
    assert_whole(plain)


def test_memory_is_limited(plain: Path) -> None:
    before = triples(plain)
    hungry = "INSERT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } "

    with pytest.raises(MemoryLimit):
        run(settings(plain, validation_memory_bytes=300 * MEBIBYTE), hungry)

    assert triples(plain) == before
    run(settings(plain), SMALL)
    assert_whole(plain)


def test_writes_at_the_same_time_all_happen(plain: Path) -> None:
    """By two services, as of two web processes, with writers of their own."""
    texts = [f"INSERT DATA {{ <urn:x:new-{n}> <urn:x:p> {n} }}" for n in range(12)]

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(lambda part: run(settings(plain), *part), (texts[::2], texts[1::2])))

    assert sorted(outcome.version for part in outcomes for outcome in part) == list(range(3, 15))
    assert len([triple for triple in triples(plain) if "urn:x:new-" in triple]) == 12
    assert_whole(plain)


def test_a_write_waits_for_another_publication_but_not_for_ever(plain: Path) -> None:
    versions = Versions(plain)
    with versions.lock(), pytest.raises(StoreLocked):
        run(settings(plain, queue_wait_seconds=0.5), SMALL)
    assert versions.current() == 2

    is_held = threading.Event()
    release = threading.Timer(1.0, lambda: None)

    def hold() -> None:
        with versions.lock():
            is_held.set()
            release.start()
            release.join()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    (outcome,) = run(settings(plain), SMALL)
    holder.join()
    assert outcome.version == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of its own with little room."""
    mount = tmp_path / "small"
    mount.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(mount)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)


def test_a_full_disk_loses_nothing_and_says_so(plain: Path, small_disk: Path) -> None:
    home = small_disk / "home"
    shutil.copytree(plain, home)
    before = triples(home)
    large = (
        "INSERT DATA { " + " ".join(f"<urn:x:{n}> <urn:x:p> '{os.urandom(3000).hex()}' ." for n in range(3000)) + " }"
    )

    with pytest.raises(DiskFull, match="no room"):
        run(settings(home), large)

    assert triples(home) == before
    assert Versions(home).current() == 2
    assert_whole(home)
    assert run(settings(home), SMALL) == [Outcome(version=3)]


def test_over_http_a_full_disk_is_507(plain: Path, small_disk: Path) -> None:
    home = small_disk / "home"
    shutil.copytree(plain, home)
    with serving(home) as running:
        before = graphs(running)
        free_bytes = shutil.disk_usage(small_disk).free
        (small_disk / "ballast").write_bytes(bytes(free_bytes))
        assert shutil.disk_usage(small_disk).free == 0
        answer = update(running, SMALL)
        kept = graphs(running)
        (small_disk / "ballast").unlink()
        done(update(running, SMALL))

    assert answer.status_code == 507
    assert answer.json()["type"].endswith("/disk-full")
    assert kept == before
    assert_whole(home)


@contextlib.contextmanager
def serving(home: Path, **given: object) -> Iterator[RunningServer]:
    with running_server(
        home, admin_key=KEY, default_graph="plain", validate_writes="off", readers=1, **given
    ) as running:
        yield running


def test_a_client_that_goes_away_ends_its_write(plain: Path) -> None:
    with serving(plain) as running:
        before = graphs(running)
        with client(running) as impatient, pytest.raises(httpx.ReadTimeout):
            impatient.post("/update", data={"update": ENDLESS}, timeout=2.0)
        wait_until(lambda: writers(running.process.pid) == [])
        kept = graphs(running)
        done(update(running, SMALL))

    assert kept == before
    assert_whole(plain)


def test_over_http_a_killed_writer_is_a_typed_error(plain: Path) -> None:
    with serving(plain) as running, ThreadPoolExecutor(1) as other:
        answering = other.submit(update, running, ENDLESS)
        wait_until(lambda: [each for each in writers(running.process.pid) if each.cpu_times().user > 1.0] != [])
        writers(running.process.pid)[0].kill()
        answer = answering.result()
        done(update(running, SMALL))

    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/reader-lost")


def wait_until(is_so: object) -> None:
    assert callable(is_so)
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
