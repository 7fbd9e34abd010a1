"""Zip packages, which archives and workbooks are: opened only as far as they are no larger than they may be."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.tables.rules import DAMAGED, ENCRYPTED, OTHER_FORM, TOO_MUCH, finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.reading.documents import Document
    from pedgraph.settings import Settings

MOST_PARTS: Final = 2_000
_IS_ENCRYPTED: Final = 0x1
# The form of old Office files, which encrypted new ones are wrapped in as well.
_COMPOUND_FILE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_BYTES: Final = 1024 * 1024
# What zipfile and zlib raise for what they cannot unpack.
UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Package:
    """The files of an open package."""

    def __init__(self, archive: zipfile.ZipFile, file_name: str, document: Document) -> None:
        self._archive = archive
        self._file_name = file_name
        self._document = document
        self.files = archive.infolist()

    def read(self, info: zipfile.ZipInfo) -> bytes | None:
        """The content of a file; ``None``, with a finding, where it is damaged."""
        try:
            return self._archive.read(info)
        except UNREADABLE:
            self._document.problems.append(finding(DAMAGED, Position(source=info.filename), value=info.filename))
            return None


@contextmanager
def open_package(path: Path, file_name: str, settings: Settings, document: Document) -> Iterator[Package | None]:
    """Opens a zip file; ``None``, with a finding, where it is none, is encrypted, or would unpack to too much.

    The sizes that its directory states are enough to know: no file is unpacked any further than that.
    """
    position = Position(source=file_name)
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE:
        document.problems.append(finding(_what_it_is(path), position, value=file_name))
        yield None
        return
    with archive:
        files = archive.infolist()
        unpacked_bytes = sum(info.file_size for info in files)
        if unpacked_bytes > settings.unpacked_max_bytes or len(files) > MOST_PARTS:
            limits = {"bytes": str(unpacked_bytes), "limit": str(settings.unpacked_max_bytes), "parts": str(MOST_PARTS)}
            document.problems.append(finding(TOO_MUCH, position, value=file_name, **limits))
            yield None
        elif any(info.flag_bits & _IS_ENCRYPTED for info in files):
            document.problems.append(finding(ENCRYPTED, position, value=file_name))
            yield None
        else:
            yield Package(archive, file_name, document)


def _what_it_is(path: Path) -> str:
    """The rule that a file breaks which is no zip file."""
    with path.open("rb") as file:
        content = file.read(_DIRECTORY_BYTES)
        file.seek(max(path.stat().st_size - _DIRECTORY_BYTES, 0))
        content += file.read(_DIRECTORY_BYTES)
    if not content.startswith(_COMPOUND_FILE):
        return DAMAGED
    return ENCRYPTED if _ENCRYPTED_PACKAGE in content else OTHER_FORM
