"""The merge stays the merge, whatever is added, replaced or withdrawn."""

from __future__ import annotations

import random

from pyoxigraph import Literal, NamedNode, Store, Triple

from pedgraph.store.changes import ChangeSet, apply, derive, fill
from pedgraph.store.edits import Edits
from pedgraph.vocabulary.iris import INFERRED_GRAPH
from tests.store.worlds import A, B, C, contents, texts, triple, world

SHARED, ONLY_A, ONLY_B = triple("shared"), triple("a"), triple("b")


def filled(**graphs: list[Triple]) -> Store:
    store = Store()
    fill(store, world(**graphs))
    return store


def test_a_fact_of_two_graphs_stands_in_the_merge_once() -> None:
    store = filled(a=[SHARED, ONLY_A], b=[SHARED, ONLY_B])

    assert contents(store) == {
        A: texts(SHARED, ONLY_A),
        B: texts(SHARED, ONLY_B),
        "": texts(SHARED, ONLY_A, ONLY_B),
    }
    assert len(store) == 7


def test_a_withdrawn_graph_takes_away_only_what_no_other_states() -> None:
    store = filled(a=[SHARED, ONLY_A], b=[SHARED, ONLY_B])

    apply(Edits(store, is_merged=True), ChangeSet(removed=frozenset({A})))

    assert contents(store) == {B: texts(SHARED, ONLY_B), "": texts(SHARED, ONLY_B)}
    assert [str(graph) for graph in store.named_graphs()] == [f"<{B}>"]


def test_a_replaced_graph_has_its_new_content_and_nothing_of_the_old() -> None:
    store = filled(a=[SHARED, ONLY_A], b=[SHARED])

    apply(Edits(store, is_merged=True), world(a=[ONLY_B], c=[ONLY_A]))

    assert contents(store) == {
        A: texts(ONLY_B),
        B: texts(SHARED),
        C: texts(ONLY_A),
        "": texts(SHARED, ONLY_A, ONLY_B),
    }


def test_a_literal_that_the_store_rewrites_is_not_lost() -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    subject, predicate = NamedNode("urn:x:s"), NamedNode("urn:x:p")
    written = Triple(subject, predicate, Literal("1.50", datatype=decimal))
    stored = Triple(subject, predicate, Literal("1.5", datatype=decimal))
    store = filled(a=[written])

    apply(Edits(store, is_merged=True), world(a=[written]))

    assert contents(store) == {A: texts(stored), "": texts(stored)}


def test_random_changes_keep_the_merge_true() -> None:
    dice = random.Random(7)
    names = ["a", "b", "c"]
    store = Store()
    fill(store, world())
    wanted: dict[str, set[Triple]] = {}
    for _ in range(200):
        name = dice.choice(names)
        graph = f"https://w3id.org/pedgraph/graph/{name}/1"
        if dice.random() < 0.2:
            apply(Edits(store, is_merged=True), ChangeSet(removed=frozenset({graph})))
            wanted.pop(graph, None)
        else:
            triples = {triple(str(dice.randrange(6))) for _ in range(dice.randrange(5))}
            apply(Edits(store, is_merged=True), world(**{name: list(triples)}))
            wanted[graph] = triples

        merged = set().union(*wanted.values())
        expected = {graph: texts(*triples) for graph, triples in {**wanted, "": merged}.items() if triples}
        assert contents(store) == expected


def test_what_is_derived_is_rebuilt_and_never_repeats_a_claim() -> None:
    construct = "CONSTRUCT { ?s <urn:x:q> ?o } WHERE { ?s <urn:x:p> ?o }"
    again = "CONSTRUCT { ?s <urn:x:p> ?o } WHERE { ?s <urn:x:q> ?o }"
    derived = Triple(ONLY_A.subject, NamedNode("urn:x:q"), ONLY_A.object)
    store = filled(a=[ONLY_A])

    derive(Edits(store, is_merged=True), [construct, again])
    first = contents(store)
    apply(Edits(store, is_merged=True), ChangeSet(removed=frozenset({A})))
    derive(Edits(store, is_merged=True), [construct, again])

    assert first == {A: texts(ONLY_A), INFERRED_GRAPH: texts(derived), "": texts(ONLY_A, derived)}
    assert contents(store) == {}
