"""How the engine goes about a query: its plan, and on request how many results each step had and how long it took.

The engine's library does not tell; its command (the package ``oxigraph``, of the same version) does. It runs in a
process of its own that can be killed. A plan without statistics does not depend on the data, so it is made over an
empty database, which takes no longer for a large query than for a small one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import (
    BadRequest,
    MemoryLimit,
    PedgraphError,
    QuerySyntaxError,
    QueryTooDeep,
    TimeLimit,
    Unavailable,
)
from pedgraph.settings import environment_of_children
from pedgraph.store.explanation import explain
from pedgraph.store.launching import PLAN_FILE

if TYPE_CHECKING:
    from asyncio.subprocess import Process

ENGINE: Final = "oxigraph"
_ERROR_BYTES = 64 * 1024
_OUT_OF_MEMORY = ("memory allocation of", "bad_alloc", "Cannot allocate memory", "Resource temporarily unavailable")


@dataclass(frozen=True)
class PlanRequest:
    """A query to plan: its text, a format that its answer can have, and where its numbers shall come from.

    ``directory`` is the folder of a version where statistics are wanted, which means to run the query; else ``None``.
    """

    query: str
    media_type: str
    directory: Path | None
    timeout_seconds: float
    memory_bytes: int


def engine_version() -> str:
    """The version of the engine's command; raises :class:`Unavailable` where it is not installed."""
    return _installed().version


async def make_plan(request: PlanRequest) -> dict[str, Any]:
    """The plan of a query as the engine writes it.

    Raises :class:`Unavailable` where the engine's command is not installed, :class:`QuerySyntaxError`,
    :class:`TimeLimit`, :class:`MemoryLimit`, :class:`QueryTooDeep`.
    """
    with tempfile.TemporaryDirectory(prefix="pedgraph-plan-") as work:
        process = await _start(request, Path(work))
        try:
            async with asyncio.timeout(request.timeout_seconds):
                _, words = await process.communicate(request.query.encode())
        except TimeoutError:
            hint = " Its plan without statistics does not need to run it." if request.directory else ""
            raise TimeLimit(
                f"The plan was not made in {request.timeout_seconds:g} seconds, the longest time allowed.{hint}",
                limit_seconds=request.timeout_seconds,
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode != 0:
            raise _failure(process.returncode or 0, words[:_ERROR_BYTES].decode(errors="replace"), request.query)
        return _read(Path(work) / PLAN_FILE)


async def _start(request: PlanRequest, work: Path) -> Process:
    options = ["--results-format", request.media_type, *(["--stats"] if request.directory else [])]
    launcher = (sys.executable, "-P", "-m", "pedgraph.store.launching", str(os.getpid()), str(request.memory_bytes))
    directory = str(request.directory) if request.directory else ""
    try:
        return await asyncio.create_subprocess_exec(
            *(*launcher, directory, str(work), str(_program()), *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**environment_of_children(), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"},
        )
    except OSError as error:
        raise Unavailable(f"The engine's command could not be started: {error.strerror}.") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        plan: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except RecursionError:
        raise QueryTooDeep("The plan of this query is too deep a tree to be shown.") from None
    return plan


def _installed() -> metadata.Distribution:
    try:
        return metadata.distribution(ENGINE)
    except metadata.PackageNotFoundError:
        raise Unavailable(
            "Plans are not made here: the engine's command, the package 'oxigraph', is not installed."
        ) from None


def _program() -> Path:
    installed = _installed()
    for file in installed.files or ():
        if file.name == ENGINE and file.parent.name == "bin":
            return Path(str(installed.locate_file(file))).resolve()
    raise Unavailable("Plans are not made here: the package 'oxigraph' holds no command.")


def _failure(code: int, words: str, query: str) -> PedgraphError:
    if any(mark in words for mark in _OUT_OF_MEMORY):
        return MemoryLimit("The query needed more memory than a query may have.")
    if code in (-signal.SIGSEGV, -signal.SIGBUS) or "overflowed its stack" in words:
        return QueryTooDeep("The query is too long a chain of nested parts for the engine; split it up.")
    message = words.partition("\n\nStack backtrace")[0].removeprefix("Error: ").strip()
    if message.startswith("error at "):
        explained = explain(message, query)
        return QuerySyntaxError(explained.detail, line=explained.line, column=explained.column)
    if message:
        return BadRequest(f"The query cannot be planned: {message[:300]}")
    return Unavailable(f"The process that made the plan ended with code {code}. Try once more.")
