"""Who is signed in on the pages: a cookie with the name of a session, and a token in each form.

The cookie is sent by this site's own pages only (``SameSite=Strict``; RFC 6265bis, section 5.6.7) and no script reads
it. A form that changes something must carry the token of the session too.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import RedirectResponse

from pedgraph.errors import Forbidden, StaleForm, Unauthorized
from pedgraph.web.addressing import path_of, root_of
from pedgraph.wiring import ADMIN, STEWARD, SUBMITTER

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pedgraph.wiring import Graph, Session

COOKIE: Final = "pedgraph-session"
FORM_FIELD: Final = "form_token"
_PAGE_WITH_FORM: Final = re.compile(r"/contribute/submissions(?:/[a-z0-9-]+)?")


async def signed_in(request: Request) -> Session | None:
    """The session of a request, or ``None`` where nobody is signed in."""
    identifier = request.cookies.get(COOKIE, "")
    if not identifier:
        return None
    graph: Graph = request.app.state.graph
    try:
        return await graph.access.session(identifier)
    except Unauthorized:
        return None


async def require_session(request: Request, *roles: str) -> Session:
    """The session of a request whose key has one of these roles, or the role admin; any role where none is named.

    Raises :class:`Unauthorized` where nobody is signed in, and :class:`Forbidden`, which the audit log knows of.
    """
    session = await signed_in(request)
    if session is None:
        raise Unauthorized("Sign in with your key first.")
    if roles and session.who.role not in (ADMIN, *roles):
        wanted = " or ".join(roles)
        raise await _noted(
            request, session, Forbidden(f"This is for a {wanted}; your key is for a {session.who.role}.")
        )
    return session


def is_steward(session: Session) -> bool:
    """Whether whoever is signed in may decide on submissions."""
    return session.who.role in {STEWARD, ADMIN}


def is_submitter(session: Session) -> bool:
    """Whether whoever is signed in may send files."""
    return session.who.role in {SUBMITTER, ADMIN}


async def _noted(request: Request, session: Session, error: Forbidden) -> Forbidden:
    graph: Graph = request.app.state.graph
    await graph.audit.refused(session.who, f"{request.method} {path_of(request)}", "refused", error.code)
    return error


async def require_form(request: Request, session: Session, fields: dict[str, str]) -> None:
    """Raises what :func:`verify_form` does, which the audit log knows of then."""
    try:
        verify_form(session, fields.get(FORM_FIELD, ""))
    except Forbidden as error:
        raise await _noted(request, session, error) from None


def verify_form(session: Session, given: str) -> None:
    """Raises :class:`Forbidden` where a form does not carry the token of the session."""
    if not hmac.compare_digest(given.encode(), session.form_token.encode()):
        raise StaleForm("It was not sent from a page of this session. Go back, load the page again, and send it then.")


def begin(response: Response, request: Request, session: Session, seconds: int) -> None:
    """Keeps a session in the browser.

    Without a path of its own the cookie is for the folder of the address that sets it (RFC 6265, section 5.1.4), which
    is that of these pages also behind a proxy that adds a path in front.
    """
    response.set_cookie(
        COOKIE,
        session.identifier,
        max_age=seconds,
        path=None,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def end(response: Response, request: Request) -> None:
    """Takes a session out of the browser."""
    response.set_cookie(
        COOKIE, "", max_age=0, path=None, secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )


def to_sign_in(request: Request) -> Response:
    """Leads to the page on which one signs in, and from there back: from a form to the page that it is on."""
    back = path_of(request)
    if request.method not in {"GET", "HEAD"}:
        back = found[0] if (found := _PAGE_WITH_FORM.match(back)) else "/contribute"
    return RedirectResponse(f"{root_of(request)}contribute/sign-in?next={quote(back, safe='')}", status_code=303)
