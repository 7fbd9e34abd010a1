"""What is wrong with tables is told at its cell, and never ends in anything but findings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from pedgraph.intake.messages import translate
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.tables.csv_files import read_csv
from pedgraph.intake.tables.things import known_things
from pedgraph.intake.tables.workbooks import read_workbook
from pedgraph.settings import Settings
from pedgraph.vocabulary.media import TURTLE
from tests.intake.tables.making import book

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.reading.documents import Document

SETTINGS: Final = Settings()
CITY: Final = {"name": "Example City", "country": "NL"}
DISTRICT: Final = {"name": "Example District", "city": "Example City"}


def read_rows(tmp_path: Path, kind: str, *rows: dict[str, Any], **others: dict[str, Any]) -> Document:
    """A workbook with these rows of a kind, and one row of others, as read."""
    path = tmp_path / "book.xlsx"
    book({**{name: [row] for name, row in others.items()}, kind: rows}).save(path)
    return read_workbook(path, "book.xlsx", SETTINGS)


def told(document: Document) -> list[tuple[str, str]]:
    """Rule and cell of each problem; each must have a message in English without holes."""
    messages = [finding.message for finding in translate(document.problems, "en")]
    assert all(message and "{?" not in message for message in messages)
    return [(finding.rule, finding.position.cell) for finding in document.problems]


def variables(document: Document) -> dict[str, str]:
    (finding,) = document.problems
    return dict(finding.variables)


@pytest.mark.parametrize(
    ("kind", "column", "value", "rule", "nearest"),
    [
        ("numbers", "value", "lots", "T01", None),
        ("numbers", "value", True, "T01", None),
        ("numbers", "value", datetime(2024, 3, 5, 0, 0), "T01", None),  # noqa: DTZ001
        ("numbers", "value", "1.250", "T02", ""),
        ("numbers", "value", "5 parsecs", "T09", None),
        ("numbers", "indicator", "renewable generatoin", "T03", "renewable generation"),
        ("numbers", "energy carrier", "Strom und Wärme", "T03", None),
        ("numbers", "unit", "kilowat hour", "T36", "kWh"),
        ("numbers", "reference year", "last year", "T23", ""),
        ("numbers", "about", "Exmaple City", "T10", "Example City"),
        ("numbers", "value", "=1+1", "T12", None),
        ("sources", "date read", "12/2030", "T07", ""),
        ("targets", "due date", "05/06/2030", "T08", ""),
        ("cities", "country", "Atlantis", "T03", None),
        ("cities", "country", "Nederlnad", "T03", "Netherlands"),
        ("cities", "coordinates", "here", "T26", ""),
        ("cities", "name", datetime(2024, 3, 5, 0, 0), "T32", None),  # noqa: DTZ001
        ("cities", "id", "NL Example", "T17", "nl-example"),
        ("sources", "address", "www.example.org", "T24", "https://www.example.org"),
        ("hubs", "kind", "innovation attelier", "T03", "innovation atelier"),
    ],
)
def test_a_bad_cell_is_told(
    tmp_path: Path, kind: str, column: str, value: object, rule: str, nearest: str | None
) -> None:
    name_column = {"numbers": {}, "sources": {"title": "A"}}.get(kind, {"name": "A"})
    document = read_rows(tmp_path, kind, {**name_column, column: value}, networks={"name": "Example City"})

    (finding,) = document.problems
    found = document.places[finding.focus_node, finding.path].cell if finding.path else finding.position.cell
    assert told(document) == [(rule, found)]
    assert finding.position.sheet == kind.replace("-", " ")
    assert nearest is None or dict(finding.variables).get("nearest") == nearest


def test_an_unknown_value_is_told_with_all_that_are_allowed(tmp_path: Path) -> None:
    document = read_rows(tmp_path, "objectives", {"name": "A", "building block": "misson"})

    said = variables(document)
    assert said["nearest"] == "mission"
    assert len(said["allowed"].split(", ")) == 6
    assert translate(document.problems, "de")[0].message.startswith("T03: Die Spalte building block")


def test_the_good_values_beside_a_bad_one_are_kept(tmp_path: Path) -> None:
    document = read_rows(tmp_path, "objectives", {"name": "A", "topics": "health; helth; inclusiveness"})

    topics = [str(triple.object) for triple in document.triples if triple.predicate.value.endswith("#topic")]
    assert told(document) == [("T03", "D2")]
    assert document.problems[0].value == "helth"
    assert sorted(topic.rpartition("/")[2] for topic in topics) == ["health>", "inclusiveness>"]


def test_several_values_where_one_belongs(tmp_path: Path) -> None:
    document = read_rows(tmp_path, "sites", {"name": "A", "district": "Example District; Other"}, districts=DISTRICT)

    assert ("T25", "F2") in told(document)


def test_headers(tmp_path: Path) -> None:
    """A header may have any case, signs and units behind it, and a language; others are told."""
    workbook = book({"districts": [DISTRICT], "cities": [CITY]})
    sheet = workbook["districts"]
    for cell in sheet[1]:
        header = str(cell.value)
        written = {"name": "NAME *", "floor area": "Floor_Area (m²)", "other names": "Other names@nl"}
        cell.value = written.get(header, header)
    sheet["C2"] = "Voorbeeldwijk"
    sheet["Z1"], sheet["Z2"] = "Flor area", 3
    sheet["AA1"] = "a header with nothing below"
    sheet["AB1"], sheet["AB2"] = "City", "Example City"
    workbook.save(tmp_path / "book.xlsx")

    document = read_workbook(tmp_path / "book.xlsx", "book.xlsx", SETTINGS)

    assert told(document) == [("T04", "Z1"), ("T27", "AB1")]
    assert dict(document.problems[0].variables)["nearest"] == "floor area"
    assert any(str(triple.object) == '"Voorbeeldwijk"@nl' for triple in document.triples)


def test_a_missing_column_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("name;coordinates\nA;52.1, 4.2\nB;52.2, 4.3\n")

    document = read_csv(path, "cities.csv", SETTINGS)

    assert [(finding.rule, finding.position.line) for finding in document.problems] == [("T05", 1)]
    assert variables(document) == {"column": "country", "sheet": "cities"}


def test_rows(tmp_path: Path) -> None:
    """Two rows with one id, a row without a name, a remark, an empty row, and something beyond the last column."""
    document = read_rows(
        tmp_path,
        "persons",
        {"id": "ada", "name": "Ada"},
        {"id": "ada"},
        {"other names": "Bob"},
        {"id": "# Here come more"},
        {},
        {"name": "Cleo", "": None},
    )

    assert told(document) == [("T16", "A3"), ("T18", "B4")]
    assert dict(document.problems[0].variables)["other"] == "persons 2"
    people = {str(triple.subject).strip("<>") for triple in document.triples}
    assert {"ada", "cleo"} <= {person.rpartition("/")[2] for person in people}


def test_what_two_rows_are_called_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    content: dict[str, list[dict[str, Any]]] = {
        "cities": [CITY],
        "districts": [{**DISTRICT, "id": "one"}, {**DISTRICT, "id": "two"}],
        "sites": [{"name": "A", "district": "example  DISTRICT"}, {"name": "B", "district": "ped/two"}],
    }
    book(content).save(path)

    document = read_workbook(path, "book.xlsx", SETTINGS)

    assert told(document) == [("T11", "F2")]
    assert dict(document.problems[0].variables)["allowed"].count("/id/ped/") == 2


def test_things_that_the_graph_knows_may_be_named(tmp_path: Path) -> None:
    turtle = """
        PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        <https://w3id.org/pedgraph/id/city/nl-amsterdam> a pedg:City ; rdfs:label "Amsterdam"@en .
        <https://w3id.org/pedgraph/id/person/a> a pedg:Person ; rdfs:label "Amsterdam"@en ."""
    known = known_things(quad.triple for quad in parse_rdf(turtle.encode(), TURTLE, "known"))
    path = tmp_path / "districts.csv"
    path.write_text("name,city\nOne,amsterdam\nTwo,nl-amsterdam\nThree,Amstredam\n")

    document = read_csv(path, "districts.csv", SETTINGS, known)

    cities = [triple for triple in document.triples if triple.predicate.value.endswith("#inCity")]
    assert [str(each.object) for each in cities] == ["<https://w3id.org/pedgraph/id/city/nl-amsterdam>"] * 2
    assert [str(each.subject).rpartition("/")[2] for each in cities] == ["nl-amsterdam-one>", "nl-amsterdam-two>"]
    assert [finding.position.line for finding in document.problems] == [4]
    assert variables(document)["nearest"] == "Amsterdam"


def test_a_number_and_its_column_may_not_contradict_each_other(tmp_path: Path) -> None:
    document = read_rows(
        tmp_path,
        "numbers",
        {"value": "> 5 kWh", "unit": "MWh"},
        {"value": "> 5", "value qualifier": "exact"},
        {"value": "> 5", "value qualifier": "more than", "unit": "number"},
    )

    assert told(document) == [("T09", "C2"), ("T31", "C3")]
    assert dict(document.problems[0].variables)["allowed"] == "MWh"


def test_an_empty_sheet_of_a_template_states_nothing(tmp_path: Path) -> None:
    document = read_rows(tmp_path, "cities")

    assert document.problems == []
    assert document.statements == []
