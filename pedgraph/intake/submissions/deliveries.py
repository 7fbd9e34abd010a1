"""What a submitter has to say about a file before it is taken in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pedgraph.errors import BadRequest
from pedgraph.intake.publishable import MAIL
from pedgraph.vocabulary.iris import is_absolute

if TYPE_CHECKING:
    from pedgraph.intake.submissions.records import Delivery

CONFIDENCES: Final = ("checked-by-third-party", "stated-by-operator", "stated-by-other")
_LONGEST_CHARACTERS: Final = 2000
WANTED: Final = {
    "file_name": "the name of the file",
    "title": "a title for what is submitted",
    "licence": "the address of a licence",
    "creator": "the organisation that submits it",
    "source_title": "the title of the source",
    "source_address": "the address of the source",
    "source_read_on": "the day on which the source was read",
}
_ADDRESSES: Final = ("licence", "source_licence", "source_address")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def verify(delivery: Delivery) -> None:
    """Raises :class:`BadRequest` with ``field`` for the first thing that is missing or malformed."""
    for name, value in delivery.as_json().items():
        if name in WANTED and not value.strip():
            raise _refusal(name, f"This is missing: {WANTED[name]}.")
        if len(value) > _LONGEST_CHARACTERS:
            raise _refusal(name, f"It has more than {_LONGEST_CHARACTERS:,} characters.")
        if _CONTROL.search(value):
            raise _refusal(name, "It holds characters that cannot be shown.")
        # Notes are not published.
        if name != "note" and MAIL.search(value):
            raise _refusal(name, "It holds an e-mail address, and contact data of persons are not published.")
    for name in _ADDRESSES:
        value = getattr(delivery, name)
        if value and not _is_address(value):
            raise _refusal(name, f"'{value[:200]}' is no address; it should begin with https:// or http://.")
    _verify_day(delivery.source_read_on)
    if not _LANGUAGE.fullmatch(delivery.language):
        raise _refusal("language", "It is no language tag, such as en or nl.")
    if delivery.confidence not in CONFIDENCES:
        raise _refusal("confidence", f"It is one of: {', '.join(CONFIDENCES)}.")


def _verify_day(text: str) -> None:
    try:
        read_on = date.fromisoformat(text)
    except ValueError:
        raise _refusal("source_read_on", f"'{text[:50]}' is no day; write it as in 2026-11-22.") from None
    if text != read_on.isoformat():
        raise _refusal("source_read_on", f"'{text[:50]}' is no day; write it as in 2026-11-22.")
    if (read_on - datetime.now(UTC).date()).days > 1:
        raise _refusal("source_read_on", f"{text} has not come yet.")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and is_absolute(text)


def _refusal(field: str, detail: str) -> BadRequest:
    return BadRequest(detail, field=field)
