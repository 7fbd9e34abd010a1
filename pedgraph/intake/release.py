"""A release: the files of one version of ontology, code lists, shapes and context, which never change again."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, Final

from pedgraph import __version__
from pedgraph.errors import OutputError
from pedgraph.intake.bundle import read_alignments, read_codes, read_ontology, read_shapes
from pedgraph.resources import changelog_file, messages_directory, ontology_directory
from pedgraph.vocabulary.media import TURTLE
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from pathlib import Path

CHECKSUMS: Final = "SHA256SUMS"
FOLDERS: Final = ("context", "documentation", "examples", "frames")


def write_release(folder: Path) -> list[Path]:
    """Writes the release of this version into a new folder: ``ontology.ttl``, ``codes.ttl``, ``alignments.ttl`` and
    ``shapes.ttl``, each one file made of all its modules; messages, context, frames, documentation and examples as they
    are; the changelog; and ``SHA256SUMS``. Gives the files written.

    Raises :class:`OutputError` where the folder is there already, for a release does not change, or cannot be written,
    and :class:`InputError` where something does not parse.
    """
    parts = {
        "ontology.ttl": read_ontology(),
        "codes.ttl": read_codes(),
        "alignments.ttl": read_alignments(),
        "shapes.ttl": read_shapes(),
    }
    if folder.exists():
        raise OutputError(f"{folder} is there already. The release of {__version__} does not change again.")
    unfinished = folder.with_name(f"{folder.name}.tmp")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        for name, triples in parts.items():
            (unfinished / name).write_bytes(serialised(triples, TURTLE))
        for name in FOLDERS:
            shutil.copytree(ontology_directory() / name, unfinished / name)
        shutil.copytree(messages_directory(), unfinished / "messages")
        shutil.copy(changelog_file(), unfinished / "CHANGELOG.md")
        (unfinished / CHECKSUMS).write_text(checksums(unfinished), encoding="utf-8")
        unfinished.rename(folder)
    except OSError as error:
        raise OutputError(f"The release cannot be written to {folder}: {error.strerror}.") from error
    return _files(folder)


def checksums(folder: Path) -> str:
    """One line per file of a release: its SHA-256, two spaces and its path, as ``sha256sum --check`` reads them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in _files(folder)
        if path.name != CHECKSUMS
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
