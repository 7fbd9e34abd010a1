"""Prefixes in graphs: those that are needed and no others, in one order, and never at the cost of the graph."""

from __future__ import annotations

import io
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from pedgraph.store.abbreviation import ABBREVIATING, LOOKED_AT, write_abbreviated
from pedgraph.vocabulary.iris import PREFIXES

TURTLE, RDF_XML = RdfFormat.TURTLE, RdfFormat.RDF_XML
PEDG, RDFS, XSD = PREFIXES["pedg"], PREFIXES["rdfs"], PREFIXES["xsd"]
CITY = NamedNode("https://w3id.org/pedgraph/id/city/fr-lyon")
TYPE, LABEL = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(RDFS + "label")


def written(triples: list[Triple], rdf_format: RdfFormat = TURTLE, **declared: str) -> bytes:
    output = io.BytesIO()
    write_abbreviated(iter(triples), output, rdf_format, {name.rstrip("_"): iri for name, iri in declared.items()})
    return output.getvalue()


def declared_in(content: bytes) -> list[str]:
    """The names of the prefixes that a document declares, in its order."""
    return [name.decode() for name in re.findall(rb"(?:^@prefix |xmlns:)([^:=]*)[:=]", content, re.MULTILINE)]


def without(content: bytes, name: str) -> bytes:
    """The document without the declaration of a prefix."""
    pattern = rf'(?m)^@prefix {re.escape(name)}: .*\n| xmlns:{re.escape(name)}="[^"]*"'.encode()
    assert re.search(pattern, content)
    return re.sub(pattern, b"", content, count=1)


def test_turtle_has_the_prefixes_that_it_uses_by_name() -> None:
    triples = [
        Triple(CITY, TYPE, NamedNode(PEDG + "City")),
        Triple(CITY, LABEL, Literal("skos: dcterms:title <foaf:x> \"a\" 'b:c'", language="en")),
        Triple(CITY, NamedNode("urn:x:p"), Literal(5)),
        Triple(CITY, NamedNode("urn:x:p"), Literal("5", datatype=NamedNode(XSD + "byte"))),
    ]

    content = written(triples, z_="urn:x:", unused="urn:y:", skos=PREFIXES["skos"])

    assert content.decode() == (
        "@prefix city: <https://w3id.org/pedgraph/id/city/> .\n"
        f"@prefix pedg: <{PEDG}> .\n"
        f"@prefix rdfs: <{RDFS}> .\n"
        f"@prefix xsd: <{XSD}> .\n"
        "@prefix z: <urn:x:> .\n"
        "city:fr-lyon a pedg:City ;\n"
        '\trdfs:label "skos: dcterms:title <foaf:x> \\"a\\" \'b:c\'"@en ;\n'
        '\tz:p 5 , "5"^^xsd:byte .\n'
    )


def test_escaped_signs_in_names_are_not_the_beginning_of_a_prefix() -> None:
    triples = [Triple(CITY, NamedNode(f"{PEDG}{sign}:"), CITY) for sign in "(),.;=@~"]

    assert declared_in(written(triples, _="urn:x:", z="urn:z:")) == ["city", "pedg"]


def test_rdf_xml_has_the_prefixes_of_its_elements() -> None:
    triples = [Triple(CITY, LABEL, Literal("a:b")), Triple(CITY, NamedNode("urn:x:p"), NamedNode(PEDG + "City"))]

    assert declared_in(written(triples, RDF_XML, z="urn:x:", pedg=PEDG)) == ["its", "rdf", "rdfs", "z"]


def test_rdf_xml_may_have_a_namespace_without_a_name() -> None:
    triples = [Triple(CITY, NamedNode("urn:x:p"), NamedNode("urn:x:o"))]

    content = written(triples, RDF_XML, _="urn:x:", rdf="urn:y:")

    assert b' xmlns="urn:x:"' in content
    assert [quad.triple for quad in parse(content, RDF_XML)] == triples


def test_names_that_xml_keeps_for_itself_are_left_to_it() -> None:
    triples = [Triple(CITY, NamedNode("urn:x:p"), Literal("x", language="ar"))]

    for name in ("xml", "xmlns", "rdf", "its"):
        content = written(triples, RDF_XML, **{name: "urn:x:"})
        assert f'xmlns:{name}="urn:x:"'.encode() not in content
        assert [quad.triple for quad in parse(content, RDF_XML)] == triples


def test_the_names_of_the_query_win() -> None:
    triples = [Triple(NamedNode(PEDG + "a"), NamedNode(RDFS + "b"), NamedNode("urn:x:c"))]

    assert declared_in(written(triples, p=PEDG, q=PEDG, pedg="urn:x:")) == ["p", "pedg", "rdfs"]


def test_two_kinds_of_one_name_do_not_mix() -> None:
    one, other = NamedNode("https://w3id.org/pedgraph/code/event/x"), NamedNode("https://w3id.org/pedgraph/id/event/x")

    content = written([Triple(one, LABEL, other)])

    assert {(quad.subject, quad.object) for quad in parse(content, TURTLE)} == {(one, other)}
    assert declared_in(content) == ["event", "id", "rdfs"]


@pytest.mark.parametrize("rdf_format", ABBREVIATING)
def test_a_long_answer_keeps_the_prefixes_of_its_beginning(rdf_format: RdfFormat) -> None:
    known, late = NamedNode("urn:x:known"), NamedNode("urn:y:late")
    triples = [Triple(NamedNode(f"urn:x:{number}"), known, Literal(number)) for number in range(LOOKED_AT)]
    short = written(triples, rdf_format, x="urn:x:", y="urn:y:")
    triples += [Triple(CITY, late, Literal(number)) for number in range(10)]

    content = written(triples, rdf_format, x="urn:x:", y="urn:y:")

    names = ["its", "rdf", "x"] if rdf_format == RDF_XML else ["x"]
    assert declared_in(content[:500]) == declared_in(short[:500]) == names
    assert [quad.triple for quad in parse(content, rdf_format)] == triples
    assert [quad.triple for quad in parse(short, rdf_format)] == triples[:LOOKED_AT]


@pytest.mark.parametrize("rdf_format", ABBREVIATING)
def test_nothing_is_a_whole_document(rdf_format: RdfFormat) -> None:
    content = written([], rdf_format, x="urn:x:")

    assert list(parse(content, rdf_format)) == []
    assert declared_in(content) == (["its", "rdf"] if rdf_format == RDF_XML else [])


@pytest.mark.parametrize("rdf_format", ABBREVIATING)
def test_prefixes_stand_in_the_order_of_their_names(rdf_format: RdfFormat) -> None:
    """The engine has another order, which changes from process to process."""
    declared = {f"p{number}": f"urn:{number}:" for number in range(12)}
    triples = [Triple(CITY, NamedNode(f"{iri}x"), Literal("x")) for iri in declared.values()]

    names = [name for name in declared_in(written(triples, rdf_format, **declared)) if name.startswith("p")]
    engine = declared_in(serialize(triples, format=rdf_format, prefixes=declared) or b"")

    assert names == sorted(declared)
    assert engine != sorted(engine)


def test_what_the_answer_raises_comes_through() -> None:
    def failing() -> itertools.chain[Triple]:
        return itertools.chain([Triple(CITY, LABEL, Literal("x"))], (_raise() for _ in range(1)))

    def _raise() -> Triple:
        raise MemoryError

    with pytest.raises(MemoryError):
        write_abbreviated(failing(), io.BytesIO(), TURTLE, {})


NAMESPACES = st.sampled_from(["urn:x:", "urn:x:y", "urn:x:y/", "http://x/a#", "http://x/", PEDG, XSD, "urn:é:"])
LOCALS = st.text(alphabet="ab1:-._/é~%(),", max_size=4)
IRIS = st.builds(lambda space, local: NamedNode(space + local.replace("%", "%20")), NAMESPACES, LOCALS)
TEXTS = st.text(alphabet="a:\"'\\<> @prefix\n\t#.;,é", max_size=8)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text: Literal(text, language="en"), TEXTS),
    st.builds(lambda text, iri: Literal(text, datatype=iri), TEXTS, IRIS),
    st.builds(Literal, st.integers()),
    st.builds(Literal, st.booleans()),
)
NODES = st.one_of(IRIS, st.builds(BlankNode, st.sampled_from(["a", "b", "x.y"])))
TRIPLES = st.lists(st.builds(Triple, NODES, IRIS, st.one_of(NODES, LITERALS)), max_size=8)
DECLARED = st.dictionaries(st.sampled_from(["", "a", "b-c", "é", "xsd", "pedg", "x.y"]), NAMESPACES, max_size=4)


@settings(max_examples=200, deadline=None)
@given(triples=TRIPLES, declared=DECLARED)
def test_any_graph_comes_back_and_each_of_its_prefixes_is_needed(
    triples: list[Triple], declared: dict[str, str]
) -> None:
    output = io.BytesIO()
    write_abbreviated(iter(triples), output, TURTLE, declared)
    content = output.getvalue()

    assert set(texts(content)) == {str(triple) for triple in triples}
    names = declared_in(content[: len(content) - len(re.sub(rb"\A(?:@prefix .*\n)*", b"", content))])
    assert names == sorted(names)
    for name in names:
        with pytest.raises(SyntaxError):
            texts(without(content, name))


def texts(content: bytes) -> list[str]:
    """The triples of a Turtle document as text, with its own names of blank nodes."""
    return [str(quad.triple) for quad in parse(content, TURTLE)]
