"""Header fields that are made from what others have written."""

from __future__ import annotations

from urllib.parse import quote


def attachment(file_name: str) -> str:
    """``Content-Disposition`` for a file to be saved, never shown (RFC 6266): a name that any client can read, and the
    whole name (RFC 8187).
    """
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"
