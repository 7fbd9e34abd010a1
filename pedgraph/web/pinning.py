"""Pages that somebody asks for in a certain version: what the address of a request says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.delivery.pinning import Pin, pinned
from pedgraph.delivery.versions import members
from pedgraph.delivery.versions.comparing import Pair
from pedgraph.vocabulary.iris import GRAPHS
from pedgraph.web.addressing import root_of, same_address
from pedgraph.web.requests import read_parameters

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.delivery.describing import Document
    from pedgraph.web.requests import Parameters
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph


def as_asked(request: Request, page: Document, asked: AskedVersion, iri: str = "") -> Document:
    """The page as it is, or, where a version was asked for, one whose links keep to it; ``iri`` is what it is about."""
    if not asked.is_pinned:
        return page
    graph: Graph = request.app.state.graph
    present, root = graph.versions.current(), root_of(request)
    given = read_parameters(request.scope["query_string"], "The address")
    difference = ""
    if asked.number != present:
        pair = Pair(min(asked.number, present), max(asked.number, present))
        about = {"graph": iri} if iri.startswith(GRAPHS) else {"iri": iri} if iri else {}
        difference = root + members.address_of(pair, **about)
    pin = Pin(
        number=asked.number,
        moment=graph.versions.moment(asked.number),
        present=present,
        # A cursor or an offset belongs to the version that it came with.
        present_address=same_address(
            request, [pair for pair in given if pair[0] not in {"version", "cursor", "offset"}]
        ),
        difference_address=difference,
    )
    return pinned(page, pin, root)


def version_pairs(parameters: Parameters, asked: AskedVersion) -> tuple[tuple[str, str], ...]:
    """What an address that keeps to the version of a request says of it: as it was asked for, or else its number."""
    given = tuple(pair for pair in parameters if pair[0] == "version")
    return given or ((("version", str(asked.number)),) if asked.is_pinned else ())
