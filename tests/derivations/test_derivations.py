"""What is derived when a version is built: each CONSTRUCT over a small world in two engines, and all together."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse
from rdflib.compare import graph_diff, isomorphic, to_canonical_graph

from pedgraph.intake.bundle import read_derivations
from pedgraph.intake.rivals import for_each_conflict
from pedgraph.intake.terms import to_rdflib
from pedgraph.resources import queries_directory
from pedgraph.store.changes import ChangeSet, derive, fill
from pedgraph.store.edits import Edits
from pedgraph.vocabulary.iris import INFERRED_GRAPH, TERMS
from tests.derivations.worlds import district_with_balances

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from tests.servers import RunningServer

FOLDER = Path(__file__).parent / "cases"
DERIVATIONS = sorted((queries_directory() / "derivations").glob("*.rq"))
SUMMARY = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#>
SELECT ?assessment ?status ?gaps WHERE {
  ?node a pedg:StatusAssessment ; pedg:assessedStatus ?code .
  BIND (STRAFTER(STR(?node), "/id/assessment/") AS ?assessment)
  BIND (REPLACE(STR(?code), ".*/", "") AS ?status)
  {
    SELECT ?node (GROUP_CONCAT(?gap; separator=" ") AS ?gaps) WHERE {
      { SELECT ?node ?gap WHERE {
        ?node a pedg:StatusAssessment .
        OPTIONAL { ?node pedg:lacks ?lacked }
        BIND (COALESCE(REPLACE(STR(?lacked), ".*/", ""), "") AS ?gap)
      } ORDER BY ?gap }
    }
    GROUP BY ?node
  }
}
ORDER BY ?assessment
"""
OBSERVED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sosa: <http://www.w3.org/ns/sosa/>
SELECT ?about ?indicator ?value WHERE {
  ?number sosa:hasFeatureOfInterest/rdfs:label ?about ;
    sosa:observedProperty ?observed ;
    sosa:hasSimpleResult ?value .
  BIND (REPLACE(STR(?observed), ".*/", "") AS ?indicator)
}
ORDER BY ?indicator
"""
HELIX_ACTORS = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#>
SELECT ?context ?helix (COUNT(?actor) AS ?actors) WHERE {
  ?actor a pedg:HelixActor .
  ?involvement pedg:involves ?actor ; pedg:helix ?code ; pedg:context ?hub .
  BIND (REPLACE(STR(?hub), ".*/", "") AS ?context)
  BIND (REPLACE(STR(?code), ".*/", "") AS ?helix)
}
GROUP BY ?context ?helix
ORDER BY ?context ?helix
"""


def graph_of(path: Path) -> rdflib.Graph:
    return to_rdflib(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE))


def given_in(folder: Path) -> list[Quad]:
    """The world of a case: its graphs, and the merge of them as the default graph."""
    path = next(folder.glob("given.*"))
    quads = list(parse(path=path, format=RdfFormat.TRIG))
    return [*quads, *{Quad(each.subject, each.predicate, each.object) for each in quads}]


def texts_of(path: Path) -> list[str]:
    """A derivation as it runs: once, or once for each kind of conflict."""
    folder = queries_directory() / "conflicts"
    conflicts = [(each.stem, each.read_text(encoding="utf-8")) for each in sorted(folder.glob("*.rq"))]
    return for_each_conflict(path.read_text(encoding="utf-8"), conflicts)


def by_oxigraph(text: str, given: list[Quad]) -> rdflib.Graph:
    store = Store()
    store.extend(given)
    found: Iterable[Triple] = store.query(text)  # type: ignore[assignment]
    return to_rdflib(found)


def by_rdflib(text: str, given: list[Quad]) -> rdflib.Graph:
    dataset = rdflib.Dataset()
    for name in {each.graph_name for each in given}:
        inside = to_rdflib(each.triple for each in given if each.graph_name == name)
        graph = dataset.default_graph if name == DefaultGraph() else dataset.graph(rdflib.URIRef(name.value))  # type: ignore[union-attr]
        for triple in inside:
            graph.add(triple)
    with warnings.catch_warnings():
        # The library warns of what it does itself.
        warnings.simplefilter("ignore", DeprecationWarning)
        answer = dataset.query(text).graph
    assert answer is not None
    return answer


def union(graphs: Iterable[rdflib.Graph]) -> rdflib.Graph:
    result = rdflib.Graph()
    for graph in graphs:
        for triple in graph:
            result.add(triple)
    return result


def normal(graph: rdflib.Graph) -> rdflib.Graph:
    """Decimals in one form: ``14.50`` is ``14.5``."""
    result = rdflib.Graph()
    for subject, predicate, value in graph:
        is_decimal = isinstance(value, rdflib.Literal) and value.datatype == rdflib.XSD.decimal
        result.add((subject, predicate, rdflib.Literal(value.value.normalize()) if is_decimal else value))  # type: ignore[attr-defined]
    return result


def test_every_derivation_has_a_world_of_its_own() -> None:
    assert [path.stem for path in DERIVATIONS] == sorted(path.name for path in FOLDER.iterdir())
    assert read_derivations() == [text for path in DERIVATIONS for text in texts_of(path)]


@pytest.mark.parametrize("engine", [by_oxigraph, by_rdflib], ids=["oxigraph", "rdflib"])
@pytest.mark.parametrize("path", DERIVATIONS, ids=lambda path: path.stem)
def test_a_derivation_gives_what_follows_and_nothing_else(path: Path, engine: object) -> None:
    folder = FOLDER / path.stem

    given = given_in(folder)
    found = normal(union(engine(text, given) for text in texts_of(path)))  # type: ignore[operator]

    expected = normal(graph_of(folder / "expected.ttl"))
    _, missing, wrong = graph_diff(to_canonical_graph(expected), to_canonical_graph(found))
    assert isomorphic(found, expected), f"missing:\n{missing.serialize()}\nwrong:\n{wrong.serialize()}"


def test_districts_are_assessed_from_their_balances() -> None:
    """All derivations in their order over the vocabulary, units and a few districts: each class of the rule once."""
    store = Store()
    fill(store, ChangeSet(district_with_balances()))

    derive(Edits(store, is_merged=True), read_derivations())

    rows = [tuple(term.value for term in row) for row in store.query(SUMMARY)]  # type: ignore[union-attr]
    assert rows == [
        ("conflicting-2024", "conflicting-data", ""),
        ("deficit-2024", "not-positive", ""),
        ("designed-2024", "insufficient-data", "actual-values metered-values"),
        ("even-2024", "net-zero", ""),
        ("positive-2024", "surplus", ""),
        ("silent", "insufficient-data", "energy-balance"),
        ("undated", "insufficient-data", "reference-year"),
    ]


def test_what_is_derived_stands_in_the_inferred_graph_only() -> None:
    store = Store()
    fill(store, ChangeSet(district_with_balances()))

    derive(Edits(store, is_merged=True), read_derivations())
    once = {str(quad) for quad in store}
    derive(Edits(store, is_merged=True), read_derivations())

    derived = (TERMS + "assessedStatus", TERMS + "canonicalValue", TERMS + "computedBalance", TERMS + "lacks")
    graphs = {graph_name(quad) for quad in store if quad.predicate.value in derived}
    assert graphs == {INFERRED_GRAPH, "default"}
    assert {str(quad) for quad in store} == once


def graph_name(quad: Quad) -> str:
    return getattr(quad.graph_name, "value", "default")


def test_numbers_are_observations_for_sosa_and_targets_are_not(server: RunningServer) -> None:
    answer = server.get(OBSERVED)

    assert answer.text.splitlines()[1:] == [
        "Scalable Cities,member-cities,130",
        "Scalable Cities,member-projects,28",
        "Kick-off of the Amsterdam PED Innovation Atelier,participants,100",
    ]


def test_helix_actors_are_found_with_their_helix_in_each_context(server: RunningServer) -> None:
    answer = server.get(HELIX_ACTORS)

    assert answer.text.splitlines()[1:] == [
        f"{city},{helix},1"
        for city in ("es-bilbao", "nl-amsterdam")
        for helix in ("academia", "government", "industry", "society")
    ]


def test_the_one_district_of_the_texts_is_assessed_as_lacking_data(server: RunningServer) -> None:
    answer = server.get(SUMMARY)

    assert answer.text.splitlines()[1:] == ["nl-amsterdam-buiksloterham,insufficient-data,energy-balance"]
