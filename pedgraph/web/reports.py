"""The reports over the whole graph, as pages for people; their data are those of stored queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.conflicts import QUERY
from pedgraph.errors import BadRequest
from pedgraph.vocabulary.media import CSV, HTML, JSON_RESULTS
from pedgraph.web.requests import at_most_one, negotiated, read_parameters
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_PARAMETERS: Final = ("kind", "thing", "format")
_OFFERED: Final = (HTML, JSON_RESULTS, CSV)


@router.api_route("/conflicts", methods=["GET", "HEAD"])
async def conflicts(request: Request) -> Response:
    """What sources disagree on. Whoever wants data rather than a page is led to the stored query."""
    graph: Graph = request.app.state.graph
    parameters = read_parameters(request.scope["query_string"], "The address")
    for name, _ in parameters:
        if name not in _PARAMETERS:
            raise BadRequest(
                f"There is no parameter '{name[:50]}' here. There are: {', '.join(_PARAMETERS)}.",
                parameter=name[:50],
                known=list(_PARAMETERS),
            )
    kind, thing = (at_most_one(parameters, name) or "" for name in ("kind", "thing"))
    chosen = negotiated(request, _OFFERED).format
    if chosen != HTML:
        return RedirectResponse(f"queries/{QUERY}?format={chosen.name}", status_code=303, headers={"Vary": "Accept"})
    document = await graph.conflicts.page(graph.versions.current(), kind, thing)
    return send_document(request, document, {"Vary": "Accept"}, keep="public, no-cache")
