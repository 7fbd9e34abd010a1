"""An answer with every type of field, from its bytes to the graph, and to what is told of the rest."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from pedgraph.intake.findings import Severity
from pedgraph.intake.importing import rules
from pedgraph.intake.messages import LANGUAGES, translate
from pedgraph.intake.reading.texts import Text
from tests.intake.importing.answers import CONTENT, FILE, count, everything, found, reading, unnamed
from tests.intake.reading.texts import canonical

if TYPE_CHECKING:
    from pedgraph.intake.reading.documents import Document

TYPES = {
    "text", "textarea", "number", "email", "list", "radio", "select", "multiselect", "checkbox", "fileupload",
    "section", "page",
}  # fmt: skip
LEFT = {
    ("I04", "A1P004.3", "Quiet <em>streets</em> &amp; shade"),
    ("I04", "A1P006", "03/2021"),
    ("I04", "A1P014", "Invented climate B"),
    ("I04", "A1P019", "34567"),
    ("I04", "A1P022", "yes; 2000"),
    ("I04", "A2P001", "Invented heating; Invented cooling"),
    ("I04", "A2P003", "yes"),
    ("I04", "A2P023.3", "As invented"),
    ("I04", "A3P004", "2021; Invented roof; 2022"),
    ("I04", "A3P006", "Invented saving"),
    ("I04", "C1P002.1", "4 - Important"),
    ("I04", "P1P002", "INV-1"),
    ("I04", "P1P006", "All of it is invented."),
    ("I06", "A2P023.2", "Photovoltaic dreams"),
    ("I06", "A2P024.1", "Invented flywheel"),
    ("I08", "P1P003", "13/2020"),
    ("I12", "A1P009", ""),
    ("I13", "A1P002", "https://example.org/uploads/one.png; https://example.org/uploads/two.png"),
    ("I15", "P1P005", "Nowhere 599"),
}


@pytest.fixture(scope="module")
def document() -> Document:
    return reading(CONTENT)


def archive(**members: object) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, value in members.items():
            file.writestr(f"{name}.json", json.dumps(value))
    return content.getvalue()


def test_the_answer_has_fields_of_every_type() -> None:
    """Fields of the type html never come in an answer."""
    metas = [everything()[part]["meta"] for part in ("caseStudies", "projects")]
    fields = [field for meta in metas for field in meta["fields"]]
    assert {
        each["fieldType"] for each in [*fields, *(sub for field in fields for sub in field.get("subfields", []))]
    } == (TYPES)


def test_it_becomes_the_graph_that_was_written_by_hand(document: Document) -> None:
    expected = parse(FILE.with_suffix(".ttl").read_bytes(), RdfFormat.TURTLE)

    assert canonical(unnamed(document.triples)) == canonical(quad.triple for quad in expected)


def test_what_has_no_place_is_told_of_field_by_field(document: Document) -> None:
    assert found(document) == LEFT
    severities = {each.rule: each.severity for each in document.problems}
    notices = {rule for rule, severity in severities.items() if severity is Severity.INFO}
    assert notices == {"I04", "I12", "I13", "I17"}
    assert Severity.VIOLATION not in severities.values()


def test_nothing_is_dropped_in_silence(document: Document) -> None:
    whole = everything()
    entries = [entry for part in ("caseStudies", "projects") for entry in whole[part]["data"]]
    told = sum(int(dict(each.variables)["number"]) for each in document.problems if each.rule not in {"I14", "I17"})
    summary = next(dict(each.variables) for each in document.problems if each.rule == rules.SUMMARY)

    assert summary == {"entries": "4", "carried": "34", "left": "26", "empty": "22"}
    assert int(summary["carried"]) + told == sum(count(entry["data"]) for entry in entries)
    assert told == int(summary["left"])


def test_findings_and_statements_stand_where_their_values_do(document: Document) -> None:
    text = Text("", CONTENT.decode())
    wanted = {"P1P003": '"13/2020"', "A1P009": '"someone@example.org"', "A2P010": "250.5", "A1P005": '"Implementation'}
    places = [each.position for each in document.problems] + [each.position for each in document.statements]
    for field, beginning in wanted.items():
        position = next(each for each in places if each.pointer.endswith(f"data/0/data/{field}") or (
            each.pointer == f"#/projects/data/1/data/{field}"))  # fmt: skip
        assert text.characters[text.offset(position.line, position.column) :].startswith(beginning)
    assert {each.source for each in places} == {"everything.json"}


def test_the_four_answers_in_one_archive_are_the_same(document: Document) -> None:
    whole = everything()
    together = reading(
        archive(
            sites=whole["caseStudies"]["data"],
            projects=whole["projects"]["data"],
            meta=whole["caseStudies"]["meta"],
            projects_meta=whole["projects"]["meta"],
        ),
        "answers.zip",
    )

    assert set(together.triples) == set(document.triples)
    assert found(together) == found(document)
    assert "projects.json" in {each.position.source for each in together.problems}


def test_an_archive_of_other_json_is_none_of_answers() -> None:
    told = reading(archive(other={"@id": "https://example.org/"}), "other.zip")

    assert {each.rule for each in told.problems} == {"T29", "T37"}


def test_without_labels_known_codes_are_carried_over(document: Document) -> None:
    """Coordinates, the city and the demands are known by their labels only."""
    alone = reading(everything()["caseStudies"]["data"], "case-studies.json")

    kinds = {str(each.object).rpartition("#")[2] for each in alone.triples if each.predicate.value.endswith("#type")}
    assert kinds == {"DemonstrationSite>", "Project>", "StageRecord>", "Identifier>"}
    told = {(rule, field) for rule, field, _ in found(alone)}
    assert {("I16", ""), ("I10", "A1P012"), ("I05", "A2P007"), ("I05", "A2P023.1")} <= told
    numbers = [int(dict(each.variables)["number"]) for each in alone.problems if each.rule not in {"I14", "I16", "I17"}]
    summary = next(dict(each.variables) for each in alone.problems if each.rule == rules.SUMMARY)
    entries = everything()["caseStudies"]["data"]
    assert int(summary["carried"]) + sum(numbers) == sum(count(entry["data"]) for entry in entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_is_told_in_all_languages(document: Document, language: str) -> None:
    for each in translate(document.problems, language):
        assert each.message.startswith(f"{each.rule}: ")
        assert "{?" not in each.message, each
