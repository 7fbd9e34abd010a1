"""Stored queries as a service: what there is, what a request for one comes down to, and in which formats it answers.
The web and the command line both come through here.
"""

from __future__ import annotations

import asyncio
import difflib
import json
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat, parse

from pedgraph.delivery.asking import Asking
from pedgraph.delivery.documents import compact_graph
from pedgraph.delivery.rows import ROW_FORMATS, convert, is_converted, row_formats
from pedgraph.errors import AnswerTooLarge, BadRequest, NotAcceptable, NotFound
from pedgraph.query.binding import bind, counting, ordered, paged
from pedgraph.query.codes import CodeLists
from pedgraph.query.library import read_library
from pedgraph.vocabulary.media import GRAPH_FORMATS, JSON_LD, JSON_RESULTS, N_TRIPLES, find_format, negotiate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.delivery.asking import Row
    from pedgraph.query.library import Column, Parameter, StoredQuery
    from pedgraph.query.running import QueryRequest, QueryService, Response
    from pedgraph.vocabulary.media import Choice, Format

LARGEST_LIMIT: Final = 10_000
LARGEST_OFFSET: Final = 1_000_000_000
# What is converted is held in memory as a whole, several times over.
LARGEST_CONVERTED_BYTES: Final = 32 * 1024 * 1024

_GRAPH_FORMATS: Final = (JSON_LD, *(each for each in GRAPH_FORMATS if each != JSON_LD))


class StoredQueries:
    """The stored queries of the library, answered by a query service."""

    def __init__(self, queries: QueryService) -> None:
        self._queries = queries
        self._asking = Asking(queries)
        self.codes = CodeLists()

    @cached_property
    def library(self) -> dict[str, StoredQuery]:
        """All stored queries by name; raises :class:`pedgraph.errors.InputError` where a file is damaged."""
        return read_library()

    def find(self, name: str) -> StoredQuery:
        """The stored query of a name; raises :class:`NotFound` with the names that are most like it."""
        if name in self.library:
            return self.library[name]
        nearest = difflib.get_close_matches(name, self.library, n=3)
        hint = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
        raise NotFound(f"There is no stored query '{name}'.{hint}", nearest=nearest)

    def bind(self, query: StoredQuery, given: Sequence[tuple[str, str]]) -> str:
        """The text of a stored query with the values that are given; raises :class:`BadRequest`."""
        text = bind(query, given, self.codes)
        return text if query.gives_graph else ordered(query, text)

    def page(self, query: StoredQuery, given: Sequence[tuple[str, str]], *, limit: int | None, offset: int) -> str:
        """The text of a stored query for a part of its rows; raises :class:`BadRequest`."""
        return paged(query, bind(query, given, self.codes), limit=limit, offset=offset)

    async def count(self, query: StoredQuery, given: Sequence[tuple[str, str]], base: QueryRequest) -> int:
        """How many rows there are on all pages, in the version that ``base`` asks."""
        text = counting(bind(query, given, self.codes))
        asked = replace(base, text=text, accept=None, format_name=JSON_RESULTS.name)
        content = await self._whole(await self._queries.respond(asked))
        return int(json.loads(content)["results"]["bindings"][0]["count"]["value"])

    async def bindings(self, name: str, version: int) -> list[Row]:
        """All solutions of a stored query with its defaults, in a version of the graph.

        Raises :class:`NotFound`, and the errors of :meth:`QueryService.run`.
        """
        return await self._asking.rows(self.bind(self.find(name), []), version)

    async def convert(self, query: StoredQuery, response: Response, chosen: Format) -> bytes:
        """An answer as a format that :func:`needs_conversion`, made from one in :func:`engine_format`.

        Raises :class:`AnswerTooLarge` where it is too large to be converted; the answer is closed then.
        """
        content = await self._whole(response)
        return await asyncio.to_thread(_converted, content, query, chosen)

    def catalogue(self, base: str) -> list[dict[str, Any]]:
        """What there is, as JSON objects; ``base`` stands before the name of a query in its address."""
        return [self._entry(query, base) for query in self.library.values()]

    def _entry(self, query: StoredQuery, base: str) -> dict[str, Any]:
        return {
            "name": query.name,
            "title": query.title,
            "description": query.description,
            "topic": query.topic,
            "href": base + query.name,
            "parameters": [self._parameter(each) for each in query.parameters],
            "columns": [_column(each) for each in query.columns],
            "formats": [{"name": each.name, "type": each.media_type} for each in formats(query)],
            "never_empty": query.never_empty,
            "answers": list(query.answers),
            "since": query.since,
            "sparql": query.text,
        }

    def _parameter(self, parameter: Parameter) -> dict[str, Any]:
        """A parameter as a JSON object; ``values`` are all that it takes, where these can be counted."""
        values = list(parameter.choices)
        if parameter.scheme is not None:
            values = list(self.codes.members(parameter.scheme))
        more = {"scheme": parameter.scheme, "language": parameter.language, "values": values}
        return {
            "name": parameter.name,
            "type": parameter.kind,
            "default": parameter.default,
            "meaning": parameter.meaning,
            **{name: value for name, value in more.items() if value},
        }

    async def _whole(self, response: Response) -> bytes:
        content = response.whole or b""
        if response.stream is not None:
            collected = bytearray()
            try:
                async for chunk in response.stream.chunks():
                    collected += chunk
                    if len(collected) > LARGEST_CONVERTED_BYTES:
                        break
            finally:
                await response.stream.close()
            content = bytes(collected)
        if len(content) > LARGEST_CONVERTED_BYTES:
            raise AnswerTooLarge(
                "The answer is too large for this format. Ask for it in pages with 'limit' and 'offset', or as CSV.",
                limit_bytes=LARGEST_CONVERTED_BYTES,
            )
        return content


def formats(query: StoredQuery) -> tuple[Format, ...]:
    """The formats that a stored query can be had in, the preferred one first."""
    return _GRAPH_FORMATS if query.gives_graph else row_formats(query)


def choose_format(query: StoredQuery, accept: str | None, format_name: str | None) -> Choice:
    """Agrees on a format; raises :class:`NotAcceptable` for one that does not fit, :class:`BadRequest` for no format.

    See :func:`pedgraph.vocabulary.media.negotiate` for ``accept`` and ``format_name``.
    """
    offered = formats(query)
    if format_name is not None and find_format(format_name, offered) is None:
        names = [each.name for each in offered]
        is_known = find_format(format_name, ROW_FORMATS + _GRAPH_FORMATS) is not None
        detail = f"{query.name} does not answer as '{format_name[:50]}'. It offers: {', '.join(names)}."
        if is_known:
            raise NotAcceptable(detail, offered=[each.media_type for each in offered])
        raise BadRequest(detail, parameter="format", known=names)
    return negotiate(accept, offered, format_name=format_name)


def needs_conversion(query: StoredQuery, chosen: Format) -> bool:
    """Whether a format is made here rather than by the engine."""
    return chosen == JSON_LD if query.gives_graph else is_converted(chosen)


def engine_format(query: StoredQuery, chosen: Format) -> Format:
    """The format to ask the engine for, where :func:`formats` gives ``chosen``."""
    if not needs_conversion(query, chosen):
        return chosen
    return N_TRIPLES if query.gives_graph else JSON_RESULTS


def _converted(content: bytes, query: StoredQuery, chosen: Format) -> bytes:
    if not query.gives_graph:
        return convert(content, query, chosen)
    document = compact_graph(quad.triple for quad in parse(content, RdfFormat.N_TRIPLES))
    return json.dumps(document, ensure_ascii=False).encode()


def _column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "type": column.kind, "optional": column.is_optional, "meaning": column.meaning}
