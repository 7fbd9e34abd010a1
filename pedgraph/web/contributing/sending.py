"""What all pages of this room have in common: how they are sent, and how errors look on them."""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pedgraph.errors import BadRequest, PedgraphError, Unauthorized, UploadCut
from pedgraph.web import problems
from pedgraph.web.addressing import path_of, root_of
from pedgraph.web.contributing.session import COOKIE, is_steward, is_submitter, signed_in, to_sign_in
from pedgraph.web.requests import read_body, read_parameters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request

    from pedgraph.wiring import Graph, Session

    Page = Callable[..., Awaitable[Response]]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_FORM_BYTES: Final = 256 * 1024
_LONGEST_NUMBER: Final = 15
# Who fills in a form makes no requests.
_MISSING: Final = "Something is missing, or cannot be read"


def page(request: Request, name: str, session: Session | None, *, status: int = 200, **values: object) -> Response:
    """A page by the name of its template."""
    graph: Graph = request.app.state.graph
    who = None
    if session is not None:
        who = {
            "name": session.who.name,
            "role": session.who.role,
            "is_steward": is_steward(session),
            "is_submitter": is_submitter(session),
        }
    common = {"form_token": session.form_token if session else ""}
    content = graph.contribution_pages.render(name, root_of(request), who, **common, **values)
    return Response(content, status, headers=dict(_HEADERS))


def paged(route: Page) -> Page:
    """Makes a route answer errors with a page, and who has to sign in with the way there."""

    @functools.wraps(route)
    async def wrapped(request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        try:
            return await route(request, *args, **kwargs)
        except Unauthorized:
            return to_sign_in(request)
        except PedgraphError as error:
            return await problem(request, error)

    return wrapped


def install(app: FastAPI) -> None:
    """Makes errors at the addresses of these pages pages too, also where no route is reached."""
    for kind in problems.KINDS:
        app.add_exception_handler(kind, _page_or_document)


async def _page_or_document(request: Request, error: Exception) -> Response:
    is_ours = f"{path_of(request)}/".startswith("/contribute/")
    accepted = request.headers.get("accept", "")
    if not is_ours or ("json" in accepted and "text/html" not in accepted):
        return await problems.response_to(request, error)
    response = await problem(request, problems.told(request, error))
    response.headers.update(problems.headers_of(request, error))
    return response


async def problem(request: Request, error: PedgraphError, name: str = "problem", **values: object) -> Response:
    """A page that says what went wrong; by default one of its own."""
    told = problems.told(request, error)
    session = None
    if COOKIE in request.cookies:
        # Where the keys cannot be read, that is what the page says.
        with suppress(PedgraphError):
            session = await signed_in(request)
    response = page(
        request, name, session, status=told.status, error={"title": _title(told), "detail": told.detail}, **values
    )
    response.headers.update(told.headers)
    return response


def _title(told: PedgraphError) -> str:
    return _MISSING if told.title == BadRequest.title else told.title


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form without files; of several with one name the last.

    Raises :class:`BadRequest`, :class:`TooLarge`, :class:`UploadCut`.
    """
    try:
        return dict(read_parameters(await read_body(request, _FORM_BYTES), "The form"))
    except ClientDisconnect:
        raise UploadCut("The connection ended before the form did.") from None


def number_in(fields: dict[str, str], name: str) -> int:
    """A number that a page of ours has put into a form, 0 where there is none; raises :class:`BadRequest`."""
    text = fields.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise BadRequest(f"The field '{name}' is a number.")
    return int(text)
