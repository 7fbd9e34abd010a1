"""All curated data: every claim stands in the graph of a source that is described, and no rule is violated."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Store

from pedgraph.intake.bundle import read_alignments, read_vocabulary
from pedgraph.intake.checking.normalising import canonical
from pedgraph.intake.curated.world import read_curated
from pedgraph.intake.publishing import publication_for
from pedgraph.resources import data_directory
from pedgraph.settings import Settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import build
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, GRAPHS, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH
from pedgraph.vocabulary.minting import names

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.bundle import CuratedData

REFERENCE = f"{GRAPHS}reference"
NO_CLAIMS = {VOCABULARY_GRAPH, ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, REFERENCE}
# Quads of graphs without a source that has an address and the date on which it was read.
WITHOUT_SOURCE = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
SELECT ?graph (COUNT(*) AS ?quads) WHERE {
  GRAPH ?graph { ?s ?p ?o }
  FILTER(STRSTARTS(STR(?graph), "https://w3id.org/pedgraph/graph/"))
  FILTER NOT EXISTS {
    GRAPH <https://w3id.org/pedgraph/graph/meta> {
      ?graph prov:hadPrimarySource ?source .
      ?source a pedg:Source ; schema:url ?address ; pedg:dateRead ?read .
    }
  }
} GROUP BY ?graph ORDER BY ?graph
"""


@pytest.fixture(scope="module")
def store(wide: Path) -> Store:
    return Store.read_only(str(Versions(wide).store_directory()))


def test_every_claim_stands_in_a_graph_whose_source_has_an_address_and_a_date(store: Store) -> None:
    found = {row["graph"].value for row in store.query(WITHOUT_SOURCE)}  # type: ignore[union-attr]

    assert found == NO_CLAIMS - {REFERENCE}
    assert sum(1 for graph in store.named_graphs() if graph.value.startswith(GRAPHS)) > 100


def test_the_version_holds_the_tables_and_nothing_else(store: Store, curated: CuratedData) -> None:
    graphs = {graph.value for graph in store.named_graphs()}

    assert graphs == {*curated.graphs, VOCABULARY_GRAPH, ALIGNMENTS_GRAPH, INFERRED_GRAPH}
    for graph, triples in curated.sources.items():
        stored = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))}
        assert len(stored) == len(set(triples)), graph


def test_reading_again_with_rows_in_another_order_gives_the_same_graphs(curated: CuratedData, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data_directory(), copy)
    for path in (copy / "tables").rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        head, *rows = text.splitlines()
        # Cells that go over several lines would be torn apart.
        assert text.count('"') % 2 == 0
        assert all(row.count('"') % 2 == 0 for row in rows), path
        path.write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")

    again = read_curated(copy).data

    assert {graph: canonical(triples) for graph, triples in again.graphs.items()} == {
        graph: canonical(triples) for graph, triples in curated.graphs.items()
    }


def test_n_ary_nodes_have_the_names_that_their_facts_give_them(curated: CuratedData) -> None:
    wrong = {
        (graph, iri, wanted)
        for graph, triples in curated.sources.items()
        for iri, wanted in names(triples).items()
        if iri != wanted
    }

    assert wrong == set()


def test_publishing_again_gives_the_same_canonical_graph(store: Store, tmp_path: Path) -> None:
    """All that is derived is derived alike, too (RDF Dataset Canonicalization, RDFC-1.0)."""
    settings = Settings(home=tmp_path)
    read = read_curated(data_directory())
    own = {VOCABULARY_GRAPH: read_vocabulary(), ALIGNMENTS_GRAPH: read_alignments()}
    publication = publication_for(settings, "somebody", "Built again")
    build(Versions(tmp_path), ChangeSet({**read.data.graphs, **own}), publication, lambda _: None)
    again = Store.read_only(str(Versions(tmp_path).store_directory()))

    assert canonical_dataset(again) == canonical_dataset(store)


def canonical_dataset(store: Store) -> Dataset:
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
