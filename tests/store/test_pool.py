"""The pool by itself: what it starts, refuses, replaces and closes."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pedgraph.errors import Busy, MemoryLimit, NotReady, TimeLimit, VersionNotFound
from pedgraph.settings import Settings, load_settings
from pedgraph.store.pool import ReaderPool, ReadRequest
from pedgraph.store.publication import build, publish
from pedgraph.store.versions import Versions
from tests.store.worlds import PUBLICATION, triple, world

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """Two versions: one with 300 triples, one with 301."""
    made = Versions(tmp_path)
    build(made, world(a=[triple(str(i)) for i in range(300)]), PUBLICATION)
    publish(made, world(b=[triple("b")]), PUBLICATION)
    return made


def settings(versions: Versions, **given: object) -> Settings:
    return load_settings({}, home=versions.home, **given)


async def text_of(pool: ReaderPool, query: str, **request: object) -> str:
    answer = await pool.run(ReadRequest(query, "text/csv", **request))  # type: ignore[arg-type]
    try:
        return b"".join([chunk async for chunk in answer.chunks()]).decode()
    finally:
        await answer.close()


def test_any_kept_version_can_be_asked(versions: Versions) -> None:
    async def run() -> list[str]:
        async with ReaderPool(settings(versions, readers=1), versions) as pool:
            answers = [await text_of(pool, COUNT, version=version) for version in (None, 1, 2, 1)]
            with pytest.raises(VersionNotFound):
                await text_of(pool, COUNT, version=3)
            return answers

    assert asyncio.run(run()) == ["n\r\n301\r\n", "n\r\n300\r\n", "n\r\n301\r\n", "n\r\n300\r\n"]


def test_limits_are_typed_and_the_reader_is_replaced(versions: Versions) -> None:
    async def run() -> tuple[set[int], set[int], str]:
        limited = settings(versions, readers=1, query_deadline_seconds=2, reader_memory_bytes=256 * 2**20)
        async with ReaderPool(limited, versions) as pool:
            first = set(pool.process_ids)
            with pytest.raises(TimeLimit, match="2 seconds"):
                await text_of(pool, f"SELECT (COUNT(*) AS ?n) {CROSS}")
            with pytest.raises(MemoryLimit):
                await text_of(pool, f"SELECT * {CROSS} ORDER BY ?a")
            answer = await text_of(pool, COUNT)
            return first, set(pool.process_ids), answer

    before, after, answer = asyncio.run(run())

    assert len(before) == len(after) == 1
    assert before != after
    assert answer == "n\r\n301\r\n"


def test_the_memory_limit_is_told_from_other_ends_whatever_the_engine_prints(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "full")
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))

    async def run() -> None:
        async with ReaderPool(settings(versions, readers=1, reader_memory_bytes=512 * 2**20), versions) as pool:
            with pytest.raises(MemoryLimit):
                await text_of(pool, f"SELECT * {{ BIND('{'a' * 32}' AS ?x0) {doubled} }}")

    asyncio.run(run())


def test_readers_that_cannot_be_started_are_an_error_of_ours(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr("sys.executable", str(versions.home / "no-such-program"))

    async def run() -> None:
        async with ReaderPool(settings(versions, readers=2), versions):
            pass

    with pytest.raises(NotReady, match="No such file"):
        asyncio.run(run())
    assert len(list(Path("/proc/self/fd").iterdir())) == opened


def test_a_full_queue_refuses_and_an_open_one_waits(versions: Versions) -> None:
    async def run() -> tuple[list[str], str]:
        crowded = settings(versions, readers=1, queue_max_queries=1, queue_wait_seconds=1, query_deadline_seconds=3)
        async with ReaderPool(crowded, versions) as pool:
            endless = asyncio.create_task(text_of(pool, f"SELECT (COUNT(*) AS ?n) {CROSS}"))
            await asyncio.sleep(0.2)
            waiting = asyncio.create_task(text_of(pool, COUNT))
            await asyncio.sleep(0.05)
            refusals = []
            for refused in (text_of(pool, COUNT), waiting):
                with pytest.raises(Busy) as caught:
                    await refused
                refusals.append(caught.value.detail)
            with pytest.raises(TimeLimit):
                await endless
            # Until the reader is replaced, nobody has the patience to wait.
            while True:
                with suppress(Busy):
                    return refusals, await text_of(pool, COUNT)

    refusals, answer = asyncio.run(run())

    assert refusals == [
        "All readers are at work and the queue is full.",
        "All readers are at work with longer queries.",
    ]
    assert answer == "n\r\n301\r\n"


def test_who_stops_waiting_loses_no_reader(versions: Versions) -> None:
    async def run() -> list[str]:
        async with ReaderPool(settings(versions, readers=1), versions) as pool:
            for moment in range(40):
                tasks = [asyncio.create_task(text_of(pool, COUNT)) for _ in range(3)]
                await asyncio.sleep(moment / 5000)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            return await asyncio.gather(*(text_of(pool, COUNT) for _ in range(5)))

    assert asyncio.run(run()) == ["n\r\n301\r\n"] * 5


def test_closing_ends_all_processes_and_gives_back_all_descriptors(versions: Versions) -> None:
    async def run() -> tuple[int, ...]:
        async with ReaderPool(settings(versions, readers=3), versions) as pool:
            await text_of(pool, COUNT)
            ids = pool.process_ids
            task = asyncio.create_task(text_of(pool, f"SELECT (COUNT(*) AS ?n) {CROSS}"))
            await asyncio.sleep(0.2)
        await asyncio.gather(task, return_exceptions=True)
        await pool.close()
        return ids

    asyncio.run(run())
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir()))
    ids = asyncio.run(run())
    gc.collect()

    assert [pid for pid in ids if psutil.pid_exists(pid)] == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert [child for child in psutil.Process().children() if child.pid in ids] == []


def test_a_pool_whose_readers_cannot_start_says_so(versions: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")

    async def run() -> None:
        async with ReaderPool(settings(versions, readers=1), versions):
            pass

    with pytest.raises(NotReady, match="could not be started"):
        asyncio.run(run())


def test_readers_do_not_share_their_randomness(versions: Versions) -> None:
    async def run() -> list[str]:
        async with ReaderPool(settings(versions, readers=3), versions) as pool:
            query = "SELECT (STRUUID() AS ?id) {}"
            return await asyncio.gather(*(text_of(pool, query) for _ in range(9)))

    assert len(set(asyncio.run(run()))) == 9
