"""Validation beyond the rules themselves: what is judged against what, and by whom."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import SH

from pedgraph.errors import InputError
from pedgraph.intake.findings import Finding, Severity, conforms, count
from pedgraph.intake.gate import declared_terms, unknown_terms
from pedgraph.intake.messages import translate
from pedgraph.intake.targets import narrow
from pedgraph.intake.validation import Rulebook, validate

PROLOGUE = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX city: <https://w3id.org/pedgraph/id/city/> PREFIX ped: <https://w3id.org/pedgraph/id/ped/>
PREFIX topic: <https://w3id.org/pedgraph/code/topic/> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX x: <urn:x:>
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)]


def test_what_the_curated_data_know_may_be_pointed_to(rulebook: Rulebook) -> None:
    district = "ped:nl-x a pedg:PositiveEnergyDistrict ; rdfs:label 'X'@en ; pedg:inCity {} ."

    assert validate(triples(district.format("city:nl-amsterdam")), rulebook) == []
    assert [finding.rule for finding in validate(triples(district.format("city:nl-nowhere")), rulebook)] == ["S51"]


def test_nothing_is_said_about_what_others_said(rulebook: Rulebook) -> None:
    focus_nodes = {finding.focus_node for finding in validate(triples("city:it-x a pedg:City ."), rulebook)}

    assert focus_nodes == {"https://w3id.org/pedgraph/id/city/it-x"}


def test_an_empty_file_has_no_findings(rulebook: Rulebook) -> None:
    assert validate([], rulebook) == []


def test_validation_leaves_the_rulebook_as_it_was(rulebook: Rulebook) -> None:
    before = (list(rulebook.shapes), list(rulebook.vocabulary), list(rulebook.reference))
    wrong = triples("ped:nl-x a pedg:PositiveEnergyDistrict .")

    first, second = validate(wrong, rulebook), validate(wrong, rulebook)

    assert first == second != []
    assert (rulebook.shapes, rulebook.vocabulary, rulebook.reference) == before


def test_an_unknown_term_comes_with_the_nearest_known_one(rulebook: Rulebook) -> None:
    declared = declared_terms(rulebook.vocabulary)
    data = triples("city:x a pedg:Citty ; pedg:incity ped:x ; pedg:topic topic:replicatoin ; pedg:zzzz 1 .")

    messages = [finding.message for finding in translate(unknown_terms(data, declared), "en")]

    advice = "Correct the spelling, or look the term up in the ontology and the code lists."
    assert messages == [
        f"G01: pedgraph has no term {term}; the nearest that it has is {nearest}. {advice}"
        for term, nearest in [
            ("pedg:Citty", "pedg:City"),
            ("pedg:incity", "pedg:inCity"),
            ("code:topic/replicatoin", "code:topic/replication"),
            ("pedg:zzzz", "pedg:Arrangement"),
        ]
    ]


NESTED = """
x:shape a sh:NodeShape ; sh:targetClass x:Class ; sh:targetSubjectsOf x:p ; sh:targetObjectsOf x:q ; sh:targetNode x:n ;
    sh:property [ sh:path x:code ; sh:minCount 1 ; sh:node [ sh:property [ sh:path x:scheme ; sh:hasValue x:list ] ] ] ,
        [ sh:path x:text ; sh:not [ sh:pattern '@' ] ] ,
        [ sh:path x:kind ; sh:qualifiedValueShape [ sh:in ( x:one x:two ) ] ; sh:qualifiedMaxCount 1 ] ,
        [ sh:path x:either ; sh:or ( [ sh:class x:Class ] [ sh:datatype rdfs:Literal ] ) ] .
"""
DATA = """
x:Below rdfs:subClassOf x:Class . x:good x:scheme x:list .
x:a a x:Class ; x:code x:good ; x:text 'fine' ; x:kind x:one .
x:b a x:Below ; x:code x:bad ; x:text 'a@b' ; x:kind x:one , x:two ; x:either x:a , x:bad .
x:c x:p 1 ; x:code x:good , x:bad .
x:d x:q x:e . x:e x:text 'no code' .
x:n x:kind x:one , x:three .
"""


def report(shapes: rdflib.Graph, data: rdflib.Graph) -> set[tuple[str, ...]]:
    _, results, _ = pyshacl_validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(results, rdflib.Graph)
    parts = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent)
    found = results.objects(None, SH.result)
    return {tuple(str(results.value(result, part)) for part in parts) for result in found}


@pytest.mark.parametrize("chosen", ["a", "b", "c", "d", "e", "n", "abcden", "bn", ""])
def test_narrowed_shapes_say_of_the_chosen_nodes_what_the_whole_shapes_say(chosen: str) -> None:
    """pySHACL judges all nodes; the same of it for the chosen ones must come out when only these are targets."""
    data = rdflib.Graph().parse(data=PROLOGUE + DATA, format="turtle")
    nodes = {rdflib.URIRef(f"urn:x:{name}") for name in chosen}
    everything = report(rdflib.Graph().parse(data=PROLOGUE + NESTED, format="turtle"), data)
    narrowed = rdflib.Graph().parse(data=PROLOGUE + NESTED, format="turtle")

    narrow(narrowed, data, nodes)

    assert report(narrowed, data) == {result for result in everything if rdflib.URIRef(result[0]) in nodes}
    assert len(everything) >= 6


def test_shapes_that_cannot_be_applied_are_a_clear_error(rulebook: Rulebook) -> None:
    broken = triples("x:s a sh:NodeShape ; sh:targetClass pedg:City ; sh:property [ sh:minCount 1 ] .")

    with pytest.raises(InputError, match="shapes cannot be applied"):
        validate(triples("city:x a pedg:City ."), Rulebook(broken, rulebook.vocabulary, []))


def test_findings_are_counted_and_sorted() -> None:
    violation = Finding(Severity.VIOLATION, "S02", "urn:x:b", "", "", "")
    warning = Finding(Severity.WARNING, "S01", "urn:x:a", "", "", "")

    assert sorted([warning, violation]) == [violation, warning]
    assert count([warning, warning, violation]) == "1 violation, 2 warnings"
    assert count([]) == "nothing to complain about"
    assert (conforms([warning]), conforms([warning, violation])) == (True, False)
    assert Finding.from_json(violation.as_json()) == violation
