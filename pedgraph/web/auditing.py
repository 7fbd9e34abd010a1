"""``GET /audit``: who wrote what, when, and what came of it; for whoever has a key with the role admin."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import JSONResponse, Response

from pedgraph.errors import BadRequest
from pedgraph.web.keys import require
from pedgraph.web.requests import at_most_one, read_parameters
from pedgraph.wiring import ADMIN

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "GET, HEAD, OPTIONS"
MOST_ENTRIES: Final = 1000
FEW_ENTRIES: Final = 100
_LARGEST: Final = 2**53


@router.options("/audit")
async def options() -> Response:
    """The methods."""
    return Response(status_code=204, headers={"Allow": ALLOWED})


@router.api_route("/audit", methods=["GET", "HEAD"])
async def audit(request: Request) -> Response:
    """The newest entries of the log, or those before one."""
    await require(request, ADMIN)
    graph: Graph = request.app.state.graph
    limit = _number(request, "limit", MOST_ENTRIES) or FEW_ENTRIES
    entries = await asyncio.to_thread(graph.audit.entries, limit, _number(request, "before", _LARGEST))
    return JSONResponse({"entries": entries}, headers={"Cache-Control": "no-store"})


def _number(request: Request, name: str, largest: int) -> int | None:
    text = at_most_one(read_parameters(request.scope["query_string"], "The address"), name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and 0 < int(text) <= largest):
        raise BadRequest(
            f"The parameter '{name}' is a number from 1 to {largest}; '{text[:50]}' is none.", parameter=name
        )
    return int(text)
