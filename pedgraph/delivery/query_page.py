"""The query page: an editor for SPARQL, the stored queries as examples, and the answers as table, text and map.

The page is a form that works without any script; where scripts run, the editor takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pedgraph import __version__
from pedgraph.delivery.describing import Document
from pedgraph.delivery.templating import page_templates
from pedgraph.query.library import read_library
from pedgraph.vocabulary.iris import PREFIXES
from pedgraph.vocabulary.media import GRAPH_FORMATS, HTML, RESULT_FORMATS

if TYPE_CHECKING:
    from pedgraph.delivery.browser_files import BrowserFiles
    from pedgraph.query.library import StoredQuery
    from pedgraph.settings import Settings

_FORMAT_NAMES: Final = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV", "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples",
    "rdf": "RDF/XML", "nq": "N-Quads", "trig": "TriG",
}  # fmt: skip
_FIRST_QUERY: Final = "list-districts"
_UNITS: Final = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


class QueryPage:
    """Makes the page, once for each place that it is served at."""

    def __init__(self, settings: Settings, files: BrowserFiles) -> None:
        self._settings = settings
        self._files = files
        self._made: dict[str, Document] = {}

    def document(self, root: str = "") -> Document:
        """The page; ``root`` leads from where it is served to the start page, such as ``../``.

        Raises :class:`pedgraph.errors.InputError` where the header of a stored query lacks something.
        """
        if root not in self._made:
            content = page_templates().get_template("query.html").render(root=root, **self._values())
            self._made[root] = Document(content.encode(), HTML.content_type())
        return self._made[root]

    def _values(self) -> dict[str, object]:
        library = read_library()
        limits = self._settings
        return {
            "version": __version__,
            "prefixes": PREFIXES,
            "digest": self._files.digest,
            "has_editor": self._files.is_complete,
            "topics": _topics(library),
            "first": query_body(library[_FIRST_QUERY]) if _FIRST_QUERY in library else "",
            "result_formats": [(each.name, _FORMAT_NAMES[each.name]) for each in RESULT_FORMATS],
            "graph_formats": [(each.name, _FORMAT_NAMES[each.name]) for each in GRAPH_FORMATS],
            "deadline_seconds": f"{limits.query_deadline_seconds:g}",
            "query_size": _size(limits.query_max_bytes),
            "answer_size": _size(limits.answer_max_bytes),
            "queries_per_client": limits.queries_per_client,
        }


def query_body(query: StoredQuery) -> str:
    """The text of a stored query without its header."""
    lines = query.text.splitlines()
    body = [line for line in lines if not line.startswith("#+")]
    return "\n".join(body).strip() + "\n"


def _topics(library: dict[str, StoredQuery]) -> list[tuple[str, list[tuple[StoredQuery, str]]]]:
    """Each topic with its queries and, for each, the fragment that leads to it on the page."""
    topics: dict[str, list[tuple[StoredQuery, str]]] = {}
    for query in library.values():
        topics.setdefault(query.topic, []).append((query, "query=" + quote(query_body(query), safe="")))
    return sorted((topic, sorted(queries, key=lambda pair: pair[0].title)) for topic, queries in topics.items())


def _size(size_bytes: int) -> str:
    for unit_bytes, name in _UNITS:
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:g} {name}"
    return f"{size_bytes} bytes"
