"""Writing out a whole version: all named graphs as quads, or their merge as triples."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, serialize

from pedgraph.errors import StoreError
from pedgraph.store.versions import hold
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Format


def dump(versions: Versions, output: BinaryIO, rdf_format: Format, *, version: int | None = None) -> None:
    """Writes a version (default: the current one) to a binary stream.

    Formats for data sets (N-Quads, TriG, JSON-LD) get the named graphs, formats for graphs their merge. Raises
    :class:`VersionNotFound`, :class:`StoreError`.
    """
    directory = versions.store_directory(version)
    target = RdfFormat.from_media_type(rdf_format.media_type)
    assert target is not None
    try:
        hold(directory.parent)
        store = Store.read_only(str(directory))
        statements: Iterator[Quad] | Iterator[Triple]
        statements = _named(store) if target.supports_datasets else _merged(store)
        serialize(statements, output, target, prefixes=PREFIXES)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"The version in {directory.parent} cannot be dumped: {error}.") from error


def _named(store: Store) -> Iterator[Quad]:
    for graph in sorted(store.named_graphs(), key=str):
        yield from store.quads_for_pattern(None, None, None, graph)


def _merged(store: Store) -> Iterator[Triple]:
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        yield quad.triple
