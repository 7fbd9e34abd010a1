"""CSV and XML that every reader of them reads back as what was written."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    serialize,
)

from pedgraph.store.failing import Failure
from pedgraph.store.markup import XmlOutput
from pedgraph.store.tables import write_csv

RESULTS = "{http://www.w3.org/2005/sparql-results#}"
IRIS = st.builds(lambda text: NamedNode("urn:x:" + text), st.text(alphabet="a,é'()", max_size=4))
TEXTS = st.text(alphabet="a,\"'\r\n\tŁ;", max_size=5)
TERMS = st.one_of(
    st.none(),
    IRIS,
    st.builds(Literal, TEXTS),
    st.builds(lambda text: Literal(text, language="en"), TEXTS),
    st.builds(Literal, st.integers()),
)


def solutions(rows: list[list[NamedNode | Literal | None]], width: int) -> QuerySolutions:
    names = " ".join(f"?c{index}" for index in range(width))
    values = " ".join(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows)
    result = Store().query(f"SELECT {names} {{ VALUES ({names}) {{ {values} }} }}")
    assert isinstance(result, QuerySolutions)
    return result


def csv_of(result: QuerySolutions) -> str:
    output = io.BytesIO()
    write_csv(result, output)
    return output.getvalue().decode()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[NamedNode | Literal | None]], int]:
    width = draw(st.integers(2, 4))
    return draw(st.lists(st.lists(TERMS, min_size=width, max_size=width), max_size=6)), width


@settings(max_examples=200, deadline=None)
@given(table=tables())
def test_every_table_is_read_back_as_it_was(table: tuple[list[list[NamedNode | Literal | None]], int]) -> None:
    rows, width = table

    text = csv_of(solutions(rows, width))

    given_rows = list(csv.reader(io.StringIO(text, newline="")))
    assert given_rows[0] == [f"c{index}" for index in range(width)]
    assert given_rows[1:] == [["" if term is None else term.value for term in row] for row in rows]


@settings(max_examples=100, deadline=None)
@given(table=tables())
def test_it_differs_from_the_engine_only_where_a_comma_stands_in_an_iri(
    table: tuple[list[list[NamedNode | Literal | None]], int],
) -> None:
    rows, width = table
    has_comma = any(isinstance(term, NamedNode) and "," in term.value for row in rows for term in row)

    engine = solutions(rows, width).serialize(format=QueryResultsFormat.CSV)

    assert engine is not None
    assert (csv_of(solutions(rows, width)) == engine.decode()) != has_comma


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {}",
        "SELECT ?x {}",
        "SELECT ?x { VALUES ?x { '' UNDEF 'x' } }",
        "SELECT ?x ?y { VALUES ?x { 1 1.5 1e6 true } }",
        "SELECT ?x { BIND(<<( <urn:a> <urn:b> 'c' )>> AS ?x) }",
    ],
)
def test_odd_tables_are_as_the_engine_has_them(query: str) -> None:
    result, again = Store().query(query), Store().query(query)
    assert isinstance(result, QuerySolutions)
    assert isinstance(again, QuerySolutions)

    assert csv_of(result).encode() == again.serialize(format=QueryResultsFormat.CSV)


def test_a_blank_node_says_that_it_is_one() -> None:
    result = Store().query("SELECT ?x { BIND(BNODE() AS ?x) }")
    assert isinstance(result, QuerySolutions)

    assert csv_of(result).startswith("x\r\n_:")


def xml_of(text: str) -> bytes:
    output = io.BytesIO()
    result = Store().query("SELECT ?x ?y { BIND(?z AS ?x) }", substitutions={Variable("y"): Literal(text)})
    assert isinstance(result, QuerySolutions)
    result.serialize(XmlOutput(output, gives_graph=False), QueryResultsFormat.XML)  # type: ignore[arg-type]
    return output.getvalue()


@pytest.mark.parametrize("text", ["a\rb", "\r\n", "\ufffd", "é\U0001f600", "ﷰ", "\t\n", "\x7f\x85", "]]>&<"])
def test_xml_gives_back_every_character_that_it_can_carry(text: str) -> None:
    document = ET.fromstring(xml_of(text))  # noqa: S314 (our own)
    found = document.find(f".//{RESULTS}binding[@name='y']/{RESULTS}literal")
    assert found is not None
    assert found.text == text

    output = io.BytesIO()
    triple = Triple(NamedNode("urn:x:a"), NamedNode("urn:x:p"), Literal(text))
    serialize([triple], XmlOutput(output, gives_graph=True), RdfFormat.RDF_XML)  # type: ignore[arg-type]
    assert [quad.triple for quad in parse(output.getvalue(), RdfFormat.RDF_XML)] == [triple]


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_xml_is_refused_where_it_cannot_carry_a_character(character: str) -> None:
    with pytest.raises(Failure, match=f"U\\+{ord(character):04X}"):
        xml_of(f"a{character}b")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_where_the_pieces_end_does_not_matter(size: int) -> None:
    output = io.BytesIO()
    target = XmlOutput(output, gives_graph=False)
    data = "<a>\ufffd\rﷰ\ufffc</a>".encode()
    for at in range(0, len(data), size):
        target.write(data[at : at + size])
    assert output.getvalue() == data.replace(b"\r", b"&#xD;")

    broken = "<a>\ufffe</a>".encode()
    written = [target.write(broken[at : at + size]) for at in range(0, 3, size)]
    assert sum(written) >= 3
    with pytest.raises(Failure):
        target.write(broken[sum(written) :])
