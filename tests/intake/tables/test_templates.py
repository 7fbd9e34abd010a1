"""Templates: what is in them follows from shapes and code lists, in five languages, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from rdflib import Graph, Variable

from pedgraph.errors import InputError, NotFound
from pedgraph.intake.messages import LANGUAGES
from pedgraph.intake.tables import styles
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.headings import REQUIRED_SIGN, choice_label, heading, marked_heading, sheet_title
from pedgraph.intake.tables.kinds import OWN_SHEETS, ValueKind, folded
from pedgraph.intake.tables.safe_cells import FORMULA_SIGNS
from pedgraph.intake.tables.template_books import template_book
from pedgraph.intake.tables.template_csv import template_archive, template_csv
from pedgraph.intake.tables.templates import Templates
from pedgraph.intake.tables.words import own_sheet_titles, read_words
from pedgraph.resources import ontology_directory, shapes_directory

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from pedgraph.intake.tables.kinds import Kind, Model

WORDS = Path(str(sys.modules["pedgraph.intake.tables.words"].__file__)).parent / "words"
REQUIRED = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT DISTINCT ?path WHERE {
        $class rdfs:subClassOf* ?target .
        ?shape sh:targetClass ?target ; sh:property ?rule .
        ?rule sh:minCount ?least ; sh:severity sh:Violation ; sh:path ?way .
        OPTIONAL { ?way sh:inversePath ?inverse }
        FILTER(?least > 0)
        BIND(IF(BOUND(?inverse), CONCAT("^", STR(?inverse)), STR(?way)) AS ?path)
    }"""
EXCEL_TITLE_CHARACTERS = 31


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates()


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


@pytest.fixture(scope="module")
def english(templates: Templates) -> Workbook:
    return load_workbook(io.BytesIO(templates.file("pedgraph", "xlsx").content))


@pytest.fixture(scope="module")
def rules() -> Graph:
    graph = Graph()
    for folder in (shapes_directory(), ontology_directory()):
        for file in folder.glob("*.ttl"):
            graph.parse(file)
    return graph


def headers(sheet: Worksheet, kind: Kind) -> list[str]:
    cells = sheet["A"] if kind.is_form else sheet[1]
    return [str(cell.value) for cell in cells]


def dropdowns(workbook: Workbook, sheet: Worksheet) -> dict[str, list[str]]:
    """What each column, or cell of a form, offers to choose from, by its cells; names of rows are left out."""
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        name = str(validation.formula1)
        if validation.type == "list" and name.startswith("list_"):
            title, _, cells = str(workbook.defined_names[name].attr_text).rpartition("!")
            lists = next(each for each in workbook.worksheets if quote_sheetname(each.title) == title)
            offered[str(validation.sqref)] = [str(row[0].value) for row in lists[cells.replace("$", "")]]
    return offered


@pytest.mark.parametrize(("language", "is_example"), [*((each, False) for each in LANGUAGES), ("de", True)])
def test_the_workbook_has_a_sheet_per_kind(templates: Templates, model: Model, language: str, is_example: bool) -> None:
    made = templates.file("pedgraph", "xlsx", language, is_example=is_example)

    workbook = load_workbook(io.BytesIO(made.content))

    words = read_words(language)
    titles = [sheet_title(kind, language) for kind in model.kinds]
    assert workbook.sheetnames == [words("sheet_readme"), *titles, words("sheet_lists")]
    assert made.file_name == f"pedgraph-{language}{'-example' * is_example}.xlsx"
    for kind, title in zip(model.kinds, titles, strict=True):
        assert headers(workbook[title], kind) == [marked_heading(each, model, language) for each in kind.columns]
        assert workbook[title].freeze_panes == (None if kind.is_form else "A2")
        assert (workbook[title].max_row > 1) is (is_example or kind.is_form)


def test_a_kind_has_a_workbook_of_its_own(templates: Templates, model: Model) -> None:
    for kind in (model.kinds[0], model.kind("cities"), model.kind("energy-balances")):
        workbook = load_workbook(io.BytesIO(templates.file(kind.name, "xlsx").content))

        wanted = dict.fromkeys(["About", sheet_title(kind, "en")])
        assert workbook.sheetnames == ["Read me", *wanted, "Lists"], kind.name


def test_titles_fit_and_are_told_apart(model: Model) -> None:
    for language in LANGUAGES:
        titles = [sheet_title(kind, language) for kind in model.kinds]

        assert max(map(len, titles)) <= EXCEL_TITLE_CHARACTERS
        assert len({title.casefold() for title in titles}) == len(titles)
        assert not own_sheet_titles() & set(titles)
    assert {folded(title) for title in own_sheet_titles()} == OWN_SHEETS


def test_drop_downs_offer_the_members_of_the_code_lists(english: Workbook, model: Model) -> None:
    for kind in model.kinds:
        sheet = english[sheet_title(kind, "en")]
        wanted = {}
        for number, column in enumerate(kind.columns, start=1):
            letter = get_column_letter(number)
            if column.members:
                cells = f"B{number}" if kind.is_form else f"{letter}2:{letter}20000"
                wanted[cells] = [choice_label(column, member, "en") for member in column.members]

        assert dropdowns(english, sheet) == wanted, kind.name


def test_a_single_coded_value_that_is_not_in_the_list_is_refused_by_the_sheet(english: Workbook, model: Model) -> None:
    closed = set()
    for validation in english["City roles"].data_validations.dataValidation:
        if validation.showErrorMessage and validation.type == "list":
            closed.add(str(validation.sqref))

    assert closed == {"C2:C20000"}
    assert model.kind("city-roles").columns[2].name == "role"


def test_names_of_things_are_offered_where_one_sheet_holds_them(english: Workbook) -> None:
    offered = {str(each.sqref): each.formula1 for each in english["City roles"].data_validations.dataValidation}

    assert offered["A2:A20000"] == "names_cities"
    assert english.defined_names["names_cities"].attr_text == (
        "OFFSET('Cities'!$B$2,0,0,MAX(1,COUNTA('Cities'!$B$2:$B$20000)),1)"
    )


def test_required_columns_are_those_of_the_shapes(english: Workbook, model: Model, rules: Graph) -> None:
    compared = 0
    for kind in model.kinds:
        if kind.is_form:
            continue
        asked = {
            str(row[Variable("path")])
            for row in rules.query(REQUIRED.replace("$class", f"<{kind.class_iri}>")).bindings
        }
        wanted = {marked_heading(each, model, "en") for each in kind.columns if not each.node and each.path in asked}

        cells = english[sheet_title(kind, "en")][1]
        dark = {str(cell.value) for cell in cells if cell.fill.fgColor.rgb == styles.REQUIRED}
        signed = {str(cell.value) for cell in cells if str(cell.value).endswith(REQUIRED_SIGN)}
        assert dark == signed == wanted, kind.name
        compared += len(wanted)
    assert compared > 50


def test_numbers_have_their_unit_in_the_header_or_in_a_column(model: Model) -> None:
    for kind in model.kinds:
        for column in kind.columns:
            if column.value_kind is ValueKind.NUMBER:
                has_unit = re.search(r"\(.+\)$", heading(column, model, "en")) is not None
                assert has_unit or kind.column(column.unit_column).value_kind is ValueKind.UNIT


def test_what_looks_like_a_day_but_is_none_stays_text(english: Workbook) -> None:
    formats = {
        title: {
            str(cell.value): english[title].column_dimensions[get_column_letter(number)].number_format
            for number, cell in enumerate(english[title][1], start=1)
        }
        for title in ("Events", "Sources", "Cities")
    }

    assert formats["Events"]["Start date *"] == "@"
    assert formats["Sources"]["Date read *"] == "yyyy-mm-dd"
    assert formats["Cities"]["Coordinates"] == "@"


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_hostile_words_are_no_formulas(model: Model, sign: str) -> None:
    hostile = f"{sign}cmd|' /C calc'!A0"
    words = read_words("en")
    words = replace(words, texts={key: f"{sign}{text}" for key, text in words.texts.items() if "sheet_" not in key}
                    | {key: text for key, text in words.texts.items() if "sheet_" in key})  # fmt: skip
    kind = model.kind("city-roles")
    role = kind.column("role")
    member = replace(role.members[0], labels={"en": hostile}, definition=hostile, notation=hostile)
    column = replace(role, name=hostile, labels={"en": hostile}, help={"en": hostile}, members=(member,))
    kind = replace(kind, columns=(column,), help={"en": hostile})
    rows = {kind.name: [{hostile: hostile}]}

    book = load_workbook(io.BytesIO(template_book(model, [kind], words, rows)))
    table = template_csv(model, kind, words, rows[kind.name]).decode()

    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
    filled = book["City roles"]["A2"]
    assert kinds == {"s"}
    assert (str(filled.value).strip(), filled.quotePrefix) == (hostile.strip(), True)
    read = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert [cell.startswith(f"'{sign}") for cell in read] == [True, True]


def test_csv_has_the_same_columns(templates: Templates, model: Model) -> None:
    for kind in model.kinds:
        made = templates.file(kind.name, "csv", "fr")
        rows = list(csv.reader(io.StringIO(made.content.decode())))
        if kind.is_form:
            assert [row[0] for row in rows] == [heading(column, model, "fr") for column in kind.columns]
        else:
            assert rows == [[heading(column, model, "fr") for column in kind.columns]]
        assert made.file_name == kind.file_name


def test_the_archive_has_a_file_per_kind_and_explains_them(model: Model) -> None:
    words = read_words("de")
    with zipfile.ZipFile(io.BytesIO(template_archive(model, model.kinds, words, None, mark=b"\xef\xbb\xbf"))) as files:
        names = files.namelist()
        guide = files.read("README.txt").decode()
        table = files.read("cities.csv")

    assert names == ["README.txt", *(kind.file_name for kind in model.kinds)]
    assert table.startswith(b"\xef\xbb\xbfId,Name,")
    assert all(marked_heading(column, model, "de") in guide for kind in model.kinds for column in kind.columns)


def test_the_same_template_is_the_same_file_in_every_process() -> None:
    code = (
        "import hashlib; from pedgraph.intake.tables.templates import Templates; made = Templates().file;"
        "print([hashlib.sha256(made('pedgraph', form, 'es', is_example=True).content).hexdigest()"
        " for form in ('xlsx', 'zip')])"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(made) == 1


def test_a_template_is_made_once(templates: Templates) -> None:
    assert templates.file("cities", "csv") is templates.file("cities", "csv")


@pytest.mark.parametrize(
    ("name", "format_name", "language", "error"),
    [("nothing", "xlsx", "en", NotFound), ("pedgraph", "csv", "en", NotFound), ("cities", "pdf", "en", NotFound),
     ("cities", "csv", "it", InputError)],
)  # fmt: skip
def test_what_there_is_not_is_refused(
    templates: Templates, name: str, format_name: str, language: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        templates.file(name, format_name, language)


def test_the_list_names_what_can_be_had(templates: Templates, model: Model) -> None:
    listed = json.loads(json.dumps(templates.list("nl")))

    assert [each["name"] for each in listed] == ["pedgraph", *(kind.name for kind in model.kinds)]
    for each in listed:
        for format_name in set(each["formats"]) - {"xlsx"}:
            assert templates.file(each["name"], format_name, "nl").content


def test_words_are_there_in_every_language() -> None:
    keys = {language: set(read_words(language).texts) for language in LANGUAGES}
    gaps = {
        language: {key: sorted(re.findall(r"{\w+}", text)) for key, text in read_words(language).texts.items()}
        for language in LANGUAGES
    }

    assert {each.stem for each in WORDS.glob("*.json")} == set(LANGUAGES)
    assert all(found == keys["en"] for found in keys.values())
    assert all(found == gaps["en"] for found in gaps.values())


def test_text_can_be_read_on_its_ground() -> None:
    dark, light = [styles.INK, styles.QUIET], [styles.PAPER, styles.HEADER]
    pairs = [(ink, ground) for ink in dark[:1] for ground in [*light, styles.WANTED, *styles.MARKS.values()]]
    pairs += [(styles.PAPER, styles.REQUIRED), (styles.QUIET, styles.PAPER), (styles.LINK, styles.PAPER)]

    assert min(contrast(*pair) for pair in pairs) >= 7


def contrast(first: str, second: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (2, 4, 6)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
