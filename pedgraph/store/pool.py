"""The pool of readers: who evaluates which query, for how long, and who replaces a reader that had to be killed.

It gives bytes, never objects of the engine. A deadline counts the time that the reader works, not the time that the
client takes to read; a client that stops reading altogether is cut off after a time of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pedgraph.errors import Busy, NotReady, PedgraphError
from pedgraph.store.answer import Answer
from pedgraph.store.process import ReaderProcess

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pedgraph.settings import Settings
    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)

_SHUTTING_DOWN = "The server is shutting down."
_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class ReadRequest:
    """A query for a reader, checked and complete.

    ``default_graphs`` and ``named_graphs`` are the IRIs of the dataset; ``None`` for both means the published merge and
    all named graphs. ``media_type`` is what the answer is serialised as, ``prefixes`` what it may abbreviate with.
    ``version`` is the number of the version to ask, ``None`` for the current one.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    prefixes: tuple[tuple[str, str], ...] = ()
    version: int | None = None


class ReaderPool:
    """A fixed number of reader processes. Use it as an asynchronous context manager."""

    def __init__(self, settings: Settings, versions: Versions) -> None:
        self._settings = settings
        self._versions = versions
        self._readers: set[ReaderProcess] = set()
        self._idle: deque[ReaderProcess] = deque()
        self._waiting: deque[asyncio.Future[ReaderProcess]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        """Starts the readers; raises :class:`NotReady` where they cannot be started."""
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self._settings.readers)))
        except PedgraphError:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Kills all readers and waits for their end; may be called twice."""
        self._is_closed = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(NotReady(_SHUTTING_DOWN))
        for task in self._tasks:
            task.cancel()
        for reader in self._readers:
            reader.kill()
        await asyncio.gather(*(reader.wait() for reader in self._readers), *self._tasks, return_exceptions=True)
        self._readers.clear()
        self._idle.clear()

    @property
    def barriers(self) -> tuple[str, ...]:
        """What keeps all present readers from the network, besides the check of the query text."""
        in_force = [set(reader.barriers) for reader in self._readers if reader.is_alive()]
        return tuple(sorted(set.intersection(*in_force))) if in_force else ()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The process ids of the present readers."""
        return tuple(sorted(reader.pid for reader in self._readers if reader.is_alive()))

    def is_ready(self) -> bool:
        """Whether at least one reader runs."""
        return any(reader.is_alive() for reader in self._readers)

    async def run(self, request: ReadRequest) -> Answer:
        """Evaluates a query; returns once it is known that an answer begins.

        The caller must close the answer. Raises :class:`Busy`, :class:`TimeLimit`, :class:`MemoryLimit`,
        :class:`QuerySyntaxError`, :class:`VersionNotFound` and their kin.
        """
        self._version(request.version)
        reader = await self._acquire()
        try:
            # Waiting may have taken a while, and the current version may be another one now.
            version = self._version(request.version)
        except PedgraphError:
            self._hand_on(reader)
            raise
        answer = Answer(reader, self._settings, version=version, done=self._take_back)
        message: dict[str, Any] = {
            "directory": str(self._versions.directory(version)),
            "query": request.query,
            "media_type": request.media_type,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "prefixes": dict(request.prefixes),
        }
        await answer.begin(message)
        return answer

    def _version(self, asked: int | None) -> int:
        if asked is None:
            return self._versions.current()
        self._versions.store_directory(asked)
        return asked

    async def _acquire(self) -> ReaderProcess:
        while self._idle:
            reader = self._idle.pop()
            if reader.is_alive():
                return reader
            self._take_back(reader, None)
        retry_after_seconds = max(1, round(self._settings.queue_wait_seconds / 2))
        if self._is_closed:
            raise NotReady(_SHUTTING_DOWN)
        if len(self._waiting) >= self._settings.queue_max_queries:
            raise Busy("All readers are at work and the queue is full.", retry_after_seconds=retry_after_seconds)
        waiting: asyncio.Future[ReaderProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                return await waiting
        except TimeoutError:
            self._withdraw(waiting)
            raise Busy(
                "All readers are at work with longer queries.", retry_after_seconds=retry_after_seconds
            ) from None
        except asyncio.CancelledError:
            self._withdraw(waiting)
            raise

    def _withdraw(self, waiting: asyncio.Future[ReaderProcess]) -> None:
        """Leaves the queue; a reader that was handed over in the same moment goes to the next in line."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)
        if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
            self._hand_on(waiting.result())

    def _take_back(self, reader: ReaderProcess, resident_bytes: int | None) -> None:
        """A reader comes back: ready for more with its size, or with ``None`` where it must be replaced."""
        if resident_bytes is None or resident_bytes > self._settings.reader_memory_bytes / 2:
            reader.kill()
            self._in_background(self._replace(reader))
        else:
            self._hand_on(reader)

    def _in_background(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hand_on(self, reader: ReaderProcess) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(reader)
                return
        self._idle.append(reader)

    async def _replace(self, reader: ReaderProcess) -> None:
        await reader.wait()
        self._readers.discard(reader)
        while not self._is_closed:
            try:
                await self._start_one()
            except (NotReady, OSError) as error:
                log.error("a reader could not be replaced: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def _start_one(self) -> None:
        reader = await ReaderProcess.start(self._settings.reader_memory_bytes)
        self._readers.add(reader)
        if self._is_closed:
            reader.kill()
        else:
            self._in_background(self._watch(reader))
            self._hand_on(reader)

    async def _watch(self, reader: ReaderProcess) -> None:
        """Replaces a reader that ends while it is idle; at work, its answer notices the end."""
        await reader.ended()
        if reader in self._idle:
            self._idle.remove(reader)
            self._take_back(reader, None)
