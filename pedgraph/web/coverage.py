"""``/coverage``: how much of what is in the graph, how complete, how old and how linked it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.errors import BadRequest
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.requests import read_parameters
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ASK_AGAIN: Final = "public, no-cache"


@router.api_route("/coverage", methods=["GET", "HEAD"])
async def coverage(request: Request) -> Response:
    """The page on the current version; there is nothing to ask it for, so parameters are errors."""
    given = read_parameters(request.scope["query_string"], "The address")
    if given:
        raise BadRequest(
            f"The page takes no parameters; '{given[0][0][:50]}' is none of its own.", parameter=given[0][0]
        )
    graph: Graph = request.app.state.graph
    making = graph.coverage.document(graph.versions.current())
    try:
        document = await unless_gone(request.scope, request.receive, making)
    except ClientGone:
        return nobody_listens()
    return send_document(request, document, {}, keep=_ASK_AGAIN, policy=_POLICY)
