"""The manifest of a version: who published it when and why, how much it holds, and the checksums of its files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pedgraph.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What is known of one version.

    ``quads`` counts the quads in named graphs, ``merged_triples`` the triples of the default graph, which is their
    merge. ``graphs`` gives the number of quads per graph IRI. ``files`` maps the file names of the store to their
    SHA-256. ``parent`` is the version that this one was made from, ``None`` for a build from scratch.
    ``default_graph`` is ``merged`` or ``plain``, where the default graph is a graph of its own. ``changed`` gives the
    version that last changed each graph.
    """

    version: int
    created: str
    author: str
    reason: str
    parent: int | None
    release: str | None
    quads: int
    merged_triples: int
    graphs: dict[str, int]
    files: dict[str, str] = field(repr=False)
    default_graph: str = "merged"
    changed: dict[str, int] = field(default_factory=dict, repr=False)

    def write(self, directory: Path) -> None:
        """Writes ``manifest.json`` into the folder of a version."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        (directory / FILE_NAME).write_text(text, encoding="utf-8")


def read_manifest(directory: Path) -> Manifest:
    """Reads the manifest of a version's folder; raises :class:`StoreError` where it is missing or damaged."""
    try:
        members: dict[str, Any] = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
        return Manifest(**members)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"The manifest in {directory} cannot be read: {error}.") from error


def graph_tag(manifest: Manifest, graph: str, format_name: str) -> str:
    """The strong entity tag of a graph (empty: the default graph) in a format, without quotes: it changes when the
    graph does.
    """
    changed = manifest.changed.get(graph, manifest.version) if graph else manifest.version
    digest = hashlib.sha256(f"{changed} {format_name} {graph}".encode()).hexdigest()
    return digest[:32]


def checksums(store_directory: Path, *, known: dict[str, str] | None = None) -> dict[str, str]:
    """SHA-256 of each file of a store's folder; names in ``known`` are taken over from there (hard links)."""
    taken_over = known or {}
    sums = {}
    for path in sorted(store_directory.iterdir()):
        if path.name in taken_over:
            sums[path.name] = taken_over[path.name]
        else:
            with path.open("rb") as file:
                sums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums
