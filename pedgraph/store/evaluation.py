"""Evaluation of one query inside a reader: which dataset, which result, which serialisation.

Several default graphs are merged as SPARQL 1.1 Query, section 13.2, says; the engine would only join their matches, so
that a triple in three graphs counts three times.
"""

from __future__ import annotations

import codecs
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
)

from pedgraph.store.abbreviation import ABBREVIATING, write_abbreviated
from pedgraph.store.columns import with_columns
from pedgraph.store.explanation import explain
from pedgraph.store.failing import Failure
from pedgraph.store.markup import XmlOutput
from pedgraph.store.tables import write_csv
from pedgraph.store.versions import STORE_FOLDER, hold
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.store.frames import FrameWriter

_KEPT_OPEN = 2
_CSV = "text/csv"
_SHOWN_CHARACTERS = 300


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
        self._empty = Store()

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
            if request.get("calls_out"):
                what = str(error)[:_SHOWN_CHARACTERS]
                raise Failure("service-failed", f"An endpoint that the query calls failed: {what}.") from error
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
        text = with_columns(request["query"], request["star"], self._empty)
        default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
        if default_graphs is None and named_graphs is None:
            return version.store.query(text, base_iri=ROOT)
        default, named = default_graphs or [], named_graphs or []
        store, default_graph = version.store, _nodes(default)
        if len(default) > 1:
            store, default_graph = _merge(version, tuple(default), tuple(named)), [DefaultGraph()]
        return store.query(text, base_iri=ROOT, default_graph=default_graph, named_graphs=_nodes(named))


def _serialise(
    result: QuerySolutions | QueryBoolean | QueryTriples, request: dict[str, Any], output: FrameWriter
) -> None:
    media_type = request["media_type"]
    target = XmlOutput(output, gives_graph=isinstance(result, QueryTriples)) if "xml" in media_type else output
    if request["with_byte_order_mark"]:
        output.write(codecs.BOM_UTF8)
    if isinstance(result, QueryTriples):
        rdf_format = RdfFormat.from_media_type(media_type)
        if rdf_format in ABBREVIATING:
            write_abbreviated(result, target, rdf_format, request["prefixes"])
        else:
            result.serialize(output, rdf_format)  # type: ignore[arg-type]
    elif isinstance(result, QuerySolutions) and media_type == _CSV:
        write_csv(result, output)
    else:
        result.serialize(target, QueryResultsFormat.from_media_type(media_type))  # type: ignore[arg-type]


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
