"""The moment that a client asks about with a header field (RFC 7089, section 2.1.1)."""

from __future__ import annotations

import contextlib
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

_SHOWN_CHARACTERS: Final = 60


def accepted_moment(request: Request) -> datetime | None:
    """The moment in ``Accept-Datetime``, ``None`` where there is no such field; raises :class:`BadRequest`."""
    fields = request.headers.getlist("accept-datetime")
    if not fields:
        return None
    text = ", ".join(fields)
    found = None
    # Dates without their zeros, of other zones and with a wrong day of the week are read as well, but are none of HTTP.
    with contextlib.suppress(ValueError, OverflowError):
        found = parsedate_to_datetime(text).astimezone(UTC)
    if found is None or format_datetime(found, usegmt=True) != text.strip():
        raise BadRequest(
            f"'{text[:_SHOWN_CHARACTERS]}' in Accept-Datetime is no date of HTTP. Such a date looks like this: "
            "Sun, 22 Nov 2026 10:00:00 GMT."
        )
    return found
