"""``/versions``: which versions are kept, what is in each, and in what two of them differ."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.describing import Document
from pedgraph.delivery.versions import members
from pedgraph.delivery.versions.comparing import Pair, Wanted
from pedgraph.delivery.versions.history import as_members, history_of
from pedgraph.delivery.versions.listing import listed, manifest
from pedgraph.delivery.versions.patch import lines
from pedgraph.delivery.versions.tables import CHANGES
from pedgraph.errors import BadRequest
from pedgraph.store.history import kept_versions
from pedgraph.vocabulary.iris import is_absolute
from pedgraph.vocabulary.media import HTML, PLAIN_JSON, Format
from pedgraph.web.addressing import root_of, site_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.dumps import OFFERED, number_of, send_members
from pedgraph.web.requests import at_most_one, known_parameters, negotiated
from pedgraph.web.sending import send_document, send_file, send_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.web.requests import Parameters
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "GET, HEAD, OPTIONS"
MOST_ITEMS: Final = 10_000
FEW_ITEMS: Final = 500
PATCH: Final = Format("rdfp", "application/rdf-patch", (), ("rdf-patch", "patch"), ".rdfp", "charset=utf-8")
_DIFFERENCE_OFFERED: Final = (*OFFERED, PATCH)
_PARTS: Final = ("iri", "graph", "change", "limit", "offset")
_PAIR: Final = re.compile(r"(.{1,200}?)\.\.(.{1,200})")
_LARGEST: Final = 2**53
_ASK_AGAIN: Final = "public, no-cache"


@router.api_route("/versions", methods=ALLOWED.split(", "))
@router.api_route("/versions/", methods=ALLOWED.split(", "))
async def versions(request: Request) -> Response:
    """Lists the versions that are kept, oldest first. With ``iri``, lists all that changed one thing; with ``from`` and
    ``to``, leads to their difference.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    parameters = known_parameters(request, ("format", "from", "to", "iri"))
    if any(name in {"from", "to"} for name, _ in parameters):
        return _led_to_difference(request, parameters)
    graph: Graph = request.app.state.graph
    chosen = negotiated(request, OFFERED).format
    if at_most_one(parameters, "iri") is not None:
        return await _history(request, _iri(parameters, "iri"), chosen)
    found = await asyncio.to_thread(listed, graph.versions)
    if chosen == HTML:
        page = graph.version_pages.versions(found, graph.versions.current(), root_of(request))
        return send_document(request, page, {"Vary": "Accept"}, keep=_ASK_AGAIN)
    return send_json(request, found, keep=_ASK_AGAIN, headers={"Vary": "Accept"})


@router.api_route("/versions/{version}", methods=["GET", "HEAD"])
async def version(request: Request, version: str) -> Response:
    """A version with what is in it, or the difference of two."""
    pair = _PAIR.fullmatch(version)
    if pair is not None:
        return await _difference(request, pair[1], pair[2])
    known_parameters(request, ("format",))
    chosen = negotiated(request, OFFERED).format
    number = number_of(request, version)
    if version != str(number):
        return _led_to(request, f"versions/{number}")
    graph: Graph = request.app.state.graph
    found = await asyncio.to_thread(manifest, graph.versions, number)
    kept = [each.number for each in kept_versions(graph.versions)]
    earlier = max((each for each in kept if each < number), default=None)
    later = min((each for each in kept if each > number), default=None)
    headers = {"Vary": "Accept"}
    if chosen == HTML:
        page = graph.version_pages.version(found, earlier, later, root_of(request))
        return send_document(request, page, headers, keep=_ASK_AGAIN)
    site = site_of(request)
    addresses = {
        "files": f"{site}dumps/{number}/",
        "query": f"{site}sparql?version={number}",
        "difference": site + members.address_of(Pair(earlier, number)) if earlier is not None else None,
    }
    return send_members(request, found | addresses, headers, keep=_ASK_AGAIN)


async def _history(request: Request, iri: str, chosen: Format) -> Response:
    """What became of a thing, newest first."""
    graph: Graph = request.app.state.graph
    kept = graph.versions.numbers()
    found = await asyncio.to_thread(history_of, iri, graph.changes, kept)
    if chosen == HTML:
        page = graph.version_pages.history(found, kept, graph.versions.current(), root_of(request))
        return send_document(request, page, {"Vary": "Accept"}, keep=_ASK_AGAIN)
    return send_members(request, as_members(found, site_of(request)), {"Vary": "Accept"}, keep=_ASK_AGAIN)


async def _difference(request: Request, first: str, second: str) -> Response:
    """What differs between two versions, as a whole or of one thing or graph."""
    parameters = known_parameters(request, ("format", *_PARTS))
    chosen = negotiated(request, _DIFFERENCE_OFFERED).format
    pair = Pair(number_of(request, first), number_of(request, second))
    if (first, second) != (str(pair.before), str(pair.after)):
        return _led_to(request, f"versions/{pair.before}..{pair.after}")
    wanted = _wanted(parameters)
    try:
        return await unless_gone(request.scope, request.receive, _answer(request, pair, wanted, chosen))
    except ClientGone:
        return nobody_listens()


async def _answer(request: Request, pair: Pair, wanted: Wanted, chosen: Format) -> Response:
    graph: Graph = request.app.state.graph
    is_part = bool(wanted.iri or wanted.graph)
    if chosen == PATCH:
        if wanted.change:
            raise BadRequest("A patch holds all that differs, of one thing or of one graph.", parameter="change")
        return await _patch(request, pair, wanted if is_part else None)
    headers = {"Vary": "Accept"}
    if is_part:
        detail = await graph.comparing.detail(pair, wanted)
        following, previous = members.next_address(pair, wanted, detail.total), members.previous_address(pair, wanted)
        said = members.of_detail(detail, pair, wanted, site_of(request))
    else:
        overview = await graph.comparing.overview(pair, wanted)
        following, previous = (
            members.next_address(pair, wanted, overview.listed),
            members.previous_address(pair, wanted),
        )
        said = members.of_overview(overview, pair, wanted, site_of(request))
    root = root_of(request)
    links = [f'<{root}{to}>; rel="{name}"' for to, name in ((following, "next"), (previous, "prev")) if to]
    headers |= {"Link": ", ".join(links)} if links else {}
    if chosen == PLAIN_JSON:
        return send_members(request, said, headers, keep=_ASK_AGAIN)
    pages = graph.version_pages
    if is_part:
        page = pages.detail(detail, pair, wanted, graph.versions.current(), root)
    else:
        page = pages.overview(overview, pair, wanted, root)
    return send_document(request, page, headers, keep=_ASK_AGAIN)


async def _patch(request: Request, pair: Pair, wanted: Wanted | None) -> Response:
    graph: Graph = request.app.state.graph
    if wanted is None:
        path, tag = await graph.comparing.patch(pair)
        headers = {"ETag": tag, "Content-Type": PATCH.content_type(), "Vary": "Accept", "Cache-Control": _ASK_AGAIN}
        return send_file(request, path, headers, graph.settings.client_stall_seconds)
    found = await graph.comparing.statements(pair, wanted)
    content = await asyncio.to_thread(lambda: "".join(lines(pair.before, pair.after, found)).encode())
    document = Document(content, PATCH.content_type())
    return send_document(request, document, {"Vary": "Accept"}, keep=_ASK_AGAIN)


def _wanted(parameters: Parameters) -> Wanted:
    """The part that is asked for; raises :class:`BadRequest`."""
    iri, graph = _iri(parameters, "iri"), _iri(parameters, "graph")
    change = at_most_one(parameters, "change") or ""
    if change and (change not in CHANGES or iri or graph):
        raise BadRequest(
            f"The parameter 'change' chooses among all things that differ; it is one of {', '.join(CHANGES)}.",
            parameter="change",
        )
    limit = _number(parameters, "limit", 1, MOST_ITEMS, FEW_ITEMS)
    return Wanted(iri, graph, change, limit, _number(parameters, "offset", 0, _LARGEST, 0))


def _iri(parameters: Parameters, name: str) -> str:
    """An absolute IRI, empty where the parameter is not given; raises :class:`BadRequest`."""
    text = at_most_one(parameters, name)
    if text is not None and not is_absolute(text):
        raise BadRequest(f"The parameter '{name}' must hold an absolute IRI; '{text[:100]}' is none.", parameter=name)
    return text or ""


def _number(parameters: Parameters, name: str, smallest: int, largest: int, otherwise: int) -> int:
    text = at_most_one(parameters, name)
    if text is None:
        return otherwise
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(largest))
    if not is_number or not smallest <= int(text) <= largest:
        raise BadRequest(
            f"The parameter '{name}' is a whole number from {smallest} to {largest}; '{text[:50]}' is none.",
            parameter=name,
        )
    return int(text)


def _led_to_difference(request: Request, parameters: Parameters) -> Response:
    """Where the form of the page leads: to the difference of the two versions that are named."""
    named = {name: at_most_one(parameters, name) for name in ("from", "to")}
    for name, text in named.items():
        if not text:
            raise BadRequest(f"Two versions differ: the parameter '{name}' names one of them.", parameter=name)
    pair = Pair(*(number_of(request, text or "") for text in named.values()))
    others = [(name, value) for name, value in parameters if name in {"iri", "format"} and value]
    return _led(request, f"versions/{pair.before}..{pair.after}", others, status_code=303)


def _led_to(request: Request, address: str) -> Response:
    """Names of versions move on, numbers do not."""
    return _led(request, address, request.query_params.multi_items(), status_code=307)


def _led(request: Request, address: str, pairs: Sequence[tuple[str, str]], *, status_code: int) -> Response:
    query = f"?{urlencode(pairs, quote_via=quote, safe='/:,')}" if pairs else ""
    return RedirectResponse((root_of(request) or "./") + address + query, status_code=status_code)
