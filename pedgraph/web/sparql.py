"""``/sparql``: the SPARQL 1.1 Protocol for queries."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pedgraph.errors import PedgraphError
from pedgraph.web.answering import AnswerResponse, ClientGone, unless_gone
from pedgraph.web.requests import read_query_request

if TYPE_CHECKING:
    from pedgraph.query.running import QueryAnswer, QueryRequest
    from pedgraph.wiring import Graph

log = logging.getLogger(__name__)

router = APIRouter()

ALLOWED = "GET, HEAD, POST, OPTIONS"
_METHODS = ALLOWED.split(", ")
VERSION_HEADER = "Pedgraph-Version"
_CLIENT_CLOSED_REQUEST = 499


@router.api_route("/sparql", methods=_METHODS, include_in_schema=False)
@router.api_route("/sparql/", methods=_METHODS, include_in_schema=False)
async def sparql(request: Request) -> Response:
    """Answers a query: solutions, a boolean or a graph, in the format asked for."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    graph: Graph = request.app.state.graph
    try:
        query = await read_query_request(request, graph.settings)
    except ClientDisconnect:
        log.info("the client went away before its query was complete")
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    started = time.monotonic()
    outcome = "failed"
    try:
        answer, whole = await unless_gone(request.receive, _begin(graph, query))
        outcome = "answered" if whole is not None else "streaming"
    except ClientGone:
        outcome = "client gone"
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    except PedgraphError as error:
        outcome = error.code
        raise
    finally:
        digest = hashlib.sha256(query.text.encode("utf-8", "replace")).hexdigest()[:12]
        log.info("query %s %s after %.3f s", digest, outcome, time.monotonic() - started)
        log.debug("query %s is %s", digest, query.text)
    headers = {
        "Content-Type": answer.content_type,
        "Vary": "Accept",
        VERSION_HEADER: str(answer.answer.version),
        "X-Content-Type-Options": "nosniff",
    }
    if whole is None:
        return AnswerResponse(answer.answer, headers=headers, stall_seconds=graph.settings.client_stall_seconds)
    return Response(whole, headers=headers)


async def _begin(graph: Graph, query: QueryRequest) -> tuple[QueryAnswer, bytes | None]:
    """The answer, and all of its bytes where they are few and come soon."""
    answer = await graph.queries.run(query)
    try:
        return answer, await answer.answer.settle()
    except BaseException:
        await answer.answer.close()
        raise
