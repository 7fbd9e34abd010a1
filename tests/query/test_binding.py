"""Values of stored queries: each becomes a term of its kind or is refused, and nothing of it is read as a query."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, URIRef
from rdflib.term import Literal as RdflibLiteral

from pedgraph.errors import BadRequest
from pedgraph.query.binding import bind, counting, ordered, paged, term_of, with_terms
from pedgraph.query.codes import CodeLists
from pedgraph.query.kinds import EXPECTED, PARAMETER_KINDS
from pedgraph.query.library import Column, Parameter, StoredQuery, read_library

XSD = "http://www.w3.org/2001/XMLSchema#"
CODES = CodeLists()
LIBRARY = read_library()
WITH_PARAMETERS = [query for query in LIBRARY.values() if query.parameters]
TEMPLATE = """PREFIX ex: <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?first ?second
WHERE {
  VALUES ?first { ex:default }
  VALUES ?second { "default" }
}
ORDER BY ?first
"""


def template(first: str = "iri", second: str = "text", choices: tuple[str, ...] = ()) -> StoredQuery:
    return StoredQuery(
        name="template",
        topic="test",
        title="",
        description="",
        parameters=(
            Parameter("first", first, "", "ex:default", scheme="city-role" if first == "code" else None),
            Parameter("second", second, "", "default", choices=choices),
        ),
        columns=(Column("first", "term", ""), Column("second", "term", "")),
        answers=(),
        since="",
        never_empty=False,
        text=TEMPLATE,
    )


def evaluated(text: str) -> list[tuple[object, ...]]:
    solutions = Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(solution) for solution in solutions]


def algebra(text: str) -> Any:  # noqa: ANN401
    """A query as another engine reads it, as nested lists."""
    return as_lists(prepareQuery(text).algebra)


def as_lists(part: Any) -> Any:  # noqa: ANN401
    if isinstance(part, CompValue):
        return [part.name, *([key, as_lists(value)] for key, value in sorted(part.items()))]
    if isinstance(part, dict):
        return sorted(([str(key), as_lists(value)] for key, value in part.items()), key=str)
    if isinstance(part, set | frozenset):
        return sorted((as_lists(each) for each in part), key=str)
    if isinstance(part, list | tuple):
        return [as_lists(each) for each in part]
    return part


def replaced(part: Any, old: Identifier, new: Identifier) -> Any:  # noqa: ANN401
    if isinstance(part, list):
        return [replaced(each, old, new) for each in part]
    return new if part == old and type(part) is type(old) else part


HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="\\uU0041\"'{}<>? \n\r\t#.;()|@^:"),
    st.sampled_from(
        [
            '" } ?s ?p ?o . VALUES ?x { "',
            '"""',
            "'''",
            "\\",
            '\\"',
            "\\u0022 } ?s ?p ?o { \\u0022",
            "\\U00000022",
            "VALUES ?second { ",
            "x> } SERVICE <http://example.org/> { ?s ?p ?o",
            "} # ",
            "\ud800",
            "\x00",
            "ex:a } ?s ?p ?o {",
            "http://example.org/a> <http://example.org/b",
        ]
    ),
)


@given(HOSTILE)
@settings(max_examples=300, deadline=None)
def test_a_text_comes_out_as_it_went_in(value: str) -> None:
    try:
        text = bind(template(), [("second", value)], CODES)
    except BadRequest:
        with pytest.raises(UnicodeEncodeError):
            value.encode()
        return

    assert evaluated(text) == [(NamedNode("http://example.org/default"), Literal(value))]


@given(HOSTILE)
@settings(max_examples=50, deadline=None)
def test_another_engine_reads_the_same_query_but_for_the_text(value: str) -> None:
    """Its reader resolves code point escapes before it parses, as SPARQL 1.1 Query, section 19.2, has it."""
    try:
        text = bind(template(), [("second", value)], CODES)
    except BadRequest:
        return

    wanted = replaced(algebra(TEMPLATE), RdflibLiteral("default"), RdflibLiteral(value))
    assert algebra(text) == wanted


@given(HOSTILE.map(lambda text: "http://example.org/" + text) | HOSTILE)
@settings(max_examples=100, deadline=None)
def test_an_iri_is_read_as_one_or_refused(value: str) -> None:
    try:
        text = bind(template(), [("first", value)], CODES)
    except BadRequest:
        return

    (row,) = evaluated(text)
    assert row[1] == Literal("default")
    node = row[0]
    assert isinstance(node, NamedNode)
    assert replaced(algebra(text), URIRef(node.value), URIRef("http://example.org/default")) == algebra(TEMPLATE)


@given(HOSTILE, st.sampled_from(sorted(PARAMETER_KINDS - {"text", "iri"})))
@settings(max_examples=100, deadline=None)
def test_values_of_other_kinds_are_read_as_such_or_refused(value: str, kind: str) -> None:
    query = template(kind, kind) if kind == "code" else template("iri", kind)
    name = "first" if kind == "code" else "second"
    try:
        text = bind(query, [(name, value)], CODES)
    except BadRequest:
        return

    assert len(evaluated(text)) == 1


@given(st.lists(HOSTILE, min_size=2, max_size=2))
@settings(max_examples=100, deadline=None)
def test_a_value_that_looks_like_a_place_for_another_one_is_none(values: list[str]) -> None:
    query = template("iri", "text")
    terms = {"first": Literal(f"VALUES ?second {{ {values[0]} }}".encode("utf-8", "ignore").decode())}
    second = Literal(values[1].encode("utf-8", "ignore").decode())

    assert evaluated(with_terms(query, terms | {"second": second})) == [(terms["first"], second)]


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("iri", "ex:a", NamedNode("http://example.org/a")),
        ("iri", "id:city/fr-lyon", NamedNode("https://w3id.org/pedgraph/id/city/fr-lyon")),
        ("iri", "<urn:x:y>", NamedNode("urn:x:y")),
        ("iri", "<network:a>", NamedNode("network:a")),
        ("iri", "urn:x:y", NamedNode("urn:x:y")),
        ("text", "", Literal("")),
        ("text", "Łódź 🏙", Literal("Łódź 🏙")),
        ("integer", "-7", Literal("-7", datatype=NamedNode(XSD + "integer"))),
        ("decimal", "+1.50", Literal("+1.50", datatype=NamedNode(XSD + "decimal"))),
        ("decimal", ".5", Literal(".5", datatype=NamedNode(XSD + "decimal"))),
        ("boolean", "true", Literal("true", datatype=NamedNode(XSD + "boolean"))),
        ("date", "2024-02-29", Literal("2024-02-29", datatype=NamedNode(XSD + "date"))),
        ("year", "2025", Literal("2025", datatype=NamedNode(XSD + "gYear"))),
    ],
)
def test_a_value_becomes_a_term_of_its_kind(kind: str, value: str, term: NamedNode | Literal) -> None:
    assert term_of(value, Parameter("it", kind, ""), template(), CODES) == term


def test_a_text_may_have_a_language() -> None:
    parameter = Parameter("it", "text", "", language="nl")

    assert term_of("wijk", parameter, template(), CODES) == Literal("wijk", language="nl")


@pytest.mark.parametrize("value", ["follower", "city-role:follower", "code:city-role/follower", "<{}>", "{}"])
def test_a_code_goes_by_its_slug_or_its_iri(value: str) -> None:
    iri = "https://w3id.org/pedgraph/code/city-role/follower"
    query = LIBRARY["list-cities-by-role"]

    assert term_of(value.format(iri), query.parameters[1], query, CODES) == NamedNode(iri)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", ""),
        ("iri", "fr-lyon"),
        ("iri", "http://example.org/a b"),
        ("iri", "_:b"),
        ("iri", "network:scalable-cities"),
        ("integer", "1.0"),
        ("integer", "1" * 19),
        ("integer", "\uff11"),
        ("integer", ""),
        ("decimal", "1e5"),
        ("decimal", "NaN"),
        ("decimal", "."),
        ("decimal", "0." + "1" * 19),
        ("boolean", "True"),
        ("boolean", "1"),
        ("date", "2025-02-29"),
        ("date", "2025-06"),
        ("date", "20250611"),
        ("date", "2025-06-11Z"),
        ("year", "25"),
        ("year", "20255"),
        ("text", "\ud800"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_an_example_that_fits(kind: str, value: str) -> None:
    parameter = Parameter("it", kind, "")

    with pytest.raises(BadRequest) as caught:
        term_of(value, parameter, template(), CODES)

    said = caught.value.extensions
    assert (said["parameter"], said["expected"]) == ("it", EXPECTED[kind][0])
    assert term_of(str(said["example"]), parameter, template(), CODES)


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    query = LIBRARY["list-cities-by-role"]

    with pytest.raises(BadRequest, match="Did you mean follower or fellow") as caught:
        bind(query, [("role", "city-role:folower")], CODES)

    assert caught.value.extensions["known"] == [
        "case", "demonstration", "fellow", "follower", "lead", "lighthouse", "multiplier", "observer", "partner",
        "project", "replication",
    ]  # fmt: skip


def test_one_of_a_few_values_is_taken_and_no_other() -> None:
    query = template(choices=("up", "down"))

    assert '"down"' in bind(query, [("second", "down")], CODES)
    with pytest.raises(BadRequest, match="one of up, down"):
        bind(query, [("second", "left")], CODES)


def test_unknown_and_repeated_parameters_are_refused() -> None:
    query = LIBRARY["list-cities-by-role"]

    with pytest.raises(BadRequest, match="Did you mean 'project'") as caught:
        bind(query, [("projct", "x")], CODES)
    assert caught.value.extensions["known"] == ["project", "role", "format", "version", "limit", "offset", "timeout"]
    with pytest.raises(BadRequest, match="more than once"):
        bind(query, [("role", "fellow"), ("role", "fellow")], CODES)


@pytest.mark.parametrize("query", WITH_PARAMETERS, ids=lambda query: query.name)
def test_the_default_in_the_header_is_the_one_in_the_text(query: StoredQuery) -> None:
    given = [(each.name, each.default) for each in query.parameters if each.default is not None]

    assert len(given) == len(query.parameters)
    assert algebra(bind(query, given, CODES)) == algebra(query.text)


def test_pages_have_an_order_that_leaves_nothing_open() -> None:
    text = paged(LIBRARY["list-cities"], LIBRARY["list-cities"].text, limit=5, offset=10)

    end = "ORDER BY ?label ?project ?role ?city ?label ?country ?role ?project\nLIMIT 5\nOFFSET 10\n"
    assert text.endswith(end)
    assert ordered(LIBRARY["list-cities"], LIBRARY["list-cities"].text) + "LIMIT 5\nOFFSET 10\n" == text


def test_rows_are_counted() -> None:
    text = counting(bind(template(), [("second", '"} LIMIT 0 #')], CODES))

    assert evaluated(text) == [(Literal(1),)]
