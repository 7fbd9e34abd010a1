"""The answer to one query on its way from a reader: bytes that arrive while they are being sent on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pedgraph.errors import AnswerTooLarge, PedgraphError, ReaderLost, TimeLimit
from pedgraph.store.frames import Kind
from pedgraph.store.process import as_error
from pedgraph.store.register import cancelled
from pedgraph.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pedgraph.settings import Settings
    from pedgraph.store.channel import Frame
    from pedgraph.store.process import ReaderProcess
    from pedgraph.store.spool import DiskSpace


class Answer:
    """Bytes of an answer. The reader goes back to its pool as soon as it has said all, not when the client has it all.

    A pump reads ahead of the client, up to ``answer_buffer_bytes`` in memory and then as far as the disk space for all
    answers goes; beyond that the reader waits.
    """

    def __init__(
        self,
        reader: ReaderProcess,
        settings: Settings,
        *,
        version: int,
        deadline_seconds: float,
        disk: DiskSpace,
        done: Callable[[ReaderProcess, int | None], None],
    ) -> None:
        self.version = version
        self._reader = reader
        self._settings = settings
        self._done: Callable[[ReaderProcess, int | None], None] | None = done
        self._deadline_seconds = deadline_seconds
        self._remaining_seconds = deadline_seconds
        self._received_bytes = 0
        self._spool = Spool(settings.answer_buffer_bytes, disk)
        self._changed = asyncio.Condition()
        self._is_complete = False
        self._failure: PedgraphError | None = None
        self._is_cancelled = False
        self._pump_task: asyncio.Task[None] | None = None

    async def begin(self, message: dict[str, Any]) -> None:
        """Sends the request and waits for the first frame; raises the error where that says that there is no answer."""
        try:
            self._reader.send(message)
            frame = await self._next_frame()
            if frame.kind is Kind.ERROR:
                self._release(self._size_after_error(frame))
                raise as_error(frame.members())
        except BaseException as error:
            self._release(None)
            if self._is_cancelled and isinstance(error, PedgraphError):
                raise cancelled() from None
            raise
        if not self._is_all_there():
            self._pump_task = asyncio.get_running_loop().create_task(self._pump())

    def _is_all_there(self) -> bool:
        """Takes what has come already; short answers have come whole by now."""
        while not self._spool.is_long() and (frame := self._reader.receive_now()) is not None:
            if frame.kind is Kind.END:
                self._release(int(frame.members()["resident_bytes"]))
                self._is_complete = True
                return True
            try:
                self._check(frame)
            except PedgraphError as error:
                self._release(None)
                self._failure = error
                return True
            self._spool.put(frame.payload)
        return False

    async def settle(self) -> bytes | None:
        """Waits until the answer is complete or the buffer is full; returns the whole answer in the first case.

        Raises the error where the answer failed before it filled the buffer.
        """
        if not self._is_settled():
            async with self._changed:
                await self._changed.wait_for(self._is_settled)
        if self._failure is not None:
            raise self._failure
        return self._spool.take() if self._is_complete and not self._spool.is_on_disk() else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the bytes as they come; raises the error where the rest will not come."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._spool or self._is_complete or self._failure is not None)
                taken = self._spool.take()
                self._changed.notify_all()
            if taken:
                yield taken
            elif self._failure is not None:
                raise self._failure
            else:
                return

    def cancel(self) -> None:
        """Ends the work on the answer at once; whoever waits for it gets :class:`QueryCancelled`. An answer that the
        reader has given in full stays.
        """
        if self._done is None:
            return
        self._is_cancelled = True
        # What is left of the answer is nobody's any more; a client that reads slowly would still get all of it.
        self._spool.clear()
        self._reader.kill()
        if self._pump_task is not None:
            self._pump_task.cancel()

    async def close(self) -> None:
        """Ends the work on the answer; the reader is killed where it is not done. May be called twice."""
        if self._pump_task is not None:
            self._pump_task.cancel()
            await asyncio.gather(self._pump_task, return_exceptions=True)
        self._release(None)
        self._spool.clear()

    async def _pump(self) -> None:
        failure: PedgraphError | None = ReaderLost("The answer ended for a reason that is not known.")
        try:
            while (frame := await self._next_frame()).kind is not Kind.END:
                await self._put(frame)
            self._release(int(frame.members()["resident_bytes"]))
            failure = None
        except PedgraphError as error:
            failure = error
        finally:
            if self._is_cancelled:
                failure = cancelled()
            self._release(None)
            if failure is not None:
                # The client is not to take a part for the whole, so it need not get this part either.
                self._spool.clear()
            async with self._changed:
                self._failure, self._is_complete = failure, failure is None
                self._changed.notify_all()

    def _check(self, frame: Frame) -> None:
        if frame.kind is Kind.ERROR:
            raise as_error(frame.members())
        self._received_bytes += len(frame.payload)
        limit_bytes = self._settings.answer_max_bytes
        if self._received_bytes > limit_bytes:
            raise AnswerTooLarge(
                f"The answer has more than {limit_bytes:,} bytes, the most that is sent. "
                "Ask for less, page through it with LIMIT and OFFSET, or fetch the dump.",
                limit_bytes=limit_bytes,
            )

    async def _put(self, frame: Frame) -> None:
        async with self._changed:
            self._check(frame)
            try:
                async with asyncio.timeout(self._settings.client_stall_seconds):
                    await self._changed.wait_for(lambda: self._spool.put(frame.payload))
            except TimeoutError:
                raise ReaderLost("The client stopped reading; its answer was cut.") from None
            self._changed.notify_all()

    async def _next_frame(self) -> Frame:
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(self._remaining_seconds):
                return await self._reader.receive()
        except TimeoutError:
            raise self._time_limit() from None
        finally:
            self._remaining_seconds -= clock() - started

    def _time_limit(self) -> TimeLimit:
        limit = self._deadline_seconds
        is_own = limit < self._settings.query_deadline_seconds
        advice = "Give it more." if is_own else "Ask for less, or fetch the dump and query it at home."
        what = "the time that you gave it" if is_own else "the longest time allowed"
        return TimeLimit(f"The query ran for {limit:g} seconds, {what}, and was ended. {advice}", limit_seconds=limit)

    def _is_settled(self) -> bool:
        return self._is_complete or self._failure is not None or self._spool.is_long()

    def _release(self, resident_bytes: int | None) -> None:
        if self._done is not None:
            done, self._done = self._done, None
            done(self._reader, resident_bytes)

    @staticmethod
    def _size_after_error(frame: Frame) -> int | None:
        """A reader that refused a query is as good as before; one that met its memory limit is not."""
        return None if frame.members()["code"] in {"memory-limit", "store"} else 0
