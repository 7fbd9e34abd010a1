"""The pool of readers: who evaluates which query, for how long, and who replaces a reader that had to be killed.

It gives bytes, never objects of the engine. A deadline counts the time that the reader works, not the time that the
client takes to read; a client that stops reading altogether is cut off after a time of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pedgraph.errors import NotReady, PedgraphError, ServiceRefused
from pedgraph.store.answer import Answer
from pedgraph.store.line import Line
from pedgraph.store.process import ReaderProcess
from pedgraph.store.register import Register, cancelled
from pedgraph.store.relay import doors_of, refuse_calls_without_barrier
from pedgraph.store.spool import DiskSpace

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from pedgraph.settings import Settings
    from pedgraph.store.columns import Star
    from pedgraph.store.register import Entry
    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)

_SHUTTING_DOWN = "The server is shutting down."
_RETRY_SECONDS = 1.0
# A query that has run for so long goes on with less priority, so that short ones do not wait for the processor.
_LONG_QUERY_SECONDS = 1.0


@dataclass(frozen=True)
class ReadRequest:
    """A query for a reader, checked and complete.

    ``default_graphs`` and ``named_graphs`` are the IRIs of the dataset; ``None`` for both means the published merge and
    all named graphs. ``media_type`` is what the answer is serialised as, ``prefixes`` what it may abbreviate with.
    ``version`` is the number of the version to ask, ``None`` for the current one. ``timeout_seconds`` is the time that
    the client gives it, ``None`` for as much as the server does. ``client`` is the address that asks, empty where the
    program itself does. ``star`` is the star of ``SELECT *``. ``with_byte_order_mark`` says that the answer begins with
    one. ``calls_out`` says that it calls other endpoints and may, ``is_silent`` that it calls endpoints
    that it may not, in such a way that this fails without an error.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    prefixes: tuple[tuple[str, str], ...] = ()
    version: int | None = None
    timeout_seconds: float | None = None
    client: str = ""
    star: Star | None = None
    with_byte_order_mark: bool = False
    calls_out: bool = False
    is_silent: bool = False


class ReaderPool:
    """A fixed number of reader processes. Use it as an asynchronous context manager.

    Where SERVICE is allowed at all, it has a second pool inside, whose readers reach the allowed endpoints.
    """

    def __init__(self, settings: Settings, versions: Versions, *, inside: ReaderPool | None = None) -> None:
        """``inside`` is the pool whose second one this is.

        Raises :class:`SettingsError` where one of the addresses for SERVICE is none.
        """
        self._settings = settings
        self._versions = versions
        doors = doors_of(settings)
        self._doors = () if inside is None else doors
        self._size = settings.readers if inside is None else settings.service_readers
        self.register: Register = Register(settings) if inside is None else inside.register
        self.calling: ReaderPool | None = (
            ReaderPool(settings, versions, inside=self) if doors and inside is None else None
        )
        self._readers: set[ReaderProcess] = set()
        self._idle: deque[ReaderProcess] = deque()
        self._line = Line(settings, self.register, self._hand_on)
        self._tasks: set[asyncio.Task[None]] = set()
        self._disk = DiskSpace(settings.home, settings.answer_spool_bytes)
        self._is_closed = False

    async def __aenter__(self) -> Self:
        """Starts the readers.

        Raises :class:`NotReady` where they cannot be started, and :class:`SettingsError` where SERVICE is to be allowed
        on a host on which nothing would keep readers from the rest of the network.
        """
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self._size)))
            if self.calling is not None:
                await self.calling.__aenter__()
                refuse_calls_without_barrier(self.barriers, self.calling.barriers)
        except PedgraphError:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Kills all readers and waits for their end; may be called twice."""
        self._is_closed = True
        if self.calling is not None:
            await self.calling.close()
        self._line.close(_SHUTTING_DOWN)
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

        Of those who wait, the clients with the fewest queries running are served first, and of these who came first.

        The caller must close the answer. Raises :class:`Busy`, :class:`TooManyQueries`, :class:`TimeLimit`,
        :class:`MemoryLimit`, :class:`AnswerTooLarge`, :class:`QueryCancelled`, :class:`QuerySyntaxError`,
        :class:`VersionNotFound` and their kin.
        """
        if request.calls_out and self.calling is not None:
            return await self.calling.run(request)
        if (request.calls_out or request.is_silent) and not self._doors and not self.barriers:
            raise ServiceRefused("Nothing but the check of the query would keep this server from calling others.")
        self._version(request.version)
        deadline_seconds = min(self._settings.query_deadline_seconds, request.timeout_seconds or float("inf"))
        entry = self.register.enter(request.query, request.client, request.version, deadline_seconds)
        try:
            answer = await self._assign(request, entry)
        except BaseException:
            self.register.leave(entry)
            raise
        await answer.begin(_message(request, self._versions.directory(answer.version)))
        return answer

    async def _assign(self, request: ReadRequest, entry: Entry) -> Answer:
        """The answer that will come from the next reader that is free."""
        reader = await self._acquire(entry)
        try:
            if entry.is_cancelled:
                raise cancelled()
            # Waiting may have taken a while, and the current version may be another one now.
            version = self._version(request.version)
        except PedgraphError:
            self._hand_on(reader)
            raise
        yielding = asyncio.get_running_loop().call_later(_LONG_QUERY_SECONDS, reader.yield_to_others)
        done = partial(self._finish, entry, yielding)
        answer = Answer(
            reader,
            self._settings,
            version=version,
            deadline_seconds=entry.deadline_seconds,
            disk=self._disk,
            done=done,
        )
        entry.version, entry.reader_pid, entry.end = version, reader.pid, answer.cancel
        return answer

    def _finish(
        self, entry: Entry, yielding: asyncio.TimerHandle, reader: ReaderProcess, resident_bytes: int | None
    ) -> None:
        yielding.cancel()
        self.register.leave(entry)
        # A reader that cannot get its priority back is worth less than the moment that a new one takes.
        self._take_back(reader, resident_bytes if reader.take_turns_again() else None)

    def _version(self, asked: int | None) -> int:
        if asked is None:
            return self._versions.current()
        if asked != self._versions.current():
            self._versions.store_directory(asked)
        return asked

    async def _acquire(self, entry: Entry) -> ReaderProcess:
        while self._idle:
            reader = self._idle.pop()
            if reader.is_alive():
                return reader
            self._take_back(reader, None)
        if self._is_closed:
            raise NotReady(_SHUTTING_DOWN)
        return await self._line.wait(entry)

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
        if not self._line.serve(reader):
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
        reader = await ReaderProcess.start(self._settings.reader_memory_bytes, self._doors)
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


def _message(request: ReadRequest, directory: Path) -> dict[str, Any]:
    return {
        "directory": str(directory),
        "query": request.query,
        "media_type": request.media_type,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "prefixes": dict(request.prefixes),
        "star": None if request.star is None else request.star.as_message(),
        "with_byte_order_mark": request.with_byte_order_mark,
        "calls_out": request.calls_out,
    }
