"""One reader as its pool sees it: a process with two pipes, which can be asked, listened to and killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from pedgraph.errors import (
    BadRequest,
    MemoryLimit,
    NotReady,
    PedgraphError,
    QuerySyntaxError,
    QueryTooDeep,
    ReaderLost,
    StoreError,
)
from pedgraph.store.frames import HEAD, Kind, pack_object

_START_SECONDS = 30.0
_LAST_WORDS_BYTES = 4096
_DRAINED_BYTES = 64 * 1024
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError")


@dataclass(frozen=True)
class Frame:
    """A frame as received."""

    kind: Kind
    payload: bytes

    def members(self) -> dict[str, Any]:
        """The JSON object of a frame that carries one."""
        members: dict[str, Any] = json.loads(self.payload)
        return members


class ReaderProcess:
    """A running reader. Made with :meth:`start`; must be ended with :meth:`kill` and then :meth:`wait`."""

    def __init__(self, process: asyncio.subprocess.Process, error_file: int) -> None:
        self._process = process
        self._error_file = error_file
        self.barriers: tuple[str, ...] = ()

    @classmethod
    async def start(cls, memory_bytes: int) -> ReaderProcess:
        """Starts a reader and waits until it listens; raises :class:`NotReady` where it does not."""
        error_file = os.memfd_create("reader-errors", os.MFD_CLOEXEC)
        try:
            process = await _spawn(memory_bytes, error_file)
        except OSError as error:
            os.close(error_file)
            raise NotReady(f"A reader process could not be started: {error.strerror}.") from error
        reader = cls(process, error_file)
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
        reader.barriers = tuple(first.members()["barriers"])
        return reader

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.returncode is None

    async def send(self, request: dict[str, Any]) -> None:
        """Sends a request; raises :class:`ReaderLost` where the process has ended."""
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(pack_object(Kind.REQUEST, request))
            await stream.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self._why_lost() from None

    async def receive(self) -> Frame:
        """Waits for the next frame; raises what the end of the process means where there is none."""
        stream = self._process.stdout
        assert stream is not None
        try:
            kind, length = HEAD.unpack(await stream.readexactly(HEAD.size))
            return Frame(Kind(kind), await stream.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise await self._why_lost() from None

    def kill(self) -> None:
        """Ends the process at once; harmless where it has ended already."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Waits for the end of an idle process, whose pipes are empty, and leaves everything as it is."""
        await self._process.wait()

    async def wait(self) -> None:
        """Waits until the process has ended, and gives back what it held."""
        if self._process.stdout is not None:
            # asyncio counts a process as ended only when its pipes are, and a full pipe is not read any further.
            # RuntimeError: somebody else is reading and will come to the end.
            with contextlib.suppress(RuntimeError):
                while await self._process.stdout.read(_DRAINED_BYTES):
                    pass
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
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


async def _spawn(memory_bytes: int, error_file: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "pedgraph.store.reader", str(os.getpid()), str(memory_bytes)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=error_file,
        # One arena: threads of the engine would otherwise reserve 64 MiB of address space each. No backtraces: they
        # would push the cause of an end out of its last words.
        env={**os.environ, "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"},
    )


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
    if code == "store":
        return StoreError(detail)
    return BadRequest(detail)
