"""Asking the graph from the command line, through the same service as the web."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph import open_graph
from pedgraph.errors import InputError
from pedgraph.query.library import read_library
from pedgraph.query.running import QueryRequest
from pedgraph.vocabulary.media import CSV, TURTLE

if TYPE_CHECKING:
    from pedgraph.settings import Settings

_NAME = re.compile(r"[a-z]+(-[a-z]+)+")
_PREFERRED = f"{CSV.media_type}, {TURTLE.media_type}"


def query_text(given: str) -> str:
    """The text of a query given as ``-`` (standard input), as the path of a file, by its stored name, or as itself."""
    try:
        if given == "-":
            return sys.stdin.buffer.read().decode()
        path = Path(given)
        if "{" not in given and (path.suffix == ".rq" or path.is_file()):
            return path.read_text(encoding="utf-8")
        if _NAME.fullmatch(given) and (stored := read_library().get(given)) is not None:
            return stored.text
    except UnicodeDecodeError as error:
        raise InputError(f"The query is not valid UTF-8: byte {error.start + 1}.", source=given) from None
    except OSError as error:
        raise InputError(f"The query cannot be read: {error.strerror}.", source=given) from None
    return given


def run_query(settings: Settings, text: str, *, format_name: str | None, version: int | None) -> None:
    """Writes the answer to standard output; solutions as a table where that is a terminal and no format is named."""
    asyncio.run(_run(settings, QueryRequest(text, _PREFERRED, format_name, version=version)))


async def _run(settings: Settings, request: QueryRequest) -> None:
    async with open_graph(settings) as graph:
        running = await graph.queries.run(request)
        try:
            if request.format_name is None and running.format == CSV and sys.stdout.isatty():
                from pedgraph.cli.output import show_solutions

                show_solutions(b"".join([chunk async for chunk in running.answer.chunks()]))
                return
            async for chunk in running.answer.chunks():
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        finally:
            await running.answer.close()
