"""``/peds``, ``/cities`` and the other lists of things: for apps as JSON, CSV and GeoJSON, for people as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.collections.addresses import Addresses
from pedgraph.delivery.collections.answers import FORMATS
from pedgraph.delivery.collections.asking import kept, read
from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.service import Asked
from pedgraph.delivery.describing import Document
from pedgraph.resources import list_context_file
from pedgraph.vocabulary.iris import LIST_CONTEXT, ROOT
from pedgraph.vocabulary.media import HTML, JSON_LD, PLAIN_JSON
from pedgraph.web.addressing import path_of, root_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.permalinks import LONGEST_LINK, reference
from pedgraph.web.pinning import as_asked, version_pairs
from pedgraph.web.queries import TOTAL_HEADER
from pedgraph.web.requests import negotiated, read_parameters
from pedgraph.web.sending import HOUR_SECONDS, send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, memento_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.collections.answers import Answer
    from pedgraph.vocabulary.media import Format
    from pedgraph.web.requests import Parameters
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_SHOWN_AS: Final = ("format", "limit", "facets", "bom")
_WEEK_SECONDS: Final = 7 * 24 * HOUR_SECONDS
_CONTEXT_RELATION: Final = "http://www.w3.org/ns/json-ld#context"

Handler = TypeVar("Handler", bound="Callable[..., object]")


def _get(path: str) -> Callable[[Handler], Handler]:
    return router.api_route(path, methods=["GET", "HEAD"])


@_get("/peds")
@_get("/projects")
@_get("/cities")
@_get("/organisations")
@_get("/sites")
@_get("/ateliers")
@_get("/events")
@_get("/indicators")
async def things(request: Request) -> Response:
    """A part of a list."""
    graph: Graph = request.app.state.graph
    name = path_of(request).rpartition("/")[2]
    parameters = read_parameters(request.scope["query_string"], "The address")
    question = read(COLLECTIONS[name], parameters)
    chosen = negotiated(request, FORMATS).format
    asked = asked_moment(request, parameters)
    addresses = Addresses(
        name,
        tuple(kept(question.collection, parameters)),
        tuple(pair for pair in parameters if pair[0] in _SHOWN_AS),
        version_pairs(parameters, asked),
    )
    listing = graph.collections.listed(Asked(question, asked.number, chosen, addresses, root_of(request)))
    try:
        listed = await unless_gone(request.scope, request.receive, listing)
    except ClientGone:
        return nobody_listens()
    own = {
        "Vary": "Accept",
        TOTAL_HEADER: str(listed.answer.part.total),
        **_links(request, listed.answer, parameters, chosen),
    }
    headers = merged(own, memento_headers(request, asked))
    # Proxies bear no field that is much longer; whoever turns pages needs those links most.
    if len(headers["Link"]) > LONGEST_LINK:
        headers["Link"] = own["Link"]
    shown = as_asked(request, listed.document, asked) if chosen == HTML else listed.document
    return send_document(request, shown, headers, keep=ASK_AGAIN if chosen == HTML else asked.keep)


@_get("/peds/")
@_get("/projects/")
@_get("/cities/")
@_get("/organisations/")
@_get("/sites/")
@_get("/ateliers/")
@_get("/events/")
@_get("/indicators/")
def without_slash(request: Request) -> Response:
    """Leads to the address of a list, for whoever writes it with a slash at its end."""
    query = request.scope["query_string"].decode("ascii", "replace")
    name = path_of(request).strip("/")
    return RedirectResponse(f"../{name}{'?' if query else ''}{query}", status_code=308)


@_get("/context/list-v1.jsonld")
def list_context(request: Request) -> Response:
    """The JSON-LD context of lists."""
    document = Document(list_context_file().read_bytes(), JSON_LD.media_type)
    return send_document(request, document, {}, keep=f"public, max-age={_WEEK_SECONDS}")


def _links(request: Request, answer: Answer, parameters: Parameters, chosen: Format) -> dict[str, str]:
    """The pages around this one (RFC 8288; relations of RFC 5005), the other formats, and the context of plain JSON."""
    pages = [("first", answer.first), ("prev", answer.previous), ("next", answer.next)]
    found = [f'<{address}>; rel="{relation}"' for relation, address in pages if address]
    if chosen == PLAIN_JSON:
        context = root_of(request) + LIST_CONTEXT.removeprefix(ROOT)
        found.append(f'<{context}>; rel="{_CONTEXT_RELATION}"; type="{JSON_LD.media_type}"')
    others = [pair for pair in parameters if pair[0] != "format"]
    alternates = [
        f'<{reference([*others, ("format", each.name)])}>; rel="alternate"; type="{each.media_type}"'
        for each in FORMATS
        if each != chosen
    ]
    links = ", ".join(found + alternates)
    return {"Link": links if len(links) <= LONGEST_LINK else ", ".join(found)}
