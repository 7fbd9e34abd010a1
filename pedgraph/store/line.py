"""Those who wait for a reader, and who of them is next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pedgraph.errors import Busy, NotReady
from pedgraph.store.register import cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.settings import Settings
    from pedgraph.store.process import ReaderProcess
    from pedgraph.store.register import Entry, Register


class Line:
    """A waiting line of bounded length: clients with the fewest queries at work go first, of these who came first."""

    def __init__(self, settings: Settings, register: Register, hand_on: Callable[[ReaderProcess], None]) -> None:
        """``hand_on`` gets a reader that was given to somebody who went away in the same moment."""
        self._settings = settings
        self._register = register
        self._hand_on = hand_on
        self._waiting: dict[asyncio.Future[ReaderProcess], Entry] = {}

    async def wait(self, entry: Entry) -> ReaderProcess:
        """Waits for a reader; raises :class:`Busy` where the line is full, or does not move for too long."""
        retry_after_seconds = max(1, round(self._settings.queue_wait_seconds / 2))
        if len(self._waiting) >= self._settings.queue_max_queries:
            raise Busy("All readers are at work and the queue is full.", retry_after_seconds=retry_after_seconds)
        waiting: asyncio.Future[ReaderProcess] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = entry
        entry.end = lambda: _refuse(waiting)
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                return await waiting
        except TimeoutError:
            self._withdraw(waiting)
            raise Busy(
                "All readers are at work with longer queries.", retry_after_seconds=retry_after_seconds
            ) from None
        except BaseException:
            self._withdraw(waiting)
            raise

    def serve(self, reader: ReaderProcess) -> bool:
        """Gives a reader to the next in line; whether there was one."""
        if not self._waiting:
            return False
        running = self._register.running_per_client()
        in_line = (waiting for waiting in self._waiting if not waiting.done())
        chosen = min(in_line, key=lambda waiting: running[self._waiting[waiting].counted_as], default=None)
        if chosen is None:
            return False
        del self._waiting[chosen]
        chosen.set_result(reader)
        return True

    def close(self, reason: str) -> None:
        """Sends everybody away with :class:`NotReady`."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(NotReady(reason))

    def _withdraw(self, waiting: asyncio.Future[ReaderProcess]) -> None:
        """Leaves the line; a reader that was given in the same moment goes to the next."""
        self._waiting.pop(waiting, None)
        if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
            self._hand_on(waiting.result())


def _refuse(waiting: asyncio.Future[ReaderProcess]) -> None:
    """Ends the waiting of a query; one that has its reader already is ended when it begins."""
    if not waiting.done():
        waiting.set_exception(cancelled())
