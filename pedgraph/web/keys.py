"""The admin key: who may write, and who may cancel what others run (RFC 6750, section 2.1)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from pedgraph.errors import Unauthorized, WritesOff

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.settings import Settings

_SCHEME = "bearer"


def require_admin(request: Request) -> None:
    """Lets a request pass that carries the admin key as ``Authorization: Bearer …``.

    Raises :class:`WritesOff` where the server has no key, and :class:`Unauthorized` where the request has none or
    another one.
    """
    settings: Settings = request.app.state.graph.settings
    key = settings.admin_key.get_secret_value().encode()
    if not key:
        raise WritesOff(
            "This server has no admin key, so nobody may do this. Whoever runs it sets one in the environment variable "
            "PEDGRAPH_ADMIN_KEY and starts it again."
        )
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    # Header fields are read as Latin-1; this gives back the bytes that were sent.
    is_right = hmac.compare_digest(token.strip(" ").encode("latin-1"), key)
    if scheme.lower() != _SCHEME or not is_right:
        raise Unauthorized("Send the admin key of this server in the header field 'Authorization: Bearer <key>'.")
