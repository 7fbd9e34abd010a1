"""The gate: which properties of others are known, and what is proposed instead of one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.gate import declared_terms, known_properties, unknown_properties
from pedgraph.intake.messages import translate

if TYPE_CHECKING:
    from pedgraph.intake.validation import Rulebook

PROLOGUE = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX city: <https://w3id.org/pedgraph/id/city/> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX elements: <http://purl.org/dc/elements/1.1/> PREFIX schema: <http://schema.org/> PREFIX x: <urn:x:>
"""


def unknown(turtle: str, rulebook: Rulebook) -> list[Finding]:
    triples = [quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)]
    return unknown_properties(triples, declared_terms(rulebook.vocabulary), known_properties(rulebook.shapes))


def test_an_unknown_property_comes_with_the_nearest_known_one(rulebook: Rulebook) -> None:
    data = "city:x dcterms:licence x:a ; elements:title 'X' ; schema:latitude 1 ; x:inCity x:b ; rdfs:lable 'X' ."

    findings = unknown(data, rulebook)

    assert [dict(finding.variables) for finding in findings] == [
        {"property": "<http://purl.org/dc/elements/1.1/title>", "nearest": "dcterms:title"},
        {"property": "dcterms:licence", "nearest": "dcterms:license"},
        {"property": "<http://schema.org/latitude>", "nearest": "schema:latitude"},
        {"property": "rdfs:lable", "nearest": "rdfs:label"},
        {"property": "<urn:x:inCity>", "nearest": "pedg:inCity"},
    ]


def test_a_node_is_warned_of_once_for_a_property_however_often_it_has_it(rulebook: Rulebook) -> None:
    findings = translate(unknown("city:x dcterms:licence x:a , x:b . city:y dcterms:licence x:a .", rulebook), "en")

    licence = "http://purl.org/dc/terms/licence"
    assert [(each.severity, each.rule, each.focus_node, each.path, each.value) for each in findings] == [
        (Severity.WARNING, "S08", f"https://w3id.org/pedgraph/id/city/{name}", licence, licence) for name in "xy"
    ]
    assert {each.message for each in findings} == {
        "S08: The property dcterms:licence is not known here; the nearest that is known is dcterms:license. Correct "
        "the spelling or the namespace, or leave the statement out."
    }


def test_properties_of_pedgraph_and_known_ones_of_others_pass(rulebook: Rulebook) -> None:
    assert unknown("city:x a pedg:City ; pedg:incity city:y ; rdfs:label 'X' ; dcterms:title 'X' .", rulebook) == []
