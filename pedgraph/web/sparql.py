"""``/sparql``: the SPARQL 1.1 Protocol for queries."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pedgraph.errors import MethodNotAllowed, PedgraphError
from pedgraph.store.register import digest
from pedgraph.web import problems
from pedgraph.web.answering import AnswerResponse, ClientGone, nobody_listens, unless_gone
from pedgraph.web.conditions import known_tags
from pedgraph.web.describing import asks_for_description, service_description
from pedgraph.web.explaining import explained
from pedgraph.web.express import HOLDS_WHILE
from pedgraph.web.pages import prefers_page, query_page
from pedgraph.web.permalinks import query_pairs, version_headers, with_links
from pedgraph.web.requests import read_query_request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from pedgraph.query.running import PreparedQuery, QueryRequest
    from pedgraph.web.permalinks import Pairs
    from pedgraph.wiring import Graph

log = logging.getLogger(__name__)

ALLOWED = "GET, HEAD, POST, OPTIONS"
PATHS: Final = frozenset({"/sparql", "/sparql/"})
_METHODS = frozenset(ALLOWED.split(", "))
VERSION_HEADER = "Pedgraph-Version"
# The current version may be another one soon, so an answer of it is asked after each time; that costs no reader.
_CURRENT: Final = "public, no-cache"
_PINNED: Final = "public, max-age=31536000, immutable"
_NEVER_THE_SAME: Final = "no-store"
# Queries that take longer are in the log.
_SLOW_SECONDS: Final = 1.0


async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
    """``/sparql`` as an ASGI application, which answers every error with a problem document."""
    request = Request(scope, receive)
    try:
        response = await sparql(request)
    except Exception as error:  # noqa: BLE001 (the edge of the process)
        response = await problems.response_to(request, error)
    await response(scope, receive, send)


async def sparql(request: Request) -> Response:
    """Answers a query: solutions, a boolean or a graph, in the format asked for. Browsers get a page to ask with."""
    if request.method not in _METHODS:
        raise MethodNotAllowed(f"{request.method} is not offered at {request.url.path}.", allowed=ALLOWED)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    if asks_for_description(request):
        return await (query_page if prefers_page(request) else service_description)(request)
    graph: Graph = request.app.state.graph
    try:
        asked = await read_query_request(request, graph.settings)
    except ClientDisconnect:
        log.info("the client went away before its query was complete")
        return nobody_listens()
    if asked.explain is not None:
        return await explained(request, asked)
    return await respond(request, asked)


async def respond(
    request: Request, asked: QueryRequest, *, headers: dict[str, str] | None = None, pairs: Pairs | None = None
) -> Response:
    """The response to a query, or to any request that comes down to one: all of it, the beginning of a stream, or only
    the word that the client has it already.

    ``headers`` are sent besides those of every answer. ``pairs`` are the parameters of the permalink, where these are
    not those of the SPARQL protocol. Raises the errors of :meth:`pedgraph.query.running.QueryService.respond`.
    """
    graph: Graph = request.app.state.graph
    known = known_tags(request) if request.method in {"GET", "HEAD"} else frozenset()
    started = time.monotonic()
    outcome = "failed"
    try:
        response = await unless_gone(request.scope, request.receive, graph.queries.respond(asked, known))
        outcome = "answered" if response.stream is None else "streaming"
    except asyncio.CancelledError:
        outcome = "client gone"
        raise
    except ClientGone:
        outcome = "client gone"
        return nobody_listens()
    except PedgraphError as error:
        outcome = error.code
        raise
    finally:
        _note(asked, outcome, time.monotonic() - started)
    pairs = query_pairs(asked) if pairs is None else pairs
    all_headers = with_links(answer_headers(request, response.prepared, asked, pairs), headers or {})
    if response.is_known:
        return Response(status_code=304, headers=all_headers)
    if response.stream is not None:
        stall_seconds = graph.settings.client_stall_seconds
        return AnswerResponse(response.stream, headers=all_headers, stall_seconds=stall_seconds)
    return Response(response.whole, headers=all_headers)


def answer_headers(request: Request, prepared: PreparedQuery, asked: QueryRequest, pairs: Pairs) -> dict[str, str]:
    """The header fields that every answer to a query has; says as well until when the response to a request holds.

    ``pairs`` are the parameters of the permalink.
    """
    graph: Graph = request.app.state.graph
    caching = {"Cache-Control": _NEVER_THE_SAME}
    if prepared.tag is not None:
        lasts = prepared.is_pinned and not asked.version_may_move
        caching = {"Cache-Control": _PINNED if lasts else _CURRENT, "ETag": f'"{prepared.tag}"'}
        holds_for, versions = prepared.version, graph.versions
        request.scope["extensions"][HOLDS_WHILE] = lambda: versions.current() == holds_for
    return {
        "Content-Type": prepared.choice.content_type,
        **caching,
        "Vary": "Accept, Accept-Datetime",
        VERSION_HEADER: str(prepared.version),
        "X-Content-Type-Options": "nosniff",
        **version_headers(graph.versions, pairs, prepared),
    }


def _note(asked: QueryRequest, outcome: str, seconds: float) -> None:
    level = logging.DEBUG if outcome == "answered" and seconds < _SLOW_SECONDS else logging.INFO
    if log.isEnabledFor(level):
        name = digest(asked.text)
        log.log(level, "query %s %s after %.3f s", name, outcome, seconds)
        log.debug("query %s is %s", name, asked.text)
