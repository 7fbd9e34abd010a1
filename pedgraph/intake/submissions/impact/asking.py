"""Asks the evaluating process, and ends it where an answer takes too long."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from pedgraph.settings import environment_of_children

if TYPE_CHECKING:
    from pathlib import Path

_MODULE = "pedgraph.intake.submissions.impact.evaluator"
_READ_BYTES = 1024 * 1024


class Asking:
    """An evaluating process over two stores, started at once; use it as a context manager.

    ``all_seconds`` is what all questions together may take.
    """

    def __init__(self, before: Path, after: Path, memory_bytes: int, all_seconds: float) -> None:
        limits = [str(os.getpid()), str(memory_bytes)]
        self._command = [sys.executable, "-P", "-m", _MODULE, *limits, str(before), str(after)]
        self._until = time.monotonic() + all_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Starts the process, which takes a while, and does not wait for it."""
        self._process = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer to a job, or ``None`` where there is none in time, or none at all."""
        seconds = min(seconds, self._until - time.monotonic())
        if seconds <= 0:
            return None
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
            line = self._line(self._process, time.monotonic() + seconds)
        except BrokenPipeError:
            line = b""
        if not line:
            self._end()
            return None
        answer: dict[str, Any] = json.loads(line)
        return None if "error" in answer else answer

    @staticmethod
    def _line(process: subprocess.Popen[bytes], until: float) -> bytes:
        assert process.stdout is not None
        parts: list[bytes] = []
        while True:
            wait_seconds = until - time.monotonic()
            ready = wait_seconds > 0 and select.select([process.stdout], [], [], wait_seconds)[0]
            part = os.read(process.stdout.fileno(), _READ_BYTES) if ready else b""
            if not part:
                return b""
            parts.append(part)
            if part.endswith(b"\n"):
                return b"".join(parts)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment_of_children(), "RUST_BACKTRACE": "0"},
        )

    def _end(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()
