"""The form of a file: what came with it, its name, and what it seems to be."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from pedgraph.intake.reading import rules
from pedgraph.intake.reading.forms import ACCEPTED, Form, recognise
from pedgraph.vocabulary.media import (
    CSV,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
    find_format,
)
from tests.intake.reading.texts import reading

TURTLE_TEXT = b"@prefix ex: <https://example.org/> .\nex:s ex:p 1 .\n"
JSON_TEXT = b'{"@id": "https://example.org/s"}'
XML_TEXT = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
TABLE = b"label;country\nAmsterdam;NL\n"


@pytest.mark.parametrize(
    ("beginning", "file_name", "media_type", "form"),
    [
        (TURTLE_TEXT, "a.ttl", "", Form(TURTLE)),
        (TURTLE_TEXT, "", "text/turtle; charset=utf-8", Form(TURTLE)),
        (TURTLE_TEXT, "a.nt", "text/turtle", Form(TURTLE)),
        (TURTLE_TEXT, "a.trig", "application/octet-stream", Form(TRIG)),
        (TURTLE_TEXT, "a.nt", "text/plain", Form(N_TRIPLES)),
        (TURTLE_TEXT, "A.TTL", "image/png", Form(TURTLE)),
        (TURTLE_TEXT, "", "", Form(TURTLE)),
        (TURTLE_TEXT, "a.json", "", Form(TURTLE, said=JSON_LD)),
        (b"<https://example.org/s> <https://example.org/p> 'x' <https://example.org/g> .", "a.nq", "", Form(N_QUADS)),
        (JSON_TEXT, "a.json", "application/json", Form(JSON_LD)),
        (JSON_TEXT, "a.csv", "application/ld+json", Form(JSON_LD)),
        (XML_TEXT, "a.owl", "application/xml", Form(RDF_XML)),
        (b"<!-- ours -->\n" + XML_TEXT, "", "", Form(RDF_XML)),
        (TABLE, "a.csv", "application/vnd.ms-excel", Form(CSV)),
        (TABLE, "a.ttl", "", Form(CSV, said=TURTLE)),
        (b"no form at all", "a.ttl", "", Form(TURTLE)),
        (b"no form at all", "a.docx", "", None),
        (b"%PDF-1.7", "a.ttl", "text/turtle", None),
    ],
)
def test_recognition(beginning: bytes, file_name: str, media_type: str, form: Form | None) -> None:
    assert recognise(beginning, file_name, media_type) == form


@pytest.mark.parametrize("each", ACCEPTED, ids=lambda each: each.name)
def test_every_accepted_form_is_known_by_suffix_and_by_media_type(each: Format) -> None:
    assert recognise(b"?", f"data{each.suffix}", "") == Form(each)
    assert recognise(b"?", "data", each.media_type) == Form(each)


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_a_text_that_is_nothing_is_refused_in_every_form(each: Format) -> None:
    document = reading("no form at all", f"data{each.suffix}")

    assert document.media_type == each.media_type
    assert {found.rule for found in document.problems} == {rules.SYNTAX}


def test_tables_are_read_by_their_own_readers() -> None:
    packed, book = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cities.csv", TABLE.decode())
    Workbook().save(book)

    for content, name in ((TABLE, "cities.csv"), (packed.getvalue(), "a.zip"), (book.getvalue(), "a.xlsx")):
        document = reading(content, name)
        found = find_format(document.media_type, ACCEPTED)
        assert found is not None
        assert name.endswith(found.suffix)
        assert {each.rule[0] for each in document.problems} <= {"T"}


def test_a_workbook_with_the_name_of_a_table_is_read_with_a_notice() -> None:
    book = io.BytesIO()
    Workbook().save(book)

    document = reading(book.getvalue(), "cities.csv", "text/csv")

    assert rules.OTHER_FORM in {each.rule for each in document.problems}
