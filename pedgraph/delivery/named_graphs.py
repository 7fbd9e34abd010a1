"""A named graph and what is said of it: its content, with its description from the graph that describes all others."""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound
from pedgraph.store.manifest import read_manifest
from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, compact
from pedgraph.vocabulary.media import JSON_LD, N_QUADS, PLAIN_JSON, TRIG
from pedgraph.vocabulary.serialising import serialised, serialised_quads

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from pedgraph.delivery.asking import Asking
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Format

# Whoever wants a larger graph gets it as a stream of triples.
MOST_TRIPLES: Final = 100_000
_MOST_NAMES: Final = 5
_CLOSENESS: Final = 0.9
_LICENCE: Final = PREFIXES["dcterms"] + "license"
_REPLACED_BY: Final = PREFIXES["dcterms"] + "isReplacedBy"
_INVALIDATED: Final = PREFIXES["prov"] + "invalidatedAtTime"


@dataclass(frozen=True)
class DescribedGraph:
    """What is said of a graph in a version, and how much it holds, ``None`` where it is not there any more."""

    iri: str
    version: int
    about: tuple[Triple, ...]
    size_triples: int | None

    @property
    def is_gone(self) -> bool:
        """Whether the graph was withdrawn or replaced, so that its description is all that is left of it."""
        return not self.size_triples and any(each.predicate.value == _INVALIDATED for each in self.about)

    @property
    def licences(self) -> list[str]:
        """The licences under which it is published, by IRI."""
        return self._linked(_LICENCE)

    @property
    def successors(self) -> list[str]:
        """The graphs that have taken its place."""
        return self._linked(_REPLACED_BY)

    def _linked(self, predicate: str) -> list[str]:
        found = (each.object for each in self.about if each.predicate.value == predicate)
        return sorted(each.value for each in found if isinstance(each, NamedNode))


class NamedGraphs:
    """Describes the named graphs of the versions that are kept."""

    def __init__(self, asking: Asking, versions: Versions) -> None:
        self._asking = asking
        self._versions = versions

    def holds(self, iri: str, version: int) -> bool:
        """Whether a version has a graph; raises :class:`VersionNotFound`, :class:`VersionGone`."""
        return iri in self._sizes(version)

    def nearest(self, iri: str, version: int) -> list[str]:
        """The graphs of a version whose names are nearest to one; raises as :meth:`holds`."""
        return difflib.get_close_matches(iri, self._sizes(version), n=_MOST_NAMES, cutoff=_CLOSENESS)

    async def described(self, iri: str, version: int) -> DescribedGraph:
        """What is said of a graph; raises :class:`NotFound` where nothing is, and there is no such graph either."""
        about = await self._triples(f"GRAPH <{META_GRAPH}> {{ ?s ?p ?o FILTER(?s = <{iri}>) }}", version)
        size = self._sizes(version).get(iri)
        if size is None and not about:
            raise NotFound(f"There is no graph {compact(iri)} in version {version}.", iri=iri)
        return DescribedGraph(iri, version, tuple(about), size)

    async def document(self, graph: DescribedGraph, rdf_format: Format) -> Document:
        """A graph with its description in an RDF format. Formats that know named graphs keep the two apart; in the
        others they stand side by side.
        """
        content = await self._triples(f"GRAPH <{graph.iri}> {{ ?s ?p ?o }}", graph.version)
        if rdf_format in {TRIG, N_QUADS}:
            quads = {Quad(each.subject, each.predicate, each.object, NamedNode(META_GRAPH)) for each in graph.about}
            quads |= {Quad(each.subject, each.predicate, each.object, NamedNode(graph.iri)) for each in content}
            made = await asyncio.to_thread(_written, quads, rdf_format)
        else:
            written_as = JSON_LD if rdf_format == PLAIN_JSON else rdf_format
            made = await asyncio.to_thread(serialised, [*graph.about, *content], written_as)
        return Document(made, rdf_format.content_type())

    def _sizes(self, version: int) -> dict[str, int]:
        return read_manifest(self._versions.store_directory(version).parent).graphs

    async def _triples(self, pattern: str, version: int) -> list[Triple]:
        return await self._asking.triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", version)


def _written(quads: set[Quad], rdf_format: Format) -> bytes:
    """The quads, with blank nodes named as RDFC-1.0 does."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return serialised_quads(dataset, rdf_format)
