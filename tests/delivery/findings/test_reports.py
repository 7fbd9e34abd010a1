"""Validation reports of SHACL: what its section 3.6 requires of each result, read back from every format."""

from __future__ import annotations

from typing import Any, Final

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic
from rdflib.namespace import SH

from pedgraph.delivery.reports import report
from pedgraph.intake.terms import to_rdflib
from pedgraph.vocabulary.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from tests.delivery.findings.told import finding, warning

FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
PREFIXES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix shape: <https://w3id.org/pedgraph/shapes#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ped: <https://w3id.org/pedgraph/id/ped/> .
"""


def graph(findings: list[dict[str, Any]], rdf_format: Format = TURTLE, language: str = "en") -> rdflib.Graph:
    parsed = parse(report(findings, rdf_format, language), RdfFormat.from_media_type(rdf_format.media_type))
    return to_rdflib(quad.triple for quad in parsed)


def turtle(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


@pytest.mark.parametrize("rdf_format", FORMATS, ids=lambda each: each.name)
def test_a_report_says_all_of_its_results(rdf_format: Format) -> None:
    expected = turtle(
        """
        [] a sh:ValidationReport ; sh:conforms false ; rdfs:comment "Die Datei kann noch nicht aufgenommen werden."@de ;
            sh:result [
                a sh:ValidationResult ; sh:focusNode ped:nl-x ; sh:resultPath pedg:topic ; sh:value "helth" ;
                sh:resultSeverity sh:Violation ; sh:sourceShape shape:S09-topic-value ; pedg:locator "a.ttl:3:5" ;
                sh:sourceConstraintComponent sh:NodeConstraintComponent ; dcterms:identifier "S09" ;
                sh:resultMessage "S09: This is no member of the code list topic. Take one from the list."@de
            ] ."""
    )

    assert isomorphic(graph([finding(3)], rdf_format, "de"), expected)


def test_what_no_constraint_found_has_its_rule_for_a_component() -> None:
    made = graph([warning(2)])

    (result,) = made.objects(None, SH.result)
    assert made.value(result, SH.sourceConstraintComponent) == rdflib.URIRef("https://w3id.org/pedgraph/shapes#T01")
    assert made.value(result, SH.sourceShape) is None


def test_with_warnings_alone_data_do_not_conform_in_the_sense_of_shacl_but_may_be_taken_in() -> None:
    made = graph([warning(2)])

    (subject,) = made.subjects(SH.conforms, rdflib.Literal("false", datatype=rdflib.XSD.boolean))
    (comment,) = made.objects(subject, rdflib.RDFS.comment)

    assert str(comment) == "The file can be taken in."
    assert isomorphic(
        graph([]),
        turtle('[] a sh:ValidationReport ; sh:conforms true ; rdfs:comment "The file can be taken in."@en .'),
    )


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("S44-owner", "[ sh:inversePath pedg:stageRecord ]"),
        ("S26-stage", "[ sh:alternativePath ( pedg:stageRecord pedg:plannedStart ) ]"),
        ("S04-kind", "( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] )"),
    ],
)
def test_a_path_of_several_steps_is_that_of_its_shape(shape: str, expected: str) -> None:
    made = graph([finding(3, shape=f"https://w3id.org/pedgraph/shapes#{shape}", path="urn:x:a | urn:x:b")])

    (result,) = made.objects(None, SH.result)
    (start,) = made.objects(result, SH.resultPath)
    part = rdflib.Graph()
    part.add((rdflib.URIRef("urn:x"), SH.resultPath, start))
    open_nodes = [start]
    while open_nodes:
        for triple in made.triples((open_nodes.pop(), None, None)):
            part.add(triple)
            open_nodes += [triple[2]] if isinstance(triple[2], rdflib.BNode) else []
    assert isomorphic(part, turtle(f"<urn:x> sh:resultPath {expected} ."))


def test_findings_that_are_not_told_make_results_too() -> None:
    members = {"rule": "S02", "severity": "info", "focus_node": "_:b0", "path": "", "value": "", "message": "S02: So."}

    made = graph([{**members, "shape": "", "component": ""}])

    (result,) = made.objects(None, SH.result)
    assert isinstance(made.value(result, SH.focusNode), rdflib.BNode)
    assert made.value(result, SH.resultSeverity) == SH.Info
