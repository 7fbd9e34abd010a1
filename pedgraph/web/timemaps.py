"""``/timemap/{form}/…``: in which versions something can be had (RFC 7089, section 5), as links or as JSON.

What follows in the path is the address of the thing that is asked about, below the start of the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound
from pedgraph.store.history import kept_versions
from pedgraph.vocabulary.iris import ROOT, THINGS
from pedgraph.web.absent import absent, known_in
from pedgraph.web.addressing import path_of, site_of
from pedgraph.web.naming import named
from pedgraph.web.permalinks import reference
from pedgraph.web.representing import SUFFIXES
from pedgraph.web.requests import read_parameters
from pedgraph.web.sending import send_document, send_json
from pedgraph.web.time import ASK_AGAIN, LINK_FORMAT, TIMEMAP_JSON, TIMEMAP_LINK, AskedVersion, http_date

if TYPE_CHECKING:
    from datetime import datetime

    from pedgraph.web.permalinks import Pairs
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

# What answers with a version of the graph, besides single things and named graphs.
_WHOLE: Final = frozenset(
    {
        "peds",
        "projects",
        "cities",
        "organisations",
        "sites",
        "ateliers",
        "events",
        "indicators",
        "search",
        "sparql",
        "",
        "sources",
        "catalog",
        "void",
        ".well-known/void",
    }
)
_DOCUMENTS: Final = f"{ROOT}doc/"
_SHOWN_CHARACTERS: Final = 100


@dataclass(frozen=True)
class TimeMap:
    """The versions of something: its address and parameters, and number and time of each version, oldest first."""

    site: str
    path: str
    pairs: Pairs
    versions: list[tuple[int, datetime]]

    @property
    def original(self) -> str:
        """The address of the thing itself, which is its own TimeGate."""
        return self.site + self.path + (reference(self.pairs) if self.pairs else "")

    def memento(self, number: int) -> str:
        """Its address in a version."""
        return self.site + self.path + reference([*self.pairs, ("version", str(number))])

    def own(self, form: str) -> str:
        """The address of the map in one of its forms."""
        return f"{self.site}{form}/{self.path}" + (reference(self.pairs) if self.pairs else "")


@router.api_route("/timemap/link/{path:path}", methods=["GET", "HEAD"])
async def as_links(request: Request) -> Response:
    """The map in the link format (RFC 6690), as RFC 7089 has it."""
    found = await _map(request, TIMEMAP_LINK)
    first, last = found.versions[0], found.versions[-1]
    span = f'from="{http_date(first[1])}"; until="{http_date(last[1])}"'
    lines = [
        f'<{found.original}>; rel="original timegate"',
        f'<{found.own(TIMEMAP_LINK)}>; rel="self"; type="{LINK_FORMAT}"; {span}',
        f'<{found.own(TIMEMAP_JSON)}>; rel="timemap"; type="application/json"; {span}',
    ]
    for each in found.versions:
        places = [name for name, end in (("first", first), ("last", last)) if each == end]
        relation = " ".join([*places, "memento"])
        lines.append(f'<{found.memento(each[0])}>; rel="{relation}"; datetime="{http_date(each[1])}"')
    document = Document((",\n".join(lines) + "\n").encode(), LINK_FORMAT)
    return send_document(request, document, {}, keep=ASK_AGAIN)


@router.api_route("/timemap/json/{path:path}", methods=["GET", "HEAD"])
async def as_json(request: Request) -> Response:
    """The map as JSON, with the keys that Memento aggregators use."""
    found = await _map(request, TIMEMAP_JSON)
    listed: list[dict[str, Any]] = [
        {"datetime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "uri": found.memento(number), "version": number}
        for number, moment in found.versions
    ]
    members = {
        "original_uri": found.original,
        "timegate_uri": found.original,
        "timemap_uri": {"link_format": found.own(TIMEMAP_LINK), "json_format": found.own(TIMEMAP_JSON)},
        "mementos": {"first": listed[0], "last": listed[-1], "list": listed},
    }
    return send_json(request, members, keep=ASK_AGAIN)


async def _map(request: Request, form: str) -> TimeMap:
    """The versions of what a request asks about; raises :class:`NotFound` for what has none."""
    graph: Graph = request.app.state.graph
    path = path_of(request).removeprefix(f"/{form}/")
    given = read_parameters(request.scope["query_string"], "The address")
    pairs = [(name, value) for name, value in given if name != "version"]
    kept = [each.number for each in kept_versions(graph.versions) if each.manifest is not None]
    if path.partition("/")[0] in {"id", "doc", "graph"}:
        name = named(request, SUFFIXES, segments=(2, 3, 4), below=f"/{form}/")
        iri = name.iri.replace(_DOCUMENTS, THINGS, 1)
        kept = await known_in(graph, iri, kept)
        if not kept:
            raise await absent(request, iri, AskedVersion(graph.versions.current(), is_pinned=False))
    elif path not in _WHOLE:
        raise NotFound(f"There is no map of the versions of /{path[:_SHOWN_CHARACTERS]}.")
    return TimeMap(site_of(request), path, pairs, [(each, graph.versions.moment(each)) for each in kept])
