"""Opens what a steward sent as a workbook that can be written to; says what of it the library cannot keep."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.errors import InputError, TooLarge
from pedgraph.intake.tables.csv_books import csv_book
from pedgraph.intake.tables.packages import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

WORKBOOK_PART: Final = "xl/workbook.xml"
_SHEETS: Final = "xl/worksheets/"
_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
)
_MOST_MERGED_CELLS: Final = 500_000
_LETTERS: Final = 26
# Parts of a workbook that openpyxl does not write back, and the key of the words for them.
_NOT_KEPT: Final = {
    "xl/media/": "lost_pictures",
    "xl/threadedComments/": "lost_conversations",
    "xl/vbaProject": "lost_macros",
    "xl/slicers/": "lost_slicers",
    "xl/embeddings/": "lost_embedded",
}
# In the XML of sheets and drawings: what newer versions of Excel add to the format, and shapes.
_NOT_KEPT_WITHIN: Final = {
    ("xl/worksheets/", b"<extLst"): "lost_newer",
    ("xl/drawings/", b"<xdr:sp "): "lost_shapes",
}


@dataclass(frozen=True)
class Book:
    """A workbook, and the keys of the words for what of its file is not in it."""

    workbook: Workbook
    lost: tuple[str, ...] = ()


def open_book(file: Path, file_name: str, unpacked_max_bytes: int) -> Book:
    """The workbook that a file is, or that its CSV makes.

    Raises :class:`InputError` where it cannot be read, and :class:`TooLarge` where too much would come out of it.
    """
    try:
        if not zipfile.is_zipfile(file):
            return Book(csv_book({file_name: file.read_bytes()}))
        with zipfile.ZipFile(file) as archive:
            unpacked_bytes = sum(entry.file_size for entry in archive.infolist())
            if unpacked_bytes > unpacked_max_bytes:
                detail = f"It is too large: at most {unpacked_max_bytes:,} bytes may come out of it."
                raise TooLarge(detail, source=file_name, limit_bytes=unpacked_max_bytes)
            names = archive.namelist()
            if WORKBOOK_PART not in names:
                tables = {name: archive.read(name) for name in names if name.lower().endswith(".csv")}
                return Book(csv_book(tables))
            if any(_merges_too_much(archive.read(name)) for name in names if name.startswith(_SHEETS)):
                raise InputError("More cells are merged in it than any table has. Unmerge them.", source=file_name)
            lost = _lost(archive, names)
        return Book(_workbook(file), lost)
    except (*UNREADABLE, SyntaxError, LookupError, TypeError, AttributeError) as error:
        # openpyxl lets through whatever its parts raise on a workbook that is not as it should be.
        raise InputError(f"It cannot be read as a table: {error}", source=file_name) from None


def _merges_too_much(content: bytes) -> bool:
    """Whether the XML of a sheet merges more cells than may be made: each becomes an object of its own."""
    cells = 0
    for first, top, last, bottom in _MERGED.findall(content):
        columns = abs(_column(last) - _column(first)) + 1
        cells += columns * (abs(int(bottom) - int(top)) + 1)
    return cells > _MOST_MERGED_CELLS


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _workbook(file: Path) -> Workbook:
    from openpyxl import load_workbook

    # By its path it would go by the suffix, and an upload has none.
    with warnings.catch_warnings(), file.open("rb") as opened:
        # It warns of each extension that it leaves out.
        warnings.simplefilter("ignore")
        return load_workbook(opened, rich_text=True)


def _lost(archive: zipfile.ZipFile, names: list[str]) -> tuple[str, ...]:
    found = [key for part, key in _NOT_KEPT.items() if any(name.startswith(part) for name in names)]
    for (folder, sign), key in _NOT_KEPT_WITHIN.items():
        parts = (name for name in names if name.startswith(folder) and name.endswith(".xml"))
        if any(sign in archive.read(name) for name in parts):
            found.append(key)
    return tuple(found)
