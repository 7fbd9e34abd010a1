"""The endpoint without a query: its description (SPARQL 1.1 Service Description, section 2)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.service_description import Addresses
from pedgraph.vocabulary.media import GRAPH_FORMATS
from pedgraph.web.requests import negotiated
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pedgraph.wiring import Graph

_PROTOCOL: Final = frozenset(
    {"query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"}
)

_QUERY: Final = re.compile(rb"(?:^|&)query=")


def asks_for_description(request: Request) -> bool:
    """Whether a request is for the description: a GET or HEAD without any parameter of the protocol."""
    if request.method not in {"GET", "HEAD"}:
        return False
    # Almost every request is a query; that is told without taking its parameters apart.
    return not _QUERY.search(request.scope["query_string"]) and _PROTOCOL.isdisjoint(request.query_params)


async def service_description(request: Request) -> Response:
    """The description in the RDF format that the client prefers; raises as :func:`negotiated`."""
    graph: Graph = request.app.state.graph
    chosen = negotiated(request, GRAPH_FORMATS)
    query = str(request.url.replace(query="", fragment=""))
    update = None
    if graph.settings.admin_key.get_secret_value():
        update = query.rstrip("/").rpartition("/")[0] + "/update"
    addresses = Addresses(query, update)
    document = await asyncio.to_thread(graph.service_descriptions.document, addresses, chosen.format)
    return send_document(request, document, {"Vary": "Accept"}, keep="public, no-cache")
