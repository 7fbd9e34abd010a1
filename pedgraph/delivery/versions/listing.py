"""What is said of the versions that are kept, from their manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pedgraph.store.history import kept_versions
from pedgraph.store.manifest import read_manifest

if TYPE_CHECKING:
    from pedgraph.store.history import Kept
    from pedgraph.store.versions import Versions


def listed(versions: Versions) -> list[dict[str, Any]]:
    """All versions that are kept, oldest first; of one whose manifest is damaged, only that it is there."""
    return [_members(each) for each in kept_versions(versions)]


def manifest(versions: Versions, number: int) -> dict[str, Any]:
    """A kept version with what it holds, graph by graph; raises :class:`VersionNotFound`, :class:`VersionGone`,
    :class:`StoreError`.
    """
    found = read_manifest(versions.store_directory(number).parent)
    return {
        **_members(next(each for each in kept_versions(versions) if each.number == number)),
        "parent": found.parent,
        "merged_triples": found.merged_triples,
        "default_graph": found.default_graph,
        "graphs": [
            {"graph": graph, "quads": quads, "changed": found.changed.get(graph)}
            for graph, quads in sorted(found.graphs.items())
        ],
    }


def _members(kept: Kept) -> dict[str, Any]:
    manifest = kept.manifest
    return {
        "number": kept.number,
        "current": kept.is_current,
        "created": manifest and manifest.created,
        "author": manifest and manifest.author,
        "reason": manifest and manifest.reason,
        "release": manifest and manifest.release,
        "quads": manifest and manifest.quads,
    }
