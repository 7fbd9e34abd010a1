"""The reports over the whole graph, as pages for people; their data are those of stored queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.conflicts import QUERY
from pedgraph.vocabulary.media import CSV, HTML, JSON_RESULTS
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.requests import at_most_one, known_parameters, negotiated
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pedgraph.delivery.describing import Document
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_PARAMETERS: Final = ("kind", "thing", "format")
_OFFERED: Final = (HTML, JSON_RESULTS, CSV)
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_ASK_AGAIN: Final = "public, no-cache"


@router.api_route("/conflicts", methods=["GET", "HEAD"])
async def conflicts(request: Request) -> Response:
    """What sources disagree on. Whoever wants data rather than a page is led to the stored query."""
    graph: Graph = request.app.state.graph
    parameters = known_parameters(request, _PARAMETERS)
    kind, thing = (at_most_one(parameters, name) or "" for name in ("kind", "thing"))
    chosen = negotiated(request, _OFFERED).format
    if chosen != HTML:
        return RedirectResponse(f"queries/{QUERY}?format={chosen.name}", status_code=303, headers={"Vary": "Accept"})
    making = graph.conflicts.page(graph.versions.current(), kind, thing)
    return await _send(request, making, {"Vary": "Accept"})


@router.api_route("/coverage", methods=["GET", "HEAD"])
async def coverage(request: Request) -> Response:
    """How much of what is in the graph, how complete, how old and how linked it is. There is nothing to ask it for, so
    parameters are errors.
    """
    known_parameters(request, ())
    graph: Graph = request.app.state.graph
    return await _send(request, graph.coverage.document(graph.versions.current()), {})


async def _send(request: Request, making: Coroutine[object, object, Document], headers: dict[str, str]) -> Response:
    """A page once it is made, unless nobody waits for it any more."""
    try:
        document = await unless_gone(request.scope, request.receive, making)
    except ClientGone:
        return nobody_listens()
    return send_document(request, document, headers, keep=_ASK_AGAIN, policy=_POLICY)
