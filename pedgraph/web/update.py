"""``/update``: the SPARQL 1.1 Protocol for updates, for whoever has a key with the role admin."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pedgraph.web.answering import nobody_listens
from pedgraph.web.keys import require
from pedgraph.web.requests import read_update_request
from pedgraph.web.sparql import VERSION_HEADER
from pedgraph.web.writing import carry_out, who_and_why
from pedgraph.wiring import ADMIN, UPDATE, Write

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

ALLOWED = "POST, OPTIONS"


@router.api_route("/update", methods=ALLOWED.split(", "))
@router.api_route("/update/", methods=ALLOWED.split(", "))
async def update(request: Request) -> Response:
    """Carries out an update; nothing of it where one of its operations fails."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    who = await require(request, ADMIN)
    graph: Graph = request.app.state.graph
    try:
        asked = await read_update_request(request, graph.settings)
    except ClientDisconnect:
        log.info("the client went away before its update was complete")
        return nobody_listens()
    author, reason = who_and_why(request, who, "SPARQL update")
    write = Write(UPDATE, author, reason, using=asked.using, using_named=asked.using_named)
    outcome = await carry_out(request, who, write, [asked.text.encode("utf-8", "surrogatepass")])
    if isinstance(outcome, Response):
        return outcome
    return Response(status_code=204, headers={VERSION_HEADER: str(outcome.version)})
