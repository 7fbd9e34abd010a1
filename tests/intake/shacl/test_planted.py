"""Over the fixtures of all rules at once, suspects and pySHACL find what pySHACL finds when it judges every node."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.namespace import DCTERMS, SH

from benchmarks.shacl_data import invented
from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.shacl.validator import Validator, judge
from pedgraph.intake.terms import to_rdflib
from pedgraph.store.facts import Facts
from tests.intake.shacl.reports import results

if TYPE_CHECKING:
    from pyoxigraph import Triple

# The least that there is: the vocabulary, the shipped data, and what each rule is known to find a fault in.
TRIPLES = 14_000
# Rules that are not told by a shape.
GATE = {"G01", "G02", "S08"}


@cache
def data() -> list[Triple]:
    return invented(TRIPLES)


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(read_shapes())


@pytest.fixture(scope="module")
def found(validator: Validator) -> rdflib.Graph:
    return validator.report(Facts.of(data()))[0]


def test_every_rule_fires_among_the_suspects(validator: Validator, found: rdflib.Graph) -> None:
    shapes = validator.shapes
    rules = {str(rule) for rule in shapes.objects(None, DCTERMS.identifier)} - GATE

    fired = {str(shapes.value(shape, DCTERMS.identifier)) for shape in found.objects(None, SH.sourceShape)}

    assert rules - fired == set()
    assert len(rules) >= 50


def test_no_query_looks_for_several_patterns_at_once_that_are_not_there(validator: Validator) -> None:
    """The engine would look for each of them among all data, node by node."""
    queries = [query for each in validator.queries.shapes.values() for one in each.inverted for query in one.queries]

    assert [query for query in queries if re.search(r"EXISTS \{[^{}]* \. \S+ \S+ \S+ \.", query)] == []
    assert any("FILTER(!EXISTS" in query for query in queries)


def test_every_shape_is_translated(validator: Validator) -> None:
    queries = validator.queries

    assert {str(shape): each.reason for shape, each in queries.shapes.items() if each.reason} == {}
    assert queries.untranslated == []
    assert len(queries.shapes) >= 100


@pytest.mark.soak
def test_what_is_found_among_suspects_is_found_among_all_that_are_judged(
    validator: Validator, found: rdflib.Graph
) -> None:
    """All that any fixture speaks of is judged, without looking for suspects."""
    nodes = {node for node in to_rdflib(data()).subjects() if isinstance(node, rdflib.URIRef) and "-f" in node}

    judged = results(validator.report_on(Facts.of(data()), nodes)[0])

    assert not isinstance(judged, str)
    names = {node.n3() for node in nodes}
    among_suspects = results(found)
    assert not isinstance(among_suspects, str)
    assert {each for each in among_suspects if each[0] in names} == {each for each in judged if each[0] in names}
    assert len(judged) >= 200


@pytest.mark.soak
def test_what_is_found_among_suspects_is_what_pyshacl_finds_by_itself(found: rdflib.Graph) -> None:
    assert results(found) == results(judge(to_rdflib(read_shapes()), to_rdflib(data())))
