"""Marking a workbook of somebody else's, in a process of its own that is killed where that takes too much."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import MemoryLimit, QueryTooDeep, ReaderLost, TimeLimit
from pedgraph.intake.failing import as_error
from pedgraph.store.frames import Kind
from pedgraph.store.process import ReaderProcess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.settings import Settings

MARKER: Final = "pedgraph.intake.marker"


class Marking:
    """Marks workbooks, as many at a time as files are checked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(settings.checks)

    async def mark(
        self, path: Path, file_name: str, told: dict[str, Any], findings: Sequence[dict[str, Any]], target: Path
    ) -> None:
        """Writes the workbook with the findings in it to ``target``.

        Raises :class:`InputError` for a file that is no table, :class:`TooLarge`, :class:`TimeLimit`,
        :class:`MemoryLimit`, :class:`ReaderLost`.
        """
        job = {
            "path": str(path),
            "file_name": file_name,
            "language": told["language"],
            "findings": list(findings),
            "unpacked_max_bytes": self._settings.unpacked_max_bytes,
            "target": str(target),
        }
        async with self._places:
            process = await ReaderProcess.start(self._settings.validation_memory_bytes, module=MARKER)
            try:
                await self._answer(process, job)
            finally:
                process.kill()
                await process.wait()

    async def _answer(self, process: ReaderProcess, job: dict[str, Any]) -> None:
        limit_seconds = self._settings.validation_deadline_seconds
        try:
            async with asyncio.timeout(limit_seconds):
                process.send(job)
                frame = await process.receive()
        except TimeoutError:
            raise TimeLimit("The workbook took too long to mark.", limit_seconds=limit_seconds) from None
        except MemoryLimit:
            raise MemoryLimit("The workbook needs more memory than it may have to be marked.") from None
        except (QueryTooDeep, ReaderLost) as error:
            raise ReaderLost("The process that marks the workbook ended.") from error
        if frame.kind is not Kind.END:
            members = frame.members()
            if members["code"] == MemoryLimit.code:
                raise MemoryLimit("The workbook needs more memory than it may have to be marked.")
            raise as_error(members)
