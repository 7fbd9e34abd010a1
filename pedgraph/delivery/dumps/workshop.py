"""Has the files of dumps and differences made, one at a time, in a process that is killed where that takes too much.

What is being made goes on when whoever asked for it does not wait any longer, so that it is there the next time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Self

from pedgraph.errors import BeingMade, MemoryLimit, QueryTooDeep, ReaderLost, TimeLimit
from pedgraph.intake.failing import as_error
from pedgraph.store.frames import Kind
from pedgraph.store.process import ReaderProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from pedgraph.settings import Settings

_MAKER: Final = "pedgraph.delivery.dumps.maker"
_TOO_MUCH_MEMORY: Final = "The files need more memory than they may have to be made."
# Clients and proxies rarely wait longer than 30 seconds for an answer to begin.
_PATIENCE_SECONDS: Final = 25.0
_COME_AGAIN_SECONDS: Final = 30
_LIMIT_SECONDS: Final = 3600.0


class Workshop:
    """Carries out the jobs that :mod:`pedgraph.delivery.dumps.maker` knows. An async context: leaving it ends them."""

    def __init__(self, settings: Settings, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._settings = settings
        self._patience_seconds = patience_seconds
        self._turn = asyncio.Semaphore(1)
        self._under_way: dict[str, asyncio.Task[Path]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        under_way = list(self._under_way.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def made(self, name: str, make: Callable[[], Coroutine[object, object, Path]]) -> Path:
        """What ``make`` gives, which is asked once for all who want the same ``name`` at a time.

        Raises what ``make`` raises, and :class:`BeingMade` where it takes longer than one waits for an answer.
        """
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(make())
            task.add_done_callback(lambda done: self._forget(name, done))
        done, _ = await asyncio.wait({task}, timeout=self._patience_seconds)
        if not done:
            raise BeingMade(
                "These files are made now that somebody asks for them, and that takes a while. It goes on; come again.",
                retry_after_seconds=_COME_AGAIN_SECONDS,
            )
        return task.result()

    def _forget(self, name: str, task: asyncio.Task[Path]) -> None:
        del self._under_way[name]
        # Said, whether anybody still listens or not.
        if not task.cancelled():
            task.exception()

    async def carry_out(self, job: dict[str, Any]) -> None:
        """Does a job; raises :class:`TimeLimit`, :class:`MemoryLimit`, :class:`ReaderLost`, :class:`NotReady` and
        :class:`StoreError`.
        """
        async with self._turn:
            process = await ReaderProcess.start(self._settings.validation_memory_bytes, module=_MAKER)
            try:
                await _answer(process, job)
            finally:
                process.kill()
                await process.wait()


async def _answer(process: ReaderProcess, job: dict[str, Any]) -> None:
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            process.send(job)
            frame = await process.receive()
    except TimeoutError:
        raise TimeLimit("The files took too long to make.", limit_seconds=_LIMIT_SECONDS) from None
    except MemoryLimit:
        raise MemoryLimit(_TOO_MUCH_MEMORY) from None
    except (QueryTooDeep, ReaderLost) as error:
        raise ReaderLost("The process that makes the files ended.") from error
    if frame.kind is not Kind.END:
        members = frame.members()
        if members["code"] == MemoryLimit.code:
            raise MemoryLimit(_TOO_MUCH_MEMORY)
        raise as_error(members)
