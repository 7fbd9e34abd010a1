"""What the graph says of itself: ``/void``, ``/catalog``, and what crawlers ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.catalogue import sitemap
from pedgraph.delivery.catalogue.subject import CATALOGUE, VOID, check_site
from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound
from pedgraph.vocabulary.media import GRAPH_FORMATS, HTML
from pedgraph.web.addressing import root_of, same_address, site_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.pinning import as_asked
from pedgraph.web.requests import known_parameters, negotiated
from pedgraph.web.sending import HOUR_SECONDS, send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, memento_headers

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pedgraph.vocabulary.media import Format
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_MOST_DIGITS: Final = 5
_METHODS: Final = ["GET", "HEAD"]
_OFFERED: Final = (*GRAPH_FORMATS, HTML)
_PLAIN: Final = "text/plain; charset=utf-8"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@router.api_route("/.well-known/void", methods=_METHODS)
@router.api_route("/void", methods=_METHODS)
async def void(request: Request) -> Response:
    """The statistics of the graph and of each graph in it. People are led to the catalogue, which shows them."""
    parameters = known_parameters(request, ("format", "version"))
    graph: Graph = request.app.state.graph
    asked = asked_moment(request, parameters)
    chosen = negotiated(request, _OFFERED).format
    headers = await _headers(request, asked, chosen, VOID)
    if chosen == HTML:
        query = f"?version={asked.number}" if asked.is_pinned else ""
        return RedirectResponse(f"{root_of(request)}catalog{query}", status_code=303, headers=headers)
    making = graph.catalogue.void(asked.number, site_of(request), chosen)
    return await _send(request, making, headers, keep=asked.keep)


@router.api_route("/catalog", methods=_METHODS)
async def catalogue(request: Request) -> Response:
    """The catalogue as RDF, or as a page."""
    parameters = known_parameters(request, ("format", "version"))
    graph: Graph = request.app.state.graph
    asked = asked_moment(request, parameters)
    chosen = negotiated(request, _OFFERED).format
    headers = await _headers(request, asked, chosen, CATALOGUE)
    site = site_of(request)
    making = _page(request, asked) if chosen == HTML else graph.catalogue.catalogue(asked.number, site, chosen)
    # Even of a version that stays as it is, the catalogue says which others are kept and what files are made.
    return await _send(request, making, headers, keep=ASK_AGAIN)


async def _page(request: Request, asked: AskedVersion) -> Document:
    graph: Graph = request.app.state.graph
    return as_asked(request, await graph.catalogue.page(asked.number, site_of(request), root_of(request)), asked)


@router.api_route("/robots.txt", methods=_METHODS)
async def robots(request: Request) -> Response:
    """Where robots may go."""
    known_parameters(request, ())
    site = site_of(request)
    check_site(site)
    document = Document(sitemap.robots(site, "/" + site.split("/", 3)[3]), _PLAIN)
    return send_document(request, document, {}, keep=f"public, max-age={HOUR_SECONDS}")


@router.api_route("/sitemap.xml", methods=_METHODS)
async def site_map(request: Request) -> Response:
    """All pages of the current version, or the list of the parts that they are in."""
    known_parameters(request, ())
    graph: Graph = request.app.state.graph
    making = graph.catalogue.site_map(graph.versions.current(), site_of(request))
    return await _send(request, making, {}, keep=ASK_AGAIN)


@router.api_route("/sitemap/{part}.xml", methods=_METHODS)
async def site_map_part(request: Request, part: str) -> Response:
    """A part of the site map."""
    known_parameters(request, ())
    graph: Graph = request.app.state.graph
    if not (part.isascii() and part.isdecimal() and len(part) <= _MOST_DIGITS):
        raise NotFound(f"There is no part '{part[:50]}' of the site map.")
    making = graph.catalogue.site_map(graph.versions.current(), site_of(request), int(part))
    return await _send(request, making, {}, keep=ASK_AGAIN)


async def _headers(request: Request, asked: AskedVersion, chosen: Format, iri: str) -> dict[str, str]:
    """What is said of a description: its other formats, its name, its licence and its place in time."""
    graph: Graph = request.app.state.graph
    links = [
        f'<{same_address(request, [("format", each.name)])}>; rel="alternate"; type="{each.media_type}"'
        for each in _OFFERED
        if each != chosen
    ]
    links += [f'<{iri}>; rel="canonical"', f'<{await graph.catalogue.licence(asked.number)}>; rel="license"']
    return merged(memento_headers(request, asked), {"Vary": "Accept", "Link": ", ".join(links)})


async def _send(
    request: Request, making: Coroutine[object, object, Document], headers: dict[str, str], *, keep: str
) -> Response:
    """A document once it is made, unless nobody waits for it any more."""
    try:
        document = await unless_gone(request.scope, request.receive, making)
    except ClientGone:
        return nobody_listens()
    return send_document(request, document, headers, keep=keep, policy=_POLICY)
