"""What stands behind pedgraph's own IRIs: ontology, shapes, code lists, contexts and frames, and the pages on them.

The same address answers with RDF or with a page, by ``Accept`` or the parameter ``format`` (RFC 9110, section 12).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph import __version__
from pedgraph.delivery.describing import Document
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import DESCRIPTION_FORMATS, HTML, Format
from pedgraph.web.requests import negotiated
from pedgraph.web.sending import HOUR_SECONDS, send_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.describing import Description, Descriptions
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

Handler = TypeVar("Handler", bound="Callable[..., Response]")

_PLAIN_JSON: Final = Format("json", "application/json", (), (), ".json")
_WEEK_SECONDS: Final = 7 * 24 * HOUR_SECONDS
_STARTING_POINTS: Final = {
    "name": "pedgraph",
    "version": __version__,
    "documentation": "documentation/",
    "ontology": "ont",
    "shapes": "shapes",
    "sparql": "sparql",
    "readiness": "readyz",
}


def _get(path: str) -> Callable[[Handler], Handler]:
    return router.api_route(path, methods=["GET", "HEAD"])


@_get("/")
def start(request: Request) -> Response:
    """The page to start from, or the addresses on it as JSON."""
    chosen = _negotiate(request, (_PLAIN_JSON, HTML))
    if chosen == HTML:
        document = _descriptions(request).page("start.html", base="documentation/start.html")
        return _answer(request, document, {"Vary": "Accept", "Content-Location": "documentation/start.html"})
    content = json.dumps(_STARTING_POINTS, indent=2).encode()
    return _answer(request, Document(content, _PLAIN_JSON.media_type), {"Vary": "Accept"})


@_get("/ont")
def ontology(request: Request) -> Response:
    """The ontology."""
    return _describe(request, _descriptions(request).ontology())


@_get("/ont/{version}")
def ontology_version(request: Request, version: str) -> Response:
    """The ontology as of a version."""
    return _describe(request, _descriptions(request).ontology(version))


@_get("/shapes")
def shapes(request: Request) -> Response:
    """The shapes."""
    return _describe(request, _descriptions(request).shapes())


@_get("/shapes/{version}")
def shapes_version(request: Request, version: str) -> Response:
    """The shapes as of a version."""
    return _describe(request, _descriptions(request).shapes(version))


@_get("/code/{scheme}")
def scheme(request: Request, scheme: str) -> Response:
    """A code list with its members."""
    return _describe(request, _descriptions(request).scheme(scheme))


@_get("/code/{scheme}/{slug}")
def code(request: Request, scheme: str, slug: str) -> Response:
    """A member of a code list."""
    return _describe(request, _descriptions(request).code(scheme, slug))


@_get("/indicator/{slug}")
def indicator(request: Request, slug: str) -> Response:
    """An indicator."""
    return _describe(request, _descriptions(request).indicator(slug))


@_get("/context/v1.jsonld")
def context(request: Request) -> Response:
    """The JSON-LD context."""
    return _answer(request, _descriptions(request).context(), {}, seconds=_WEEK_SECONDS)


@_get("/frame/v1/{kind}.jsonld")
def frame(request: Request, kind: str) -> Response:
    """The JSON-LD frame for a kind of thing."""
    return _answer(request, _descriptions(request).frame(kind), {}, seconds=_WEEK_SECONDS)


@_get("/documentation")
def documentation() -> Response:
    """Leads to the first page of the documentation."""
    return RedirectResponse("documentation/", status_code=308)


@_get("/documentation/{path:path}")
def page(request: Request, path: str) -> Response:
    """A page of the documentation."""
    return _answer(request, _descriptions(request).page(path or "index.html"), {})


def _descriptions(request: Request) -> Descriptions:
    graph: Graph = request.app.state.graph
    return graph.descriptions


def _negotiate(request: Request, offered: tuple[Format, ...]) -> Format:
    return negotiated(request, offered).format


def _describe(request: Request, description: Description) -> Response:
    """Answers with a description in the format asked for; with its page where that is HTML."""
    chosen = _negotiate(request, DESCRIPTION_FORMATS)
    headers = {"Vary": "Accept", "Link": _links(description, chosen)}
    if chosen != HTML:
        headers["Content-Location"] = f"?format={chosen.name}"
        return _answer(request, _descriptions(request).rdf(description, chosen), headers)
    # Addresses are relative, so that they hold behind a proxy that adds a path in front.
    address = "../" * description.path.count("/") + "documentation/" + description.page
    if "#" in address:
        return RedirectResponse(address, status_code=303, headers=headers)
    document = _descriptions(request).page(description.page, base=address)
    return _answer(request, document, headers | {"Content-Location": address})


def _links(description: Description, chosen: Format) -> str:
    """The other formats and the name of the thing (RFC 8288; RFC 6596 for ``canonical``)."""
    others = [
        f'<?format={each.name}>; rel="alternate"; type="{each.media_type}"'
        for each in DESCRIPTION_FORMATS
        if each != chosen
    ]
    return ", ".join([*others, f'<{ROOT}{description.path}>; rel="canonical"'])


def _answer(request: Request, document: Document, headers: dict[str, str], *, seconds: int = HOUR_SECONDS) -> Response:
    return send_document(request, document, headers, keep=f"public, max-age={seconds}")
