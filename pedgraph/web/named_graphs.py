"""``/graph/…``: what the IRIs of named graphs stand for, which is data, so that they answer themselves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.named_graphs import MOST_TRIPLES
from pedgraph.errors import NotFound
from pedgraph.vocabulary.media import HTML
from pedgraph.web.absent import absent
from pedgraph.web.addressing import root_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.naming import named, without_slash
from pedgraph.web.permalinks import reference
from pedgraph.web.pinning import as_asked
from pedgraph.web.representing import SUFFIXES, chosen_format, links_of
from pedgraph.web.requests import known_parameters
from pedgraph.web.sending import send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, hold_answer, memento_headers

if TYPE_CHECKING:
    from pedgraph.vocabulary.media import Format
    from pedgraph.web.naming import Named
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_PARAMETERS: Final = ("format", "version")
# Those that pedgraph makes itself, those of sources by number, and the reports on these.
_SEGMENTS: Final = (2, 3, 4)


@router.api_route("/graph/{path:path}", methods=["GET", "HEAD"])
async def graph_named(request: Request) -> Response:
    """A named graph with its description; a page on it for browsers."""
    if (moved := without_slash(request)) is not None:
        return moved
    name = named(request, SUFFIXES, segments=_SEGMENTS)
    parameters = known_parameters(request, _PARAMETERS)
    chosen = chosen_format(request, name, parameters)
    asked = asked_moment(request, parameters)
    try:
        return await unless_gone(request.scope, request.receive, _answered(request, name, chosen, asked))
    except ClientGone:
        return nobody_listens()
    except NotFound as error:
        raise await absent(request, name.iri, asked) from error


async def _answered(request: Request, name: Named, chosen: Format, asked: AskedVersion) -> Response:
    graph: Graph = request.app.state.graph
    described = await graph.named_graphs.described(name.iri, asked.number)
    if chosen != HTML and (described.size_triples or 0) > MOST_TRIPLES:
        return RedirectResponse(_streamed(request, name, chosen, asked), status_code=303, headers={"Vary": "Accept"})
    if chosen == HTML:
        page = await graph.things.page(name.iri, asked.number, root_of(request))
        found = as_asked(request, page, asked, name.iri)
    else:
        found = await graph.named_graphs.document(described, chosen)
    links = [f'<{licence}>; rel="license"' for licence in described.licences]
    links += [f'<{successor}>; rel="successor-version"' for successor in described.successors]
    headers = merged(
        memento_headers(request, asked), links_of(request, name, chosen, asked), {"Link": ", ".join(links)}
    )
    hold_answer(request, asked)
    answer = send_document(request, found, headers, keep=ASK_AGAIN if chosen == HTML else asked.keep)
    # What is left is a tombstone; it says when, and by what, the graph was replaced.
    if described.is_gone and answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.GONE
    return answer


def _streamed(request: Request, name: Named, chosen: Format, asked: AskedVersion) -> str:
    """The address of a query for all triples of a graph, whose answer is sent while it is made."""
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name.iri}> {{ ?s ?p ?o }} }}"
    pairs = [("query", query), ("format", chosen.name)]
    pairs += [("version", str(asked.number))] if asked.is_pinned else []
    return root_of(request) + "sparql" + reference(pairs)
