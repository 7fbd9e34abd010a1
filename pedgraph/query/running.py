"""Running a query: check its text, settle the format and the dataset, hand it to the pool. The web and the command
line both come through here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.query.text import check
from pedgraph.store.pool import ReadRequest
from pedgraph.vocabulary.media import GRAPH_FORMATS, RESULT_FORMATS, negotiate

if TYPE_CHECKING:
    from pedgraph.query.text import CheckedQuery
    from pedgraph.settings import Settings
    from pedgraph.store.answer import Answer
    from pedgraph.store.pool import ReaderPool
    from pedgraph.vocabulary.media import Format

# A check of a text shorter than this is quicker than handing it to a thread.
_LONG_TEXT = 20_000


@dataclass(frozen=True)
class QueryRequest:
    """A query as somebody asks it.

    ``accept`` is an ``Accept`` header field, ``format_name`` wins over it. ``default_graphs`` and ``named_graphs`` are
    graph IRIs; where one of them is given, the dataset clauses of the query do not count (SPARQL 1.1 Protocol, section
    2.1.4). ``version`` is the number of the version to ask, ``None`` for the current one.
    """

    text: str
    accept: str | None = None
    format_name: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class QueryAnswer:
    """An answer that begins: its bytes, its format, and the ``Content-Type`` that says so."""

    answer: Answer
    format: Format
    content_type: str


class QueryService:
    """Answers queries from the readers of a pool."""

    def __init__(self, settings: Settings, pool: ReaderPool) -> None:
        self._settings = settings
        self._pool = pool

    async def run(self, request: QueryRequest) -> QueryAnswer:
        """Runs a query until it is known that an answer begins; the caller must close ``answer``.

        Raises the errors of :func:`pedgraph.query.text.check`, of :func:`pedgraph.vocabulary.media.negotiate`, and of
        :meth:`pedgraph.store.pool.ReaderPool.run`.
        """
        if len(request.text) < _LONG_TEXT:
            checked = check(request.text, self._settings)
        else:
            checked = await asyncio.to_thread(check, request.text, self._settings)
        offered = GRAPH_FORMATS if checked.form.gives_graph else RESULT_FORMATS
        choice = negotiate(request.accept, offered, format_name=request.format_name)
        default_graphs, named_graphs = _dataset(request, checked)
        answer = await self._pool.run(
            ReadRequest(
                query=checked.text,
                media_type=choice.format.media_type,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                prefixes=checked.prefixes,
                version=request.version,
            )
        )
        return QueryAnswer(answer, choice.format, choice.content_type)


def _dataset(request: QueryRequest, checked: CheckedQuery) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    if request.default_graphs or request.named_graphs:
        return request.default_graphs, request.named_graphs
    return checked.default_graphs, checked.named_graphs
