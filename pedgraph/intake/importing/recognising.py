"""Whether a file holds answers of the PED Database, and the reader for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.things import Things
    from pedgraph.settings import Settings

# Behind a media type it says that the file is to be read as such answers, whatever it looks like.
PROFILE: Final = ';profile="https://github.com/PED-EU-NET/wp-ped-eu-net"'
# One of these is a name in every answer, and mostly at its beginning.
_NAMES: Final = (b'"caseStudies"', b'"projects"', b'"entryId"', b'"formId"', b'"postId"', b'"fieldKeys"')
_BEGINNING_BYTES: Final = 65_536
_ZIP: Final = b"PK\x03\x04"


def holds_answers(path: Path, media_type: str, *, may_be_json: bool) -> bool:
    """Whether a file is said to hold answers of the PED Database, or looks like them."""
    if is_said(media_type):
        return True
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING_BYTES)
    if beginning.startswith(_ZIP):
        from pedgraph.intake.importing.archives import holds_answers as archive_holds_answers

        return archive_holds_answers(path, _may_be_answer, _BEGINNING_BYTES)
    if not may_be_json or not _may_be_answer(beginning):
        return False
    from pedgraph.intake.importing.reading import is_answer
    from pedgraph.intake.reading.texts import decode

    return is_answer(decode(path.read_bytes(), "")[0])


def _may_be_answer(beginning: bytes) -> bool:
    return any(name in beginning for name in _NAMES)


def is_said(media_type: str) -> bool:
    """Whether a media type says that its file holds such answers."""
    return media_type.replace("; ", ";").endswith(PROFILE)


def read(path: Path, file_name: str, settings: Settings, known: Callable[[], Things] | None, graph: str) -> Document:
    """Reads the answers in a file: the statements made of them, and what became of everything else."""
    from pedgraph.intake.importing.archives import read_archive
    from pedgraph.intake.importing.reading import read_answers

    things = known() if known else None
    with path.open("rb") as file:
        is_archive = file.read(len(_ZIP)) == _ZIP
    if is_archive:
        return read_archive(path, file_name, settings, things, graph)
    return read_answers([(file_name, path.read_bytes())], things, graph)
