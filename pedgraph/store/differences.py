"""What differs between two versions, graph by graph.

Blank nodes are compared by the names that :func:`pedgraph.vocabulary.skolem.skolemised` gives them, and stand under
these in the result: their labels differ from one build to the next.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from pedgraph.errors import StoreError
from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import hold
from pedgraph.vocabulary.skolem import skolemised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.store.manifest import Manifest
    from pedgraph.store.versions import Versions

# How a default graph that is a graph of its own is called.
DEFAULT = ""


@dataclass(frozen=True)
class GraphDifference:
    """By how much one graph differs: the triples that only the later version has, and those that only the earlier has.

    ``graph`` is the IRI of a named graph, or :data:`DEFAULT` for a default graph that is no merge of the others.
    """

    graph: str
    added: frozenset[Triple]
    removed: frozenset[Triple]


def differences(versions: Versions, before: int, after: int) -> Iterator[GraphDifference]:
    """The graphs in which two kept versions differ, ordered by IRI; graph by graph, so that few are in memory at once.

    A default graph that is the merge of the named graphs is left out. Every call opens both versions; use it in one
    thread. Raises :class:`VersionNotFound`, :class:`VersionGone`, and :class:`StoreError` where one cannot be read.
    """
    if before == after:
        versions.store_directory(before)
        return
    with opened(versions.store_directory(before)) as old, opened(versions.store_directory(after)) as new:
        yield from differing(old, new)


@dataclass(frozen=True)
class Opened:
    """A version that is open for reading, and its manifest."""

    store: Store
    manifest: Manifest

    def triples(self, graph: str) -> set[Triple]:
        """What stands in a graph, blank nodes under their names; nothing where there is no such graph.

        Raises :class:`StoreError`.
        """
        name = NamedNode(graph) if graph else DefaultGraph()
        try:
            return skolemised(quad.triple for quad in self.store.quads_for_pattern(None, None, None, name))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"Version {self.manifest.version} cannot be read: {error}.") from error

    @property
    def graphs(self) -> set[str]:
        """The names of its graphs, with :data:`DEFAULT` where the default graph is a graph of its own."""
        return set(self.manifest.graphs) | ({DEFAULT} if self.manifest.default_graph == "plain" else set())


@contextmanager
def opened(directory: Path) -> Iterator[Opened]:
    """Opens the store of a version, and keeps pruning away from it; raises :class:`StoreError`."""
    manifest = read_manifest(directory.parent)
    try:
        descriptor = hold(directory.parent)
    except OSError as error:
        raise StoreError(f"The version in {directory.parent} cannot be read: {error}.") from error
    try:
        yield Opened(_open(directory), manifest)
    finally:
        os.close(descriptor)


def differing(old: Opened, new: Opened) -> Iterator[GraphDifference]:
    """The graphs in which two open versions differ, ordered by IRI."""
    for graph, before, after in compared(old, new):
        if before != after:
            yield GraphDifference(graph, frozenset(after - before), frozenset(before - after))


def compared(old: Opened | None, new: Opened) -> Iterator[tuple[str, set[Triple], set[Triple]]]:
    """What stands in each graph that may differ, before and after; all graphs where there was no version before."""
    for graph in sorted((old.graphs if old else set()) | new.graphs):
        if old is None:
            yield graph, set(), new.triples(graph)
        elif not _is_unchanged(graph, old.manifest, new.manifest):
            yield graph, old.triples(graph), new.triples(graph)


def _is_unchanged(graph: str, old: Manifest, new: Manifest) -> bool:
    """Whether both have a graph from the version that last changed it; what is not known counts as changed."""
    changed = old.changed.get(graph)
    return changed is not None and changed == new.changed.get(graph)


def _open(directory: Path) -> Store:
    try:
        return Store.read_only(str(directory))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"The version in {directory.parent} cannot be read: {error}.") from error
