"""Writing: the one door through which the web and the command line change what is published.

Writes are carried out by a process of their own, one after the other. It is started when it is first needed, and killed
and started again where a write takes too long or too much memory, or nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from pedgraph.errors import MemoryLimit, QueryTooDeep, ReaderLost, StoreLocked, TimeLimit
from pedgraph.intake.failing import as_error
from pedgraph.intake.writes import Outcome
from pedgraph.store.frames import Kind
from pedgraph.store.process import ReaderProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from pedgraph.intake.writes import Write
    from pedgraph.settings import Settings

WRITER: Final = "pedgraph.intake.writer"
_ALL_OR_NOTHING: Final = "Either all of it is published or nothing; the version says which."


class WriteService:
    """Carries out writes. Use it as an asynchronous context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._writer: ReaderProcess | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Nothing is started before the first write."""
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def run(self, write: Write, contents: Sequence[bytes] = ()) -> Outcome:
        """Carries out a write; ended at any moment, it has happened as a whole or not at all.

        Raises the errors of :meth:`pedgraph.intake.writes.Writing.carry_out`; :class:`StoreLocked` where other writes
        take too long, :class:`TimeLimit`, :class:`MemoryLimit`, :class:`ReaderLost`.
        """
        job = {
            "settings": self._settings.for_children(),
            "write": write.as_json(),
            "contents": len(contents),
        }
        async with self._my_turn():
            try:
                frame_members, is_done = await self._ask(job, contents)
            except BaseException:
                await self._end()
                raise
        if is_done:
            return Outcome(**frame_members)
        raise as_error(frame_members)

    async def _ask(self, job: dict[str, Any], contents: Sequence[bytes]) -> tuple[dict[str, Any], bool]:
        limit_seconds = self._settings.validation_deadline_seconds
        try:
            async with asyncio.timeout(limit_seconds):
                writer = await self._running()
                writer.send(job, *contents)
                frame = await writer.receive()
        except TimeoutError:
            raise TimeLimit(
                f"The write took longer than {limit_seconds:g} seconds, the longest time allowed, and was ended. "
                + _ALL_OR_NOTHING,
                limit_seconds=limit_seconds,
            ) from None
        except MemoryLimit:
            raise _memory_limit() from None
        except (QueryTooDeep, ReaderLost) as error:
            raise ReaderLost(f"The process that carries out writes ended. {_ALL_OR_NOTHING}") from error
        members = frame.members()
        if members.get("code") == MemoryLimit.code:
            raise _memory_limit()
        return members, frame.kind is Kind.END

    async def _running(self) -> ReaderProcess:
        if self._writer is not None and not self._writer.is_alive():
            await self._end()
        if self._writer is None:
            self._writer = await ReaderProcess.start(self._settings.validation_memory_bytes, module=WRITER)
        return self._writer

    async def _end(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.kill()
            await writer.wait()

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreLocked("Other writes are under way and take their time; try again when they are done.") from None
        try:
            yield
        finally:
            self._turn.release()


def _memory_limit() -> MemoryLimit:
    return MemoryLimit("The write needed more memory than a write may have. Nothing was published; send it in parts.")
