"""What one library writes is read as the same graph, and each position points at the object of its statement."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tests.intake.reading.texts import EX, TRIPLES, after, canonical, problems, reading

FLAT = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG, ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
NESTED = {".ttl": "turtle", ".trig": "turtle", ".rdf": "pretty-xml", ".xml": "xml"}


def by_rdflib(triples: list[Triple], name: str) -> str:
    graph = rdflib.Graph()
    content = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert content is not None
    graph.parse(data=content.decode(), format="nt")
    graph.bind("ex", EX)
    return graph.serialize(format=name)


def shown(term: object) -> str:
    """What of a term stands in every text: the lexical form, or the last part of the IRI."""
    if isinstance(term, Literal):
        return term.value
    return term.value.rpartition("/")[2] if isinstance(term, NamedNode) else ""


def element(text: str) -> str:
    """The element with which a text begins, up to its first end tag of this name."""
    name = re.match(r"<([\w:.-]+)", text)
    assert name is not None
    tag = text[: text.index(">") + 1]
    return tag if tag.endswith("/>") else text[: text.index(f"</{name[1]}")]


@settings(max_examples=60, deadline=None)
@given(triples=TRIPLES, suffix=st.sampled_from(sorted(FLAT)), line_end=st.sampled_from(["\n", "\r\n"]))
def test_flat_texts(triples: list[Triple], suffix: str, line_end: str) -> None:
    content = serialize(triples, format=FLAT[suffix], prefixes={"ex": EX} if suffix in {".ttl", ".trig"} else None)
    assert content is not None
    text = content.decode().replace("\n", line_end)

    document = reading(text, f"data{suffix}")

    assert problems(document) == []
    assert canonical(document.triples) == canonical(triples)
    for each in document.statements:
        line = after(text, each.position).split(line_end)[0]
        assert shown(each.triple.object) in line[: len(shown(each.triple.object)) + len(EX) + 1]


@settings(max_examples=60, deadline=None)
@given(triples=TRIPLES, suffix=st.sampled_from(sorted(NESTED)))
def test_nested_texts(triples: list[Triple], suffix: str) -> None:
    text = by_rdflib(triples, NESTED[suffix])

    document = reading(text, f"data{suffix}")

    assert problems(document) == []
    # What was written is not always what was to be written: rings of blank nodes come apart in nested XML.
    whole = [quad.triple for quad in parse(text, RdfFormat.from_extension(suffix.removeprefix(".")))]
    assert canonical(document.triples) == canonical(whole)
    for each in document.statements:
        rest = after(text, each.position)
        place = unescape(element(rest)) if suffix in {".rdf", ".xml"} else rest[: len(shown(each.triple.object)) + 4]
        assert shown(each.triple.object) in place


@settings(max_examples=40, deadline=None)
@given(triples=TRIPLES, indent=st.sampled_from([None, 1]))
def test_json_ld_texts(triples: list[Triple], indent: int | None) -> None:
    written = serialize(triples, format=RdfFormat.JSON_LD)
    assert written is not None
    text = json.dumps(json.loads(written), indent=indent, ensure_ascii=False)

    document = reading(text, "data.jsonld")

    assert problems(document) == []
    assert canonical(document.triples) == canonical(triples)
    for each in document.statements:
        value, _ = json.JSONDecoder().raw_decode(after(text, each.position))
        assert value == at(json.loads(text), each.position.pointer)
        assert shown(each.triple.object) in json.dumps(value, ensure_ascii=False)


def at(document: Any, pointer: str) -> Any:  # noqa: ANN401
    """What a JSON pointer points at."""
    for step in pointer.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name) if isinstance(document, list) else name]
    return document


OBJECTS: st.SearchStrategy[str] = st.deferred(lambda: st.one_of(TERMS, LISTS, BRACKETS))
TERMS: st.SearchStrategy[str] = st.one_of(
    st.integers(0, 99).map(str),
    st.sampled_from(
        ['"x"', "'y'@en", '"z"^^ex:t', '"""a\n"b"""', "<https://example.org/i>", "ex:l", "_:b", "true", "1.5e3"]
    ),
)
LISTS: st.SearchStrategy[str] = st.lists(OBJECTS, max_size=3).map(lambda items: f"({' '.join(items)})")
PAIRS: st.SearchStrategy[list[str]] = st.lists(
    st.builds(
        lambda verb, objects: f"{verb} {' , '.join(objects)}",
        st.sampled_from(["a", "ex:p", "<https://example.org/q>"]),
        st.lists(OBJECTS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=3,
)
BRACKETS: st.SearchStrategy[str] = st.one_of(st.just("[]"), PAIRS.map(lambda pairs: f"[{';'.join(pairs)}]"))
SUBJECTS: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(["ex:s", "_:b", "<https://example.org/i>", "[]"]), LISTS, BRACKETS
)
TEXTS = st.lists(st.builds(lambda subject, pairs: f"{subject} {' ;; '.join(pairs)}", SUBJECTS, PAIRS), max_size=4)


@settings(max_examples=100, deadline=None)
@given(statements=TEXTS)
def test_every_construct_of_turtle_has_its_places(statements: list[str]) -> None:
    """Where parser and walk disagreed, a statement would be read by itself and lose its places."""
    text = "PREFIX ex: <https://example.org/> # .\n" + "".join(f"{each} .\n" for each in ["ex:x ex:y 0", *statements])

    document = reading(text, "data.ttl")

    assert problems(document) == []
    assert canonical(document.triples) == canonical(each.triple for each in parse(text, RdfFormat.TURTLE))
    for each in document.statements:
        rest = after(text, each.position)
        if isinstance(each.triple.object, Literal):
            assert each.triple.object.value in rest[: len(each.triple.object.value) + 3]
        elif isinstance(each.triple.object, NamedNode) and each.triple.object.value.startswith(EX):
            assert shown(each.triple.object) in rest[: len(each.triple.object.value) + 2]
        else:
            assert rest[0] in "[(_"


@settings(max_examples=60, deadline=None)
@given(statements=TEXTS)
def test_an_error_costs_only_its_own_statement(statements: list[str]) -> None:
    """The places of the others are the same as without it."""
    head = "PREFIX ex: <https://example.org/>\nex:x ex:y 0 .\n"
    text = head + "".join(f"{each} .\n" for each in statements)
    broken = text + "ex:x ex:y ex:y ex:z .\n"

    document = reading(broken, "data.ttl")

    whole = reading(text, "data.ttl")
    last = broken.count("\n")
    found = [each for each in document.statements if each.position.line < last]
    assert canonical(each.triple for each in found) == canonical(whole.triples)
    assert [each.position for each in found] == [each.position for each in whole.statements]
    assert [(rule, line) for rule, line, _, _ in problems(document)] == [("F06", last)]
