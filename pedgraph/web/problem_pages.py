"""Problems as pages, for people whose browser asks for one. What a page says is the problem document (RFC 9457) and
nothing else; programs get that document itself.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from starlette.responses import Response

from pedgraph.delivery.search.pages import address_of
from pedgraph.errors import PedgraphError
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format, negotiate
from pedgraph.web.addressing import path_of, root_of
from pedgraph.web.requests import accepted

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.wiring import Graph

log = logging.getLogger(__name__)

_PROBLEM: Final = Format("json", "application/problem+json", ("application/json",), (), ".json")
_OFFERED: Final = (_PROBLEM, *GRAPH_FORMATS, *RESULT_FORMATS, HTML)
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# What the page calls members whose names would read badly.
_NAMES: Final = {"iri": "IRI", "iris": "IRIs", "nearest": "Nearest to it", "withdrawn": "Withdrawn on"}
_COMMON: Final = frozenset({"type", "title", "status", "detail"})
_LONGEST_SEARCH: Final = 60


def prefers_page(request: Request) -> bool:
    """Whether a client wants HTML rather than anything that a program reads."""
    try:
        return negotiate(accepted(request), _OFFERED).format == HTML
    except PedgraphError:
        return False


def problem_page(request: Request, error: PedgraphError) -> Response | None:
    """The page for an error, without the header fields that the error brings; ``None`` where none can be made."""
    graph: Graph | None = getattr(request.app.state, "graph", None)
    if graph is None:
        return None
    document = graph.report_pages.render(
        "problem",
        graph_version=_version(graph),
        root=root_of(request),
        here="",
        problem=error.as_problem(),
        source=json.dumps(error.as_problem(), ensure_ascii=False, indent=2),
        members=_members(error.as_problem()),
        words=_words(request) if error.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE} else "",
    )
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
    return Response(document.content, status_code=error.status, media_type=document.content_type, headers=headers)


def _version(graph: Graph) -> int | None:
    try:
        return graph.versions.current()
    except PedgraphError as error:
        log.info("a page on a problem names no version: %s", error.code)
        return None


def _members(problem: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The members beyond those that every problem has: each with its values, and for our own names their addresses."""
    found = []
    for name, value in problem.items():
        if name not in _COMMON and isinstance(value, str | int | float | list) and value != []:
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            shown = _NAMES.get(name, name.replace("_", " "))
            found.append((shown, [(each, _leads_to(name, each, problem)) for each in values]))
    return found


def _leads_to(name: str, value: str, problem: dict[str, Any]) -> str:
    """The address of what a member names, from the start of the site; empty for what has none."""
    if name == "last_kept_version":
        return f"{address_of(problem['iri'])}?version={value}"
    # The IRI that was asked for leads nowhere, or the problem would not be there.
    return address_of(value) if name != "iri" and value.startswith(ROOT) else ""


def _words(request: Request) -> str:
    """What somebody may have looked for, read from the end of the address."""
    last = unquote(path_of(request)).rstrip("/").rpartition("/")[2].partition(".")[0]
    words = " ".join(last.replace("-", " ").replace("_", " ").split())
    return words[:_LONGEST_SEARCH] if words.isprintable() else ""
