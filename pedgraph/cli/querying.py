"""Asking the graph from the command line, through the same service as the web."""

from __future__ import annotations

import asyncio
import difflib
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph import open_graph
from pedgraph.cli.streams import STDIN, read_input, source_name, until_nobody_reads
from pedgraph.errors import BadRequest, InputError
from pedgraph.query.binding import bind
from pedgraph.query.codes import CodeLists
from pedgraph.query.library import read_library
from pedgraph.query.running import QueryRequest
from pedgraph.vocabulary.media import CSV, TURTLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.query.running import QueryAnswer
    from pedgraph.settings import Settings

# Every query holds white space or one of these signs, and none begins like a path.
_WORD = re.compile(r"[^\s{}<>?$*]+")
_PATH_BEGINNINGS = ("/", "./", "../", "~")
_SIMILAR = 0.75
_QUERY_SUFFIXES = (".rq", ".sparql")
_UPDATE_SUFFIX = ".ru"
_PREFERRED = f"{CSV.media_type}, {TURTLE.media_type}"


def query_text(given: str, *, max_bytes: int) -> str:
    """The text of a query given as ``-`` (standard input), as the path of a file, by its stored name, or as itself.

    Raises :class:`InputError` where a file cannot be read, or where what is given can only be the name of something
    that is not there, and :class:`TooLarge` for a file of more than ``max_bytes``.
    """
    if given == STDIN or ("{" not in given and _is_file(given)):
        return _decoded(read_input(given, max_bytes=max_bytes), source_name(given))
    if not _is_name(given):
        return given
    library = read_library()
    if given in library:
        return library[given].text
    raise InputError(f"There is no such file or stored query.{_hint(given, library)}", source=given)


def bound_text(name: str, values: Sequence[str]) -> str:
    """The text of a stored query with values, each given as ``name=value``.

    Raises :class:`InputError` where there is no such query, and :class:`BadRequest` for a value that does not fit.
    """
    library = read_library()
    if name not in library:
        raise InputError(f"Values go with a stored query only.{_hint(name, library)}", source=name)
    pairs = [each.partition("=") for each in values]
    unnamed = [value for value, equals, _ in pairs if not equals]
    if unnamed:
        raise BadRequest(f"'{unnamed[0]}' is not of the form name=value.")
    return bind(library[name], [(key, value) for key, _, value in pairs], CodeLists())


def update_text(given: str, *, max_bytes: int) -> str:
    """The text of an update given as ``-`` (standard input), as the path of a file, or as itself.

    Raises :class:`InputError` where a file cannot be read, or where what is given can only be the name of one that is
    not there, and :class:`TooLarge` for a file of more than ``max_bytes``.
    """
    if given == STDIN or ("{" not in given and _is_file(given)):
        return _decoded(read_input(given, max_bytes=max_bytes), source_name(given))
    if given.startswith(_PATH_BEGINNINGS) or given.endswith(_UPDATE_SUFFIX):
        raise InputError("There is no such file.", source=given)
    return given


def run_query(
    settings: Settings, text: str, *, format_name: str | None, version: int | None, explain: str | None = None
) -> None:
    """Writes the answer to standard output; solutions as a table where that is a terminal and no format is named.

    ``explain`` asks for an explanation instead (:data:`pedgraph.query.running.EXPLANATIONS`).
    """
    if explain is not None:
        from pedgraph.cli.explaining import run_explanation

        run_explanation(settings, QueryRequest(text, None, format_name, version=version, explain=explain))
        return
    asyncio.run(_run(settings, QueryRequest(text, _PREFERRED, format_name, version=version)))


async def _run(settings: Settings, request: QueryRequest) -> None:
    async with open_graph(settings) as graph:
        running = await graph.queries.run(request)
        try:
            with until_nobody_reads():
                await _write(running, as_table=request.format_name is None and sys.stdout.isatty())
        finally:
            await running.answer.close()


async def _write(running: QueryAnswer, *, as_table: bool) -> None:
    if as_table and running.format == CSV:
        from pedgraph.cli.output import show_solutions

        show_solutions(b"".join([chunk async for chunk in running.answer.chunks()]))
        return
    async for chunk in running.answer.chunks():
        sys.stdout.buffer.write(chunk)


def _is_file(given: str) -> bool:
    """Pipes count as files: a shell hands over the output of a command as one."""
    try:
        return not stat.S_ISDIR(Path(given).stat().st_mode)
    except (OSError, ValueError):
        return False


def _is_name(given: str) -> bool:
    """Whether this can only be meant as the name of a file or of a stored query, as no query looks like it."""
    is_path = given.startswith(_PATH_BEGINNINGS) or (given.endswith(_QUERY_SUFFIXES) and not set(given) & set("{<"))
    return is_path or _WORD.fullmatch(given) is not None


def _hint(given: str, library: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(Path(given).stem, list(library), n=3, cutoff=_SIMILAR)
    return f" Did you mean {' or '.join(nearest)}?" if nearest else ""


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"The query is not valid UTF-8: byte {error.start + 1}.", source=source) from None
