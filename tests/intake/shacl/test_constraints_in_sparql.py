"""Over random SPARQL constraints, suspects and pySHACL find what pySHACL finds by itself."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import URIRef

from pedgraph.intake.shacl.validator import Validator
from pedgraph.store.facts import Facts
from tests.intake.shacl.reports import by_suspects, plainly
from tests.intake.shacl.test_random import PROLOGUE, graphs

VARIABLES = st.sampled_from(["?value", "?kind", "?any", "?other", "?this_too"])
CONSTANTS = st.sampled_from(["<urn:x:a>", "<urn:x:b>", "'a'", "1", "2.0", "'a'@en", "true"])
PREDICATES = st.sampled_from(["<urn:x:p>", "<urn:x:q>", "<urn:x:r>", "a", "^<urn:x:p>", "<urn:x:p>/<urn:x:q>"])
PRECEDES = st.sampled_from(["<", ">", "<=", ">=", "=", "!="])
FUNCTIONS = st.sampled_from(
    ["isIRI({})", "isLiteral({})", "isBlank({})", "STRLEN(STR({})) > 1", "REGEX(STR({}), '^[a-b]$')", "LANG({}) = 'en'",
     "DATATYPE({}) = <http://www.w3.org/2001/XMLSchema#integer>", "isNumeric({})", "STRSTARTS(STR({}), 'a')",
     "{} IN (<urn:x:a>, 1)", "ABS({}) > 1", "BOUND({})"]
)  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, depth: int = 1) -> str:
    if depth and draw(st.booleans()):
        kinds = ["({} && {})", "({} || {})", "(!{})"]
        return draw(st.sampled_from(kinds)).format(draw(expressions(depth - 1)), draw(expressions(depth - 1)))
    if draw(st.booleans()):
        return draw(FUNCTIONS).format(draw(VARIABLES))
    return f"({draw(VARIABLES)} {draw(PRECEDES)} {draw(VARIABLES | CONSTANTS)})"


@st.composite
def patterns(draw: st.DrawFn) -> str:
    subject = draw(st.sampled_from(["$this", "$this", "?kind", "?value"]))
    return f"{subject} {draw(PREDICATES)} {draw(VARIABLES | st.just('$this') | CONSTANTS)} ."


@st.composite
def parts(draw: st.DrawFn) -> str:
    kinds = [
        f"FILTER({draw(expressions())})", f"FILTER NOT EXISTS {{ {draw(patterns())} {draw(patterns())} }}",
        f"FILTER EXISTS {{ {draw(patterns())} FILTER({draw(expressions())}) }}", f"OPTIONAL {{ {draw(patterns())} }}",
        f"{{ {draw(patterns())} }} UNION {{ {draw(patterns())} }}", f"BIND({draw(VARIABLES)} AS ?bound)",
        f"{{ SELECT $this (COUNT(?value) AS ?many) WHERE {{ $this {draw(PREDICATES)} ?value }} GROUP BY $this }}",
        f"{{ SELECT $this (SUM(?any) AS ?many) WHERE {{ $this {draw(PREDICATES)} ?kind . ?kind {draw(PREDICATES)} ?any "
        f"{draw(st.sampled_from(['', 'FILTER(?kind IN (<urn:x:a>, <urn:x:b>))']))} }} GROUP BY $this }}",
        draw(patterns()),
    ]  # fmt: skip
    return draw(st.sampled_from(kinds))


@st.composite
def selects(draw: st.DrawFn) -> str:
    body = " ".join([f"$this {draw(PREDICATES)} ?value .", *(draw(st.lists(parts(), max_size=3)))])
    head = draw(st.sampled_from(["$this", "$this ?value", "DISTINCT $this ?value", "$this (?kind AS ?value2)"]))
    return f"SELECT {head} WHERE {{ {body} }}"


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)]


def constraint(select: str, target: str) -> list[Triple]:
    return triples(f':s a sh:NodeShape ; {target} ; sh:sparql [ a sh:SPARQLConstraint ; sh:select """{select}""" ] .')


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=graphs(),
    select=selects(),
    target=st.sampled_from(
        ["sh:targetClass :C", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :q", "sh:targetNode :a"]
    ),
)
def test_random_constraints_give_the_same_either_way(data: str, select: str, target: str) -> None:
    facts, rules = triples(data), constraint(select, target)

    assert by_suspects(facts, rules) == plainly(facts, rules)


@pytest.mark.parametrize("name", ["kind", "any", "other", "v1", "pedgraph_kind", "pedgraph_other"])
@pytest.mark.parametrize("target", ["sh:targetClass :C", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :q"])
def test_a_constraint_may_use_any_name_of_a_variable(name: str, target: str) -> None:
    facts = triples(":a a :C ; :p :b , 1 . :b a :C . :c :q :a .")
    rules = constraint(f"SELECT $this WHERE {{ $this <urn:x:p> ?{name} FILTER(?{name} = 1) }}", target)

    assert URIRef("urn:x:a") in Validator(rules).suspects(Facts.of(facts)).nodes[URIRef("urn:x:s")]
    assert by_suspects(facts, rules) == plainly(facts, rules) != set()
