"""Writing the documentation to a folder, and telling which pages of a folder are no longer what they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.delivery.documentation.pages import STYLE, Site
from pedgraph.delivery.documentation.reading import read_sources
from pedgraph.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

_MARK: Final = b'<meta name="generator" content="pedgraph document">'


def document(directory: Path) -> list[str]:
    """Writes all pages into a folder and removes pages that are no longer made. Gives the paths of those written.

    Raises :class:`InputError` where the files that they are made from cannot be read, and :class:`OutputError` where
    the folder cannot be written.
    """
    pages = Site(read_sources()).pages()
    try:
        for path, content in pages.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_bytes(content)
        for path in sorted(set(_present(directory)) - set(pages)):
            (directory / path).unlink()
    except OSError as error:
        raise OutputError(f"It cannot be written: {error.strerror}.", source=str(error.filename or directory)) from None
    return sorted(pages)


def differences(directory: Path) -> list[str]:
    """The paths of pages that are missing from a folder, differ from what would be written, or should not be there.

    Raises :class:`InputError` as :func:`document` does.
    """
    pages = Site(read_sources()).pages()
    present = _present(directory)
    return sorted(path for path in {*pages, *present} if path not in pages or present.get(path) != pages[path])


def _present(directory: Path) -> dict[str, bytes]:
    """The pages in a folder that were made here, and its stylesheet, by path; others are none of our business."""
    try:
        found = [path for path in directory.rglob("*.html") if path.is_file()] if directory.is_dir() else []
        contents = {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}
        made = {path: content for path, content in contents.items() if _MARK in content}
        style = directory / STYLE
        return made | ({STYLE: style.read_bytes()} if style.is_file() else {})
    except OSError as error:
        raise InputError(f"It cannot be read: {error.strerror}.", source=str(error.filename or directory)) from None
