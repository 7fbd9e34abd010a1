"""The answer to one query on its way from a reader: bytes that arrive while they are being sent on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pedgraph.errors import PedgraphError, ReaderLost, TimeLimit
from pedgraph.store.frames import Kind
from pedgraph.store.process import as_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pedgraph.settings import Settings
    from pedgraph.store.process import Frame, ReaderProcess


class Answer:
    """Bytes of an answer. The reader goes back to its pool as soon as it has said all, not when the client has it all.

    A pump reads ahead of the client up to ``answer_buffer_bytes``; beyond that the reader waits.
    """

    def __init__(
        self,
        reader: ReaderProcess,
        settings: Settings,
        *,
        version: int,
        done: Callable[[ReaderProcess, int | None], None],
    ) -> None:
        self.version = version
        self._reader = reader
        self._settings = settings
        self._done: Callable[[ReaderProcess, int | None], None] | None = done
        self._remaining_seconds = settings.query_deadline_seconds
        self._chunks: list[bytes] = []
        self._buffered_bytes = 0
        self._changed = asyncio.Condition()
        self._is_complete = False
        self._failure: PedgraphError | None = None
        self._pump_task: asyncio.Task[None] | None = None

    async def begin(self, message: dict[str, Any]) -> None:
        """Sends the request and waits for the first frame; raises the error where that says that there is no answer."""
        try:
            await self._reader.send(message)
            frame = await self._next_frame()
            if frame.kind is Kind.ERROR:
                self._release(self._size_after_error(frame))
                raise as_error(frame.members())
        except BaseException:
            self._release(None)
            raise
        self._pump_task = asyncio.get_running_loop().create_task(self._pump())

    async def settle(self) -> bytes | None:
        """Waits until the answer is complete or the buffer is full; returns the whole answer in the first case.

        Raises the error where the answer failed before it filled the buffer.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_complete or self._failure is not None or self._is_full())
        if self._failure is not None:
            raise self._failure
        return b"".join(self._chunks) if self._is_complete else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the bytes as they come; raises the error where the rest will not come."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._chunks or self._is_complete or self._failure is not None)
                taken, self._chunks, self._buffered_bytes = self._chunks, [], 0
                self._changed.notify_all()
            if taken:
                yield b"".join(taken)
            elif self._failure is not None:
                raise self._failure
            else:
                return

    async def close(self) -> None:
        """Ends the work on the answer; the reader is killed where it is not done. May be called twice."""
        if self._pump_task is not None:
            self._pump_task.cancel()
            await asyncio.gather(self._pump_task, return_exceptions=True)
        self._release(None)

    async def _pump(self) -> None:
        failure: PedgraphError | None = ReaderLost("The answer ended for a reason that is not known.")
        try:
            while (frame := await self._next_frame()).kind is not Kind.END:
                if frame.kind is Kind.ERROR:
                    raise as_error(frame.members())
                await self._put(frame.payload)
            self._release(int(frame.members()["resident_bytes"]))
            failure = None
        except PedgraphError as error:
            failure = error
        finally:
            self._release(None)
            async with self._changed:
                self._failure, self._is_complete = failure, failure is None
                self._changed.notify_all()

    async def _put(self, data: bytes) -> None:
        async with self._changed:
            self._chunks.append(data)
            self._buffered_bytes += len(data)
            self._changed.notify_all()
            try:
                async with asyncio.timeout(self._settings.client_stall_seconds):
                    await self._changed.wait_for(lambda: not self._is_full())
            except TimeoutError:
                raise ReaderLost("The client stopped reading; its answer was cut.") from None

    async def _next_frame(self) -> Frame:
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(self._remaining_seconds):
                return await self._reader.receive()
        except TimeoutError:
            limit = self._settings.query_deadline_seconds
            raise TimeLimit(
                f"The query ran for {limit:g} seconds, the longest time allowed, and was ended. "
                "Ask for less, or fetch the dump and query it at home.",
                limit_seconds=limit,
            ) from None
        finally:
            self._remaining_seconds -= clock() - started

    def _is_full(self) -> bool:
        return self._buffered_bytes >= self._settings.answer_buffer_bytes

    def _release(self, resident_bytes: int | None) -> None:
        if self._done is not None:
            done, self._done = self._done, None
            done(self._reader, resident_bytes)

    @staticmethod
    def _size_after_error(frame: Frame) -> int | None:
        """A reader that refused a query is as good as before; one that met its memory limit is not."""
        return None if frame.members()["code"] in {"memory-limit", "store"} else 0
