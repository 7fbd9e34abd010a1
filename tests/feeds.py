"""What the ledger and the feed say a graph holds, to be compared with what it does hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from pedgraph.store.ledger import Ledger
from pedgraph.vocabulary.skolem import with_blank_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.store.versions import Versions

N_QUADS = {"Accept": "application/n-quads"}
EVERYTHING = 10**9


def canonical(quads: Iterable[Quad]) -> set[str]:
    """The quads as text, equal for isomorphic data sets (RDFC-1.0)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def held(versions: Versions, version: int | None = None) -> set[str]:
    """What stands in the named graphs of a version."""
    store = Store.read_only(str(versions.store_directory(version)))
    return canonical(
        quad for quad in store.quads_for_pattern(None, None, None, None) if quad.graph_name != DefaultGraph()
    )


def everything(versions: Versions, version: int | None = None) -> set[str]:
    """What stands in all graphs of a version, the default graph among them."""
    return canonical(Store.read_only(str(versions.store_directory(version))))


def replayed(versions: Versions) -> set[str]:
    """What comes of taking, for each thing and graph, the newest member in the ledger."""
    newest = {
        (placed.member.graph, placed.member.iri): placed.member.lines
        for placed in Ledger(versions.home).members(0, EVERYTHING)
    }
    quads = []
    for (graph, _), lines in newest.items():
        for quad in parse("\n".join(lines), RdfFormat.N_TRIPLES):
            triple = with_blank_nodes(quad.triple)
            quads.append(Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph)))
    return canonical(quads)
