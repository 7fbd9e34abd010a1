"""The queries under way in all server processes of one home folder: each process answers the others on a socket there.

Several web processes share a port, so a request for the list, or for the end of a query, reaches any one of them. The
sockets are ``running/<process id>.sock`` below the home folder, for its owner only; one JSON object per line goes each
way. What a process that has gone left behind is removed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from typing import TYPE_CHECKING, Any, Self

from pedgraph.errors import NotFound, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.store.register import Register

log = logging.getLogger(__name__)

FOLDER = "running"
_ANSWER_SECONDS = 2.0
# All queries that a process can have under way, with 2,000 characters of text each, as JSON escapes them.
_LONGEST_LINE_BYTES = 64 * 1024 * 1024


class RunningQueries:
    """What is under way in this process and in the others. Use it as an asynchronous context manager."""

    def __init__(self, register: Register, home: Path, *, is_shared: bool) -> None:
        """``is_shared`` says whether to speak to other processes at all."""
        self._register = register
        self._folder = home.absolute() / FOLDER
        self._is_shared = is_shared
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Begins to answer other processes; raises :class:`StoreError` where the folder cannot be used."""
        if self._is_shared:
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._remove(str(os.getpid()))
                with self._reachable() as folder:
                    path = f"{folder}/{os.getpid()}.sock"
                    self._server = await asyncio.start_unix_server(self._answer, path, limit=_LONGEST_LINE_BYTES)
            except OSError as error:
                raise StoreError(f"{self._folder} cannot be used: {error}.") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self._remove(str(os.getpid()))

    async def listing(self) -> list[dict[str, Any]]:
        """All queries under way, the oldest first; see :meth:`pedgraph.store.register.Entry.as_members`."""
        answers = await asyncio.gather(*(self._ask(process, {"wanted": "listing"}) for process in self._others()))
        queries = self._register.listing()
        for answer in answers:
            queries += answer.get("queries", [])
        return sorted(queries, key=lambda query: str(query["started"]))

    async def cancel(self, identifier: str) -> None:
        """Ends a query, in whichever process it is; raises :class:`NotFound` where it is in none."""
        process = identifier.partition("-")[0]
        if process in self._others():
            answer = await self._ask(process, {"wanted": "end", "id": identifier})
            if not answer.get("ended"):
                raise NotFound("No query of this identifier is under way; it may have ended by itself.")
        else:
            self._register.cancel(identifier)

    def _others(self) -> list[str]:
        if not self._is_shared:
            return []
        return sorted({path.stem for path in self._folder.glob("*.sock")} - {str(os.getpid())})

    async def _ask(self, process: str, request: dict[str, Any]) -> dict[str, Any]:
        """What another process answers; nothing where it has ended or does not answer."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                with self._reachable() as folder:
                    path = f"{folder}/{process}.sock"
                    reader, writer = await asyncio.open_unix_connection(path, limit=_LONGEST_LINE_BYTES)
                with contextlib.closing(writer):
                    writer.write(json.dumps(request).encode() + b"\n")
                    answer: dict[str, Any] = json.loads(await reader.readline())
                    return answer
        except ConnectionRefusedError:
            self._remove(process)
        except (OSError, ValueError, TimeoutError) as error:
            log.warning("process %s did not say what it runs: %s", process, error)
        return {}

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, ValueError):
            request = json.loads(await reader.readline())
            answer: dict[str, Any] = {"queries": self._register.listing()}
            if request.get("wanted") == "end":
                answer = {"ended": self._end(str(request.get("id")))}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    def _end(self, identifier: str) -> bool:
        try:
            self._register.cancel(identifier)
        except NotFound:
            return False
        return True

    @contextlib.contextmanager
    def _reachable(self) -> Iterator[str]:
        """A short path to the folder: the path of a socket may have no more than 107 bytes."""
        descriptor = os.open(self._folder, os.O_PATH | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)

    def _remove(self, process: str) -> None:
        with contextlib.suppress(OSError):
            (self._folder / f"{process}.sock").unlink()
