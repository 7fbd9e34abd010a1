"""From template to data and back: what comes out of the reader is what was filled in, in every form and language."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, parse

from pedgraph.intake.checking.normalising import name_blank_nodes
from pedgraph.intake.checking.places import placed
from pedgraph.intake.findings import Position
from pedgraph.intake.messages import LANGUAGES, translate
from pedgraph.intake.reading.documents import Document, Statement
from pedgraph.intake.tables.csv_files import read_archive, read_csv
from pedgraph.intake.tables.marking import mark
from pedgraph.intake.tables.styles import MARKS, SIGNS
from pedgraph.intake.tables.templates import Templates
from pedgraph.intake.tables.words import own_sheet_titles
from pedgraph.intake.tables.workbooks import read_workbook
from pedgraph.intake.tables.worked_example import read_example
from pedgraph.intake.validation import Rulebook, validate
from pedgraph.settings import Settings
from tests.intake.tables.thirty_mistakes import marked_cells, write_thirty_mistakes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyoxigraph import Triple

BY_HAND = Path(__file__).parent / "worked-example.ttl"
READERS: dict[str, Callable[[Path, str, Settings], Document]] = {
    "xlsx": read_workbook, "zip": read_archive, "csv": read_csv,
}  # fmt: skip


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates()


@pytest.fixture(scope="module")
def by_hand() -> set[Triple]:
    quads = parse(BY_HAND.read_bytes(), RdfFormat.TURTLE)
    document = Document("text/turtle", [Statement(quad.triple, Position("by hand")) for quad in quads])
    name_blank_nodes(document)
    return set(document.triples)


def read(content: bytes, folder: Path, file_name: str) -> Document:
    path = folder / "upload"
    path.write_bytes(content)
    return READERS[file_name.rpartition(".")[2]](path, file_name, Settings())


@pytest.mark.parametrize(("format_name", "language"), [("xlsx", "fr"), *(("zip", each) for each in LANGUAGES)])
def test_an_empty_template_states_nothing(
    templates: Templates, tmp_path: Path, format_name: str, language: str
) -> None:
    made = templates.file("pedgraph", format_name, language)

    document = read(made.content, tmp_path, made.file_name)

    assert (document.statements, document.problems, document.about) == ([], [], {})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_name", ["xlsx", "zip"])
def test_the_worked_example_is_what_is_written_by_hand(
    templates: Templates, tmp_path: Path, by_hand: set[Triple], format_name: str, language: str
) -> None:
    made = templates.file("pedgraph", format_name, language, is_example=True)

    document = read(made.content, tmp_path, made.file_name)

    about = {name: text for name, (text, _) in document.about.items()}
    assert document.problems == []
    assert set(document.triples) == by_hand
    assert about.keys() == read_example()["about"][0].keys()
    assert (about["date read"], about["licence"]) == ("2026-11-22", "https://creativecommons.org/licenses/by/4.0/")


def test_the_worked_example_conforms(by_hand: set[Triple], rulebook: Rulebook) -> None:
    assert validate(sorted(by_hand, key=str), rulebook) == []


def test_the_worked_example_shows_every_kind_and_says_that_it_is_invented(by_hand: set[Triple]) -> None:
    example = read_example()
    names = {row.get("name", row.get("title", "Invented")) for rows in example.values() for row in rows}

    assert {each["name"] for each in Templates().list()} - {"pedgraph"} == set(example)
    assert all(name.startswith("Invented") for name in names)
    assert all("/invented-" in name or "-invented-" in name for name in named_things(by_hand))


def named_things(triples: set[Triple]) -> set[str]:
    """The IRIs of things that have a name, so that their slugs are made of it."""
    return {str(each.subject) for each in triples if each.predicate.value.endswith(("#label", "/title"))}


def test_a_lone_csv_file_is_read_by_its_name(templates: Templates, tmp_path: Path) -> None:
    made = templates.file("persons", "csv", "fr", is_example=True, has_byte_order_mark=True)

    document = read(made.content, tmp_path, made.file_name)

    assert document.problems == []
    assert [
        str(each.triple.object) for each in document.statements if each.triple.predicate.value.endswith("label")
    ] == ['"Invented: Alex Example"@en']


PLANTED = {
    ("Cities", "E2"): "Atlantis",
    ("Cities", "F2"): "north of here",
    ("City roles", "C2"): "boss",
    ("Districts", "T2"): "twelve and a half",
    ("Districts", "I2"): "=1+1",
    ("Events", "F2"): "some day",
    ("Numbers", "D2"): "parsec",
    ("Project partners", "B3"): "No Such Project",
    ("Sources", "D2"): "no address",
}


def test_planted_mistakes_come_back_marked_and_corrected_they_are_gone(
    templates: Templates, tmp_path: Path, by_hand: set[Triple]
) -> None:
    right = templates.file("pedgraph", "xlsx", is_example=True).content
    wrong = edited(right, PLANTED)
    found = read(wrong, tmp_path, "own.xlsx")
    told = [each.as_json() for each in translate(found.problems, "en")]

    marked = mark(tmp_path / "upload", told, "en")

    assert marked_in(marked) == set(PLANTED)
    values = load_workbook(io.BytesIO(right))
    mended = edited(marked, {(sheet, cell): values[sheet][cell].value for sheet, cell in PLANTED})
    document = read(mended, tmp_path, "own.xlsx")
    assert document.problems == []
    assert set(document.triples) == by_hand


def test_thirty_mistakes_come_back_as_exactly_thirty_marked_cells(tmp_path: Path, rulebook: Rulebook) -> None:
    path = write_thirty_mistakes(tmp_path / "mistakes.xlsx")
    document = read_workbook(path, "mistakes.xlsx", Settings())
    found = placed([*document.problems, *validate(document.triples, rulebook)], document)

    marked = mark(path, [each.as_json() for each in translate(found, "fr")], "fr")

    assert len(marked_cells()) == 30
    assert marked_in(marked) == marked_cells()


def marked_in(content: bytes) -> set[tuple[str, str]]:
    """The cells that are coloured; each of them has a comment, and no other one has."""
    commented, coloured = set(), set()
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        if sheet.title in own_sheet_titles():
            continue
        for row in sheet.iter_rows():
            commented |= {(sheet.title, each.coordinate) for each in row if each.comment and is_told(each.comment.text)}
            coloured |= {(sheet.title, each.coordinate) for each in row if each.fill.fgColor.rgb in MARKS.values()}
    assert commented == coloured
    return coloured


def is_told(comment: str) -> bool:
    return any(f"pedgraph {sign}" in comment for sign in SIGNS.values())


def edited(content: bytes, cells: Mapping[tuple[str, str], Any]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    for (sheet, cell), value in cells.items():
        workbook[sheet][cell] = value
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def test_a_mark_on_csv_stands_in_the_row_that_was_meant(tmp_path: Path) -> None:
    text = 'Name;Country;Description\r\n"Invented:\r\nfirst";NL;x\r\n\r\nInvented: second;Atlantis;y\r\n'
    document = read(text.encode(), tmp_path, "cities.csv")
    told = [each.as_json() for each in document.problems if each.value == "Atlantis"]

    sheet = load_workbook(io.BytesIO(mark(tmp_path / "upload", told, "en", file_name="cities.csv")))["cities"]

    assert [asdict(each.position)["line"] for each in document.problems if each.value == "Atlantis"] == [4]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["B4"]
    assert sheet["B4"].value == "Atlantis"
