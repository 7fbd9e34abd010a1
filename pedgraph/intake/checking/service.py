"""Checks as a service: a few processes that check files, each killed where a file takes too long or too much."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from pedgraph.errors import Busy, MemoryLimit, NotReady, PedgraphError, QueryTooDeep, ReaderLost
from pedgraph.intake.checking.checks import Checked, Receipt, numbers
from pedgraph.intake.failing import as_error
from pedgraph.intake.findings import Finding, Position, Severity
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.telling.grouping import told_in
from pedgraph.intake.telling.teller import Background
from pedgraph.store.frames import Kind
from pedgraph.store.process import ReaderProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pedgraph.intake.checking.checks import Check
    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

CHECKER: Final = "pedgraph.intake.checking.checker"
# What a process has read before it makes room for a fresh one.
_CHECKS_PER_PROCESS: Final = 50
# As many files may wait as this, per process that checks.
_WAITING_PER_PROCESS: Final = 10
_RETRY_SECONDS: Final = 10
_CHUNK_BYTES: Final = 1024 * 1024


class _CheckFailedError(PedgraphError):
    """The process could not check the file; ``rule`` says why, ``is_for_once`` whether another one might."""

    def __init__(self, rule: str, limit: str = "", *, is_for_once: bool = False) -> None:
        super().__init__(rule)
        self.rule = rule
        self.limit = limit
        self.is_for_once = is_for_once


class CheckService:
    """Checks files, as many at a time as the settings say. Use it as an asynchronous context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: list[tuple[ReaderProcess, int]] = []
        self._places = asyncio.Semaphore(settings.checks)
        self._waiting = 0

    async def __aenter__(self) -> Self:
        """Nothing is started before the first check."""
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            await _end(self._idle.pop()[0])

    async def run(self, check: Check) -> Checked:
        """Checks a file. A file that takes too long, too much memory or two processes with it does not conform.

        Raises :class:`Busy` where too many files wait already, and what the process raises: :class:`InputError` where
        the shapes cannot be applied, :class:`StoreError` where the current version cannot be read.
        """
        async with self._turn():
            try:
                members = await self._ask_twice(check)
            except _CheckFailedError as error:
                return await asyncio.to_thread(_given_up, check, error)
        return Checked.from_json(members)

    async def _ask_twice(self, check: Check) -> dict[str, Any]:
        """A process may end for reasons that are not the file's, and before others where memory is short."""
        try:
            return await self._ask(check)
        except NotReady as error:
            log.error("%r could not be checked at the first attempt: %s", check.file_name, error)
        except _CheckFailedError as error:
            if not error.is_for_once:
                raise
        return await self._ask(check)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= _WAITING_PER_PROCESS * self._settings.checks:
            raise Busy("Many files are being checked at this moment.", retry_after_seconds=_RETRY_SECONDS)
        self._waiting += 1
        try:
            async with self._places:
                yield
        finally:
            self._waiting -= 1

    async def _ask(self, check: Check) -> dict[str, Any]:
        process, checks = self._idle.pop() if self._idle else (None, 0)
        try:
            if process is None or not process.is_alive():
                if process is not None:
                    await _end(process)
                process, checks = await self._start(), 0
            frame = await self._answer(process, check)
        except BaseException:
            if process is not None:
                await _end(process)
            raise
        if checks + 1 < _CHECKS_PER_PROCESS:
            self._idle.append((process, checks + 1))
        else:
            await _end(process)
        return frame

    async def _start(self) -> ReaderProcess:
        return await ReaderProcess.start(self._settings.validation_memory_bytes, module=CHECKER)

    async def _answer(self, process: ReaderProcess, check: Check) -> dict[str, Any]:
        settings = self._settings.for_children()
        limit_seconds = self._settings.validation_deadline_seconds
        try:
            async with asyncio.timeout(limit_seconds):
                process.send({"settings": settings, "check": check.as_json()})
                frame = await process.receive()
        except TimeoutError:
            raise _CheckFailedError("F90", f"{limit_seconds:g}") from None
        except MemoryLimit:
            raise _CheckFailedError("F91") from None
        except (QueryTooDeep, ReaderLost) as error:
            log.error("the process that checked %r ended: %s", check.file_name, error)
            raise _CheckFailedError("F92", is_for_once=isinstance(error, ReaderLost)) from None
        members = frame.members()
        if frame.kind is Kind.END:
            return members
        if members.get("code") == MemoryLimit.code:
            raise _CheckFailedError("F91")
        raise as_error(members)


def _given_up(check: Check, error: _CheckFailedError) -> Checked:
    """The outcome where the process did not come to one."""
    variables = (("seconds", error.limit),) if error.limit else ()
    position = Position(source=check.file_name)
    finding = Finding(Severity.VIOLATION, error.rule, "", "", "", "", variables=variables, position=position)
    findings = translate([finding], ENGLISH)
    size_bytes, file_hash = digest(check.path)
    receipt = Receipt(False, "", file_hash, "", "", 0, datetime.now(UTC).isoformat(timespec="seconds"))  # noqa: FBT003
    told = told_in(check.languages, findings, Background.of_triples((), ()), (), source=check.file_name)
    return Checked(check.media_type, size_bytes, 0, receipt, numbers(findings), findings, told=told)


def digest(path: Path) -> tuple[int, str]:
    """The size of a file in bytes, and its SHA-256 as hexadecimal digits."""
    size_bytes, checksum = 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            size_bytes += len(chunk)
            checksum.update(chunk)
    return size_bytes, checksum.hexdigest()


async def _end(process: ReaderProcess) -> None:
    process.kill()
    await process.wait()
