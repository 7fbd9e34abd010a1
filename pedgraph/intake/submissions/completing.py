"""What a sender left out, but the file says itself on the sheet about it; what is said beside the file comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pedgraph.intake.submissions.deliveries import WANTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.intake.submissions.checker import Checker
    from pedgraph.intake.submissions.files import Upload
    from pedgraph.intake.submissions.records import Delivery

# Field of the sheet → field of a delivery.
_FIELDS: Final[Mapping[str, str]] = {
    "title": "title",
    "licence": "licence",
    "submitting organisation": "creator",
    "source title": "source_title",
    "source address": "source_address",
    "source publisher": "source_publisher",
    "source rights": "source_rights",
    "date read": "source_read_on",
    "confidence": "confidence",
    "default language": "language",
}
_DEFAULTS: Final = {"confidence": "stated-by-other", "language": "en"}


async def completed(upload: Upload, delivery: Delivery, checker: Checker) -> Delivery:
    """The delivery with what the file says itself in the stead of what is empty; raises what the checker does.

    The file is looked into only where something is missing that a submission needs.
    """
    said: Mapping[str, str] = {}
    if any(not getattr(delivery, name).strip() for name in WANTED if name != "file_name"):
        upload.flush()
        said = await checker.about(upload.path, delivery.file_name, delivery.media_type)
    found = {field: _value(field, said[name]) for name, field in _FIELDS.items() if said.get(name)}
    given = {name: value for name, value in delivery.as_json().items() if value.strip()}
    return replace(delivery, **(_DEFAULTS | found | given))


def _value(field: str, value: str) -> str:
    """A value as a delivery has it: the name of a code, not its IRI."""
    return value.rpartition("/")[2] if field == "confidence" else value
