"""``/id/{kind}/{slug}``, which stands for a thing, and ``/doc/{kind}/{slug}``, its description.

A thing is none of the documents about it, so its IRI answers with 303 (RFC 9110, section 15.4.4). The description comes
in the format that the client prefers, or in that of a suffix or of the parameter ``format``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.errors import NotFound
from pedgraph.vocabulary.described import PROVENANCE, choose_profile, profile_iri
from pedgraph.vocabulary.iris import THINGS
from pedgraph.vocabulary.media import HTML
from pedgraph.web.absent import absent
from pedgraph.web.addressing import root_of, same_address
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import merged
from pedgraph.web.naming import named, without_slash
from pedgraph.web.pinning import as_asked
from pedgraph.web.representing import SUFFIXES, chosen_format, links_of
from pedgraph.web.requests import at_most_one, known_parameters
from pedgraph.web.sending import HOUR_SECONDS, send_document
from pedgraph.web.time import ASK_AGAIN, asked_moment, hold_answer, memento_headers

if TYPE_CHECKING:
    from pedgraph.vocabulary.media import Format
    from pedgraph.web.naming import Named
    from pedgraph.web.requests import Parameters
    from pedgraph.web.time import AskedVersion
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

PARAMETERS: Final = ("_profile", "format", "version")
# A kind and a slug, below "id" or "doc".
_SEGMENTS: Final = (3,)


@router.api_route("/id/{path:path}", methods=["GET", "HEAD"])
async def thing(request: Request) -> Response:
    """Leads from a thing to its description; what is known of neither is not led to."""
    if (moved := without_slash(request)) is not None:
        return moved
    name = named(request, SUFFIXES, segments=_SEGMENTS)
    parameters = known_parameters(request, PARAMETERS)
    asked = asked_moment(request, parameters)
    graph: Graph = request.app.state.graph
    if not await graph.neighbours.known_in(name.iri, [asked.number]):
        raise await absent(request, name.iri, asked)
    own = same_address(request, parameters).removeprefix("./")
    kind = name.local.split("/")[1]
    address = f"{root_of(request)}doc/{kind}/{own}"
    links = {"Link": f'<{address}>; rel="describedby", <{name.iri}>; rel="canonical"'}
    headers = merged(memento_headers(request, asked), links, {"Cache-Control": f"public, max-age={HOUR_SECONDS}"})
    # It is the description that has a version, not the thing.
    for field in ("Memento-Datetime", "Content-Location"):
        headers.pop(field, None)
    hold_answer(request, asked)
    return RedirectResponse(address, status_code=303, headers=headers)


@router.api_route("/doc/{path:path}", methods=["GET", "HEAD"])
async def document(request: Request) -> Response:
    """Describes a thing."""
    if (moved := without_slash(request)) is not None:
        return moved
    name = named(request, SUFFIXES, segments=_SEGMENTS)
    parameters = known_parameters(request, PARAMETERS)
    chosen = chosen_format(request, name, parameters)
    profile = _profile(request, parameters, chosen)
    asked = asked_moment(request, parameters)
    iri = THINGS + name.local.partition("/")[2]
    try:
        return await unless_gone(request.scope, request.receive, _described(request, name, chosen, profile, asked))
    except ClientGone:
        return nobody_listens()
    except NotFound as error:
        raise await absent(request, iri, asked) from error


async def _described(request: Request, name: Named, chosen: Format, profile: str, asked: AskedVersion) -> Response:
    graph: Graph = request.app.state.graph
    iri = THINGS + name.local.partition("/")[2]
    if chosen == HTML:
        making = graph.things.page(iri, asked.number, root_of(request))
    else:
        making = graph.things.document(iri, profile, chosen, asked.number)
    found, licences = await asyncio.gather(making, graph.neighbours.licences(iri, asked.number))
    headers = merged(
        memento_headers(request, asked),
        links_of(request, name, chosen, asked),
        _profile_links(request, iri, chosen, profile, asked),
        {"Link": ", ".join(f'<{licence}>; rel="license"' for licence in licences)},
    )
    if chosen == HTML:
        found = as_asked(request, found, asked, iri)
    hold_answer(request, asked)
    # Pages change with the release of pedgraph, too.
    return send_document(request, found, headers, keep=ASK_AGAIN if chosen == HTML else asked.keep)


def _profile(request: Request, parameters: Parameters, chosen: Format) -> str:
    """The profile that a request asks for; raises as :func:`pedgraph.vocabulary.described.choose_profile`."""
    fields = ", ".join(request.headers.getlist("accept-profile"))
    return choose_profile(chosen, accept_profile=fields, name=at_most_one(parameters, "_profile"))


def _profile_links(request: Request, iri: str, chosen: Format, profile: str, asked: AskedVersion) -> dict[str, str]:
    """``Link`` to the thing (RFC 6892), to the profile (RFC 6906), and to where all that is said comes from."""
    pinned = [("version", str(asked.number))] if asked.is_pinned else []
    links = [f'<{iri}>; rel="describes"']
    if chosen != HTML:
        links.append(f'<{profile_iri(profile)}>; rel="profile"')
    if profile != PROVENANCE:
        sources = same_address(request, [("_profile", PROVENANCE), *pinned])
        links.append(f'<{sources}>; rel="describedby"')
    return {"Vary": "Accept-Profile", "Link": ", ".join(links)}
