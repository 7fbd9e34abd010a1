"""``explain`` at ``/sparql``: why an answer is empty, or the plan of a query, instead of the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from pedgraph.query.running import EXPLAIN_EMPTY
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.query.running import QueryRequest
    from pedgraph.wiring import Graph

MEDIA_TYPE = "application/json"


async def explained(request: Request, asked: QueryRequest) -> Response:
    """The explanation that a request asks for, as JSON; ends the work where the client goes away."""
    graph: Graph = request.app.state.graph
    try:
        members = await unless_gone(request.scope, request.receive, _explain(graph, asked))
    except ClientGone:
        return nobody_listens()
    headers = {
        "Cache-Control": "no-store",
        "Pedgraph-Version": str(members["version"]),
        "X-Content-Type-Options": "nosniff",
    }
    body = json.dumps(members, ensure_ascii=False).encode()
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


async def _explain(graph: Graph, asked: QueryRequest) -> dict[str, Any]:
    if asked.explain == EXPLAIN_EMPTY:
        return (await graph.doctor.diagnose(asked)).as_json()
    return (await graph.planner.plan(asked, with_statistics=asked.with_statistics)).as_json()
