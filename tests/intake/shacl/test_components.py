"""Each constraint of SHACL Core, translated: who violates it is a suspect, and who keeps it is none."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import URIRef

from pedgraph.intake.shacl.validator import Validator
from pedgraph.store.facts import Facts
from tests.intake.shacl.reports import by_suspects, plainly

PROLOGUE = """
PREFIX : <urn:x:> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# Component → constraint, what the violating node states, what the conforming one states.
CASES = {
    "Class": ("sh:path :p ; sh:class :D", ":p :x", ":p :d"),
    "Class-below": ("sh:path :p ; sh:class :D", ":p :x", ":p :below"),
    "Datatype": ("sh:path :p ; sh:datatype xsd:integer", ":p 'a'", ":p 1"),
    "Datatype-ill-typed": ("sh:path :p ; sh:datatype xsd:integer", ":p 'a'^^xsd:integer", ":p 1"),
    "NodeKind": ("sh:path :p ; sh:nodeKind sh:IRI", ":p 'a'", ":p :x"),
    "MinCount": ("sh:path :p ; sh:minCount 2", ":p 1", ":p 1 , 2"),
    "MinCount-none": ("sh:path :p ; sh:minCount 1", ":q 1", ":p 1"),
    "MaxCount": ("sh:path :p ; sh:maxCount 1", ":p 1 , 2", ":p 1"),
    "MinExclusive": ("sh:path :p ; sh:minExclusive 1", ":p 1", ":p 2"),
    "MinInclusive": ("sh:path :p ; sh:minInclusive 1", ":p 0", ":p 1"),
    "MaxExclusive": ("sh:path :p ; sh:maxExclusive 1", ":p 1", ":p 0"),
    "MaxInclusive": ("sh:path :p ; sh:maxInclusive 1", ":p 1.5", ":p 1"),
    "MinLength": ("sh:path :p ; sh:minLength 2", ":p 'a'", ":p 'ab'"),
    "MaxLength": ("sh:path :p ; sh:maxLength 2", ":p 'abc'", ":p 'ab'"),
    "Pattern": ("sh:path :p ; sh:pattern '^a+$'", ":p 'b'", ":p 'aa'"),
    "Pattern-flags": ("sh:path :p ; sh:pattern '^a+$' ; sh:flags 'i'", ":p 'b'", ":p 'AA'"),
    "LanguageIn": ("sh:path :p ; sh:languageIn ( 'en' )", ":p 'a'@de", ":p 'a'@en-GB"),
    "UniqueLang": ("sh:path :p ; sh:uniqueLang true", ":p 'a'@en , 'b'@en", ":p 'a'@en , 'b'@de"),
    "Equals": ("sh:path :p ; sh:equals :q", ":p 1 ; :q 2", ":p 1 ; :q 1"),
    "Equals-other-side": ("sh:path :p ; sh:equals :q", ":q 2", ":p 1 ; :q 1"),
    "Disjoint": ("sh:path :p ; sh:disjoint :q", ":p 1 ; :q 1", ":p 1 ; :q 2"),
    "LessThan": ("sh:path :p ; sh:lessThan :q", ":p 2 ; :q 2", ":p 1 ; :q 2"),
    "LessThanOrEquals": ("sh:path :p ; sh:lessThanOrEquals :q", ":p 3 ; :q 2", ":p 2 ; :q 2"),
    "Not": ("sh:path :p ; sh:not [ sh:class :D ]", ":p :d", ":p :x"),
    "And": ("sh:path :p ; sh:and ( [ sh:minInclusive 1 ] [ sh:maxInclusive 3 ] )", ":p 4", ":p 2"),
    "Or": ("sh:path :p ; sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] )", ":p 'a'", ":p :x"),
    "Xone-none": ("sh:path :p ; sh:xone ( [ sh:class :D ] [ sh:class :E ] )", ":p :x", ":p :d"),
    "Xone-both": ("sh:path :p ; sh:xone ( [ sh:class :D ] [ sh:class :E ] )", ":p :both", ":p :d"),
    "Node": ("sh:path :p ; sh:node [ sh:property [ sh:path :r ; sh:minCount 1 ] ]", ":p :x", ":p :d"),
    "Property": ("sh:path :p ; sh:property [ sh:path :r ; sh:minCount 1 ]", ":p :x", ":p :d"),
    "Qualified-min": (
        "sh:path :p ; sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1", ":p :x", ":p :x , :d",
    ),
    "Qualified-max": (
        "sh:path :p ; sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMaxCount 1", ":p :d , :both", ":p :x , :d",
    ),
    "Closed": ("sh:closed true ; sh:ignoredProperties ( rdf:type :p )", ":q 1", ":p 1"),
    "HasValue": ("sh:path :p ; sh:hasValue 'a'", ":p 'b'", ":p 'a' , 'b'"),
    "In": ("sh:path :p ; sh:in ( 'a' 1 :x )", ":p 2", ":p 'a' , 1 , :x"),
    "Path-inverse": ("sh:path [ sh:inversePath :p ] ; sh:minCount 1", ":p :x", ":p :good"),
    "Path-sequence": ("sh:path ( :p :r ) ; sh:minCount 1", ":p :x", ":p :d"),
    "Path-alternative": ("sh:path [ sh:alternativePath ( :p :q ) ] ; sh:minCount 1", ":r 1", ":q 1"),
    "Path-any-length": ("sh:path [ sh:zeroOrMorePath :p ] ; sh:maxCount 1", ":p :x", ":q :x"),
}  # fmt: skip
AROUND = ":d a :D ; :r 1 . :both a :D , :E ; :r 1 . :below a :Below . :Below rdfs:subClassOf :D . :x :s 1 ."
# Here pySHACL counts what a value shape says of a node as results of that node, which is no focus node of the targets.
ELSEWHERE = {"Property"}


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)]


@pytest.mark.parametrize("component", CASES)
def test_who_violates_a_constraint_is_a_suspect_and_who_keeps_it_is_none(component: str) -> None:
    constraint, violating, conforming = CASES[component]
    kind = "sh:PropertyShape" if "sh:path" in constraint.split(" ", maxsplit=1)[0] else "sh:NodeShape"
    shapes = triples(f":shape a {kind} ; sh:targetClass :C ; {constraint} .")
    data = triples(f":bad a :C ; {violating} . :good a :C ; {conforming} . {AROUND}")

    suspects = Validator(shapes).suspects(Facts.of(data)).nodes[URIRef("urn:x:shape")]

    assert suspects == {URIRef("urn:x:bad")}
    found = plainly(data, shapes)
    assert by_suspects(data, shapes) == found
    assert not isinstance(found, str)
    assert component in ELSEWHERE or {result[0] for result in found} == {"<urn:x:bad>"}


@pytest.mark.parametrize(
    ("target", "nodes"),
    [
        ("sh:targetClass :C", {"bad", "other"}),
        ("sh:targetNode :bad , :absent", {"bad", "absent"}),
        ("sh:targetSubjectsOf :q", {"bad"}),
        ("sh:targetObjectsOf :q", {"other"}),
        ("a rdfs:Class", {"of-shape"}),
    ],
)
def test_each_kind_of_target_is_looked_through(target: str, nodes: set[str]) -> None:
    shapes = triples(f":shape a sh:NodeShape ; {target} ; sh:property [ sh:path :p ; sh:minCount 1 ] .")
    data = triples(":bad a :C ; :q :other . :other a :Below-C . :Below-C rdfs:subClassOf :C . :of-shape a :shape .")

    suspects = Validator(shapes).suspects(Facts.of(data)).nodes[URIRef("urn:x:shape")]

    assert suspects == {URIRef(f"urn:x:{name}") for name in nodes}
    assert by_suspects(data, shapes) == plainly(data, shapes)
