"""What is said where nothing is: whether it was withdrawn, and what has nearly the same name."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from pedgraph.errors import NotFound, PedgraphError, ThingWithdrawn
from pedgraph.vocabulary.iris import GRAPHS, THINGS, compact
from pedgraph.web.addressing import same_address
from pedgraph.web.time import LINK_FORMAT, http_date, timemap_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.delivery.feed.changes import Tombstone
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

_LONGEST_SEARCHED: Final = 80
_MOST_FOUND: Final = 5


async def absent(request: Request, iri: str, asked: AskedVersion) -> PedgraphError:
    """The error for a thing of which a version says nothing: that it was withdrawn (RFC 9110, section 15.5.11), with
    what is left of it and the way to what was said; or that it is not known, with those whose names are nearest.
    """
    graph: Graph = request.app.state.graph
    tombstone = None if asked.is_pinned else await asyncio.to_thread(graph.changes.withdrawn, iri)
    if tombstone is not None:
        return await _withdrawn(request, tombstone)
    near = await _near(graph, iri, asked)
    detail = f"Nothing is said about {compact(iri)} in version {asked.number}."
    if near:
        detail += f" Did you mean {' or '.join(map(compact, near))}?"
    return NotFound(detail, iri=iri, nearest=near or None)


async def _near(graph: Graph, iri: str, asked: AskedVersion) -> list[str]:
    """What is called nearly the same, or else can be found by the words of the name."""
    if iri.startswith(GRAPHS):
        return await asyncio.to_thread(graph.named_graphs.nearest, iri, asked.number)
    near = await graph.neighbours.nearest(iri, asked.number)
    # What can be searched is made for a version when it is first needed; for an old one, this is not worth it.
    if near or asked.is_pinned:
        return near
    words = iri.rpartition("/")[2].replace("-", " ")
    # Nothing is found without a hint as well.
    with contextlib.suppress(PedgraphError):
        found = await graph.search.matching(asked.number, words[:_LONGEST_SEARCHED])
        # Whoever looks for a thing means no term of the ontology.
        near = [each for each in found if each.startswith(THINGS)]
    return near[:_MOST_FOUND]


async def _withdrawn(request: Request, tombstone: Tombstone) -> ThingWithdrawn:
    graph: Graph = request.app.state.graph
    kept = [each for each in graph.versions.numbers() if each < tombstone.version]
    known = await known_in(graph, tombstone.iri, kept)
    links = [f'<{timemap_of(request)}>; rel="timemap"; type="{LINK_FORMAT}"']
    detail = f"{compact(tombstone.iri)} was withdrawn with version {tombstone.version}."
    if known:
        detail += f" What was said about it until then is kept in version {known[-1]}."
        address = same_address(request, [("version", str(known[-1]))])
        moment = http_date(graph.versions.moment(known[-1]))
        links.append(f'<{address}>; rel="memento"; datetime="{moment}"')
    return ThingWithdrawn(
        detail,
        links=", ".join(links) if known else "",
        iri=tombstone.iri,
        label=tombstone.label or None,
        classes=list(tombstone.kinds),
        withdrawn=tombstone.moment,
        withdrawn_with_version=tombstone.version,
        last_kept_version=known[-1] if known else None,
    )


async def known_in(graph: Graph, iri: str, versions: list[int]) -> list[int]:
    """Those of the versions that say something about a thing, or have a graph of that name."""
    if iri.startswith(GRAPHS):
        return [each for each in versions if graph.named_graphs.holds(iri, each)]
    return await graph.neighbours.known_in(iri, versions)
