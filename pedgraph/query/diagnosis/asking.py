"""The small questions of a diagnosis: asked one after the other, like any query, until its time is over."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from pedgraph.errors import BadRequest, QueryFailed, Unavailable
from pedgraph.query.diagnosis.findings import MOST_COUNTED
from pedgraph.vocabulary.media import JSON_RESULTS

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    from pedgraph.query.running import QueryRequest, QueryService

    Row = dict[str, NamedNode | Literal | BlankNode | Triple]

# One question may take this part of the time that is left. One that takes longer costs a reader, so there are few.
_SHARE = 0.5
_MOST_BROKEN_OFF = 3


class Asker:
    """Asks parts of a query, over its own dataset, or over all of its version."""

    def __init__(self, queries: QueryService, request: QueryRequest, *, prologue: str, until_seconds: float) -> None:
        """Takes the query's request with its dataset and version settled, and the loop's time at which to stop."""
        self._queries = queries
        self._request = replace(request, accept=None, format_name=JSON_RESULTS.name)
        self._prologue = prologue
        self._until_seconds = until_seconds
        self.is_complete = True
        self._broken_off = 0

    async def rows(self, text: str, *, everywhere: bool = False) -> list[Row] | None:
        """The solutions of a SELECT query; ``None`` where there is no time or no memory for them.

        ``everywhere`` asks the default dataset of the version and not that of the query.
        """
        left_seconds = self._until_seconds - asyncio.get_running_loop().time()
        if left_seconds <= 0 or self._broken_off >= _MOST_BROKEN_OFF:
            self.is_complete = False
            return None
        request = replace(self._request, text=self._prologue + text)
        if everywhere:
            request = replace(request, default_graphs=(), named_graphs=())
        try:
            async with asyncio.timeout(left_seconds * _SHARE):
                content = await self._collect(request)
        except (TimeoutError, Unavailable, BadRequest, QueryFailed):
            # A bad request is one that we put together wrongly from the parts; the others may still tell something.
            self.is_complete = False
            self._broken_off += 1
            return None
        return _read(content)

    async def count(self, group: str) -> int | None:
        """The number of solutions of what stands in a group, counted to one more than is told; ``None`` as above."""
        limit = MOST_COUNTED + 1
        rows = await self.rows(f"SELECT (COUNT(*) AS ?pedgraph_count) {{ SELECT * {{\n{group}\n}} LIMIT {limit} }}")
        return None if rows is None else int(_text(rows[0]["pedgraph_count"]))

    async def texts(self, text: str, *, everywhere: bool = True) -> list[str]:
        """The IRIs in the only column of a SELECT query, none where it cannot be answered."""
        rows = await self.rows(text, everywhere=everywhere)
        return [_text(term) for row in rows or () for term in row.values()]

    async def _collect(self, request: QueryRequest) -> bytes:
        running = await self._queries.run(request)
        try:
            return b"".join([chunk async for chunk in running.answer.chunks()])
        finally:
            await running.answer.close()


def _read(content: bytes) -> list[Row]:
    results = parse_query_results(content, QueryResultsFormat.JSON)
    assert isinstance(results, QuerySolutions)
    names = [variable.value for variable in results.variables]
    rows = []
    for solution in results:
        found = {name: solution[name] for name in names}
        rows.append({name: term for name, term in found.items() if term is not None})
    return rows


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
