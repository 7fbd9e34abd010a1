"""What the axioms of ontology and alignments entail: exactly the stored triples, and no two things become one.

The closure is that of OWL 2 RL (OWL 2 Profiles, section 4.3) as the library owlrl computes it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import owlrl  # type: ignore[import-untyped]
import pytest
import rdflib
from pyoxigraph import Quad, QueryTriples, Store
from rdflib import OWL, RDF, RDFS

from pedgraph.intake.bundle import read_alignments, read_data, read_derivations, read_ontology, read_vocabulary
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.terms import to_rdflib
from pedgraph.vocabulary.iris import INDICATORS, TERMS, THINGS
from pedgraph.vocabulary.media import N_TRIPLES, TURTLE
from tests.folders import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

GOLDEN = Path(__file__).parent / "golden"
LOGICAL = {
    RDFS.subClassOf, RDFS.subPropertyOf, RDF.first, RDF.rest, OWL.disjointWith, OWL.equivalentClass,
    OWL.equivalentProperty, OWL.inverseOf, OWL.propertyChainAxiom,
}  # fmt: skip
ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


@cache
def axioms() -> rdflib.Graph:
    """The triples of ontology and alignments that a reasoner reads; labels and definitions entail nothing."""
    everything = to_rdflib([*read_ontology(), *read_alignments()])
    return _graph(
        triple
        for triple in everything
        if triple[1] in LOGICAL or (triple[1] == RDF.type and str(triple[2]).startswith(str(OWL)))
    )


def _graph(triples: Iterable[tuple[Node, Node, Node]]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def world() -> rdflib.Graph:
    return rdflib.Graph().parse(GOLDEN / "world.ttl")


def closure(facts: rdflib.Graph) -> rdflib.Graph:
    """Axioms and facts with all that OWL 2 RL entails from them."""
    return expanded(_graph([*axioms(), *facts]))


def expanded(graph: rdflib.Graph) -> rdflib.Graph:
    """The same graph with its closure."""
    # With its own datatypes, owlrl would change how rdflib reads years in every test that comes after.
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    return graph


@pytest.fixture(scope="module")
def closed() -> rdflib.Graph:
    return closure(world())


def errors(graph: rdflib.Graph) -> list[str]:
    return [str(text) for text in graph.objects(None, ERROR)]


def test_the_closure_holds_exactly_the_expected_triples(closed: rdflib.Graph) -> None:
    facts = world()
    found = {
        " ".join(term.n3() for term in triple) + " ."
        for triple in closed
        if str(triple[0]).startswith((THINGS, INDICATORS))
        and triple not in facts
        and triple not in {(triple[0], OWL.sameAs, triple[0]), (triple[0], RDF.type, OWL.Thing)}
    }

    assert sorted(found) == (GOLDEN / "closure.nt").read_text(encoding="utf-8").splitlines()


def test_nothing_becomes_the_same_as_another(closed: rdflib.Graph) -> None:
    shipped = to_rdflib(triple for triples in read_data(TEXTS).graphs.values() for triple in triples)
    for graph in (closed, closure(shipped)):
        assert [pair for pair in graph.subject_objects(OWL.sameAs) if pair[0] != pair[1]] == []
        assert errors(graph) == []


def test_every_axiom_is_at_work_in_the_world(closed: rdflib.Graph) -> None:
    graph = axioms()
    idle = [
        (below, above)
        for below, above in graph.subject_objects(RDFS.subClassOf)
        if not any(
            (thing, RDF.type, above) in closed
            for thing in world().subjects(RDF.type, None)
            if (thing, RDF.type, below) in closed
        )
    ]
    idle += [
        (below, above)
        for below, above in graph.subject_objects(RDFS.subPropertyOf)
        if not any((one, above, other) in closed for one, other in closed.subject_objects(below))
    ]
    chains = [list(graph.items(first)) for first in graph.objects(None, OWL.propertyChainAxiom)]
    idle += [
        (before, after)
        for chain in chains
        for before, after in pairwise(chain)
        if not set(closed.objects(None, before)) & set(closed.subjects(after, None))
    ]

    assert idle == []
    assert len(list(graph.subject_objects(RDFS.subClassOf))) > 30
    assert len(chains) == 4


def test_the_derivations_state_all_that_the_axioms_entail() -> None:
    """What a reasoner would find is there for those who have none: the inferred graph states it."""
    store = Store()
    store.extend(parse_rdf((GOLDEN / "world.ttl").read_bytes(), TURTLE, "world.ttl"))
    store.extend(Quad(each.subject, each.predicate, each.object) for each in [*read_vocabulary(), *read_alignments()])
    for text in read_derivations():
        derived = store.query(text)
        assert isinstance(derived, QueryTriples)
        store.extend([Quad(each.subject, each.predicate, each.object) for each in derived])

    golden = (GOLDEN / "closure.nt").read_bytes()

    assert [quad for quad in parse_rdf(golden, N_TRIPLES, "closure.nt") if quad not in store] == []


def disjoint_pairs() -> list[tuple[str, str]]:
    return sorted((str(one), str(other)) for one, other in axioms().subject_objects(OWL.disjointWith))


@pytest.mark.parametrize(("one", "other"), disjoint_pairs(), ids=lambda iri: iri.removeprefix(TERMS))
def test_a_contradiction_is_reported(one: str, other: str) -> None:
    thing = rdflib.URIRef(THINGS + "contradiction/world")
    graph = _graph(triple for triple in axioms() if triple[1] in {RDFS.subClassOf, OWL.disjointWith})
    for kind in (one, other):
        graph.add((thing, RDF.type, rdflib.URIRef(kind)))

    (message,) = errors(expanded(graph))
    assert one in message
    assert other in message
    assert str(thing) in message
