"""Facts keep literals as they were written, and let queries see what is what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from pedgraph.store.facts import Facts, Together, unwrapped, wrapped

XSD = "http://www.w3.org/2001/XMLSchema#"
NODE = NamedNode("urn:x:a")


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("01", "integer"), ("1.0", "decimal"), ("5", "nonNegativeInteger"), ("1", "boolean"), ("1.0E6", "double")],
)
def test_what_the_engine_would_rewrite_is_kept(text: str, kind: str) -> None:
    written = typed(text, kind)
    facts = Facts.of([Triple(NODE, NODE, written)])

    assert [each[2] for each in facts.matching(NODE, None, None)] == [written]
    assert [each[2] for each in facts.matching(None, NODE, written)] == [written]
    assert facts.has_wrapped()
    assert facts.solutions("SELECT ?o { ?s ?p ?o }") == [(wrapped(written),)]


@given(
    st.sampled_from(["integer", "decimal", "boolean", "gYear", "date", "string"]),
    st.text("-0123456789.truefals", max_size=12),
)
def test_what_is_not_wrapped_the_engine_keeps(kind: str, text: str) -> None:
    literal = wrapped(typed(text, kind))
    store = Store()
    store.add(Quad(NODE, NODE, literal))

    assert next(iter(store)).object == literal
    assert unwrapped(literal) == typed(text, kind)


def test_facts_and_others_are_one() -> None:
    shared, other = (Triple(NODE, NODE, Literal(text)) for text in ("a", "b"))
    together = Together(Facts.of([shared]), lambda *_: [tuple(shared), tuple(other)])

    assert {each[2] for each in together.matching(None, None, None)} == {Literal("a"), Literal("b")}
    assert len(list(together.matching(None, None, None))) == 2
