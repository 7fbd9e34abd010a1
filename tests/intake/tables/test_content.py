"""The same content as workbook, as CSV, and as Turtle written by hand gives the same graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.intake.checking.normalising import canonical, name_blank_nodes
from pedgraph.intake.checking.places import placed
from pedgraph.intake.findings import Position, Severity
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.reading.documents import Document, Statement
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.csv_files import read_archive, read_csv
from pedgraph.intake.tables.workbooks import read_workbook
from pedgraph.intake.validation import validate
from pedgraph.settings import Settings
from pedgraph.vocabulary.media import TURTLE
from tests.folders import TEXTS
from tests.intake.tables.content import CONTENT
from tests.intake.tables.making import csv_text, grid, write_archive, write_book

if TYPE_CHECKING:
    from pyoxigraph import Triple

SETTINGS: Final = Settings()
TURTLE_FILE: Final = Path(__file__).with_name("content.ttl")


@pytest.fixture(scope="module")
def by_hand() -> bytes:
    """The graph of the Turtle file in canonical form, its nodes named as the intake names them."""
    quads = parse_rdf(TURTLE_FILE.read_bytes(), TURTLE, TURTLE_FILE.name)
    document = Document(TURTLE.media_type, [Statement(quad.triple, Position(TURTLE_FILE.name)) for quad in quads])
    name_blank_nodes(document)
    return canonical(document.triples)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Document:
    path = write_book(tmp_path_factory.mktemp("content") / "content.xlsx", CONTENT)
    return read_workbook(path, "content.xlsx", SETTINGS)


def test_the_content_has_rows_of_every_kind() -> None:
    assert list(CONTENT) == [kind.name for kind in read_model().kinds]


def test_a_workbook_says_what_the_turtle_says(workbook: Document, by_hand: bytes) -> None:
    assert workbook.problems == []
    assert canonical(workbook.triples) == by_hand
    assert len(workbook.triples) == len(set(workbook.triples))


@pytest.mark.parametrize("language", ["nl", "de", "fr", "es"])
def test_headers_may_be_in_any_language(tmp_path: Path, by_hand: bytes, language: str) -> None:
    path = write_book(tmp_path / "content.xlsx", CONTENT, language)

    document = read_workbook(path, "content.xlsx", SETTINGS)

    assert document.problems == []
    assert canonical(document.triples) == by_hand


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_archive_says_what_the_turtle_says(tmp_path: Path, by_hand: bytes, delimiter: str) -> None:
    path = write_archive(tmp_path / "content.zip", CONTENT, delimiter)

    document = read_archive(path, "content.zip", SETTINGS)

    assert document.problems == []
    assert canonical(document.triples) == by_hand


def test_the_content_breaks_no_rule(workbook: Document) -> None:
    """Only hints are left, and each points to the empty cell where the answer would stand."""
    findings = placed(validate(workbook.triples, read_rulebook(read_data(TEXTS))), workbook)

    told = [(finding.severity, finding.rule, finding.position.sheet, finding.position.cell) for finding in findings]
    assert told == [(Severity.INFO, "S28", "hubs", cell) for cell in ("L2", "M2", "N2")]


def test_the_form_is_kept_with_its_places(workbook: Document) -> None:
    confidence = "https://w3id.org/pedgraph/code/confidence/stated-by-operator"

    said = {name: (value, position.cell) for name, (value, position) in workbook.about.items()}

    assert said == {
        "title": ("Data of Example District", "B1"),
        "licence": ("https://creativecommons.org/licenses/by/4.0/", "B2"),
        "source title": ("Yearly report of Example District", "B3"),
        "source address": ("https://example.org/report", "B4"),
        "date read": ("2026-11-22", "B5"),
        "submitting organisation": ("Residents of Example District", "B6"),
        "how the data were made": ("Copied from the report by hand.", "B7"),
        "confidence": (confidence, "B8"),
    }
    assert workbook.sheets[:2] == ("about", "sources")


def test_statements_and_empty_cells_have_their_places(workbook: Document) -> None:
    district = "https://w3id.org/pedgraph/id/ped/nl-example-city-example-district"
    header = grid("districts", CONTENT["districts"])[0]
    letter = {name: chr(ord("A") + number) for number, name in enumerate(header)}

    def cell(path: str) -> str:
        return workbook.places[district, f"https://w3id.org/pedgraph/ont#{path}"].cell

    stated = {
        statement.triple.predicate.value.rpartition("#")[2]: statement.position
        for statement in workbook.statements
        if _subject(statement.triple) == district
    }
    assert stated["mission"] == Position("content.xlsx", "districts", 2, header.index("mission") + 1, "O2")
    assert letter["mission"] == "O"
    assert cell("mission") == "O2"
    assert cell("vision") == f"{letter['vision']}2"
    assert cell("stageRecord") == f"{letter['stage']}2"
    assert workbook.places[district, ""].cell == f"{letter['name']}2"


def test_a_csv_file_has_rows_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "anything"
    path.write_text(csv_text(grid("persons", CONTENT["persons"])))

    document = read_csv(path, "persons.csv", SETTINGS)

    assert document.problems == []
    assert {statement.position for statement in document.statements} == {
        Position("persons.csv", line=2, column=2),
        Position("persons.csv", line=2, column=3),
    }


def _subject(triple: Triple) -> str:
    return str(triple.subject).strip("<>")
