"""Previews as a service: each in a process of its own, which is killed where it takes too long."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, ReaderLost, TimeLimit
from pedgraph.intake.failing import as_error
from pedgraph.intake.submissions.impact.asked import ACCEPT, FILE, WITHDRAW
from pedgraph.settings import environment_of_children

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.submissions.accepting import Acceptance
    from pedgraph.settings import Settings

_MODULE = "pedgraph.intake.submissions.impact.worker"


class PreviewService:
    """Works out previews one at a time. All methods raise :class:`TimeLimit`, :class:`MemoryLimit`,
    :class:`ReaderLost` and what :func:`pedgraph.intake.submissions.preview.preview` does.
    """

    def __init__(self, settings: Settings, language: str = "en") -> None:
        self._settings = settings
        self._language = language
        self._turn = asyncio.Semaphore(1)

    async def __call__(
        self, acceptance: Acceptance, version: int, settings: Settings, language: str = ""
    ) -> dict[str, Any]:
        """What an acceptance would change, as :class:`Previewer` wants it; the preview says of which version."""
        del version, settings
        return await self._run({"act": ACCEPT, "submission": acceptance.submission.id}, language)

    async def of_withdrawal(self, submission: str) -> dict[str, Any]:
        """What the withdrawal of an accepted submission would change."""
        return await self._run({"act": WITHDRAW, "submission": submission})

    async def of_file(
        self, data_path: Path, graph: str, findings: Sequence[Finding] = (), replaces: Sequence[str] = ()
    ) -> dict[str, Any]:
        """What the statements in a file of N-Triples would change as the content of a graph."""
        members = {"data_path": str(data_path), "graph": graph, "replaces": list(replaces)}
        return await self._run({"act": FILE, **members, "findings": [each.as_json() for each in findings]})

    async def _run(self, job: dict[str, Any], language: str = "") -> dict[str, Any]:
        settings = self._settings.for_children()
        request = json.dumps({**job, "settings": settings, "language": language or self._language}).encode()
        async with self._turn:
            outcome = await self._ask(request)
        if "error" in outcome:
            if outcome["error"]["code"] == MemoryLimit.code:
                raise MemoryLimit("The preview needed more memory than a preview may have.")
            raise as_error(outcome["error"])
        found: dict[str, Any] = outcome["preview"]
        return found

    async def _ask(self, request: bytes) -> dict[str, Any]:
        limit_seconds = self._settings.validation_deadline_seconds
        arguments = [str(os.getpid()), str(self._settings.validation_memory_bytes)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _MODULE, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**environment_of_children(), "RUST_BACKTRACE": "0"},
        )
        try:
            async with asyncio.timeout(limit_seconds):
                content, _ = await process.communicate(request)
        except TimeoutError:
            raise TimeLimit(
                f"The preview took longer than {limit_seconds:g} seconds, the longest time allowed, and was ended.",
                limit_seconds=limit_seconds,
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if not content:
            raise ReaderLost("The process that works out previews ended.")
        outcome: dict[str, Any] = json.loads(content)
        return outcome
