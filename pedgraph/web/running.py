"""``/queries/running``: what runs and waits at this moment, for those who run the server, and how to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import JSONResponse, Response

from pedgraph.web.keys import require
from pedgraph.wiring import ADMIN

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_LIST_METHODS: Final = "GET, HEAD, OPTIONS"
_QUERY_METHODS: Final = "DELETE, OPTIONS"
_CANCEL_METHODS: Final = "POST, OPTIONS"
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


@router.head("/queries/running")
@router.get("/queries/running")
async def running(request: Request) -> Response:
    """Lists the queries that run or wait, the oldest first; needs the role admin."""
    await require(request, ADMIN)
    queries: list[dict[str, Any]] = await _graph(request).running.listing()
    return JSONResponse({"queries": queries}, headers=_NOT_KEPT)


@router.delete("/queries/running/{identifier}")
async def cancel(request: Request, identifier: str) -> Response:
    """Ends a query: its client gets 503 ``query-cancelled``, or an answer that breaks off. Needs the role admin."""
    who = await require(request, ADMIN)
    graph = _graph(request)
    async with graph.audit.recording(who, "cancel query", identifier):
        await graph.running.cancel(identifier)
    return Response(status_code=204, headers=_NOT_KEPT)


@router.post("/queries/running/{identifier}/cancel")
async def cancel_by_post(request: Request, identifier: str) -> Response:
    """The same for clients that cannot send DELETE, such as a form on a page."""
    return await cancel(request, identifier)


@router.options("/queries/running")
async def list_options() -> Response:
    """The methods of the list."""
    return Response(status_code=204, headers={"Allow": _LIST_METHODS})


@router.options("/queries/running/{identifier}")
async def query_options() -> Response:
    """The methods of a running query."""
    return Response(status_code=204, headers={"Allow": _QUERY_METHODS})


@router.options("/queries/running/{identifier}/cancel")
async def cancel_options() -> Response:
    """The method that ends a query."""
    return Response(status_code=204, headers={"Allow": _CANCEL_METHODS})


def _graph(request: Request) -> Graph:
    graph: Graph = request.app.state.graph
    return graph
