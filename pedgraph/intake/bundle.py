"""Reading the files that pedgraph is built from: ontology, shapes, derivations, and the curated data."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode

from pedgraph import __version__
from pedgraph.errors import InputError
from pedgraph.intake.headers import prior_version, version_statements
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.rivals import for_each_conflict
from pedgraph.resources import (
    alignments_directory,
    ontology_directory,
    queries_directory,
    releases_directory,
    shapes_directory,
)
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, ONTOLOGY, SHAPES_DOCUMENT, TERMS
from pedgraph.vocabulary.media import TRIG, TURTLE
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.intake.validation import Rulebook


_ADMS: Final = "http://www.w3.org/ns/adms#"
_NOTATION: Final = "http://www.w3.org/2004/02/skos/core#notation"
KNOWN: Final = frozenset(
    {
        RDF_TYPE,
        f"{TERMS}demonstratesIn",
        f"{TERMS}inCity",
        f"{TERMS}inCountry",
        f"{_ADMS}identifier",
        f"{_ADMS}schemaAgency",
        _NOTATION,
    }
)


@dataclass(frozen=True)
class CuratedData:
    """The curated data: triples per graph IRI. Submissions may lean on ``reference``; ``sources`` are claims."""

    meta: dict[str, list[Triple]]
    reference: dict[str, list[Triple]]
    sources: dict[str, list[Triple]]

    @property
    def triples(self) -> Iterator[Triple]:
        """The triples of all graphs."""
        return (triple for triples in self.graphs.values() for triple in triples)

    @property
    def graphs(self) -> dict[str, list[Triple]]:
        """All graphs."""
        return {**self.meta, **self.reference, **self.sources}


def read_vocabulary() -> list[Triple]:
    """The triples of the ontology, with its version, and of all code lists; raises :class:`InputError`."""
    return [*read_ontology(), *read_codes()]


def read_ontology() -> list[Triple]:
    """The triples of all modules of the ontology, with its version; raises :class:`InputError`."""
    versions = version_statements(ONTOLOGY, __version__, prior_version(releases_directory(), __version__))
    return [*read_turtle(ontology_directory()), *versions]


def read_codes() -> list[Triple]:
    """The triples of all code lists; raises :class:`InputError`."""
    return read_turtle(ontology_directory() / "codes")


def read_alignments() -> list[Triple]:
    """The triples that relate our terms to those of other vocabularies; raises :class:`InputError`."""
    return read_turtle(alignments_directory())


def read_shapes() -> list[Triple]:
    """The triples of all shapes, with their version; raises :class:`InputError`."""
    versions = version_statements(SHAPES_DOCUMENT, __version__, prior_version(releases_directory(), __version__))
    return [*read_turtle(shapes_directory()), *versions]


def read_derivations() -> list[str]:
    """The CONSTRUCT queries that fill the inferred graph, in the order of their file names; one that is about conflicts
    stands there once for each query of conflicts. Raises :class:`InputError`.
    """
    constructs = [_text(path) for path in _files(queries_directory() / "derivations", ".rq")]
    conflicts = [(path.stem, _text(path)) for path in _files(queries_directory() / "conflicts", ".rq")]
    return [text for construct in constructs for text in for_each_conflict(construct, conflicts)]


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


def read_rulebook(
    data: CuratedData, shapes: list[Triple] | None = None, vocabulary: list[Triple] | None = None
) -> Rulebook:
    """What submissions are checked against: the shapes, the vocabulary, the reference data, and of all things that the
    curated data know their kinds, identifiers, and in which city or country they lie; raises :class:`InputError`.

    Names, dates and figures of others are left out: where a submission has other ones, that is no fault of it.
    ``shapes`` and ``vocabulary`` are read anew where they are not given.
    """
    # Here, so that those who only read files do without the libraries that validate.
    from pedgraph.intake.validation import Rulebook

    reference = [triple for triples in data.reference.values() for triple in triples]
    known = [triple for triples in data.graphs.values() for triple in triples if triple.predicate.value in KNOWN]
    return Rulebook(
        shapes=read_shapes() if shapes is None else shapes,
        vocabulary=read_vocabulary() if vocabulary is None else vocabulary,
        reference=reference + known,
    )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"It cannot be read: {error.strerror}.", source=str(path)) from None


def list_folder(directory: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where there is no such folder. Raises :class:`InputError`."""
    # Not by a glob, which passes over a folder that may not be read as if it were empty.
    with _reading(directory):
        return sorted(directory.iterdir()) if directory.is_dir() else []


def read_content(path: Path) -> bytes:
    """The bytes of a file; raises :class:`InputError`."""
    with _reading(path):
        return path.read_bytes()


def _files(directory: Path, suffix: str) -> list[Path]:
    """The files of a folder by name, none where there is no such folder."""
    return [path for path in list_folder(directory) if path.suffix == suffix]


def _text(path: Path) -> str:
    try:
        return read_content(path).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"It is not valid UTF-8: byte {error.start + 1}.", source=str(path)) from None


def read_turtle(path: Path) -> list[Triple]:
    """The triples of a Turtle file, or of those that lie in a folder itself; raises :class:`InputError`."""
    paths = [path] if path.is_file() else _files(path, ".ttl")
    if not paths:
        raise InputError("There are no Turtle files in this folder.", source=str(path))
    return [
        quad.triple
        for path in paths
        for quad in parse_rdf(read_content(path), TURTLE, str(path), rename_blank_nodes=True)
    ]


def _read_trig(paths: list[Path]) -> dict[str, list[Triple]]:
    graphs: dict[str, list[Triple]] = {}
    for path in paths:
        for quad in parse_rdf(read_content(path), TRIG, str(path)):
            name = quad.graph_name
            if isinstance(name, DefaultGraph):
                raise InputError(f"This stands outside of any graph: {quad}.", source=str(path))
            if not (isinstance(name, NamedNode) and name.value.startswith(GRAPHS)):
                raise InputError(f"The graph {name} is not named as one of ours ({GRAPHS}…).", source=str(path))
            if path.name != "meta.trig" and name.value == META_GRAPH:
                raise InputError("Only meta.trig may write into the metadata graph.", source=str(path))
            graphs.setdefault(name.value, []).append(quad.triple)
    return graphs
