"""Several answers in one file: a zip archive of JSON texts."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from pedgraph.intake.importing.reading import read_answers
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.tables.packages import MOST_PARTS, UNREADABLE, open_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pedgraph.intake.tables.things import Things
    from pedgraph.settings import Settings

ZIP: Final = "application/zip"
SUFFIX: Final = ".json"
# The earliest moment that an archive can hold, so that the same files make the same archive.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def holds_answers(path: Path, seems: Callable[[bytes], bool], beginning_bytes: int) -> bool:
    """Whether all files of an archive are named as JSON texts, and one of them begins as ``seems`` asks."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()][:MOST_PARTS]
            if any(PurePosixPath(info.filename).suffix.lower() != SUFFIX for info in files):
                return False
            return any(seems(_beginning(archive, info, beginning_bytes)) for info in files)
    except UNREADABLE:
        return False


def _beginning(archive: zipfile.ZipFile, info: zipfile.ZipInfo, number: int) -> bytes:
    with archive.open(info) as file:
        return file.read(number)


def read_archive(path: Path, file_name: str, settings: Settings, known: Things | None, graph: str) -> Document:
    """Reads all answers of an archive together, as :func:`pedgraph.intake.importing.reading.read_answers` does."""
    document = Document(ZIP)
    with open_package(path, file_name, settings, document) as package:
        files = [] if package is None else [info for info in package.files if not info.is_dir()]
        contents = [(info.filename, package.read(info)) for info in files] if package else []
    if document.problems:
        return document
    found = read_answers([(name, content) for name, content in contents if content is not None], known, graph)
    found.media_type = ZIP
    return found


def pack(files: Iterable[tuple[str, bytes]], path: Path) -> None:
    """Writes an archive of files as they are; the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
