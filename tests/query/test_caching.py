"""What is kept is bounded; shared work is done once, and ends when nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from pedgraph.query.caching import AnswerCache, SharedWork


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = AnswerCache(4_000)
    for name in "abcd":
        cache.put(name, name.encode() * 500)
        cache.get("a")

    # Each takes 1,000 bytes with its entry; "a" was asked for again and again.
    cache.put("e", b"e" * 500)
    assert [name for name in "abcde" if cache.get(name) is not None] == ["a", "c", "d", "e"]


def test_nothing_is_kept_where_there_is_no_room() -> None:
    none, small = AnswerCache(0), AnswerCache(2_000)
    none.put("a", b"")
    small.put("a", b"x" * 2_000)

    assert none.get("a") is None
    assert small.get("a") is None


class World:
    """Work that counts how often it is begun and cancelled, and waits until it is let go."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.discarded: list[str] = []
        self.go = asyncio.Event()
        self.shared: SharedWork[str] = SharedWork(self.discard)

    async def discard(self, result: str) -> None:
        self.discarded.append(result)

    async def work(self) -> str:
        self.counts["begun"] += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.counts["cancelled"] += 1
            raise
        return f"result {self.counts['begun']}"

    def ask(self, key: str = "key") -> asyncio.Task[str]:
        return asyncio.ensure_future(self.shared.do(key, self.work))


def test_who_asks_while_it_is_done_gets_the_same_result() -> None:
    async def scenario() -> None:
        world = World()
        tasks = [world.ask() for _ in range(5)]
        await asyncio.sleep(0)
        world.go.set()

        assert await asyncio.gather(*tasks) == ["result 1"] * 5
        assert await world.ask() == "result 2"
        assert world.counts == {"begun": 2}

    asyncio.run(scenario())


def test_it_goes_on_while_anyone_waits_and_ends_with_the_last() -> None:
    async def scenario() -> None:
        world = World()
        first, second = world.ask(), world.ask()
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert world.counts == {"begun": 1}
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert world.counts == {"begun": 1, "cancelled": 1}
        world.go.set()

        assert await world.ask() == "result 2"
        assert world.discarded == []

    asyncio.run(scenario())


def test_a_result_that_nobody_waits_for_any_more_is_discarded() -> None:
    async def scenario() -> None:
        world = World()
        asked = world.ask()
        await asyncio.sleep(0.01)
        # The work is done in the same turn of the loop in which the last client leaves.
        world.go.set()
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)

        assert world.counts["cancelled"] == 0
        assert world.discarded in ([], ["result 1"])
        assert asked.cancelled() == (world.discarded == ["result 1"])

    asyncio.run(scenario())


def test_all_get_the_error() -> None:
    async def fail() -> str:
        await asyncio.sleep(0)
        raise ValueError("wrong")

    async def scenario() -> None:
        world = World()
        outcomes = await asyncio.gather(*(world.shared.do("key", fail) for _ in range(3)), return_exceptions=True)

        assert [str(outcome) for outcome in outcomes] == ["wrong"] * 3
        with pytest.raises(ValueError, match="wrong"):
            await world.shared.do("key", fail)

    asyncio.run(scenario())
