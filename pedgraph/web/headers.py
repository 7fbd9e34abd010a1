"""Header fields that are made from what others have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

# Fields that list members, where those of one part of an answer do not replace those of another.
_LISTS: Final = ("Link", "Vary")


def attachment(file_name: str) -> str:
    """``Content-Disposition`` for a file to be saved, never shown (RFC 6266): a name that any client can read, and the
    whole name (RFC 8187).
    """
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"


def merged(*parts: Mapping[str, str]) -> dict[str, str]:
    """The header fields of all parts: of a field in several the last counts, but links and what an answer varies by add
    up.
    """
    found: dict[str, str] = {}
    for part in parts:
        found |= part
    for name in _LISTS:
        members = [part[name] for part in parts if part.get(name)]
        if members:
            found[name] = ", ".join(dict.fromkeys(members))
    return found
