"""Which version of the graph a request is about, and what its answer says of time (RFC 7089, Memento).

Every address is at the same time the original resource and its TimeGate: it answers with a version itself, and says in
``Content-Location`` under which address that version is kept (section 4.1.2). The version of an address with
``version`` is a Memento, for which ``Accept-Datetime`` does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from pedgraph.store.history import nearest
from pedgraph.web.addressing import path_of, root_of, same_address
from pedgraph.web.express import HOLDS_WHILE
from pedgraph.web.moments import accepted_moment
from pedgraph.web.permalinks import LONGEST_LINK
from pedgraph.web.requests import at_most_one, read_parameters, version_may_move

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from pedgraph.web.requests import Parameters
    from pedgraph.wiring import Graph

TIMEMAP_LINK: Final = "timemap/link"
TIMEMAP_JSON: Final = "timemap/json"
LINK_FORMAT: Final = "application/link-format"
PINNED: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, no-cache"


@dataclass(frozen=True)
class AskedVersion:
    """The version that a request is about.

    ``is_pinned`` says that the request asked for it, by ``version`` or ``Accept-Datetime``; ``may_move`` that the same
    request may be about another version later.
    """

    number: int
    is_pinned: bool
    may_move: bool = True

    @property
    def keep(self) -> str:
        """The ``Cache-Control`` field of an answer that depends on nothing but the version and the address."""
        return ASK_AGAIN if self.may_move else PINNED


def asked_moment(request: Request, parameters: Parameters) -> AskedVersion:
    """The version that a request is about: that of the parameter ``version``; else that of the moment in
    ``Accept-Datetime``, the nearest one that is kept (RFC 7089, section 4.5.3); else the current one.

    Raises :class:`BadRequest`, :class:`VersionNotFound`, :class:`VersionGone`, :class:`NotReady`.
    """
    graph: Graph = request.app.state.graph
    text = at_most_one(parameters, "version")
    if text is not None:
        return AskedVersion(
            graph.versions.resolve(text), is_pinned=True, may_move=version_may_move(request, parameters)
        )
    moment = accepted_moment(request)
    if moment is not None:
        return AskedVersion(nearest(graph.versions, moment), is_pinned=True)
    return AskedVersion(graph.versions.current(), is_pinned=False)


def memento_headers(request: Request, asked: AskedVersion) -> dict[str, str]:
    """What an answer says of its place in time: ``Vary``, ``Link`` to the original, which is its own TimeGate, to the
    TimeMap and to the address of this version, and of a version that was asked for ``Memento-Datetime`` and, unless the
    address is that of the version, ``Content-Location`` (RFC 7089, sections 2.1 and 2.2).

    To be put together with other fields by :func:`pedgraph.web.headers.merged`, so that links and ``Vary`` add up.
    """
    graph: Graph = request.app.state.graph
    given = read_parameters(request.scope["query_string"], "The address")
    others = [(name, value) for name, value in given if name != "version"]
    original, memento = same_address(request, others), same_address(request, [*others, ("version", str(asked.number))])
    headers = {"Vary": "Accept-Datetime"}
    relation = "bookmark"
    if asked.is_pinned:
        when = http_date(graph.versions.moment(asked.number))
        headers["Memento-Datetime"] = when
        relation = f'memento"; datetime="{when}'
        if len(memento) <= LONGEST_LINK and at_most_one(given, "version") is None:
            headers["Content-Location"] = memento
    links = [
        f'<{original}>; rel="original timegate"',
        f'<{timemap_of(request)}>; rel="timemap"; type="{LINK_FORMAT}"',
        f'<{memento}>; rel="{relation}"',
    ]
    # Proxies bear no header that is much longer; an address that long is nobody's bookmark.
    if sum(map(len, links)) <= LONGEST_LINK:
        headers["Link"] = ", ".join(links)
    return headers


def hold_answer(request: Request, asked: AskedVersion) -> None:
    """Says until when the same request has the same answer; for answers that depend on the version alone and are no
    errors.
    """
    if asked.is_pinned and asked.may_move:
        return
    graph: Graph = request.app.state.graph
    versions, number = graph.versions, graph.versions.current() if asked.is_pinned else asked.number
    request.scope.setdefault("extensions", {})[HOLDS_WHILE] = lambda: versions.current() == number


def timemap_of(request: Request) -> str:
    """The relative reference to the TimeMap of what a request is about."""
    return root_of(request) + TIMEMAP_LINK + path_of(request)


def http_date(moment: datetime) -> str:
    """A moment as header fields say it (RFC 9110, section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
