"""What stands behind pedgraph's own IRIs: ontology, shapes, code lists, contexts and frames, and the pages on them.

The same address answers with RDF or with a page, by ``Accept`` or the parameter ``format`` (RFC 9110, section 12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.errors import BadRequest, NotFound
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import DESCRIPTION_FORMATS, HTML, JSON_LD, Format
from pedgraph.web.requests import negotiated
from pedgraph.web.sending import HOUR_SECONDS, send_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.describing import Description, Descriptions, Document
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

Handler = TypeVar("Handler", bound="Callable[..., Response]")

_SUFFIXES: Final = {**{each.suffix: each for each in DESCRIPTION_FORMATS}, ".json": JSON_LD}
_SHOWN_CHARACTERS: Final = 20
_WEEK_SECONDS: Final = 7 * 24 * HOUR_SECONDS


def _get(path: str) -> Callable[[Handler], Handler]:
    return router.api_route(path, methods=["GET", "HEAD"])


@_get("/ont")
@_get("/ont.{suffix}")
def ontology(request: Request, suffix: str = "") -> Response:
    """The ontology."""
    return _describe(request, _descriptions(request).ontology(), _format_of(suffix))


@_get("/ont/{version}")
def ontology_version(request: Request, version: str) -> Response:
    """The ontology as of a version."""
    name, suffixed = _split(version)
    return _describe(request, _descriptions(request).ontology(name), suffixed)


@_get("/shapes")
@_get("/shapes.{suffix}")
def shapes(request: Request, suffix: str = "") -> Response:
    """The shapes."""
    return _describe(request, _descriptions(request).shapes(), _format_of(suffix))


@_get("/shapes/{version}")
def shapes_version(request: Request, version: str) -> Response:
    """The shapes as of a version."""
    name, suffixed = _split(version)
    return _describe(request, _descriptions(request).shapes(name), suffixed)


@_get("/code/{scheme}")
def scheme(request: Request, scheme: str) -> Response:
    """A code list with its members."""
    name, suffixed = _split(scheme)
    return _describe(request, _descriptions(request).scheme(name), suffixed)


@_get("/code/{scheme}/{slug}")
def code(request: Request, scheme: str, slug: str) -> Response:
    """A member of a code list."""
    name, suffixed = _split(slug)
    return _describe(request, _descriptions(request).code(scheme, name), suffixed)


@_get("/indicator/{slug}")
def indicator(request: Request, slug: str) -> Response:
    """An indicator."""
    name, suffixed = _split(slug)
    return _describe(request, _descriptions(request).indicator(name), suffixed)


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


def _format_of(suffix: str) -> Format | None:
    """The format of a suffix without its dot, none where that is empty; raises :class:`NotFound`."""
    if suffix and f".{suffix}" not in _SUFFIXES:
        raise NotFound(f"There is nothing here that ends with '.{suffix[:_SHOWN_CHARACTERS]}'.")
    return _SUFFIXES.get(f".{suffix}")


def _split(name: str) -> tuple[str, Format | None]:
    """A name without its suffix, and the format of that; versions have dots as well."""
    start, dot, end = name.rpartition(".")
    suffixed = _SUFFIXES.get(dot + end)
    return (start, suffixed) if suffixed else (name, None)


def _describe(request: Request, description: Description, suffixed: Format | None = None) -> Response:
    """Answers with a description in the format of the suffix or in the one asked for; with its page where that is
    HTML. Raises :class:`BadRequest` where a suffix and the parameter differ.
    """
    if suffixed is None or "format" in request.query_params:
        chosen = _negotiate(request, DESCRIPTION_FORMATS)
    else:
        chosen = suffixed
    if suffixed not in {None, chosen}:
        raise BadRequest(f"The suffix of the address is that of {suffixed.media_type}, the format is {chosen.name}.")
    headers = {"Vary": "Accept", "Link": _links(description, chosen)}
    if chosen != HTML:
        if suffixed is None:
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
    # As an address, this holds with and without a suffix.
    own = description.path.rpartition("/")[2]
    others = [
        f'<./{own}?format={each.name}>; rel="alternate"; type="{each.media_type}"'
        for each in DESCRIPTION_FORMATS
        if each != chosen
    ]
    return ", ".join([*others, f'<{ROOT}{description.path}>; rel="canonical"'])


def _answer(request: Request, document: Document, headers: dict[str, str], *, seconds: int = HOUR_SECONDS) -> Response:
    return send_document(request, document, headers, keep=f"public, max-age={seconds}")
