"""Running a query: check its text, settle version, format and dataset, look for the answer among those that are kept,
and hand it to the pool otherwise. The web and the command line both come through here.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from pedgraph.errors import TooManyQueries, VersionGone, VersionNotFound
from pedgraph.query.caching import AnswerCache, SharedWork, entity_tag
from pedgraph.query.services import Calls
from pedgraph.query.text import Form, check
from pedgraph.store.pool import ReadRequest
from pedgraph.vocabulary.media import BOOLEAN_FORMATS, CSV, GRAPH_FORMATS, RESULT_FORMATS, negotiate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pedgraph.query.text import CheckedQuery
    from pedgraph.settings import Settings
    from pedgraph.store.answer import Answer
    from pedgraph.store.pool import ReaderPool
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Choice, Format

# Makes the document for a profile of an answer that comes as N-Triples.
Shape: TypeAlias = "Callable[[AsyncIterator[bytes], str], Awaitable[bytes]]"

_OFFERED = {Form.SELECT: RESULT_FORMATS, Form.ASK: BOOLEAN_FORMATS}
# A check of a text shorter than this is quicker than handing it to a thread.
_LONG_TEXT = 20_000
EXPLAIN_EMPTY = "empty"
EXPLAIN_PLAN = "plan"
EXPLANATIONS = (EXPLAIN_EMPTY, EXPLAIN_PLAN)


@dataclass(frozen=True)
class QueryRequest:
    """A query as somebody asks it.

    ``accept`` is an ``Accept`` header field, ``format_name`` wins over it. ``profile_name`` is a profile of JSON-LD;
    ``with_byte_order_mark`` is for CSV, which some programs cannot read without it. ``default_graphs`` and
    ``named_graphs`` are graph IRIs; where one of them is given, the dataset clauses of the query do not count (SPARQL
    1.1 Protocol, section 2.1.4). ``version`` is the number of the version to ask, ``None`` for the current one;
    ``version_may_move`` says that it was asked for in words that may mean another one some day,
    ``version_is_implied`` that nobody asked for it.
    ``timeout_seconds`` is the time that the client gives it, if that is less than the server does. ``client`` is the
    address that asks. ``explain`` asks for an explanation instead of the answer, one of :data:`EXPLANATIONS`, and
    ``with_statistics`` for numbers in a plan; whoever runs the query leaves both aside.
    """

    text: str
    accept: str | None = None
    format_name: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    version: int | None = None
    timeout_seconds: float | None = None
    client: str = ""
    profile_name: str | None = None
    with_byte_order_mark: bool = False
    version_may_move: bool = False
    version_is_implied: bool = False
    explain: str | None = None
    with_statistics: bool = False


@dataclass(frozen=True)
class PreparedQuery:
    """A query that may be run: what goes to a reader, what was agreed on, and the tag of its answer.

    ``tag`` is a strong entity tag without its quotes (RFC 9110, section 8.8.3): the same for the same version, text,
    format and dataset; ``None`` where the answer is another one each time. ``is_pinned`` says that a version was asked.
    """

    read: ReadRequest
    choice: Choice
    version: int
    tag: str | None
    is_pinned: bool


@dataclass(frozen=True)
class Response:
    """What is sent for a query: the whole answer, or the stream of one that is long; neither where it ``is_known``."""

    prepared: PreparedQuery
    whole: bytes | None = None
    stream: Answer | None = None
    is_known: bool = False


@dataclass
class _Begun:
    """An answer as it comes from the pool; a stream is for one client only."""

    whole: bytes | None = None
    stream: Answer | None = None
    is_taken: bool = False


@dataclass(frozen=True)
class QueryAnswer:
    """An answer that begins: its bytes, its format, and the ``Content-Type`` that says so."""

    answer: Answer
    format: Format
    content_type: str


class QueryService:
    """Answers queries from the readers of a pool."""

    def __init__(self, settings: Settings, pool: ReaderPool, versions: Versions, shape: Shape) -> None:
        """``shape`` makes the documents that the engine cannot write itself."""
        self._settings = settings
        self._pool = pool
        self._versions = versions
        self._shape = shape
        self._cache = AnswerCache(settings.cache_max_bytes)
        self._shared: SharedWork[_Begun] = SharedWork(_discard)

    async def prepare(self, request: QueryRequest) -> PreparedQuery:
        """Checks a query and settles its version, format and dataset.

        Raises the errors of :func:`pedgraph.query.text.check`, of :func:`pedgraph.vocabulary.media.negotiate`, and
        :class:`VersionNotFound`, :class:`VersionGone`.
        """
        if len(request.text) < _LONG_TEXT:
            checked = check(request.text, self._settings)
        else:
            checked = await asyncio.to_thread(check, request.text, self._settings)
        return self.prepare_checked(request, checked)

    def prepare_checked(self, request: QueryRequest, checked: CheckedQuery) -> PreparedQuery:
        """The second half of :meth:`prepare`, for a text that has been checked."""
        choice = _agree(checked.form, request.accept, request.format_name, request.profile_name)
        default_graphs, named_graphs = _dataset(request, checked)
        version = self._versions.current() if request.version is None else request.version
        read = ReadRequest(
            query=checked.text,
            media_type=choice.written_as.media_type,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            prefixes=checked.prefixes,
            version=version,
            timeout_seconds=request.timeout_seconds,
            client=request.client,
            star=checked.star,
            with_byte_order_mark=request.with_byte_order_mark and choice.format == CSV,
            calls_out=checked.calls is Calls.ALLOWED,
            is_silent=checked.calls is Calls.SILENT,
        )
        tag = None if checked.is_volatile else entity_tag(read, choice, self._versions.identity(version))
        is_pinned = request.version is not None and not request.version_is_implied
        return PreparedQuery(read, choice, version, tag, is_pinned=is_pinned)

    async def respond(self, request: QueryRequest, known_tags: frozenset[str] = frozenset()) -> Response:
        """Answers a query from what is kept or from a reader; the caller must close the stream of the response.

        ``known_tags`` are the entity tags of answers that the client has; ``*`` stands for any that there is. The same
        query is run once for all who ask it at one time. Raises the errors of :meth:`prepare` and of
        :meth:`pedgraph.store.pool.ReaderPool.run`.
        """
        prepared = await self.prepare(request)
        if prepared.tag in known_tags:
            return Response(prepared, is_known=True)
        try:
            response = await self._respond(prepared)
        except (VersionGone, VersionNotFound):
            if prepared.is_pinned:
                raise
            # What was current a moment ago has been pruned since.
            response = await self._respond(await self.prepare(request))
        if "*" in known_tags and prepared.tag is not None:
            if response.stream is not None:
                await response.stream.close()
            return Response(response.prepared, is_known=True)
        return response

    async def _respond(self, prepared: PreparedQuery) -> Response:
        if prepared.tag is None:
            begun = await self._begin(prepared)
        elif (kept := self._cache.get(prepared.tag)) is not None:
            return Response(prepared, whole=kept)
        else:
            key = f"{prepared.tag} {prepared.read.timeout_seconds}"
            begun = await self._join(key, prepared)
        if begun.is_taken:
            # What does not fit into the buffer goes to one client as it comes; the others have it made for them.
            begun = await self._begin(prepared)
        begun.is_taken = begun.stream is not None
        return Response(prepared, whole=begun.whole, stream=begun.stream)

    async def _join(self, key: str, prepared: PreparedQuery) -> _Begun:
        try:
            return await self._shared.do(key, lambda: self._begin(prepared))
        except TooManyQueries:
            # That may hold for another client, which asked the same a moment before.
            return await self._begin(prepared)

    async def run(self, request: QueryRequest) -> QueryAnswer:
        """Runs a query until it is known that an answer begins; the caller must close ``answer``.

        Nothing is kept, and profiles do not count. Raises the errors of :meth:`prepare` and of
        :meth:`pedgraph.store.pool.ReaderPool.run`.
        """
        prepared = await self.prepare(request)
        choice = prepared.choice.without_profile()
        answer = await self._pool.run(replace(prepared.read, media_type=choice.format.media_type))
        return QueryAnswer(answer, choice.format, choice.content_type)

    async def _begin(self, prepared: PreparedQuery) -> _Begun:
        answer = await self._pool.run(prepared.read)
        profile = prepared.choice.shaped_profile
        try:
            whole = await (answer.settle() if profile is None else self._shape(answer.chunks(), profile))
        except BaseException:
            await answer.close()
            raise
        if whole is None:
            return _Begun(stream=answer)
        if prepared.tag is not None:
            self._cache.put(prepared.tag, whole)
        return _Begun(whole=whole)


async def _discard(begun: _Begun) -> None:
    if begun.stream is not None and not begun.is_taken:
        await begun.stream.close()


@functools.lru_cache(maxsize=1000)
def _agree(form: Form, accept: str | None, format_name: str | None, profile_name: str | None) -> Choice:
    """What is agreed on; clients send the same few header fields again and again."""
    offered = _OFFERED.get(form, GRAPH_FORMATS)
    return negotiate(accept, offered, format_name=format_name, profile_name=profile_name)


def _dataset(request: QueryRequest, checked: CheckedQuery) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    if request.default_graphs or request.named_graphs:
        return request.default_graphs, request.named_graphs
    return checked.default_graphs, checked.named_graphs
