"""The standard streams, and files that are named instead of them. Knows nothing of what is read or written."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from pedgraph.errors import InputError, OutputError, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

STDIN = "-"
_CHUNK_BYTES = 1024 * 1024


def source_name(file: str) -> str:
    """What a file is called in findings and errors; ``-`` is standard input."""
    return "stdin" if file == STDIN else file


def read_input(file: str, *, max_bytes: int) -> bytes:
    """The content of a file, or of standard input for ``-``. Of what has no end, one byte more than allowed is read.

    Raises :class:`InputError` where it cannot be read, and :class:`TooLarge` where it has more than ``max_bytes``.
    """
    try:
        if file == STDIN:
            if sys.stdin is None:
                raise InputError("It is closed.", source=source_name(file))
            content = _read(sys.stdin.buffer, max_bytes + 1)
        else:
            with Path(file).open("rb") as opened:
                content = _read(opened, max_bytes + 1)
    except OSError as error:
        raise InputError(f"It cannot be read: {error.strerror}.", source=source_name(file)) from None
    if len(content) > max_bytes:
        detail = f"It is too large: at most {max_bytes:,} bytes are read."
        raise TooLarge(detail, source=source_name(file), limit_bytes=max_bytes)
    return content


def open_output(file: str) -> BinaryIO:
    """A file opened for writing, emptied; raises :class:`OutputError` where that is not possible."""
    try:
        return Path(file).open("wb")
    except OSError as error:
        raise OutputError(f"It cannot be written: {error.strerror}.", source=file) from None


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """Ends the writing to standard output without a fuss when its reader, such as ``head``, has had enough.

    Raises :class:`OutputError` where it cannot be written for another reason, such as a full disk.
    """
    if sys.stdout is None:
        raise OutputError("It is closed.", source="stdout")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        give_up(sys.stdout)
    except OSError as error:
        give_up(sys.stdout)
        raise OutputError(f"It cannot be written: {error.strerror}.", source="stdout") from None


def give_up(stream: TextIO) -> None:
    """Sends what Python still holds for a stream nowhere, for it would try once more when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def complain(error: Exception) -> None:
    """Says on standard error what went wrong, where that can be written."""
    try:
        print(f"pedgraph: {error}", file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        give_up(sys.stderr)


def _read(file: BinaryIO, max_bytes: int) -> bytes:
    # In pieces, because a single read sets aside as much memory as it may return.
    content = bytearray()
    while (left := max_bytes - len(content)) > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
        content += chunk
    return bytes(content)
