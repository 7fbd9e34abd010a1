"""A workbook as bytes that only depend on its content, so that the same one made twice is the same file."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook

# The earliest time that a ZIP archive can state.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MOMENT: Final = "1980-01-01T00:00:00Z"
_CORE: Final = "docProps/core.xml"
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def packed(workbook: Workbook) -> bytes:
    """The workbook as a file; neither the time nor the place of its making show in it."""
    made = io.BytesIO()
    workbook.save(made)
    with zipfile.ZipFile(made) as archive:
        return archived((name, _timeless(name, archive.read(name))) for name in archive.namelist())


def archived(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of files, each with its name, in that order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def _timeless(name: str, content: bytes) -> bytes:
    return _MODIFIED.sub(rb"\g<1>" + _MOMENT.encode() + rb"\g<2>", content) if name == _CORE else content
