"""``/search`` and ``/search/suggestions``: things by words, as JSON, CSV or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.delivery.search.pages import LARGEST_OFFSET, as_csv, as_json, as_page, suggestions
from pedgraph.delivery.search.service import Question
from pedgraph.errors import BadRequest
from pedgraph.vocabulary.media import CSV, HTML, PLAIN_JSON
from pedgraph.web.addressing import root_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.permalinks import LONGEST_LINK, reference
from pedgraph.web.pinning import as_asked, version_pairs
from pedgraph.web.requests import at_most_one, known_parameters, negotiated
from pedgraph.web.sending import send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, memento_headers

if TYPE_CHECKING:
    from pedgraph.delivery.describing import Document
    from pedgraph.vocabulary.media import Format
    from pedgraph.web.requests import Parameters
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

PARAMETERS: Final = ("q", "kind", "language", "limit", "offset", "version", "format")
SUGGESTION_PARAMETERS: Final = ("q", "kind", "language", "limit", "version")
MOST_RESULTS: Final = 100
MOST_SUGGESTIONS: Final = 20
_RESULTS: Final = 20
_SUGGESTIONS: Final = 8
_REPLACED: Final = frozenset({"kind", "offset", "format", "version"})
_OFFERED: Final = (PLAIN_JSON, HTML, CSV)


@router.api_route("/search", methods=["GET", "HEAD"])
async def search(request: Request) -> Response:
    """Things that fit some words, best first; without any words, all things."""
    parameters = known_parameters(request, PARAMETERS)
    question = _question(parameters, limit=_RESULTS, most=MOST_RESULTS)
    chosen = negotiated(request, _OFFERED).format
    asked = asked_moment(request, parameters)
    try:
        making = _results(request, parameters, question, asked, chosen)
        document = await unless_gone(request.scope, request.receive, making)
    except ClientGone:
        return nobody_listens()
    headers = merged({"Vary": "Accept", **_alternates(parameters, chosen)}, memento_headers(request, asked))
    if chosen == HTML:
        document = as_asked(request, document, asked)
    return send_document(request, document, headers, keep=ASK_AGAIN if chosen == HTML else asked.keep)


@router.api_route("/search/suggestions", methods=["GET", "HEAD"])
async def suggest(request: Request) -> Response:
    """The things whose names fit best what somebody has typed so far."""
    parameters = known_parameters(request, SUGGESTION_PARAMETERS)
    question = _question(parameters, limit=_SUGGESTIONS, most=MOST_SUGGESTIONS)
    asked = asked_moment(request, parameters)
    graph: Graph = request.app.state.graph
    try:
        looking = graph.search.suggestions(asked.number, question)
        found = await unless_gone(request.scope, request.receive, looking)
    except ClientGone:
        return nobody_listens()
    document = suggestions(found, question.text, asked.number, root_of(request))
    # Nobody keeps what somebody has typed in part, so nothing is said of its past.
    return send_document(request, document, {"Vary": "Accept-Datetime"}, keep=asked.keep)


def _alternates(parameters: Parameters, chosen: Format) -> dict[str, str]:
    """Where the same results are in other formats (RFC 8288), as far as proxies bear a field of that length."""
    others = [each for each in parameters if each[0] != "format"]
    links = ", ".join(
        f'<{reference([*others, ("format", each.name)])}>; rel="alternate"; type="{each.media_type}"'
        for each in _OFFERED
        if each != chosen
    )
    return {"Link": links} if len(links) <= LONGEST_LINK else {}


async def _results(
    request: Request, parameters: Parameters, question: Question, asked: AskedVersion, chosen: Format
) -> Document:
    graph: Graph = request.app.state.graph
    results = await graph.search.results(asked.number, question)
    kept = [(name, value) for name, value in parameters if name not in _REPLACED and value]
    kept += version_pairs(parameters, asked)

    def address(**others: object) -> str:
        """The same search, but for the parameters given here; those that say nothing are left out."""
        return reference([*kept, *((name, str(value)) for name, value in others.items() if value)])

    if chosen == HTML:
        languages = await graph.search.languages(asked.number)
        return as_page(graph.report_pages, results, languages, asked.number, address)
    if chosen == CSV:
        return as_csv(results)
    return as_json(results, asked.number, root_of(request), address)


def _question(parameters: Parameters, *, limit: int, most: int) -> Question:
    text, kind, language = (at_most_one(parameters, name) or "" for name in ("q", "kind", "language"))
    return Question(
        text.strip(),
        kind,
        language.lower(),
        _number(parameters, "limit", limit, 1, most),
        _number(parameters, "offset", 0, 0, LARGEST_OFFSET),
    )


def _number(parameters: Parameters, name: str, default: int, least: int, most: int) -> int:
    text = at_most_one(parameters, name)
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
    if not least <= number <= most:
        raise BadRequest(
            f"The parameter '{name}' must be a whole number from {least} to {most}; '{text[:50]}' is none.",
            parameter=name,
        )
    return number
