"""``/feed`` and ``/feed.atom``: what is created, changed and withdrawn."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.delivery.feed.stream import FORMATS
from pedgraph.errors import NotFound
from pedgraph.vocabulary.media import HTML
from pedgraph.web.addressing import root_of, site_of
from pedgraph.web.requests import known_parameters, negotiated
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

# Nobody keeps a name longer than this that was taken out of the feed.
_WEEK_SECONDS: Final = 7 * 24 * 3600
_KEEP: Final = f"public, max-age={_WEEK_SECONDS}, immutable"
_ASK_AGAIN: Final = "public, no-cache"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")


@router.api_route("/feed", methods=["GET", "HEAD"])
@router.api_route("/feed/", methods=["GET", "HEAD"])
async def entry(request: Request) -> Response:
    """The entry of the event stream, or a page that says what changed last."""
    known_parameters(request, ("format",))
    graph: Graph = request.app.state.graph
    chosen = negotiated(request, (*FORMATS, HTML)).format
    if chosen == HTML:
        document = await asyncio.to_thread(graph.changes_page.document, site_of(request), root_of(request))
    else:
        document = await asyncio.to_thread(graph.event_stream.root, site_of(request), chosen)
    return send_document(request, document, _headers(request), keep=_ASK_AGAIN)


@router.api_route("/feed.atom", methods=["GET", "HEAD"])
async def atom(request: Request) -> Response:
    """The Atom feed to subscribe to."""
    known_parameters(request, ())
    graph: Graph = request.app.state.graph
    document = await asyncio.to_thread(graph.atom_feed.current, site_of(request))
    return send_document(request, document, {}, keep=_ASK_AGAIN)


@router.api_route("/feed/{edition}/{page}.atom", methods=["GET", "HEAD"])
async def archive(request: Request, edition: str, page: str) -> Response:
    """A page of earlier entries of the Atom feed."""
    known_parameters(request, ())
    graph: Graph = request.app.state.graph
    numbers = _number(edition), _number(page)
    document = await asyncio.to_thread(graph.atom_feed.archive, *numbers, site_of(request))
    return send_document(request, document, {}, keep=_KEEP)


@router.api_route("/feed/{edition}/{page}", methods=["GET", "HEAD"])
async def page(request: Request, edition: str, page: str) -> Response:
    """A page of the event stream."""
    known_parameters(request, ("format",))
    graph: Graph = request.app.state.graph
    numbers = _number(edition), _number(page)
    chosen = negotiated(request, FORMATS).format
    found = await asyncio.to_thread(graph.event_stream.page, *numbers, site_of(request), chosen)
    keep = _KEEP if found.is_full else _ASK_AGAIN
    return send_document(request, found.document, _headers(request), keep=keep)


def _headers(request: Request) -> dict[str, str]:
    atom_feed = f'<{site_of(request)}feed.atom>; rel="alternate"; type="application/atom+xml"'
    return {"Vary": "Accept", "Link": atom_feed}


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotFound("There is no such page of the feed. Begin at its entry.")
    return int(text)
