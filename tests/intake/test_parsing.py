"""Parsing: every format, and errors that say where."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from pedgraph.errors import InputError
from pedgraph.intake.parsing import parse_rdf
from pedgraph.vocabulary.media import JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE, Format

QUAD = Quad(NamedNode("urn:x:s"), NamedNode("http://x/p"), Literal("Łódź", language="pl"))


@pytest.mark.parametrize("rdf_format", RDF_FORMATS, ids=lambda each: each.name)
def test_every_format_is_read(rdf_format: Format) -> None:
    target = RdfFormat.from_media_type(rdf_format.media_type)
    holds_quads = rdf_format in (N_QUADS, TRIG, JSON_LD)
    content = serialize([QUAD], None, target) if holds_quads else serialize([QUAD.triple], None, target)
    assert content is not None

    assert parse_rdf(content, rdf_format, "x") == [QUAD]


def test_literals_keep_the_form_in_which_they_were_written() -> None:
    (quad,) = parse_rdf(b"<urn:x:s> <urn:x:p> 1.50 .", TURTLE, "x")

    assert isinstance(quad.object, Literal)
    assert quad.object.value == "1.50"


@pytest.mark.parametrize(
    ("content", "rdf_format", "place", "says"),
    [
        (b"<urn:x:s> <urn:x:p> .", TURTLE, "data:1:21", ""),
        (b"@prefix x: <urn:x:> .\nx:s y:p x:o .", TURTLE, "data:2:5", "prefix y: has not been declared"),
        (b"<s> <urn:x:p> <urn:x:o> .", N_TRIPLES, "data:1:1", "No scheme"),
        (b"<urn:x:s> <urn:x:p> 'x\xff' .", TURTLE, "data:1:", "UTF-8"),
        ("<urn:x:s> <urn:x:p> 'x' .".encode("utf-16"), TURTLE, "data:1:", ""),
        (b"<urn:x:s> <urn:x:p> <<( <urn:x:s> <urn:x:p> 1 )>> .", TURTLE, "data: ", "a triple term. That is RDF 1.2"),
        (b"<urn:x:s> <urn:x:p> 'x'@ar--rtl .", TURTLE, "data: ", "a base direction. That is RDF 1.2"),
        (b"<rdf:RDF>", RDF_XML, "data:", "rdf:"),
        (b'{"@id": "urn:x:s",}', JSON_LD, "data:1:", "commas"),
        (b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:x:s", "p": "o"}', JSON_LD, "data:", "remote context"),
        (b'{"@context": "file:///etc/passwd", "@id": "urn:x:s", "p": "o"}', JSON_LD, "data:", "remote context"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(content: bytes, rdf_format: Format, place: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rdf(content, rdf_format, "data")

    assert str(caught.value).startswith(place)
    assert says in str(caught.value)
