"""The CSV files of the folder ``tables``: ``sources.csv``, and a file per kind in each folder of a topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.intake.bundle import list_folder, read_content
from pedgraph.intake.findings import Position
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.tables.csv_files import CSV, csv_sheet
from pedgraph.intake.tables.rules import NO_CSV_FILE, finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.tables.sheets import Sheet

TABLES: Final = "tables"
SOURCES: Final = "sources.csv"
_SUFFIX: Final = ".csv"
_README: Final = "README.md"


@dataclass
class Files:
    """The files as read: the one of the sources (``None`` where there is none), all others by folder and name, and
    what is wrong with their form.
    """

    sources: Sheet | None = None
    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def read_files(data_directory: Path) -> Files:
    """Reads the tables of a data folder; places name files as seen from there, such as ``tables/places/cities.csv``.

    Raises :class:`InputError` where a file or folder cannot be read.
    """
    files, document = Files(), Document(CSV)
    folder = data_directory / TABLES
    for path in _walk(folder):
        name = path.relative_to(data_directory).as_posix()
        if path.suffix.lower() != _SUFFIX:
            document.problems.append(
                finding(NO_CSV_FILE, Position(source=name), value=path.name, sheet=path.name, allowed=_SUFFIX)
            )
            continue
        sheet = csv_sheet(read_content(path), name, document)
        if path == folder / SOURCES:
            files.sources = sheet
        else:
            files.sheets.append(sheet)
    files.problems = document.problems
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """All files in a folder and below, by name, without those that systems and people put beside them."""
    for path in list_folder(folder):
        if path.name.startswith(".") or path.name == _README:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
