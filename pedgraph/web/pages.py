"""The query page, the files that it loads, and the terms that its editor offers.

The page may load scripts, styles and data from this server only (Content Security Policy Level 3). Its editor and its
table set widths and colours in the style attribute, so styles within the page are allowed; scripts within it are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.vocabulary.media import GRAPH_FORMATS, HTML
from pedgraph.web.requests import negotiated
from pedgraph.web.sending import send_document

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ENDPOINT_FORMATS: Final = (*GRAPH_FORMATS, HTML)
_ASK_AGAIN: Final = "no-cache"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_MINUTE: Final = "public, max-age=60"


def prefers_page(request: Request) -> bool:
    """Whether a request to the endpoint without a query prefers the query page to the description of the service.

    Raises as :func:`pedgraph.vocabulary.media.negotiate`.
    """
    return negotiated(request, _ENDPOINT_FORMATS).format == HTML


async def query_page(request: Request) -> Response:
    """The query page, from wherever it is asked for."""
    graph: Graph = request.app.state.graph
    # Addresses are relative, so that they hold behind a proxy that adds a path in front.
    document = graph.query_page.document("../" if request.url.path.endswith("/") else "")
    return send_document(request, document, {"Vary": "Accept"}, keep=_ASK_AGAIN, policy=_POLICY)


@router.api_route("/assets/{digest}/{name:path}", methods=["GET", "HEAD"])
def browser_file(request: Request, digest: str, name: str) -> Response:
    """A file that the query page loads; its address changes when the file does."""
    graph: Graph = request.app.state.graph
    return send_document(request, graph.browser_files.file(digest, name), {}, keep=_FOR_EVER)


@router.api_route("/sparql/completion.json", methods=["GET", "HEAD"])
async def completion(request: Request) -> Response:
    """Prefixes and terms of the current version, for the editor."""
    graph: Graph = request.app.state.graph
    document = await graph.completion.document(graph.versions.current())
    return send_document(request, document, {}, keep=_MINUTE)
