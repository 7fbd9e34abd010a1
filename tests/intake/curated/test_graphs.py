"""Tables become one graph per source, described like those that are written by hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from pedgraph import __version__
from pedgraph.intake.bundle import read_data
from pedgraph.intake.checking.normalising import canonical
from pedgraph.intake.curated.world import read_curated
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH
from tests.intake.curated.worlds import write_world

if TYPE_CHECKING:
    from pedgraph.intake.bundle import CuratedData

EXPECTED = Path(__file__).parent / "expected.trig"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return write_world(tmp_path / "data")


def expected() -> dict[str, bytes]:
    text = EXPECTED.read_text(encoding="utf-8").replace("profile/0.2.0", f"profile/{__version__}")
    graphs: dict[str, list[Quad]] = {}
    for quad in parse(text, format=RdfFormat.TRIG):
        graphs.setdefault(quad.graph_name.value, []).append(quad)
    return {graph: canonical(quad.triple for quad in quads) for graph, quads in graphs.items()}


def canonical_graphs(data: CuratedData) -> dict[str, bytes]:
    return {graph: canonical(triples) for graph, triples in data.graphs.items()}


def test_each_source_has_a_graph_with_what_its_rows_state(world: Path) -> None:
    tables = read_curated(world).tables
    assert tables is not None

    found = {graph: canonical(document.triples) for graph, document in tables.graphs.items()}

    assert {**found, META_GRAPH: canonical(tables.sources.triples)} == expected()


def test_what_is_right_has_no_findings_but_the_warning_with_its_place(world: Path) -> None:
    found = [(each.rule, each.position.source, each.position.line) for each in read_curated(world).findings()]

    assert found == [("S20", "tables/projects/city-roles.csv", 2)]


def test_what_is_written_as_rdf_stays_beside_it(world: Path) -> None:
    written, both = read_data(world), read_curated(world).data

    added = {graph: len(triples) - len(written.graphs.get(graph, [])) for graph, triples in both.graphs.items()}
    assert both.graphs[META_GRAPH][: len(written.graphs[META_GRAPH])] == written.graphs[META_GRAPH]
    assert both.reference == written.reference
    assert added == {
        META_GRAPH: 62, f"{GRAPHS}reference": 0, f"{GRAPHS}first-report/1": 22, f"{GRAPHS}geonames/1": 9,
        f"{GRAPHS}tweede-bericht/1": 24,
    }  # fmt: skip


def test_a_graph_that_is_written_as_rdf_too_holds_both(world: Path) -> None:
    text = f'<{GRAPHS}geonames/1> {{ <https://w3id.org/pedgraph/id/city/x> <urn:p> "x" }}'
    (world / "reference" / "cities.trig").write_text(text, encoding="utf-8")

    data = read_curated(world).data

    assert len(data.reference[f"{GRAPHS}geonames/1"]) == 1 + 9
    assert f"{GRAPHS}geonames/1" not in data.sources


def test_the_order_of_rows_and_folders_does_not_matter(world: Path) -> None:
    before = canonical_graphs(read_curated(world).data)
    for number, path in enumerate(sorted((world / "tables").rglob("*.csv"))):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        random.Random(number).shuffle(rows)
        path.write_text("\n".join([head, *rows]), encoding="utf-8")
    (world / "tables" / "projects").rename(world / "tables" / "a-folder")

    assert canonical_graphs(read_curated(world).data) == before


def test_a_folder_without_tables_holds_what_is_written_as_rdf(world: Path) -> None:
    (world / "tables").rename(world.parent / "elsewhere")

    curated = read_curated(world)

    assert curated.tables is None
    assert curated.data == read_data(world)
