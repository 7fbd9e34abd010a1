"""A whole version as canonical N-Quads (RDF Dataset Canonicalization, RDFC-1.0, section 4.4.3): one form, so one hash.

Names of blank nodes depend on nothing but the statements that mention blank nodes, so only those go through the
algorithm; all others are sorted, in runs on disk where they are many.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Store

from pedgraph.errors import StoreError
from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import STORE_FOLDER, hold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad

_LINES_IN_MEMORY: Final = 200_000
# Subject, predicate, object (a literal, or a term without spaces), and the graph if there is one.
_STATEMENT: Final = re.compile(rb'\S+ \S+ (?:"(?:[^"\\]|\\.)*"\S*|<<\(.*\)>>|\S+)(?: (\S+))? \.\n')


def write_canonical(directory: Path, target: Path, *, lines_in_memory: int = _LINES_IN_MEMORY) -> str:
    """Writes all graphs of the version in a folder, and gives the SHA-256 of what was written, in hex.

    A default graph that is the merge of the others is left out. The version stays held against pruning until this
    process ends. Raises :class:`StoreError`.
    """
    digest = hashlib.sha256()
    try:
        hold(directory)
        store = Store.read_only(str(directory / STORE_FOLDER))
        lines = _lines(store, is_merged=read_manifest(directory).default_graph == "merged")
        with target.open("wb") as file:
            for line in in_order(lines, target.with_suffix(".runs"), lines_in_memory=lines_in_memory):
                file.write(line)
                digest.update(line)
    except OSError as error:
        raise StoreError(f"The version in {directory} cannot be written out: {error}.") from error
    return digest.hexdigest()


def by_graph(source: Path, work: Path, *, lines_in_memory: int = _LINES_IN_MEMORY) -> Iterator[bytes]:
    """The lines of a file of canonical N-Quads, graph by graph, in each as they come and the default graph first.

    ``work`` is a path to use.
    """
    with source.open("rb") as file:
        marked = (b" ".join((_graph(line), line)) for line in file)
        for line in in_order(marked, work, lines_in_memory=lines_in_memory):
            yield line.partition(b" ")[2]


def in_order(lines: Iterable[bytes], work: Path, *, lines_in_memory: int = _LINES_IN_MEMORY) -> Iterator[bytes]:
    """Lines in the order of their code points, which is that of their bytes in UTF-8.

    More lines than are kept in memory are sorted in runs, in files that begin with the name of ``work`` and are removed
    at the end.
    """
    remaining = iter(lines)
    first = sorted(islice(remaining, lines_in_memory))
    runs: list[Path] = []
    try:
        while part := sorted(islice(remaining, lines_in_memory)):
            runs.append(work.with_name(f"{work.name}-{len(runs)}"))
            runs[-1].write_bytes(b"".join(part))
        with ExitStack() as opened:
            yield from heapq.merge(first, *(opened.enter_context(run.open("rb")) for run in runs))
    finally:
        for run in runs:
            run.unlink(missing_ok=True)


def _graph(line: bytes) -> bytes:
    """The graph in a line of canonical N-Quads, empty for the default graph."""
    found = _STATEMENT.fullmatch(line)
    assert found is not None, line
    return found[1] or b""


def _lines(store: Store, *, is_merged: bool) -> Iterator[bytes]:
    unnamed = Dataset()
    for graph in [*store.named_graphs(), *([] if is_merged else [DefaultGraph()])]:
        for quad in store.quads_for_pattern(None, None, None, graph):
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                unnamed.add(quad)
            else:
                yield _line(quad)
    unnamed.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    for quad in unnamed:
        yield _line(quad)


def _line(quad: Quad) -> bytes:
    return f"{quad} .\n".encode()
