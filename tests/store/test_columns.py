"""Columns of ``SELECT *`` come in the order of the text, and are exactly those that the engine has."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from pedgraph.query.columns import find_star
from pedgraph.query.text import check
from pedgraph.query.tokens import tokens
from pedgraph.settings import load_settings
from pedgraph.store.columns import with_columns

SETTINGS = load_settings({})
PREFIX = "PREFIX : <urn:x:?no/$none#> PREFIX e: <urn:x:>\n"

ORDERED = [
    ("SELECT * { ?z ?a ?m }", ["z", "a", "m"]),
    ("select*{ ?z ?a ?m }", ["z", "a", "m"]),
    ("SELECT DISTINCT* { $z ?a $m }", ["z", "a", "m"]),
    ("SELECT REDUCED # ?c *\n # ?b\n * WHERE { ?z ?a ?m }", ["z", "a", "m"]),
    ("SELECT * { ?z ?a 'x ?c' , \"?b\" , <urn:?d> , '''?e''' # ?f\n . ?z ?b ?y }", ["z", "a", "b", "y"]),
    ("SELECT * { ?z ?y ?x MINUS { ?b ?y ?x } }", ["z", "y", "x"]),
    ("SELECT * { ?z ?y ?x FILTER NOT EXISTS { ?b ?y ?x } }", ["z", "y", "x"]),
    ("SELECT * { FILTER EXISTS { ?b ?y ?x } ?z ?y ?x }", ["y", "x", "z"]),
    ("SELECT * { ?z ?y ?x { SELECT ?c ?a { ?a ?b ?c } } }", ["z", "y", "x", "c", "a"]),
    ("SELECT * { ?z ?y ?x { SELECT * { ?c ?b ?a } } }", ["z", "y", "x", "c", "b", "a"]),
    ("SELECT * { { SELECT (COUNT(*) AS ?n) ?b { ?a :p ?b } GROUP BY ?b } ?z :p ?b }", ["n", "b", "z"]),
    ("SELECT * { OPTIONAL { ?z ?y ?x } { ?b ?y ?x } UNION { ?a ?y ?x } }", ["z", "y", "x", "b", "a"]),
    ("SELECT * { VALUES (?z ?a) { (1 2) } BIND(?a * 2 AS ?m) }", ["z", "a", "m"]),
    ("SELECT * { ?z :p ?a } VALUES ?b { 1 }", ["z", "a", "b"]),
    ("SELECT * { GRAPH ?g { ?z ?a ?m } }", ["g", "z", "a", "m"]),
    ("SELECT * FROM <urn:x:?k> FROM NAMED <urn:x:l> { ?z ?a ?m } ORDER BY ?a ?b LIMIT 3", ["z", "a", "m"]),
    ("SELECT * { ?z :p?/:q*|^:r+ ?a . ?é ?a1 ?a }", ["z", "a", "é", "a1"]),
    ("SELECT * { ?zz ?z ?zzz }", ["zz", "z", "zzz"]),
    ("SELECT * { [] ?z [ ?a () ] }", ["z", "a"]),
    ("SELECT ?b ?a * { ?a ?b ?c }", None),
    ("SELECT ?b (2 * 3 AS ?a) { }", ["b", "a"]),
    ("SELECT (COUNT(*) AS ?z) (1 AS ?a) { ?b ?c ?d }", ["z", "a"]),
    ("SELECT * { }", []),
]


def rewritten(query: str) -> str:
    star = check(PREFIX + query, SETTINGS).star
    return with_columns(PREFIX + query, None if star is None else star.as_message(), Store())


@pytest.mark.parametrize(("query", "columns"), ORDERED)
def test_columns_come_in_the_order_of_the_text(query: str, columns: list[str] | None) -> None:
    text = rewritten(query)

    if columns is None:
        with pytest.raises(SyntaxError):
            Store().query(text)
        return
    result, before = Store().query(text), Store().query(PREFIX + query)
    assert isinstance(result, QuerySolutions)
    assert isinstance(before, QuerySolutions)
    assert [variable.value for variable in result.variables] == columns
    assert sorted(variable.value for variable in before.variables) == sorted(columns)


@pytest.mark.parametrize("results_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV])
def test_rows_stay_the_same(results_format: QueryResultsFormat) -> None:
    store = Store()
    store.update("INSERT DATA { <urn:s> <urn:p> 1, 2 . <urn:t> <urn:q> 'x' }")
    query = "SELECT * { ?z ?y ?x OPTIONAL { ?z <urn:q> ?a } } ORDER BY ?z ?x"

    given, wanted = store.query(rewritten(query)), store.query(query.replace("*", "?z ?y ?x ?a"))

    assert isinstance(given, QuerySolutions)
    assert isinstance(wanted, QuerySolutions)
    assert given.serialize(format=results_format) == wanted.serialize(format=results_format)


def test_nobody_is_called_to_learn_the_columns() -> None:
    """A call would be made by the engine here, not in a reader that may make it; the columns are the same."""
    text = "SELECT * { ?z ?y ?x SERVICE SILENT <http://127.0.0.1:9/service> { ?b ?y 'SERVICE ?c' } service ?a {} }"
    star = find_star(text, list(tokens(text)), 0)

    assert star is not None
    assert len(star.asked) == len(text)
    assert [token.text for token in tokens(star.asked) if token.kind == "word"] == ["SELECT", "GRAPH", "GRAPH"]
    assert "'SERVICE ?c'" in star.asked
    assert with_columns(text, star.as_message(), Store()) == text.replace("*", " ?z ?y ?x ?b ?a ")


def test_only_a_selection_has_a_star() -> None:
    assert check("ASK { ?s ?p ?o }", SETTINGS).star is None
    assert check("DESCRIBE * { ?s ?p ?o }", SETTINGS).star is None
    assert check("CONSTRUCT WHERE { ?s <urn:p>* ?o }", SETTINGS).star is None


def test_a_syntax_error_keeps_its_place() -> None:
    with pytest.raises(SyntaxError) as wanted:
        Store().query(PREFIX + "SELECT * { ?z }")
    with pytest.raises(SyntaxError) as given:
        rewritten("SELECT * { ?z }")

    assert str(given.value) == str(wanted.value)
