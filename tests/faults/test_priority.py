"""A long query lets the short ones of others go first."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph.settings import MEBIBYTE
from pedgraph.store.process import ReaderProcess
from tests.faults.test_clients import ENDLESS, SMALL, send_query, wait_until
from tests.servers import running_server

if TYPE_CHECKING:
    from pedgraph.intake.building import Built


def policies(pid: int) -> set[int]:
    """The scheduling policies of all threads of a process (sched(7)), but for those that end meanwhile."""
    found = set()
    # A process that ends takes the whole folder with it.
    with suppress(FileNotFoundError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(ProcessLookupError):
                found.add(os.sched_getscheduler(int(thread.name)))
    return found


def test_a_long_query_has_less_priority(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1, query_deadline_seconds=60) as server:
        (reader,) = server.readers()
        assert policies(reader.pid) == {os.SCHED_OTHER}
        with send_query(server, ENDLESS):
            assert wait_until(lambda: os.SCHED_IDLE in policies(reader.pid))
        assert server.get(SMALL).status_code == 200
        assert wait_until(lambda: {each for one in server.readers() for each in policies(one.pid)} == {os.SCHED_OTHER})


def test_a_reader_has_its_priority_back_or_says_that_it_has_not() -> None:
    async def scenario() -> None:
        reader = await ReaderProcess.start(256 * MEBIBYTE)
        try:
            reader.yield_to_others()
            assert os.SCHED_IDLE in policies(reader.pid)
            is_back = reader.take_turns_again()

            assert (policies(reader.pid) == {os.SCHED_OTHER}) == is_back
        finally:
            reader.kill()
            await reader.wait()

    asyncio.run(scenario())
