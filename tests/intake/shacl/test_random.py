"""Over random graphs and shapes, suspects and pySHACL find what pySHACL finds by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from tests.intake.shacl.reports import by_suspects, plainly

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PROLOGUE = """
PREFIX : <urn:x:> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
NODES = st.sampled_from([":a", ":b", ":c", ":d", "_:e", "_:f"])
PROPERTIES = st.sampled_from([":p", ":q", ":r"])
LITERALS = st.sampled_from(
    ["1", "01", "2", "-3", "1.0", "1.50", "2.0e0", "'1'^^xsd:integer", "'x'^^xsd:integer", "'5'^^xsd:byte", "true",
     "'1'^^xsd:boolean", "'maybe'^^xsd:boolean", "'a'", "'b'", "'Ab c'", "''", "'a'@en", "'b'@en", "'a'@de",
     "'a'@en-GB",
     "'2020-01-01'^^xsd:date", "'2021-02-30'^^xsd:date", "'2020'^^xsd:gYear", "'20'^^xsd:gYear", "'z'^^:own", "'é²'"]
)  # fmt: skip
TERMS = NODES | LITERALS
CLASSES = st.sampled_from([":C", ":D", ":E"])


def number(*values: int) -> SearchStrategy[int]:
    return st.sampled_from(values)


@st.composite
def paths(draw: st.DrawFn, depth: int = 1) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(PROPERTIES)
    first, second = draw(paths(depth - 1)), draw(paths(depth - 1))
    kinds = [
        f"[ sh:inversePath {first} ]", f"( {first} {second} )", f"[ sh:alternativePath ( {first} {second} ) ]",
        f"[ sh:zeroOrMorePath {first} ]", f"[ sh:oneOrMorePath {first} ]", f"[ sh:zeroOrOnePath {first} ]",
        f"[ sh:inversePath ( {first} {second} ) ]",
    ]  # fmt: skip
    return draw(st.sampled_from(kinds))


@st.composite
def constraints(draw: st.DrawFn, depth: int, *, is_property: bool) -> str:
    iris, values = draw(NODES.filter(lambda each: each[0] == ":")), draw(LITERALS)
    datatypes = [
        "xsd:integer",
        "xsd:decimal",
        "xsd:boolean",
        "xsd:string",
        "xsd:date",
        "xsd:gYear",
        "rdf:langString",
        ":own",
    ]
    found = [
        f"sh:class {draw(CLASSES)}",
        f"sh:datatype {draw(st.sampled_from(datatypes))}",
        f"sh:nodeKind sh:{draw(st.sampled_from(['IRI', 'BlankNode', 'Literal', 'BlankNodeOrIRI', 'IRIOrLiteral']))}",
        f"sh:minInclusive {draw(st.sampled_from(['1', '1.5', '-3', '2.0e0']))}",
        f"sh:maxExclusive {draw(st.sampled_from(['1', '2', '1.50']))}",
        f"sh:minLength {draw(number(0, 1, 2))}", f"sh:maxLength {draw(number(0, 1, 3))}",
        f"sh:pattern '{draw(st.sampled_from(['^a', 'b$', '^[a-z ]*$', '^.$']))}'",
        "sh:pattern '^AB' ; sh:flags 'i'", "sh:languageIn ( 'en' 'fr' )", f"sh:hasValue {iris}",
        f"sh:hasValue {values}",
        f"sh:in ( {iris} {values} :c 'a' )", f"sh:equals {draw(PROPERTIES)}", f"sh:disjoint {draw(PROPERTIES)}",
        "sh:closed true ; sh:ignoredProperties ( rdf:type :q )",
    ]  # fmt: skip
    if is_property:
        found += [
            f"sh:minCount {draw(number(0, 1, 2, 4))}", f"sh:maxCount {draw(number(0, 1, 2, 4))}", "sh:uniqueLang true",
            f"sh:lessThan {draw(PROPERTIES)}", f"sh:lessThanOrEquals {draw(PROPERTIES)}",
        ]  # fmt: skip
    if depth:
        found += draw(nested(depth, is_property=is_property)) * 2
    return draw(st.sampled_from(found))


@st.composite
def nested(draw: st.DrawFn, depth: int, *, is_property: bool) -> list[str]:
    one, two = (draw(shapes(depth - 1, is_property=draw(st.booleans()))) for _ in range(2))
    plain, property_shape = draw(shapes(depth - 1, is_property=False)), draw(shapes(depth - 1, is_property=True))
    found = [
        f"sh:not {one}", f"sh:and ( {one} {two} )", f"sh:or ( {one} {two} )", f"sh:xone ( {one} {two} )",
        f"sh:node {plain}", f"sh:property {property_shape}",
    ]  # fmt: skip
    if is_property:
        found += [f"sh:qualifiedValueShape {plain} ; sh:qualified{draw(st.sampled_from(['Min', 'Max']))}Count 1"]
    return found


@st.composite
def shapes(draw: st.DrawFn, depth: int, *, is_property: bool) -> str:
    path = f"sh:path {draw(paths())} ; " if is_property else ""
    return f"[ {path}{draw(constraints(depth, is_property=is_property))} ]"


@st.composite
def targeted(draw: st.DrawFn) -> str:
    """A shapes graph with one or two shapes with targets."""
    found = []
    for name in (":s1", ":s2")[: draw(number(1, 2))]:
        is_property = draw(st.booleans())
        target = draw(
            st.sampled_from(
                ["sh:targetClass :C", "sh:targetNode :a , :z , 1", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :q"]
            )
        )
        kind = f"a sh:PropertyShape ; sh:path {draw(paths())}" if is_property else "a sh:NodeShape"
        extra = draw(st.sampled_from(["", " ; sh:severity sh:Warning", " ; sh:deactivated true"]))
        found.append(f"{name} {kind} ; {target} ; {draw(constraints(2, is_property=is_property))}{extra} .")
    return "\n".join(found)


@st.composite
def graphs(draw: st.DrawFn) -> str:
    facts = draw(st.lists(st.tuples(NODES, PROPERTIES, TERMS), max_size=14))
    kinds = draw(st.lists(st.tuples(NODES, CLASSES), max_size=5))
    below = draw(st.sampled_from(["", ":D rdfs:subClassOf :C .", ":E rdfs:subClassOf :D . :D rdfs:subClassOf :C ."]))
    return "\n".join([*(f"{s} {p} {o} ." for s, p, o in facts), *(f"{s} a {c} ." for s, c in kinds), below])


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=graphs(), shapes_graph=targeted())
def test_random_data_and_shapes_give_the_same_either_way(data: str, shapes_graph: str) -> None:
    facts, rules = triples(data), triples(shapes_graph)

    assert by_suspects(facts, rules) == plainly(facts, rules)
