"""What the IRIs mean that stand for no data: of problems, of profiles, and of terms of the service description. And
those that lead elsewhere: of versions, and of reference data.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.redirect_rules import redirect_rules
from pedgraph.vocabulary.media import DESCRIPTION_FORMATS, HTML
from pedgraph.web.addressing import root_of, site_of
from pedgraph.web.permalinks import reference
from pedgraph.web.requests import known_parameters, negotiated
from pedgraph.web.sending import HOUR_SECONDS, send_document
from pedgraph.web.time import ASK_AGAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.meanings import Meaning, Meanings
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

_METHODS: Final = ["GET", "HEAD"]
_KEPT: Final = f"public, max-age={HOUR_SECONDS}"


@router.api_route("/problem", methods=_METHODS)
async def problems(request: Request) -> Response:
    """All kinds of problems."""
    return await _explain(request, lambda meanings: meanings.problems())


@router.api_route("/problem/{code}", methods=_METHODS)
async def problem(request: Request, code: str) -> Response:
    """A kind of problem, as problem documents name it in ``type`` (RFC 9457, section 3.1.1)."""
    return await _explain(request, lambda meanings: meanings.problem(code))


@router.api_route("/profile", methods=_METHODS)
async def profiles(request: Request) -> Response:
    """All profiles."""
    return await _explain(request, lambda meanings: meanings.profiles())


@router.api_route("/profile/{name}", methods=_METHODS)
async def profile(request: Request, name: str) -> Response:
    """A profile."""
    return await _explain(request, lambda meanings: meanings.profile(name))


@router.api_route("/service", methods=_METHODS)
async def service(request: Request) -> Response:
    """The terms with which the endpoint describes its limits."""
    return await _explain(request, lambda meanings: meanings.service())


@router.api_route("/ref", methods=_METHODS)
async def reference_data(request: Request) -> Response:
    """Reference data are a graph; their terms are found there."""
    return _led(request, f"graph/reference{reference(known_parameters(request, ('format', 'version')))}")


@router.api_route("/version/{number}", methods=_METHODS)
async def version(request: Request, number: str) -> Response:
    """A version of the graph is described where all are."""
    graph: Graph = request.app.state.graph
    known = known_parameters(request, ("format",))
    return _led(request, f"versions/{graph.versions.resolve(number)}{reference(known)}")


@router.api_route("/w3id.htaccess", methods=_METHODS)
async def redirects(request: Request) -> Response:
    """The rules by which permanent names lead to this site, as its visitors know it."""
    known_parameters(request, ())
    return send_document(request, redirect_rules(site_of(request)), {}, keep=ASK_AGAIN)


def _led(request: Request, address: str) -> Response:
    headers = {"Cache-Control": _KEPT}
    return RedirectResponse(root_of(request) + address.removesuffix("?"), status_code=303, headers=headers)


async def _explain(request: Request, find: Callable[[Meanings], Meaning]) -> Response:
    known_parameters(request, ("format",))
    graph: Graph = request.app.state.graph
    meaning = await asyncio.to_thread(find, graph.meanings)
    chosen = negotiated(request, DESCRIPTION_FORMATS).format
    if chosen == HTML:
        document = graph.meanings.page(meaning, graph.versions.current(), root_of(request))
    else:
        document = graph.meanings.rdf(meaning, chosen)
    headers = {"Vary": "Accept", "Link": f'<{meaning.iri}>; rel="canonical"'}
    return send_document(request, document, headers, keep=_KEPT)
