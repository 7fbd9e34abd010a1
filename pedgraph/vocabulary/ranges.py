"""Parts of a file: what a ``Range`` header field asks for (RFC 9110, section 14)."""

from __future__ import annotations

from werkzeug.http import parse_range_header

from pedgraph.errors import RangeNotSatisfiable


def asked_part(field: str | None, size_bytes: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that a field asks for; ``None`` where all of the file is to be sent.

    That is so for a field that is not well-formed, for other units than bytes, and for several ranges at once, all of
    which a server may ignore (section 14.2). Raises :class:`RangeNotSatisfiable` where the file ends before the part.
    """
    found = parse_range_header(field)
    if found is None or found.units != "bytes" or len(found.ranges) != 1:
        return None
    first, end = found.ranges[0]
    start = max(size_bytes + first, 0) if first < 0 else first
    if start >= size_bytes:
        raise RangeNotSatisfiable(
            f"The file has {size_bytes:,} bytes; '{(field or '')[:100]}' is none of them.", size_bytes
        )
    return start, size_bytes if end is None else min(end, size_bytes)
