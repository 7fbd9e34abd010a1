"""What belongs to pedgraph or to another source is not restated."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from pedgraph.intake.ownership import OTHERS_CLAIM, OWN_TERM, about_claims_of_others, about_own_terms
from pedgraph.vocabulary.iris import GRAPHS, INFERRED_GRAPH, TERMS, THINGS

NUMBER = f"{THINGS}obs/edb8ba89f144"
OTHER = f"{GRAPHS}s1/1"
PREFIXES = (
    f"@prefix pedg: <{TERMS}> . @prefix id: <{THINGS}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]


def findings(turtle: str, graph: str, known: str, *own: str) -> list[tuple[str, str, str]]:
    """Rule, property and value of what is found where a graph states something already."""
    name = NamedNode(graph)
    stated = [Quad(each.subject, each.predicate, each.object, name) for each in triples(known)]
    stated += [Quad(each.subject, each.predicate, each.object, DefaultGraph()) for each in triples(known)]
    found = about_claims_of_others(triples(turtle), lambda node: [quad for quad in stated if quad.subject == node], own)
    return [(each.rule, each.path.removeprefix(TERMS), each.value) for each in found]


def test_terms_graphs_and_rules_of_pedgraph_are_its_own() -> None:
    found = about_own_terms(
        triples(
            """
            pedg:City rdfs:label "no" . <https://w3id.org/pedgraph/code/helix/industry> rdfs:label "no" , "no"@nl .
            <https://w3id.org/pedgraph/graph/meta> rdfs:label "no" .
            <https://w3id.org/pedgraph/shapes#S01> a pedg:City .
            <https://w3id.org/pedgraph/id/city/x> a pedg:City .
            """
        )
    )

    assert [(each.rule, each.focus_node.rpartition("pedgraph/")[2]) for each in found] == [
        (OWN_TERM, "code/helix/industry"),
        (OWN_TERM, "graph/meta"),
        (OWN_TERM, "ont#City"),
        (OWN_TERM, "shapes#S01"),
    ]


def test_the_number_of_another_source_cannot_be_changed() -> None:
    changed = f"<{NUMBER}> pedg:value 140.0 ; pedg:about id:x ; rdfs:comment 'any' ."

    assert findings(changed, OTHER, f"<{NUMBER}> pedg:value 130.0 .") == [
        (OTHERS_CLAIM, "value", "140.0"),
        (OTHERS_CLAIM, "about", f"{THINGS}x"),
    ]


def test_the_same_number_may_be_stated_with_another_source() -> None:
    """The store writes numbers in a form of its own."""
    again = f"<{NUMBER}> pedg:value 130.0 ; pedg:statedIn id:source ; pedg:locator 'page 3' ."

    assert findings(again, OTHER, f"<{NUMBER}> pedg:value 130 ; pedg:statedIn id:other .") == []


def test_what_nobody_else_states_is_free() -> None:
    changed = f"<{NUMBER}> pedg:value 140.0 . <{THINGS}city/fr-lyon> pedg:about id:x ."
    known = f"<{NUMBER}> pedg:value 130.0 . <{THINGS}city/fr-lyon> pedg:about id:y ."

    assert findings(changed, OTHER, known, OTHER) == []
    assert findings(changed, INFERRED_GRAPH, known) == []
    assert findings(changed, OTHER, f"<{THINGS}city/fr-lyon> pedg:about id:y .") == []
