"""The process that makes plans: what it may not do, and how it ends."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import psutil
import pytest

from pedgraph.errors import BadRequest, MemoryLimit, PedgraphError, QueryTooDeep, TimeLimit
from pedgraph.store.plan import PlanRequest, make_plan
from tests.servers import command_of, is_engine

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

MEBIBYTE = 1024 * 1024
ALL_PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
DOUBLINGS = " ".join(f"BIND(CONCAT(?s{number}, ?s{number}) AS ?s{number + 1})" for number in range(30))


def plan(home: Path, query: str, *, seconds: float = 60.0, memory_bytes: int = 1024 * MEBIBYTE) -> None:
    """Plans a query with statistics, which runs it over version 1."""
    directory = home / "versions" / "000001"
    asyncio.run(make_plan(PlanRequest(query, "text/csv", directory, seconds, memory_bytes)))


def planning() -> list[psutil.Process]:
    """The processes below this one that make plans."""
    return [
        process
        for process in psutil.Process().children()
        if is_engine(process) or "pedgraph.store.launching" in command_of(process)
    ]


@pytest.mark.parametrize(
    ("query", "limits", "error"),
    [
        (ALL_PAIRS, {"seconds": 0.5}, TimeLimit),
        (f"ASK {{ BIND('0123456789' AS ?s0) {DOUBLINGS} FILTER(STRLEN(?s30) < 5) }}", {}, MemoryLimit),
        (f"SELECT * {{ FILTER({'!' * 30_000}true) }}", {}, QueryTooDeep),
    ],
)
def test_a_query_that_meets_a_limit(
    built: tuple[Path, Built], query: str, limits: dict[str, float], error: type[PedgraphError]
) -> None:
    with pytest.raises(error):
        plan(built[0], query, **limits)  # type: ignore[arg-type]

    assert planning() == []


def test_a_cancelled_plan_leaves_no_process(built: tuple[Path, Built]) -> None:
    async def cancel() -> None:
        request = PlanRequest(ALL_PAIRS, "text/csv", built[0] / "versions" / "000001", 60.0, 1024 * MEBIBYTE)
        async with asyncio.timeout(0.5):
            await make_plan(request)

    with pytest.raises(TimeoutError):
        asyncio.run(cancel())

    assert planning() == []


def test_no_plan_calls_out(built: tuple[Path, Built]) -> None:
    """The check of the text would refuse this; here it is the barrier around the process that must hold."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def wait() -> None:
            try:
                listener.accept()[0].close()
                called.set()
            except OSError:
                pass

        waiting = threading.Thread(target=wait)
        waiting.start()
        with pytest.raises(BadRequest):
            plan(built[0], f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
        listener.shutdown(socket.SHUT_RDWR)
        waiting.join()

    assert not called.is_set()
