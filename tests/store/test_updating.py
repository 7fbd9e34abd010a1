"""Operations carried out one by one come to what the engine makes of the whole, and the account of them is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, Store

from pedgraph.errors import GraphNotWritable, PedgraphError
from pedgraph.query.updates import Dataset as Using
from pedgraph.query.updates import operations
from pedgraph.settings import load_settings
from pedgraph.store.edits import DEFAULT_GRAPH, Edits
from pedgraph.store.updating import Updating
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from pedgraph.store.edits import GraphName

PLAIN = load_settings({"PEDGRAPH_DEFAULT_GRAPH": "plain"})
WORLD = """
INSERT DATA {
  <urn:s> <urn:p> 7 . <urn:t> <urn:p> 8 , "x"@en .
  GRAPH <urn:b> { <urn:s> <urn:p> 1 , 2 }
  GRAPH <urn:c> { <urn:s> <urn:p> 1 ; <urn:q> 'x' . _:b <urn:p> 1 }
} ; CREATE GRAPH <urn:e>
"""
SAME_AS_THE_ENGINE = [
    "INSERT DATA { <urn:a> <urn:b> 1 , 01 . GRAPH <urn:n> { <urn:a> a <rel> , (1 2 [ <urn:p> 'ü' ]) } }",
    "DELETE DATA { <urn:s> <urn:p> 7 . GRAPH <urn:b> { <urn:s> <urn:p> 01 } }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE WHERE { GRAPH ?g { ?s ?p 1 } }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { ?s ?p ?g } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "WITH <urn:c> DELETE { ?s ?p ?o } INSERT { ?s ?p 9 . GRAPH <urn:d> { ?s <urn:was> ?o } } WHERE { ?s ?p ?o }",
    "WITH <urn:c> INSERT { ?s ?p ?o } WHERE { GRAPH <urn:b> { ?s ?p ?o } }",
    "INSERT { ?o ?p ?s } WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p $o } USING <urn:b> WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p ?o } USING NAMED <urn:b> WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } USING <urn:c> USING NAMED <urn:b> WHERE { GRAPH ?g { ?s ?p ?o } ?s <urn:q> ?z }",
    "INSERT { _:x <urn:of> ?s ; <urn:and> _:y } WHERE { GRAPH <urn:b> { ?s ?p ?o } }",
    "INSERT { ?s <urn:l> ( ?o 1 ) , [ <urn:q> ?p ] } WHERE { ?s ?p ?o FILTER (?o > 7) }",
    "INSERT { ?s <urn:n> 'a ?x b', \"# ?o\" } # ?s }\n WHERE { ?s ?p ?o }",
    "INSERT { <urn:k> <urn:n> ?c } WHERE { SELECT (COUNT(*) AS ?c) { ?s ?p ?o } }",
    "INSERT { <urn:a> <urn:b> <<( ?s ?p ?o )>> } WHERE { ?s ?p ?o }",
    "INSERT { ?undefined <urn:b> ?s . ?s <urn:b> ?p } WHERE { ?s ?p ?o }",
    "PREFIX x: <http://www.w3.org/2001/XMLSchema#>\n"
    "INSERT { ?s ?p ?d } WHERE { ?s ?p ?o BIND (STRDT('007', x:integer) AS ?d) }",
    "INSERT { } WHERE { } ; DELETE { } WHERE { }",
    "CLEAR GRAPH <urn:b>",
    "CLEAR SILENT GRAPH <urn:zz>",
    "CLEAR DEFAULT ; CLEAR NAMED",
    "CLEAR ALL",
    "DROP ALL",
    "DROP NAMED",
    "DROP DEFAULT",
    "DROP GRAPH <urn:b> ; DROP SILENT GRAPH <urn:b>",
    "CREATE SILENT GRAPH <urn:b> ; CREATE GRAPH <urn:new>",
    "ADD <urn:b> TO <urn:c>",
    "ADD GRAPH <urn:b> TO DEFAULT",
    "ADD DEFAULT TO GRAPH <urn:c>",
    "COPY <urn:b> TO DEFAULT",
    "COPY <urn:b> TO <urn:new>",
    "COPY <urn:b> TO <urn:b>",
    "MOVE GRAPH <urn:b> TO GRAPH <urn:c>",
    "MOVE DEFAULT TO <urn:c>",
    "MOVE <urn:b> TO <urn:b>",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ; INSERT DATA { <urn:a> <urn:b> 1 } ; COPY DEFAULT TO <urn:f>",
    "PREFIX x: <urn:> BASE <urn:base/> INSERT DATA { x:1 x:p <k> } ; # ; comment ;\n WITH x:b DELETE { ?s x:p 1 } "
    "INSERT { ?s x:q '''; } ;''' } WHERE { ?s x:p 1 } ;",
    "",
    "PREFIX x: <urn:>",
]  # fmt: skip


def world() -> Store:
    store = Store()
    store.update(WORLD)
    return store


def contents(store: Store) -> tuple[str, set[str]]:
    """All quads in canonical form, and the names of all graphs, with the empty ones."""
    found = Dataset(store)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, found))), set(map(str, store.named_graphs()))


def carry_out(store: Store, text: str, using: Using = Using(), *, is_merged: bool = False) -> Edits:  # noqa: B008
    edits = Edits(store, is_merged=is_merged)
    updating = Updating(edits, lambda _: None)
    for operation in operations(text, using, PLAIN):
        updating.carry_out(operation)
    return edits


@pytest.mark.parametrize("text", SAME_AS_THE_ENGINE)
def test_one_by_one_they_come_to_what_the_engine_makes_of_them(text: str) -> None:
    ours, engines = world(), world()

    carry_out(ours, text)
    engines.update(text, base_iri=ROOT)

    assert contents(ours) == contents(engines)


@pytest.mark.parametrize("is_merged", [False, True])
@pytest.mark.parametrize("text", SAME_AS_THE_ENGINE)
def test_the_account_is_the_difference(text: str, is_merged: bool) -> None:
    store = world()
    if is_merged:
        store.clear_graph(DEFAULT_GRAPH)
        store.extend(Quad(each.subject, each.predicate, each.object) for each in list(store))
        # The merge takes no writes of its own.
        text = text.replace("DEFAULT", "<urn:default>").replace("INSERT DATA { ", "INSERT DATA { GRAPH <urn:x> {} ")
    before = {quad for quad in store if isinstance(quad, Quad)}
    names = set(store.named_graphs())

    try:
        edits = carry_out(store, text, is_merged=is_merged)
    except PedgraphError:
        assert is_merged, "only what was rewritten may fail"
        return

    after = {quad for quad in store if isinstance(quad, Quad)}
    assert {Quad(t.subject, t.predicate, t.object, g) for g, ts in edits.added.items() for t in ts} == after - before
    assert {Quad(t.subject, t.predicate, t.object, g) for g, ts in edits.removed.items() for t in ts} == before - after
    changed = {quad.graph_name for quad in before ^ after} | set(store.named_graphs()) ^ names
    assert edits.changed() == {graph.value for graph in changed if not isinstance(graph, DefaultGraph)}


@pytest.mark.parametrize("text", [each for each in SAME_AS_THE_ENGINE if "GRAPH" in each])
def test_the_merge_stays_true(text: str) -> None:
    store = world()
    store.clear_graph(DEFAULT_GRAPH)
    store.extend(Quad(each.subject, each.predicate, each.object) for each in list(store))
    edits = Edits(store, is_merged=True)

    def refuse(graph: GraphName) -> None:
        if graph == DEFAULT_GRAPH:
            raise GraphNotWritable("The merge.")

    updating = Updating(edits, refuse)
    for operation in operations(text, Using(), PLAIN):
        try:
            updating.carry_out(operation)
        except GraphNotWritable:
            continue

    in_default = {quad.triple for quad in store.quads_for_pattern(None, None, None, DEFAULT_GRAPH)}
    assert in_default == {quad.triple for quad in store if quad.graph_name != DEFAULT_GRAPH}


@pytest.mark.parametrize(
    "text", ["COPY SILENT <urn:zz> TO <urn:b>", "MOVE SILENT <urn:zz> TO <urn:b>", "LOAD SILENT <x:y>"]
)
def test_what_fails_silently_does_nothing(text: str) -> None:
    store = world()

    assert carry_out(store, text).is_empty()
    assert contents(store) == contents(world())


def test_prologues_before_each_operation() -> None:
    """SPARQL 1.1 Update, section 3 (production 29): the engine takes one at the beginning only."""
    store = Store()

    carry_out(
        store,
        "PREFIX x: <urn:one:> INSERT DATA { x:s x:p <k> } ;\n"
        "PREFIX x: <urn:two:> PREFIX y: <urn:> BASE <urn:base/> INSERT DATA { x:s x:p <k> } ;\n"
        "INSERT DATA { y:s x:p 1 } ; PREFIX z: <urn:z>",
    )

    assert {str(quad) for quad in store} == {
        f"<urn:one:s> <urn:one:p> <{ROOT}k>",
        "<urn:two:s> <urn:two:p> <urn:base/k>",
        '<urn:s> <urn:two:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }


def test_several_graphs_are_merged_but_not_what_is_named() -> None:
    store = world()

    carry_out(
        store,
        "INSERT { GRAPH <urn:to> { ?g <urn:is> ?n } } WHERE { "
        "{ SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } { SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } } }",
        Using(("urn:b", "urn:c"), ("urn:b",)),
    )

    found = {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, NamedNode("urn:to"))}
    assert found == {'<urn:b> <urn:is> "4"^^<http://www.w3.org/2001/XMLSchema#integer>'}
