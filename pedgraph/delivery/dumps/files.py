"""Writing the files of a dump so that the same content gives the same bytes: nothing in them tells when or where."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

_LEVEL: Final = 6
_CHUNK_BYTES: Final = 1024 * 1024
# ZIP stores no earlier moment (APPNOTE, section 4.4.6).
_FIRST_YEAR: Final = 1980
_READABLE: Final = 0o644 << 16


@contextmanager
def compressed(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that is compressed with gzip, without name and time in its header (RFC 1952, 2.3.1)."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
        yield cast("IO[bytes]", file)


def compress(source: Path, target: Path) -> None:
    """Compresses a file."""
    with source.open("rb") as plain, compressed(target) as file:
        while chunk := plain.read(_CHUNK_BYTES):
            file.write(chunk)


def pack(target: Path, members: Iterable[tuple[str, Path]], moment: datetime) -> None:
    """Packs files into a ZIP archive in the order in which they are given, all dated to one moment."""
    dated = (max(moment.year, _FIRST_YEAR), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, path in members:
            entry = zipfile.ZipInfo(name, dated)
            entry.external_attr = _READABLE
            is_packed = path.suffix in {".gz", ".zip"}
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            entry.file_size = path.stat().st_size
            with path.open("rb") as plain, archive.open(entry, "w") as file:
                while chunk := plain.read(_CHUNK_BYTES):
                    file.write(chunk)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
