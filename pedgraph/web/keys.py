"""Who asks: the key that comes with a request as a bearer token (RFC 6750, section 2.1), and what it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.errors import Busy, Forbidden, Unauthorized
from pedgraph.wiring import ADMIN, NOBODY

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.wiring import Graph, Who

_SCHEME = "bearer"


async def require(request: Request, *roles: str) -> Who:
    """Lets a request pass whose key has one of these roles, or the role admin, which may do everything; says whose key
    it is.

    Raises :class:`WritesOff` where the server has no keys, :class:`Unauthorized` where the request has none that holds,
    :class:`Forbidden` where its role is another one, and :class:`Busy`. The audit log knows of all refusals but those
    of a server without keys.
    """
    graph: Graph = request.app.state.graph
    action, about = f"{request.method} {request.url.path}", "refused"
    try:
        who = await graph.access.who(_token(request))
    except (Unauthorized, Busy) as error:
        await graph.audit.refused(NOBODY, action, about, error.code)
        raise
    if who.role not in (ADMIN, *roles):
        await graph.audit.refused(who, action, about, Forbidden.code)
        raise Forbidden(f"This takes a key with the role {' or '.join(roles or (ADMIN,))}; yours is {who.role}.")
    return who


def _token(request: Request) -> str:
    """The token of a request, empty where it has none or several."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip(" ") if scheme.lower() == _SCHEME else ""
