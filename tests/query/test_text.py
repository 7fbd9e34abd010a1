"""What a query text may contain, and what is known of it before it is evaluated."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from pedgraph.errors import (
    BadRequest,
    PedgraphError,
    QuerySyntaxError,
    QueryTooDeep,
    ServiceRefused,
    TooLarge,
    UpdateNotAllowed,
)
from pedgraph.query.text import Form, check
from pedgraph.query.tokens import position, tokens
from pedgraph.settings import load_settings

SETTINGS = load_settings({})


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", Form.SELECT),
        ("select*{}", Form.SELECT),
        ("\ufeffASK {}", Form.ASK),
        ("# SELECT\nASK {}", Form.ASK),
        ("PREFIX ASK: <urn:x:> CONSTRUCT {} WHERE {}", Form.CONSTRUCT),
        ("BASE <urn:x:> PREFIX : <urn:y:> PREFIX select: <urn:z:> DESCRIBE <a>", Form.DESCRIBE),
        ('VERSION "1.2" SELECT * {}', Form.SELECT),
    ],
)
def test_the_form_of_a_query(text: str, form: Form) -> None:
    assert check(text, SETTINGS).form is form


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", QuerySyntaxError),
        (" \n# nothing\n", QuerySyntaxError),
        ("HELLO", QuerySyntaxError),
        ("<urn:x> ?p", QuerySyntaxError),
        ("PREFIX x: <urn:x:>", QuerySyntaxError),
        ("INSERT DATA {}", UpdateNotAllowed),
        ("PREFIX x: <urn:x:> with x:g delete {} where {}", UpdateNotAllowed),
        ("LOAD <urn:x>", UpdateNotAllowed),
        ("SELECT * { SERVICE <urn:x> {} }", ServiceRefused),
        ("SELECT * " + "{" * 501, QueryTooDeep),
        ("SELECT * FROM x:a FROM x:b {}", QuerySyntaxError),
        ("ASK {}" + " " * 2**20, TooLarge),
        ("ASK { '\ud800' }", BadRequest),
        ("SELECT (SAMPLE(1<2&&'>'='x') AS ?z) FROM <urn:a> FROM <urn:b> {}", QuerySyntaxError),
        ("ASK { { SELECT (1 AS ?a) ((2<#b>\n3) AS ?c) {} } }", QuerySyntaxError),
        ("ASK { FILTER<urn:f>(2<#b>\n3) }", QuerySyntaxError),
        ("ASK { ?s ?p trueFILTER:f(2<#b>\n3) }", QuerySyntaxError),
        ("ASK { { SELECT * {} HAVING(1) (2<#b>\n3) } }", QuerySyntaxError),
        ("PREFIX h: <urn:h:> SELECT * FROMh:g FROMh:k {}", QuerySyntaxError),
        ("PREFIX h: <urn:h:> SELECT * FROMNAMED <urn:a> {}", QuerySyntaxError),
        ("ASK { ?s ?p '''text }", QuerySyntaxError),
        ('ASK { ?s ?p """text\\""" }', QuerySyntaxError),
    ],
)
def test_what_is_refused(text: str, error: type[PedgraphError]) -> None:
    with pytest.raises(error):
        check(text, SETTINGS)


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * {}", None, None),
        ("SELECT * FROM <urn:a> {}", ("urn:a",), ()),
        ("SELECT * FROM NAMED <urn:a> WHERE {}", (), ("urn:a",)),
        ("ASK FROM <urn:a> FROM <urn:b> FROM NAMED <urn:c> {}", ("urn:a", "urn:b"), ("urn:c",)),
        ("BASE <http://x/> PREFIX y: <urn:y:> SELECT ?x from <a> from y:b where {}", ("http://x/a", "urn:y:b"), ()),
        ("SELECT * FROM <a> FROM <../b> {}", ("https://w3id.org/pedgraph/a", "https://w3id.org/b"), ()),
        ('VERSION "1.2" PREFIX : <x/> ASK FROM :a FROM <urn:b> {}', ("https://w3id.org/pedgraph/x/a", "urn:b"), ()),
        ("CONSTRUCT { ?s ?p ?o } FROM <urn:a> WHERE { ?s ?p ?o }", ("urn:a",), ()),
        ("CONSTRUCT FROM <urn:a> WHERE { ?s ?p ?o }", ("urn:a",), ()),
        ("DESCRIBE <urn:x> FROM <urn:a>", ("urn:a",), ()),
        ("SELECT (1 AS ?from) { ?from <urn:from> 'FROM <urn:a>' } # FROM <urn:b>", None, None),
        ("SELECT * FROM <urn:a> { ?s ?p ?o . { SELECT * { ?x ?y ?z } } }", ("urn:a",), ()),
    ],
)
def test_dataset_clauses(text: str, default: tuple[str, ...] | None, named: tuple[str, ...] | None) -> None:
    checked = check(text, SETTINGS)

    assert (checked.default_graphs, checked.named_graphs) == (default, named)


def test_the_declared_prefixes_are_known() -> None:
    assert check("PREFIX b: <urn:b:> PREFIX : <urn:a:> ASK {}", SETTINGS).prefixes == (("", "urn:a:"), ("b", "urn:b:"))


def test_a_position_counts_lines_and_columns_from_one() -> None:
    assert [position("ab\ncd\n\ne", offset) for offset in (0, 1, 3, 7)] == [(1, 1), (1, 2), (2, 1), (4, 1)]


BEFORE = st.text(alphabet="<>\"'\\#:?@.,;-_u0053 \n\t/aé()[]|^1", max_size=25)
# Pieces of expressions that a tokenizer and a parser may cut differently.
PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "2", "?a", "e:a", "true", "'", '"', "#", "\n", "(", ")", "&&", "||", "=", ",", "'>'", "'''", "<u:x>"]
    ),
    max_size=12,
).map("".join)
CALL_WORDS = st.sampled_from(["SERVICE{}", "service{}", "SERVICEe:", "serviceSILENT{}", "SERVICE e:"])
FRAMES = [
    "{before} ",
    "FILTER(1{before}) ",
    "FILTER(?a{before})",
    "FILTER(1<2{before}",
    "?a ?b ({before}) . ",
    "?a ?b {before}",
    "VALUES (?d ?e) {{ ({before}) }} ",
    "?a ?b <<({before})>> . ",
    "?a ?b (({before}) [ ?c ({before}) ]) . ",
    "FILTER e:f({before}) ",
    "FILTERe:f({before}) ",
    "BIND({before} AS ?z) ",
    "?a ?b trueFILTER({before}) ",
    "{{ SELECT (1 AS ?d) ({before} AS ?e) {{}} GROUP BY (1) ({before}) HAVING(1) ({before}) }} ",
]


@settings(max_examples=500)
@given(BEFORE | PIECES, st.sampled_from(FRAMES), CALL_WORDS, st.sampled_from(["", " #x\n"]))
def test_whatever_the_engine_takes_as_a_call_is_refused(before: str, frame: str, word: str, between: str) -> None:
    """The engine is the judge: where it would call out, the check must have refused."""
    prologue = "PREFIX e: <http://127.0.0.1:1/> SELECT * { ?a ?b ?c . "
    call = word.format(f"{between}\n<http://127.0.0.1:1/>")
    query = f"{prologue}{frame.format(before=before)}{call} {{ ?s ?p ?o }} }}"
    loud = query.replace("SILENT", " ")
    store = Store()
    store.update("INSERT DATA { <urn:x:a> <urn:x:b> <urn:x:c> }")
    try:
        list(store.query(loud))  # type: ignore[arg-type]
    except SyntaxError:
        return
    except (OSError, RuntimeError):
        for refused in (loud, query):
            with pytest.raises(PedgraphError):
                check(refused, SETTINGS)


@given(st.text(max_size=200))
def test_any_text_is_checked_or_refused(text: str) -> None:
    with suppress(PedgraphError):
        assert check(text, SETTINGS).text == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["<", '"', "'''a''", '\\"', "a:%", "\\", "a.", "@a-", "9", ":", "{}", "?s ?p ?o . ", "\\u0041", "#", "a:b "]
)
def test_no_text_makes_the_check_hang(unit: str) -> None:
    """Half a megabyte of the same: a loop that goes back over it would not come to an end within the time-out."""
    text = "ASK { " + unit * (500_000 // len(unit))

    assert sum(1 for _ in tokens(text)) > 0


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s <#p> ?o FILTER(?o = <#a> || ?o IN (<#a>, <b(1)>)) }",
        "ASK { ?s ?p ?o FILTER(?o<2 && ?s>?o) }",
        "ASK { ?s ?p ?o FILTER(?o <?s&&?p>2) }",
        "ASK { VALUES (?s ?o) { (<urn:x:a#b> <urn:x:c#d>) ('a' <http://x/#y>) } }",
        "PREFIX http: <urn:x:> ASK { VALUES (?s ?o) { (1 <http://x/#y>) } }",
        "PREFIX fromage: <urn:x:> DESCRIBE fromage:a FROM fromage:b",
        "SELECT ?from FROM <urn:a> { ?from ?p ?o }",
        "ASK { VALUES (?s ?o) { ('a' <#y>) (<#x> <y(1)>) } }",
        "ASK { ('a' <#y> (?x <#z>)) ?p [ ?q (1 <#a>) ] ; a (1 <#b>) }",
        "ASK { <<(?a <#p> 1)>> ?p ?o FILTER(<<(?a <#p> 1)>> = <<( ?a <p(1)> 2)>>) }",
        "ASK { ?s ?p ?o ~ <#r> {| <#a> 'b' |} }",
    ],
)
def test_what_reads_the_same_either_way_is_not_refused(text: str) -> None:
    assert check(text, SETTINGS).text == text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (now() AS ?x) {}",
        "SELECT (Uuid() AS ?x) {}",
        "SELECT (strUUID() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT (bnode ('a') AS ?x) {}",
        "ASK { FILTER(RAND # in between\n() < 2) }",
        "ASK { FILTER(1<RAND()) }",
        "ASK { FILTER(1+RAND()>0) }",
        "SELECT * { ?s ?p ?o } ORDER BYRAND()",
        "CONSTRUCT { [] <urn:x:p> ?x } WHERE { ?x ?p ?o }",
        "CONSTRUCT { _:a <urn:x:p> ?x } { ?x ?p ?o }",
        "CONSTRUCT { ?x <urn:x:p> (1) } { ?x ?p ?o }",
        "ASK { FILTER(\\u0052AND() > 0) }",
        "ASK { FILTER(R\\U00000041ND() > 0) }",
    ],
)
def test_what_may_answer_differently_next_time_is_volatile(text: str) -> None:
    assert check(text, SETTINGS).is_volatile


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "ASK { ?s ?p 'RAND()', \"NOW()\", '''UUID()''' }",
        "ASK { ?s ?p <urn:x:RAND()> } # NOW()",
        "PREFIX NOW: <urn:x:> ASK { ?RAND NOW:UUID $BNODE }",
        "ASK { ?s ?p 'now'@now }",
        "CONSTRUCT { ?x <urn:x:p> ?y } WHERE { ?x ?p [ ?q ?y ] }",
        "CONSTRUCT { ?x <urn:x:p> ?y } { ?x ?p [ ?q ?y ] }",
        "CONSTRUCT WHERE { ?x ?p ?y }",
        "SELECT * { ?x ?p [ ?q ?y ] }",
        "ASK { ?s ?p '\\u0052AND()' }",
        "ASK { ?s ?p ?o FILTER(?o > 0 && STRLEN(?s) < 9) }",
    ],
)
def test_the_words_elsewhere_are_not_volatile(text: str) -> None:
    assert not check(text, SETTINGS).is_volatile


CALLS = st.sampled_from(
    ["RAND()", "UUID()", "STRUUID()", "BNODE()", "rand ()", "bnode('a')", "1", "?a", "STR(?a)", "'RAND()'"]
)


@settings(max_examples=300)
@given(
    BEFORE | PIECES, CALLS, st.sampled_from(["BIND({} AS ?z)", "FILTER({})", "BIND((1{}) AS ?z)", "BIND((?a{}) AS ?z)"])
)
def test_what_the_engine_answers_differently_is_volatile(before: str, call: str, frame: str) -> None:
    """The engine is the judge: where two evaluations differ, the check must have said so, or refused."""
    text = f"PREFIX e: <u:> SELECT * {{ VALUES ?a {{ 1 2 3 4 }} {frame.format(before + call)} }}"
    store = Store()
    try:
        answers = {str(list(store.query(text))) for _ in range(4)}  # type: ignore[arg-type]
    except (SyntaxError, RuntimeError):
        return
    if len(answers) > 1:
        try:
            assert check(text, SETTINGS).is_volatile
        except PedgraphError:
            return
