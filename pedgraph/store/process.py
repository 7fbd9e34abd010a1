"""One reader as its pool sees it: a process at the end of a socket, which can be asked, listened to and killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

from pedgraph.errors import (
    BadRequest,
    MemoryLimit,
    NotAcceptable,
    NotReady,
    PedgraphError,
    QueryFailed,
    QuerySyntaxError,
    QueryTooDeep,
    ReaderLost,
    ServiceFailed,
    StoreError,
)
from pedgraph.settings import environment_of_children
from pedgraph.store.channel import Channel, Frame
from pedgraph.store.doors import as_argument
from pedgraph.store.frames import Kind, pack, pack_object
from pedgraph.store.relay import Relay
from pedgraph.vocabulary.media import GRAPH_FORMATS, RDF_XML, RESULT_FORMATS, XML_RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.store.doors import Door

READER = "pedgraph.store.reader"
_START_SECONDS = 30.0
_KINDS = {"service-failed": ServiceFailed, "store": StoreError, "query-failed": QueryFailed}
_LAST_WORDS_BYTES = 4096
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError")


class ReaderProcess:
    """A running reader. Made with :meth:`start`; must be ended with :meth:`kill` and then :meth:`wait`."""

    def __init__(self, process: asyncio.subprocess.Process, channel: Channel, error_file: int) -> None:
        self._process = process
        self._channel = channel
        self._error_file = error_file
        self._relay: Relay | None = None
        self.barriers: tuple[str, ...] = ()
        self._thread = 0
        self._is_lowered = False

    @classmethod
    async def start(cls, memory_bytes: int, doors: Sequence[Door] = (), *, module: str = READER) -> ReaderProcess:
        """Starts a reader, or a module that speaks as it does, and waits until it listens; raises :class:`NotReady`
        where it does not.

        A reader has no network but for the ``doors``.
        """
        if not doors:
            return await cls._start(module, memory_bytes)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            reader = await cls._start(READER, memory_bytes, as_argument(doors), theirs.fileno())
            try:
                await reader.open_doors(doors, ours)
            except BaseException:
                reader.kill()
                await reader.wait()
                raise
        return reader

    async def open_doors(self, doors: Sequence[Door], channel: socket.socket) -> None:
        """Connects the doors of the reader, whose ends come through a channel, to the hosts that they stand for."""
        self._relay = await Relay.start(doors, channel)

    @classmethod
    async def _start(cls, module: str, memory_bytes: int, doors: str = "", door_channel: int = -1) -> ReaderProcess:
        error_file = os.memfd_create("reader-errors", os.MFD_CLOEXEC)
        try:
            process, channel = await _spawn(module, memory_bytes, error_file, doors, door_channel)
        except OSError as error:
            os.close(error_file)
            raise NotReady(f"A reader process could not be started: {error.strerror}.") from error
        reader = cls(process, channel, error_file)
        try:
            async with asyncio.timeout(_START_SECONDS):
                first = await reader.receive()
        except (TimeoutError, PedgraphError) as error:
            words = reader._last_words()
            reader.kill()
            await reader.wait()
            raise NotReady(f"A reader process could not be started: {words[-300:]!r}") from error
        except BaseException:
            reader.kill()
            await reader.wait()
            raise
        members = first.members()
        reader.barriers, reader._thread = tuple(members["barriers"]), members.get("thread", 0)
        return reader

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.returncode is None

    def send(self, request: dict[str, Any], *data: bytes) -> None:
        """Sends a request, and data after it. Where the process has ended, waiting for the answer says so."""
        self._channel.write(pack_object(Kind.REQUEST, request))
        for each in data:
            self._channel.write(pack(Kind.DATA, each))

    async def receive(self) -> Frame:
        """Waits for the next frame; raises what the end of the process means where there is none."""
        while (frame := self._channel.take()) is None:
            if self._channel.is_lost:
                raise await self._why_lost()
            await self._channel.more()
        return frame

    def receive_now(self) -> Frame | None:
        """The next frame where it has come already."""
        return self._channel.take()

    def yield_to_others(self) -> None:
        """Lets the short queries of others go first: what has run for a while will not notice, they would."""
        with contextlib.suppress(ProcessLookupError):
            # What runs under this policy makes way at once (sched(7)); with less niceness others wait for their turn.
            os.sched_setscheduler(self._thread, os.SCHED_IDLE, os.sched_param(0))
            self._is_lowered = True

    def take_turns_again(self) -> bool:
        """Undoes :meth:`yield_to_others`; whether that was possible, for it takes a privilege that few have."""
        if self._is_lowered:
            try:
                os.sched_setscheduler(self._thread, os.SCHED_OTHER, os.sched_param(0))
            except OSError:
                return False
            self._is_lowered = False
        return True

    def kill(self) -> None:
        """Ends the process at once; harmless where it has ended already."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Waits for the end of the process, and leaves everything as it is."""
        await self._process.wait()

    async def wait(self) -> None:
        """Waits until the process has ended, and gives back what it held."""
        await self._process.wait()
        self._channel.close()
        if self._relay is not None:
            self._relay.close()
        if self._error_file >= 0:
            os.close(self._error_file)
            self._error_file = -1

    def _last_words(self) -> bytes:
        if self._error_file < 0:
            return b""
        size = os.fstat(self._error_file).st_size
        return os.pread(self._error_file, _LAST_WORDS_BYTES, max(0, size - _LAST_WORDS_BYTES))

    async def _why_lost(self) -> PedgraphError:
        code = await self._process.wait()
        words = self._last_words()
        if any(mark in words for mark in _OUT_OF_MEMORY):
            return memory_limit()
        if code in (-signal.SIGSEGV, -signal.SIGBUS):
            return QueryTooDeep("The query is too long a chain of nested parts for the engine; split it up.")
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ReaderLost(f"The process that evaluated the query ended ({name}). Try once more.")


async def _spawn(
    module: str, memory_bytes: int, error_file: int, doors: str, door_channel: int
) -> tuple[asyncio.subprocess.Process, Channel]:
    own_end, its_end = socket.socketpair()
    with its_end:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", module, str(os.getpid()), str(memory_bytes)),
                *((doors, str(door_channel)) if doors else ()),
                pass_fds=(door_channel,) if doors else (),
                stdin=its_end.fileno(),
                stdout=its_end.fileno(),
                stderr=error_file,
                # One arena: threads of the engine would otherwise reserve 64 MiB of address space each. No backtraces:
                # they would push the cause of an end out of its last words.
                env={**environment_of_children(), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"},
            )
        except BaseException:
            own_end.close()
            raise
    own_end.setblocking(False)  # noqa: FBT003
    _, channel = await asyncio.get_running_loop().create_connection(Channel, sock=own_end)
    return process, channel


def memory_limit() -> MemoryLimit:
    """The error of a query that needed too much memory."""
    return MemoryLimit("The query needed more memory than a query may have. Ask for less: add LIMIT or a filter.")


def as_error(members: dict[str, Any]) -> PedgraphError:
    """The error that an error frame stands for."""
    code, detail = members["code"], members.get("detail", "")
    if code == "memory-limit":
        return memory_limit()
    if code == "query-syntax":
        return QuerySyntaxError(detail, line=members.get("line"), column=members.get("column"))
    if code == "not-acceptable":
        formats = GRAPH_FORMATS if members["gives_graph"] else RESULT_FORMATS
        offered = [each.media_type for each in formats if each not in {RDF_XML, XML_RESULTS}]
        return NotAcceptable(f"{detail} It is offered as {', '.join(offered)}.", offered=offered)
    return _KINDS.get(code, BadRequest)(detail)
