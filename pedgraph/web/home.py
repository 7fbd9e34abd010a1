"""The start of the site, and its sources: pages for people, addresses and stored queries for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph import __version__
from pedgraph.delivery.describing import Document
from pedgraph.delivery.sources import ORDERS, QUERY
from pedgraph.errors import BadRequest
from pedgraph.vocabulary.media import CSV, HTML, JSON_RESULTS, PLAIN_JSON
from pedgraph.web.addressing import site_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.pinning import as_asked
from pedgraph.web.requests import at_most_one, known_parameters, negotiated
from pedgraph.web.sending import HOUR_SECONDS, send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, memento_headers

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
STARTING_POINTS: Final = {
    "name": "pedgraph",
    "version": __version__,
    "documentation": "documentation/",
    "ontology": "ont",
    "shapes": "shapes",
    "sparql": "sparql",
    "queries": "queries",
    "search": "search",
    "peds": "peds",
    "sites": "sites",
    "projects": "projects",
    "cities": "cities",
    "organisations": "organisations",
    "ateliers": "ateliers",
    "events": "events",
    "indicators": "indicators",
    "sources": "sources",
    "catalogue": "catalog",
    "statistics": ".well-known/void",
    "feed": "feed",
    "dumps": "dumps/",
    "versions": "versions",
    "openapi": "openapi.json",
    "readiness": "readyz",
}
_START_PARAMETERS: Final = ("format", "version")
_SOURCES_PARAMETERS: Final = ("sort", "page", "format", "version")
_SOURCES_OFFERED: Final = (HTML, JSON_RESULTS, CSV)
_PAGE_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")
_VARY: Final = {"Vary": "Accept"}


@router.api_route("/", methods=["GET", "HEAD"])
async def start(request: Request) -> Response:
    """The page to start from, or the addresses on it as JSON."""
    parameters = known_parameters(request, _START_PARAMETERS)
    asked = asked_moment(request, parameters)
    if negotiated(request, (PLAIN_JSON, HTML)).format == HTML:
        graph: Graph = request.app.state.graph
        return await _send(request, graph.home.document(asked.number, site_of(request)), asked)
    document = Document(json.dumps(STARTING_POINTS, indent=2).encode(), PLAIN_JSON.media_type)
    return send_document(request, document, merged(_VARY, memento_headers(request, asked)), keep=asked.keep)


@router.api_route("/sources", methods=["GET", "HEAD"])
async def sources(request: Request) -> Response:
    """What the graph rests on. Whoever wants data rather than a page is led to the stored query."""
    parameters = known_parameters(request, _SOURCES_PARAMETERS)
    order = at_most_one(parameters, "sort") or ORDERS[0]
    if order not in ORDERS:
        raise BadRequest(
            f"The parameter 'sort' is one of {', '.join(ORDERS)}; '{order[:50]}' is none of them.", parameter="sort"
        )
    page = at_most_one(parameters, "page") or "1"
    if _PAGE_NUMBER.fullmatch(page) is None:
        raise BadRequest(f"The parameter 'page' is a number from 1; '{page[:50]}' is none.", parameter="page")
    asked = asked_moment(request, parameters)
    chosen = negotiated(request, _SOURCES_OFFERED).format
    if chosen != HTML:
        version = f"&version={asked.number}" if asked.is_pinned else ""
        return RedirectResponse(f"queries/{QUERY}?format={chosen.name}{version}", status_code=303, headers=_VARY)
    graph: Graph = request.app.state.graph
    return await _send(request, graph.sources.document(asked.number, order, int(page)), asked)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
def icon(request: Request) -> Response:
    """The icon of the site, where browsers look for it unasked."""
    graph: Graph = request.app.state.graph
    files = graph.browser_files
    return send_document(request, files.file(files.digest, "icon.svg"), {}, keep=f"public, max-age={HOUR_SECONDS}")


async def _send(request: Request, making: Coroutine[object, object, Document], asked: AskedVersion) -> Response:
    """A page once it is made, unless nobody waits for it any more."""
    try:
        document = await unless_gone(request.scope, request.receive, making)
    except ClientGone:
        return nobody_listens()
    headers = merged(_VARY, memento_headers(request, asked))
    # Pages change with the release of pedgraph, and with the version that is the present one.
    shown = as_asked(request, document, asked)
    return send_document(request, shown, headers, keep=ASK_AGAIN, policy=PAGE_POLICY)
