"""Asking the graph on behalf of a page or a document: a whole answer, from one version, as terms or triples.

Readers are processes, so what they give arrives as bytes and is parsed here, in a thread.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import RdfFormat, Triple, parse

from pedgraph.query.running import QueryRequest
from pedgraph.vocabulary.media import JSON_RESULTS, N_TRIPLES

if TYPE_CHECKING:
    from pedgraph.query.running import QueryService
    from pedgraph.vocabulary.media import Format

# A solution: variable → term, as in the JSON format (SPARQL 1.1 Query Results JSON Format, section 3.2.2).
Row: TypeAlias = dict[str, dict[str, str]]


class Asking:
    """Asks a query service and gives back whole answers; nothing of them is kept."""

    def __init__(self, queries: QueryService) -> None:
        self._queries = queries

    async def content(self, text: str, version: int, answered_as: Format) -> bytes:
        """The whole answer to a query text, in a version of the graph and a format.

        Raises the errors of :meth:`pedgraph.query.running.QueryService.run`.
        """
        running = await self._queries.run(QueryRequest(text, format_name=answered_as.media_type, version=version))
        try:
            return b"".join([chunk async for chunk in running.answer.chunks()])
        finally:
            await running.answer.close()

    async def rows(self, text: str, version: int) -> list[Row]:
        """All solutions of a SELECT query; raises as :meth:`content`."""
        content = await self.content(text, version, JSON_RESULTS)
        return await asyncio.to_thread(_rows, content)

    async def triples(self, text: str, version: int) -> list[Triple]:
        """All triples of a CONSTRUCT query, each once, in the order in which they come; raises as :meth:`content`."""
        content = await self.content(text, version, N_TRIPLES)
        return await asyncio.to_thread(_triples, content)


def _rows(content: bytes) -> list[Row]:
    found: list[Row] = json.loads(content)["results"]["bindings"]
    return found


def _triples(content: bytes) -> list[Triple]:
    return list(dict.fromkeys(quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)))
