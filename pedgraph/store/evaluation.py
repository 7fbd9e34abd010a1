"""Evaluation of one query inside a reader: which dataset, which result, which serialisation.

Several default graphs are merged as SPARQL 1.1 Query, section 13.2, says; the engine would only join their matches, so
that a triple in three graphs counts three times.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from pedgraph.store.explanation import explain
from pedgraph.store.versions import STORE_FOLDER, hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.store.frames import FrameWriter

_KEPT_OPEN = 2


class Failure(Exception):
    """The query cannot be answered; ``members`` go into the error frame as they are."""

    def __init__(self, code: str, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.members = {"code": code, "detail": detail, **members}


@dataclass
class _Version:
    """An open version, the lock that keeps it from being pruned, and the last merge of several of its graphs."""

    store: Store
    lock: int
    merged_graphs: tuple[str, ...] = ()
    merged: Store | None = None


class Evaluation:
    """Evaluates requests, one at a time; keeps the last versions open."""

    def __init__(self) -> None:
        self._versions: dict[str, _Version] = {}

    def run(self, request: dict[str, Any], output: FrameWriter) -> None:
        """Evaluates one request and writes the answer to ``output``.

        Raises :class:`Failure`, and ``MemoryError`` where the limit is met inside Python.
        """
        version = self._open(request["directory"])
        try:
            result = self._query(version, request)
            _serialise(result, request, output)
        except SyntaxError as error:
            explained = explain(str(error), request["query"])
            raise Failure("query-syntax", explained.detail, line=explained.line, column=explained.column) from error
        except (RuntimeError, ValueError) as error:
            raise Failure("query-failed", f"The query cannot be evaluated: {error}.") from error
        except OSError as error:
            raise Failure("store", f"The version cannot be read: {error}.") from error

    def _open(self, directory: str) -> _Version:
        version = self._versions.pop(directory, None)
        if version is None:
            version = _open_version(Path(directory))
            while len(self._versions) >= _KEPT_OPEN:
                oldest = self._versions.pop(next(iter(self._versions)))
                os.close(oldest.lock)
        self._versions[directory] = version
        return version

    def _query(self, version: _Version, request: dict[str, Any]) -> QuerySolutions | QueryBoolean | QueryTriples:
        default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
        if default_graphs is None and named_graphs is None:
            return version.store.query(request["query"])
        default, named = default_graphs or [], named_graphs or []
        store, default_graph = version.store, [NamedNode(graph) for graph in default]
        if len(default) > 1:
            store = _merge(version, tuple(default), tuple(named))
            return store.query(request["query"], default_graph=DefaultGraph(), named_graphs=_nodes(named))
        return store.query(request["query"], default_graph=list(default_graph), named_graphs=_nodes(named))


def _serialise(
    result: QuerySolutions | QueryBoolean | QueryTriples, request: dict[str, Any], output: FrameWriter
) -> None:
    media_type = request["media_type"]
    if isinstance(result, QueryTriples):
        rdf_format = RdfFormat.from_media_type(media_type)
        if rdf_format in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML):
            serialize(result, output, rdf_format, prefixes=request["prefixes"])  # type: ignore[arg-type]
        else:
            result.serialize(output, rdf_format)  # type: ignore[arg-type]
    else:
        result.serialize(output, QueryResultsFormat.from_media_type(media_type))  # type: ignore[arg-type]
    output.flush()


def _nodes(iris: Sequence[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def _open_version(directory: Path) -> _Version:
    lock = -1
    try:
        lock = hold(directory)
        return _Version(Store.read_only(str(directory / STORE_FOLDER)), lock)
    except OSError as error:
        if lock >= 0:
            os.close(lock)
        raise Failure("store", f"Version {directory.name} cannot be opened: {error}.") from error


def _merge(version: _Version, default: tuple[str, ...], named: tuple[str, ...]) -> Store:
    wanted = (*sorted(set(default)), "", *sorted(set(named)))
    if version.merged is None or version.merged_graphs != wanted:
        version.merged = None
        merged = Store()
        for graph in dict.fromkeys(default):
            merged.bulk_extend(
                Quad(quad.subject, quad.predicate, quad.object)
                for quad in version.store.quads_for_pattern(None, None, None, NamedNode(graph))
            )
        for graph in dict.fromkeys(named):
            merged.bulk_extend(version.store.quads_for_pattern(None, None, None, NamedNode(graph)))
        version.merged, version.merged_graphs = merged, wanted
    return version.merged
