"""What the IRIs of pedgraph's own terms answer with: ontology, shapes, code lists and codes, as RDF and as a page.

Files are read when the first of them is asked for, and each answer is made once. All of it is safe to call from
several threads at a time.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pedgraph import __version__
from pedgraph.delivery.facts import Facts
from pedgraph.errors import NotFound, VersionNotFound
from pedgraph.intake.bundle import read_codes, read_ontology, read_shapes
from pedgraph.intake.headers import released_versions
from pedgraph.intake.parsing import parse_rdf
from pedgraph.resources import context_file, documentation_directory, frames_directory, releases_directory
from pedgraph.vocabulary.iris import CODES, INDICATORS, ONTOLOGY, ROOT, SHAPES_DOCUMENT
from pedgraph.vocabulary.media import JSON_LD, TURTLE
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.vocabulary.media import Format

_MEDIA_TYPES: Final = {".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8"}
_PAGE: Final = re.compile(r"[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*\.(html|css)")
_NAME: Final = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Document:
    """Bytes that are served as they are: their media type, and a tag that changes with them (RFC 9110, 8.8.3)."""

    content: bytes
    content_type: str

    @cached_property
    def tag(self) -> str:
        """The entity tag, with its quotation marks."""
        return f'"{hashlib.sha256(self.content).hexdigest()}"'


@dataclass(frozen=True)
class Description:
    """What an IRI stands for: the triples about it, and the page that explains it, with an anchor if it has one."""

    path: str
    page: str
    triples: Callable[[], list[Triple]]


class Descriptions:
    """Answers for the IRIs of terms, codes and shapes, and for the files that go with them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], Document] = {}

    def ontology(self, version: str | None = None) -> Description:
        """The whole ontology without code lists; raises :class:`VersionNotFound`."""
        return self._versioned(ONTOLOGY, version, "ontology", read_ontology)

    def shapes(self, version: str | None = None) -> Description:
        """All shapes; raises :class:`VersionNotFound`."""
        return self._versioned(SHAPES_DOCUMENT, version, "shapes", read_shapes)

    def scheme(self, name: str) -> Description:
        """A code list with all its members; raises :class:`NotFound`."""
        node = CODES + name
        if node not in self._codes.of_kind("skos:ConceptScheme"):
            raise NotFound(f"There is no code list '{name}'.")
        members = self._codes.subjects("skos:inScheme", node)
        return Description(
            f"code/{name}",
            f"codes/{name}.html",
            lambda: [triple for each in (node, *members) for triple in self._codes.triples(each)],
        )

    def code(self, scheme: str, name: str) -> Description:
        """A member of a code list; raises :class:`NotFound`."""
        return self._concept(f"{CODES}{scheme}/{name}", f"There is no code '{name}' in the code list '{scheme}'.")

    def indicator(self, name: str) -> Description:
        """An indicator; raises :class:`NotFound`."""
        return self._concept(INDICATORS + name, f"There is no indicator '{name}'.")

    def rdf(self, description: Description, rdf_format: Format) -> Document:
        """A description in one of the RDF formats, always the same bytes."""
        key = (description.path, rdf_format.name)
        if key not in self._made:
            content = serialised(description.triples(), rdf_format)
            self._made[key] = Document(content, rdf_format.content_type())
        return self._made[key]

    def page(self, path: str, *, base: str = "") -> Document:
        """A page or stylesheet of the documentation by its path; raises :class:`NotFound`.

        ``base`` is the address of the page, relative to the place where it is served instead; links on it that are
        relative then lead to the same places.
        """
        key = (path, f"page at {base}")
        if key not in self._made:
            if _PAGE.fullmatch(path) is None:
                raise NotFound(f"There is no page '{path}' in the documentation.")
            content = _file(documentation_directory() / path, f"There is no page '{path}' in the documentation.")
            if base:
                content = content.replace(b"<head>\n", f'<head>\n<base href="{base}">\n'.encode(), 1)
            self._made[key] = Document(content, _MEDIA_TYPES["." + path.rpartition(".")[2]])
        return self._made[key]

    def context(self) -> Document:
        """The JSON-LD context of version 1; raises :class:`NotFound` where there is none."""
        return self._json_ld(context_file(), "There is no such context.")

    def frame(self, kind: str) -> Document:
        """The JSON-LD frame of version 1 for a kind of thing; raises :class:`NotFound`."""
        missing = f"There is no frame for '{kind}'."
        if _NAME.fullmatch(kind) is None:
            raise NotFound(missing)
        return self._json_ld(frames_directory() / f"{kind}.jsonld", missing)

    def _json_ld(self, path: Path, missing: str) -> Document:
        key = (str(path), JSON_LD.name)
        if key not in self._made:
            self._made[key] = Document(_file(path, missing), JSON_LD.content_type())
        return self._made[key]

    @property
    def _codes(self) -> Facts:
        with self._lock:
            return self._read_codes

    @cached_property
    def _read_codes(self) -> Facts:
        return Facts(read_codes())

    def _concept(self, node: str, missing: str) -> Description:
        codes = self._codes
        scheme = codes.node(node, "skos:inScheme")
        if not scheme:
            raise NotFound(missing)
        page = f"codes/{scheme.rpartition('/')[2]}.html#{node.rpartition('/')[2]}"
        return Description(node.removeprefix(ROOT), page, lambda: codes.triples(node))

    def _versioned(
        self, document: str, version: str | None, name: str, read: Callable[[], list[Triple]]
    ) -> Description:
        path, page = document.removeprefix(ROOT), f"{name}.html"
        if version is None or version == __version__:
            return Description(path if version is None else f"{path}/{version}", page, read)
        if version not in released_versions(releases_directory()):
            raise VersionNotFound(f"There is no version '{version}' of {document}.")
        file = releases_directory() / version / f"{name}.ttl"
        return Description(f"{path}/{version}", page, lambda: _triples(file))


def _triples(file: Path) -> list[Triple]:
    return [quad.triple for quad in parse_rdf(_file(file, "This release has no such file."), TURTLE, file.name)]


def _file(path: Path, missing: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise NotFound(missing) from None
