"""JSON-LD in our context: the same graph, places, and what would be lost in silence."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple, parse

from pedgraph.delivery.documents import compact_graph
from pedgraph.resources import data_directory
from pedgraph.vocabulary.iris import CONTEXT
from tests.intake.reading.texts import EX, XSD, canonical, problems, reading


def read_terms(context: object, **members: object) -> list[tuple[Triple, str]]:
    document = reading(json.dumps({"@context": context, "@id": f"{EX}s", **members}), "data.jsonld")
    assert problems(document) == []
    return [(each.triple, each.position.pointer) for each in document.statements]


def said(value: Any) -> Triple:  # noqa: ANN401
    return Triple(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), value)


def test_our_own_data_in_our_own_context_come_back() -> None:
    for path in sorted((data_directory() / "sources").glob("*.trig"))[:3]:
        triples = [quad.triple for quad in parse(path=path)]

        document = reading(json.dumps(compact_graph(triples)), "data.jsonld")

        assert problems(document) == []
        assert canonical(document.triples) == canonical(triples)
        assert all(each.position.pointer.startswith("#/@graph/") for each in document.statements)


def test_decimals_stay_as_they_are_written() -> None:
    text = f'{{"@id": "{EX}s", "{EX}p": {{"@type": "{XSD}decimal", "@value": 0.10}}}}'

    document = reading(text, "data.jsonld")

    assert document.triples == [said(Literal("0.10", datatype=NamedNode(f"{XSD}decimal")))]


def test_language_maps_have_places_inside() -> None:
    context = {"p": {"@id": f"{EX}p", "@container": "@language"}}

    assert read_terms(context, p={"en": ["a", "b"], "nl": "c"}) == [
        (said(Literal("a", language="en")), "#/p/en/0"),
        (said(Literal("b", language="en")), "#/p/en/1"),
        (said(Literal("c", language="nl")), "#/p/nl"),
    ]


def test_what_cannot_be_marked_has_the_place_of_its_node() -> None:
    index = {"p": {"@id": f"{EX}p", "@container": "@index"}}
    literal = {"p": {"@id": f"{EX}p", "@type": "@json"}}
    json_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON")

    assert read_terms(index, p={"one": "a"}) == [(said(Literal("a")), "#")]
    assert read_terms(literal, p=[1]) == [(said(Literal("[1]", datatype=json_type)), "#")]


def test_nests_sets_and_reverse_properties_mean_what_they_mean() -> None:
    context = {"p": f"{EX}p", "n": "@nest", "r": {"@reverse": f"{EX}p"}}

    assert read_terms(context, n={"p": "a"}) == [(said(Literal("a")), "#/n/p")]
    assert read_terms(context, p={"@set": ["a", "b"]}) == [
        (said(Literal("a")), "#/p/@set/0"),
        (said(Literal("b")), "#/p/@set/1"),
    ]
    assert read_terms(context, r={"@id": f"{EX}o"}) == [
        (Triple(NamedNode(f"{EX}o"), NamedNode(f"{EX}p"), NamedNode(f"{EX}s")), "#")
    ]


def test_a_problem_names_the_statement_that_it_keeps_out() -> None:
    content = {"@context": CONTEXT, "id": f"{EX}s", "label": {"en": "x"}, f"{EX}p": {"@id": "a b"}}

    (found,) = reading(json.dumps(content), "data.jsonld").problems

    assert (found.rule, found.focus_node, found.path, found.value) == ("F07", f"{EX}s", f"{EX}p", "a b")
