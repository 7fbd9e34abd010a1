"""Files that take long to make: they are made once for all who ask, whoever still waits for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pedgraph.delivery.dumps.workshop import Workshop
from pedgraph.errors import BeingMade, StoreError
from pedgraph.settings import Settings

MADE = Path("made")


class Slow:
    """Makes something as soon as it may, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.asked = 0

    async def __call__(self) -> Path:
        self.asked += 1
        await self.may_end.wait()
        return MADE


async def fail() -> Path:
    raise StoreError("The disk is full of holes.")


def test_who_does_not_wait_is_told_to_come_again() -> None:
    async def work() -> tuple[int, list[Path | BaseException]]:
        slow = Slow()
        async with Workshop(Settings(), patience_seconds=0) as workshop:
            found = await asyncio.gather(*(workshop.made("x", slow) for _ in range(2)), return_exceptions=True)
        return slow.asked, found

    asked, found = asyncio.run(work())

    assert asked == 1
    for each in found:
        assert isinstance(each, BeingMade)
        assert (each.status, each.headers) == (503, {"Retry-After": "30"})


def test_all_who_wait_get_what_is_made_once() -> None:
    async def work() -> tuple[int, list[Path]]:
        slow = Slow()
        async with Workshop(Settings()) as workshop:
            waiting = [asyncio.create_task(workshop.made("x", slow)) for _ in range(3)]
            gone = asyncio.create_task(workshop.made("x", slow))
            await asyncio.sleep(0)
            gone.cancel()
            slow.may_end.set()
            found = await asyncio.gather(*waiting)
        return slow.asked, found

    assert asyncio.run(work()) == (1, [MADE] * 3)


def test_what_fails_is_told_and_tried_again() -> None:
    async def work() -> Path:
        slow = Slow()
        slow.may_end.set()
        async with Workshop(Settings()) as workshop:
            with pytest.raises(StoreError, match="full of holes"):
                await workshop.made("x", fail)
            return await workshop.made("x", slow)

    assert asyncio.run(work()) == MADE


def test_nothing_is_left_under_way_at_the_end() -> None:
    async def work() -> None:
        async with Workshop(Settings(), patience_seconds=0) as workshop:
            with pytest.raises(BeingMade):
                await workshop.made("x", Slow())
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(work())
