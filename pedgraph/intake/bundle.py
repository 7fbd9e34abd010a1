"""Reading the files that pedgraph is built from: ontology, shapes, derivations, and the curated data."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from pedgraph.errors import InputError
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.validation import Rulebook
from pedgraph.resources import ontology_directory, queries_directory, shapes_directory
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH
from pedgraph.vocabulary.media import TRIG, TURTLE
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Triple


@dataclass(frozen=True)
class CuratedData:
    """The curated data: triples per graph IRI. Submissions may lean on ``reference``; ``sources`` are claims."""

    meta: dict[str, list[Triple]]
    reference: dict[str, list[Triple]]
    sources: dict[str, list[Triple]]

    @property
    def graphs(self) -> dict[str, list[Triple]]:
        """All graphs."""
        return {**self.meta, **self.reference, **self.sources}


def read_vocabulary() -> list[Triple]:
    """The triples of the ontology and of all code lists; raises :class:`InputError`."""
    return _read_turtle(ontology_directory())


def read_shapes() -> list[Triple]:
    """The triples of all shapes; raises :class:`InputError`."""
    return _read_turtle(shapes_directory())


def read_derivations() -> list[str]:
    """The CONSTRUCT queries that fill the inferred graph, in the order of their file names; raises
    :class:`InputError`.
    """
    paths = _files(queries_directory() / "derivations", ".rq")
    return [_text(path) for path in paths]


def read_data(directory: Path) -> CuratedData:
    """Reads ``meta.trig``, ``reference/*.trig`` and ``sources/*.trig`` of a data folder.

    Raises :class:`InputError` where a file is missing, cannot be read, does not parse, or states something outside a
    graph of ours.
    """
    meta_file = directory / "meta.trig"
    with _reading(meta_file):
        is_there = meta_file.is_file()
    if not is_there:
        raise InputError("There is no such file; it must describe all graphs and sources.", source=str(meta_file))
    return CuratedData(
        meta=_read_trig([meta_file]),
        reference=_read_trig(_files(directory / "reference", ".trig")),
        sources=_read_trig(_files(directory / "sources", ".trig")),
    )


def read_rulebook(data: CuratedData) -> Rulebook:
    """What submissions are checked against: the shapes, the vocabulary, the reference data, and the kinds of all things
    that the curated data know; raises :class:`InputError`.
    """
    reference = [triple for triples in data.reference.values() for triple in triples]
    kinds = [triple for triples in data.graphs.values() for triple in triples if triple.predicate.value == RDF_TYPE]
    return Rulebook(shapes=read_shapes(), vocabulary=read_vocabulary(), reference=reference + kinds)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"It cannot be read: {error.strerror}.", source=str(path)) from None


def _files(directory: Path, suffix: str) -> list[Path]:
    """The files of a folder by name, none where there is no such folder."""
    # Not by a glob, which passes over a folder that may not be read as if it were empty.
    with _reading(directory):
        return sorted(path for path in directory.iterdir() if path.suffix == suffix) if directory.is_dir() else []


def _content(path: Path) -> bytes:
    with _reading(path):
        return path.read_bytes()


def _text(path: Path) -> str:
    try:
        return _content(path).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"It is not valid UTF-8: byte {error.start + 1}.", source=str(path)) from None


def _read_turtle(directory: Path) -> list[Triple]:
    paths = sorted(directory.rglob("*.ttl"))
    if not paths:
        raise InputError("There are no Turtle files in this folder.", source=str(directory))
    return [
        quad.triple for path in paths for quad in parse_rdf(_content(path), TURTLE, str(path), rename_blank_nodes=True)
    ]


def _read_trig(paths: list[Path]) -> dict[str, list[Triple]]:
    graphs: dict[str, list[Triple]] = {}
    for path in paths:
        for quad in parse_rdf(_content(path), TRIG, str(path)):
            name = quad.graph_name
            if isinstance(name, DefaultGraph):
                raise InputError(f"This stands outside of any graph: {quad}.", source=str(path))
            if not (isinstance(name, NamedNode) and name.value.startswith(GRAPHS)):
                raise InputError(f"The graph {name} is not named as one of ours ({GRAPHS}…).", source=str(path))
            if path.name != "meta.trig" and name.value == META_GRAPH:
                raise InputError("Only meta.trig may write into the metadata graph.", source=str(path))
            graphs.setdefault(name.value, []).append(quad.triple)
    return graphs
