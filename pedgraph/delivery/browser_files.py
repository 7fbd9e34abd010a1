"""The scripts, styles and outlines that the pages load: our own, and those of others that the set-up installs.

``browser/SHA256SUMS`` names each file of others with its digest; one that is missing or differs is not served, and the
page then does without the editor.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cached_property
from pathlib import Path
from typing import Final

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound

_FOLDER: Final = Path(__file__).resolve().parent / "browser"
_INSTALLED: Final = _FOLDER / "installed"
_OWN: Final = (
    "icon.svg", "query.css", "page.js", "editor.js", "completion.js", "answer.js", "results.js", "map.js",
    "contribute.css", "contribute.js", "preview.css", "report.css", "coverage.css", "site.js", "place-map.js",
    "outlines.js", "map.css", "list.css", "home.css", "search.css", "suggestions.css", "suggestions.js", "thing.css",
    "versions.css", "feed.css",
)  # fmt: skip
# The stylesheet that all pages share is the one that the pages of the documentation have beside them.
_SHARED_STYLE: Final = Path(__file__).resolve().parent / "documentation" / "templates" / "style.css"
_MEDIA_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_PLAIN: Final = "text/plain; charset=utf-8"


def pinned_files() -> dict[str, str]:
    """The files of others that the page loads: their place among the packages, with their SHA-256 in hex."""
    lines = (_FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


class BrowserFiles:
    """All files that the page loads, by name. Read when the first is asked for; safe for several threads at a time."""

    def __init__(self, installed: Path = _INSTALLED) -> None:
        self._installed = installed
        self._lock = threading.Lock()

    @property
    def folder(self) -> Path:
        """Where our own files are, and the lists of those of others."""
        return _FOLDER

    @property
    def digest(self) -> str:
        """A name for the state of all files together, which stands in their addresses."""
        return self._all[1]

    @property
    def is_complete(self) -> bool:
        """Whether every file of others is there and is the one that is pinned."""
        return not self.lacking

    @property
    def lacking(self) -> tuple[str, ...]:
        """Names of the files of others that are missing or are not those that are pinned."""
        found = self._all[0]
        return tuple(name for name in pinned_files() if name not in found)

    def file(self, digest: str, name: str) -> Document:
        """A file; raises :class:`NotFound` for another name, and for the digest of another state."""
        found, current = self._all
        if digest != current or name not in found:
            raise NotFound(f"There is no file '{name}' of this state here. Load the page again.")
        return found[name]

    @property
    def _all(self) -> tuple[dict[str, Document], str]:
        with self._lock:
            return self._read

    @cached_property
    def _read(self) -> tuple[dict[str, Document], str]:
        contents = {name: (_FOLDER / name).read_bytes() for name in _OWN}
        contents[_SHARED_STYLE.name] = _SHARED_STYLE.read_bytes()
        for name, digest in pinned_files().items():
            content = _content(self._installed / name)
            if hashlib.sha256(content).hexdigest() == digest:
                contents[name] = content
        state = hashlib.sha256()
        for name, content in sorted(contents.items()):
            state.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
        documents = {
            name: Document(content, _MEDIA_TYPES.get(Path(name).suffix, _PLAIN)) for name, content in contents.items()
        }
        return documents, state.hexdigest()[:16]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
