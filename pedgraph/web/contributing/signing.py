"""Signing in with a key, and out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.errors import Busy, StaleForm, Unauthorized, WritesOff
from pedgraph.web.addressing import root_of
from pedgraph.web.contributing.sending import page, paged, problem, read_form
from pedgraph.web.contributing.session import COOKIE, begin, end, require_form, signed_in
from pedgraph.wiring import NOBODY

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

# One of our own pages, so that nobody is led elsewhere.
_OWN_PAGE: Final = re.compile(r"/contribute(/[a-z0-9-]+)*")
_HOUR_SECONDS: Final = 3600


@router.api_route("/contribute/sign-in", methods=["GET", "HEAD"])
@paged
async def form(request: Request) -> Response:
    """The page on which one signs in."""
    graph: Graph = request.app.state.graph
    back = _next(request.query_params.get("next", ""))
    return page(request, "sign-in", await signed_in(request), next=back, is_open=await graph.access.is_open())


@router.post("/contribute/sign-in")
@paged
async def sign_in(request: Request) -> Response:
    """Begins a session for the holder of a key."""
    graph: Graph = request.app.state.graph
    _refuse_other_sites(request)
    fields = await read_form(request)
    back = _next(fields.get("next", ""))
    try:
        session = await graph.access.sign_in(fields.get("key", "").strip())
    except (Unauthorized, WritesOff, Busy) as error:
        is_open = not isinstance(error, WritesOff)
        if is_open:
            await graph.audit.refused(NOBODY, "sign in", "refused", error.code)
        wrong = Unauthorized("There is no such key here, or it does not hold any more. Is a letter missing?")
        shown = wrong if isinstance(error, Unauthorized) else error
        return await problem(request, shown, "sign-in", next=back, is_open=is_open)
    await graph.access.sign_out(request.cookies.get(COOKIE, ""))
    response = RedirectResponse(f"{root_of(request)}{back.removeprefix('/')}", status_code=303)
    begin(response, request, session, int(graph.settings.session_hours * _HOUR_SECONDS))
    return response


@router.post("/contribute/sign-out")
@paged
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    graph: Graph = request.app.state.graph
    session = await signed_in(request)
    fields = await read_form(request)
    if session is not None:
        await require_form(request, session, fields)
    await graph.access.sign_out(request.cookies.get(COOKIE, ""))
    response = RedirectResponse(f"{root_of(request)}contribute", status_code=303)
    end(response, request)
    return response


def _next(given: str) -> str:
    return given if _OWN_PAGE.fullmatch(given) else "/contribute/submissions"


def _refuse_other_sites(request: Request) -> None:
    """Nobody is signed in by a form on another site; browsers say where a form comes from (Fetch, section 3.1)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise StaleForm("It comes from another site. Sign in on the page of this server.")
