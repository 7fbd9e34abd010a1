"""A version as TriG and as JSON-LD, from its canonical N-Quads graph by graph."""

from __future__ import annotations

import json
from itertools import groupby
from typing import IO, TYPE_CHECKING, Final, cast

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse, serialize

from pedgraph.delivery.documents import compact_graph
from pedgraph.delivery.dumps.files import compressed
from pedgraph.vocabulary.iris import CONTEXT, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import Quad

_PREFIX: Final = b"@prefix "
_QUADS_AT_A_TIME: Final = 5_000


def write_trig(source: Path, target: Path) -> None:
    """Writes TriG, compressed, from N-Quads that come graph by graph."""
    with compressed(target) as file:
        ordered = _PrefixesInOrder(file)
        # That it can write is all that the serializer asks of a file.
        quads = parse(path=str(source), format=RdfFormat.N_QUADS)
        serialize(quads, cast("IO[bytes]", ordered), RdfFormat.TRIG, prefixes=PREFIXES)
        ordered.close()


def write_linked_json(source: Path, target: Path) -> None:
    """Writes JSON-LD, compressed, from N-Quads that come graph by graph: one named graph object each (JSON-LD 1.1,
    section 4.9), compacted in our context. What is in no named graph stands beside these.
    """
    with compressed(target) as file:
        file.write(f'{{"@context":{json.dumps(CONTEXT)},"@graph":['.encode())
        quads = parse(path=str(source), format=RdfFormat.N_QUADS)
        before = "\n"
        for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
            begin, end = _around(graph)
            file.write(f"{before}{begin}".encode())
            for number, node in enumerate(_nodes(members)):
                file.write(f",\n{node}".encode() if number else node.encode())
            file.write(end.encode())
            before = ",\n"
        file.write(b"\n]}\n")


def _around(graph: object) -> tuple[str, str]:
    """What stands before and after the nodes of a graph."""
    return (f'{{"id":{json.dumps(graph.value)},"@graph":[\n', "\n]}") if isinstance(graph, NamedNode) else ("", "")


def _nodes(quads: Iterable[Quad]) -> Iterator[str]:
    """The nodes of a graph as JSON, compacted a few thousand statements at a time, as that takes much memory.

    Whatever has to do with blank nodes is taken together: lists are only told apart from other nodes as a whole.
    """
    few: list[Quad] = []
    unnamed: list[Quad] = []
    for _, group in groupby(quads, key=lambda quad: quad.subject):
        about = list(group)
        if any(isinstance(term, BlankNode) for quad in about for term in (quad.subject, quad.object)):
            unnamed += about
        else:
            few += about
        if len(few) >= _QUADS_AT_A_TIME:
            yield from _compacted(few)
            few = []
    yield from _compacted(few)
    yield from _compacted(unnamed)


def _compacted(quads: Sequence[Quad]) -> list[str]:
    nodes = compact_graph(quad.triple for quad in quads)["@graph"] if quads else []
    return [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in nodes]


class _PrefixesInOrder:
    """Passes on what is written, but sorts the prefixes at its beginning: the serializer orders them by chance."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._head: bytes | None = b""

    def write(self, content: bytes) -> int:
        if self._head is None:
            return self._file.write(content)
        self._head += content
        lines = self._head.splitlines(keepends=True)
        if any(line.endswith(b"\n") and not line.startswith(_PREFIX) for line in lines):
            self._pass_on()
        return len(content)

    def flush(self) -> None:
        """What is kept back is not due before :meth:`close`."""

    def close(self) -> None:
        if self._head is not None:
            self._pass_on()

    def _pass_on(self) -> None:
        lines = (self._head or b"").splitlines(keepends=True)
        prefixes = sorted(line for line in lines if line.startswith(_PREFIX))
        self._file.write(b"".join([*prefixes, *lines[len(prefixes) :]]))
        self._head = None
