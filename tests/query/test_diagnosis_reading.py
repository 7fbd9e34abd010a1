"""The doctor's reading of queries, its order of steps, and what it takes names and literals for. No graph is asked."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from pedgraph.errors import PedgraphError
from pedgraph.query.diagnosis.joins import steps_of
from pedgraph.query.diagnosis.lexing import lexemes
from pedgraph.query.diagnosis.literals import compare
from pedgraph.query.diagnosis.model import Declaration, Modifiers, Part, Pattern, Template, Unreadable
from pedgraph.query.diagnosis.naming import uses
from pedgraph.query.diagnosis.reading import read, read_names
from pedgraph.query.diagnosis.terms import nearest, nearest_graphs, slips, writable
from pedgraph.query.text import check
from pedgraph.resources import queries_directory
from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.query.diagnosis.model import Group

STORED = sorted(queries_directory().rglob("*.rq"))
SETTINGS = load_settings({})
GYEAR = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")


def group_of(text: str) -> Group:
    where = read(text).where
    assert where is not None
    return where


def outline(text: str) -> list[str]:
    """The elements of a query's group: patterns as they are asked, all else as its kind and its text."""
    return [
        element.text if isinstance(element, Pattern) else f"{element.kind}: {element.text}"
        for element in group_of(text).elements
    ]


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("SELECT * { ?s ?p ?o }", ["?s ?p ?o ."]),
        ("ASK{$s a<u:x>;<u:p>1,'a'@en.}", ["?s a <u:x> .", "?s <u:p> 1 .", "?s <u:p> 'a'@en ."]),
        ("PREFIX a: <u:> SELECT * { a:b.c a:p a:d. a:e a:p 5. }", ["a:b.c a:p a:d .", "a:e a:p 5 ."]),
        ("SELECT * { ?s <u:p> -5 , +2.5 , true ; ; }", ["?s <u:p> -5 .", "?s <u:p> +2.5 .", "?s <u:p> true ."]),
        ('SELECT * { ?s <u:p> "x" ^^ <u:t> # "y\n }', ['?s <u:p> "x"^^<u:t> .']),
        ("SELECT * { ?s ^<u:p>/(<u:q>|!a)* ?o }", ["?s ^<u:p>/(<u:q>|!a)* ?o ."]),
        ("SELECT * { ?s <u:p>+ ?o . ?s <u:p>+5 }", ["?s <u:p>+ ?o .", "?s <u:p> +5 ."]),
        ("SELECT * { ?s <u:p> [ <u:q> _:b ] }",
         ["?pedgraph_node_1 <u:q> ?pedgraph_blank_62 .", "?s <u:p> ?pedgraph_node_1 ."]),
        ("SELECT * { [] a <u:x> }", ["?pedgraph_node_1 a <u:x> ."]),
        ("SELECT * { [ a <u:x> ] . ?s ?p ?o }", ["?pedgraph_node_1 a <u:x> .", "?s ?p ?o ."]),
        ("SELECT * { ?s ?p ?o FILTER(?o < 3) FILTER EXISTS { ?s a ?t } }",
         ["?s ?p ?o .", "filter: FILTER(?o < 3)", "filter: FILTER EXISTS { ?s a ?t }"]),
        ("SELECT * { FILTER regex(?o, '}') ?s ?p ?o }", ["filter: FILTER regex(?o, '}')", "?s ?p ?o ."]),
        ("SELECT * { {?a ?b ?c} UNION {?d ?e ?f} OPTIONAL { ?a ?g ?h } }",
         ["union: {?a ?b ?c} UNION {?d ?e ?f}", "optional: OPTIONAL { ?a ?g ?h }"]),
        ("SELECT * FROM <u:g> WHERE { GRAPH ?g { ?a ?b ?c } MINUS { ?a ?b 1 } }",
         ["graph: GRAPH ?g { ?a ?b ?c }", "minus: MINUS { ?a ?b 1 }"]),
        ("SELECT (COUNT(?x) AS ?n) { BIND(1 AS ?y) VALUES (?a ?b) { (1 UNDEF) } }",
         ["bind: BIND(1 AS ?y)", "values: VALUES (?a ?b) { (1 UNDEF) }"]),
        ("CONSTRUCT { ?s a <u:x> } WHERE { ?s ?p ?o }", ["?s ?p ?o ."]),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ["?s ?p ?o ."]),
        ("SELECT * { SELECT ?s { ?s ?p ?o } LIMIT 3 }", ["select: SELECT ?s { ?s ?p ?o } LIMIT 3"]),
    ],
)  # fmt: skip
def test_the_elements_of_a_group(text: str, elements: list[str]) -> None:
    assert outline(text) == elements


def test_a_collection_is_read_as_its_triples() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

    assert outline("SELECT * { ?s <u:p> (1) }") == [
        f"?pedgraph_node_1 <{rdf}first> 1 .",
        f"?pedgraph_node_1 <{rdf}rest> <{rdf}nil> .",
        "?s <u:p> ?pedgraph_node_1 .",
    ]


def test_what_stands_around_the_group() -> None:
    text = (
        "BASE <u:b/> PREFIX x: <c#> CONSTRUCT { ?s a x:y } WHERE { ?s ?p ?o } "
        "GROUP BY ?s HAVING (COUNT(?s) > 1) LIMIT 5 OFFSET 7 VALUES ?o { x:z }"
    )

    reading = read(text)

    assert reading.prologue == "BASE <u:b/>\nPREFIX x: <c#>\n"
    assert reading.prefixes == (Declaration("x", "u:b/c#", text.index("<c#>")),)
    assert reading.template == Template("{ ?s a x:y }", text.index("{"))
    values = reading.modifiers.values
    assert isinstance(values, Part)
    assert [(term.text, term.value) for term in values.terms] == [("x:z", NamedNode("u:b/c#z"))]
    assert reading.modifiers == Modifiers(
        is_grouped=True,
        limit=5,
        limit_offset=text.index("5 OFFSET"),
        skipped=7,
        skipped_offset=text.index("7 VALUES"),
        having=text.index("HAVING"),
        values=values,
    )


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("SELECT (count(*) AS ?n) { ?s ?p ?o }", True),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s", False),
        ("SELECT (STR(?s) AS ?n) { ?s ?p ?o }", False),
        ("SELECT * { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }", False),
    ],
)
def test_whether_a_query_makes_one_row_of_nothing(text: str, counts: bool) -> None:
    assert read(text).counts_all is counts


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_query_is_read(path: Path) -> None:
    assert group_of(path.read_text(encoding="utf-8")).elements


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { << ?s ?p ?o >> a ?t }",
        "SELECT * { " + "{" * 60 + "}" * 60 + " }",
        "SELECT * { ?s ?p " + "[ ?p " * 60 + "1" + "]" * 60 + " }",
        "SELECT * { ?s ?p ?o",
        "SELECT * { ?s ?p }",
        "SELECT * { SERVICE <u:x> { ?s ?p ?o } }",
        "",
    ],
)
def test_what_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_the_names_of_a_query_that_is_not_read() -> None:
    text = "PREFIX x: <u:x:> SELECT * { << ?s x:p <u:y> >> a x:t }"

    names = read_names(text).head_terms

    assert [(term.shown, term.offset, term.value) for term in names] == [
        ("x:p", text.index("x:p"), NamedNode("u:x:p")),
        ("<u:y>", text.index("<u:y>"), NamedNode("u:y")),
        ("x:t", text.index("x:t"), NamedNode("u:x:t")),
    ]


WORDS = """{ } ( ) [ ] ?a a:b <u:x> 'x' @en ^^ 5 . ; , / ^ * SELECT FILTER UNION OPTIONAL GRAPH VALUES BIND MINUS WHERE
    CONSTRUCT a - PREFIX BASE LIMIT FROM NAMED DESCRIBE _:b true # \\ < + '''"""
PIECES = st.lists(st.sampled_from([*WORDS.split(), "\n", '"""']), max_size=40).map(" ".join)


@settings(max_examples=600)
@given(st.text(max_size=200) | PIECES | PIECES.map("SELECT * {{ {} }}".format))
def test_any_text_is_read_or_not_but_nothing_else_goes_wrong(text: str) -> None:
    with suppress(Unreadable):
        for use in uses(read(text)):
            assert use
    assert read_names(text).where is None
    with suppress(PedgraphError):
        check(text, SETTINGS)


@given(st.text(max_size=200) | PIECES)
def test_the_signs_stand_where_they_say(text: str) -> None:
    found = lexemes(text)

    assert [text[lexeme.offset : lexeme.end] for lexeme in found] == [lexeme.text for lexeme in found]
    assert all(before.end <= after.offset for before, after in pairwise(found))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["{", "[", "(", "?s ?p ?o . ", "a:b ", "^", "'x'@en ", "PREFIX a: <u:> ", "?s <u:p>/"])
def test_no_text_makes_the_reading_hang(unit: str) -> None:
    with suppress(Unreadable):
        read("SELECT * { " + unit * (100_000 // len(unit)))


@pytest.mark.parametrize(
    ("group", "joined", "filters"),
    [
        ("?a ?b ?c . ?d ?e ?f . ?c ?g ?d", ["?a ?b ?c .", "?c ?g ?d .", "?d ?e ?f ."], []),
        ("?a ?b ?c OPTIONAL { ?a ?x ?y } ?y ?z 1", ["?a ?b ?c .", "OPTIONAL { ?a ?x ?y }", "?y ?z 1 ."], []),
        ("FILTER(?c > 1) ?a ?b ?c", ["?a ?b ?c ."], ["FILTER(?c > 1)"]),
        ("{ { ?a ?b ?c } ?a ?d ?e }", ["?a ?b ?c .", "?a ?d ?e ."], []),
        ("GRAPH <u:g> { ?a ?b ?c . ?c ?d ?e }", ["GRAPH <u:g> { ?a ?b ?c . }", "GRAPH <u:g> { ?c ?d ?e . }"], []),
        ("GRAPH ?g { ?a ?b ?c FILTER(?c > 1) }", ["GRAPH ?g { ?a ?b ?c FILTER(?c > 1) }"], []),
        ("{ SELECT ?a { ?a ?b ?c } }", ["{ SELECT ?a { ?a ?b ?c } }"], []),
    ],
)
def test_the_steps_of_a_group(group: str, joined: list[str], filters: list[str]) -> None:
    steps = steps_of(group_of(f"SELECT * {{ {group} }}"))

    assert [" ".join(step.text.split()) for step in steps.joined] == joined
    assert [step.text for step in steps.filters] == filters


def test_what_names_are_used_as() -> None:
    text = """PREFIX x: <u:> SELECT * { x:s x:p x:o ; a/x:sub* x:c . GRAPH x:g { ?a x:q ?b } FILTER(?a = x:v && x:f(?b))
        VALUES ?b { x:w } OPTIONAL { ?a x:not ?b } FILTER NOT EXISTS { ?a x:nor ?b } MINUS { ?a x:never ?b } }"""

    assert [(term.shown, role) for term, role in uses(read(text))] == [
        ("x:s", "thing"),
        ("x:p", "property"),
        ("x:o", "thing"),
        ("x:sub", "property"),
        ("x:c", "class"),
        ("x:g", "graph"),
        ("x:q", "property"),
        ("x:v", "other"),
        ("x:w", "other"),
    ]


def test_the_nearest_names() -> None:
    ours, other = "https://w3id.org/pedgraph/ont#", "https://schema.org/"
    known = [f"{ours}City", f"{ours}Activity", f"{other}City", f"{ours}DemonstrationSite", f"{ours}inCity"]

    assert nearest(f"{ours}Cty", known) == [f"{ours}City", f"{other}City"]
    assert nearest(f"{ours}Site", known) == [f"{ours}DemonstrationSite"]
    assert nearest(f"{ours}CITY", known) == [f"{ours}City", f"{other}City"]
    assert nearest(f"{ours}Zebra", known) == []


def test_the_nearest_graphs() -> None:
    graphs = [f"https://w3id.org/pedgraph/graph/{name}" for name in ("s1/1", "s2/1", "meta", "reference")]

    assert nearest_graphs("https://w3id.org/pedgraph/graph/s1/2", graphs)[0] == graphs[0]
    assert nearest_graphs("https://w3id.org/pedgraph/graph/Meta", graphs)[0] == graphs[2]


@pytest.mark.parametrize(
    ("prefix", "namespace", "meant", "difference"),
    [
        ("schema", "http://schema.org/", "https://schema.org/", "begins with https:, not with http:"),
        ("sdo", "http://schema.org/", "https://schema.org/", "begins with https:, not with http:"),
        ("pedg", "https://w3id.org/pedgraph/ont/", "https://w3id.org/pedgraph/ont#", "ends with '#', not with '/'"),
        ("pedg", "https://w3id.org/pedgraph/ont", "https://w3id.org/pedgraph/ont#",
         "ends with '#', which is missing here"),
        (
            "skos", "http://www.w3.org/2004/02/skos/cor#", "http://www.w3.org/2004/02/skos/core#",
            "is http://www.w3.org/2004/02/skos/core#",
        ),
        ("skos", "http://www.w3.org/2004/02/skos/core#", None, ""),
        ("ped", "https://w3id.org/pedgraph/id/ped/", None, ""),
        ("x", "urn:x:", None, ""),
    ],
)  # fmt: skip
def test_slips_of_prefixes(prefix: str, namespace: str, meant: str | None, difference: str) -> None:
    found = [(slip.meant, slip.difference) for slip in slips([Declaration(prefix, namespace, 0)])]

    assert found == ([] if meant is None else [(meant, difference)])


def test_a_name_is_written_with_a_prefix_of_the_query() -> None:
    declared = [Declaration("a", "u:a/", 0), Declaration("b", "u:a/b/", 0)]

    assert [writable(iri, declared) for iri in ("u:a/x", "u:a/b/x", "u:a/b/c/x", "u:c")] == [
        "a:x", "b:x", "<u:a/b/c/x>", "<u:c>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "known", "kind", "found"),
    [
        (Literal("Lyon"), [Literal("Lyon", language="en"), Literal("Lyons")], "language-differs", ['"Lyon"@en']),
        (Literal("Lyon", language="fr"), [Literal("Lyon")], "language-differs", ['"Lyon"']),
        (
            Literal("2030"),
            [Literal("2030", datatype=GYEAR)],
            "datatype-differs",
            [str(Literal("2030", datatype=GYEAR))],
        ),
        (Literal(5), [Literal("5.0")], "datatype-differs", ['"5.0"']),
        (Literal("lyon"), [Literal("LYON "), Literal("lion")], "spelling-differs", ['"LYON "']),
        (Literal("Lyoon"), [Literal("Lyon"), Literal("Porto")], "spelling-differs", ['"Lyon"']),
        (Literal("Lyon"), [Literal("Porto")], None, []),
        (Literal("Lyon"), [Literal("Lyon")], None, []),
    ],
)
def test_how_literals_differ(asked: Literal, known: list[Literal], kind: str | None, found: list[str]) -> None:
    difference = compare(asked, known)

    literals = [str(literal) for literal in difference.literals] if difference else []
    assert (difference.kind if difference else None, literals) == (kind, found)
