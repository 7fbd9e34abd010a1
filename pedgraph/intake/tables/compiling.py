"""From sheets to statements: each row becomes a thing or a node, each cell a statement with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.tables.cells import is_empty, shown
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.filling import Filling
from pedgraph.intake.tables.forms import read_form
from pedgraph.intake.tables.heads import find_columns, find_kind
from pedgraph.intake.tables.kinds import ENGLISH, LANGUAGES
from pedgraph.intake.tables.naming import Row, name_rows
from pedgraph.intake.tables.renaming import rename
from pedgraph.intake.tables.rules import DAMAGED, LONG_ROW, NO_TABLE, finding
from pedgraph.intake.tables.things import Lookup, Things

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.kinds import Kind, Model
    from pedgraph.intake.tables.sheets import Sheet

# A row that begins like this is a remark.
_REMARK: Final = "#"


def compile_sheets(sheets: Sequence[Sheet], document: Document, known: Things | None = None) -> None:
    """Adds to a document what its sheets state, where, and what is wrong with them. ``known`` are things of the graph
    that cells may name without describing them.
    """
    document.tables = list(sheets)
    model = read_model()
    tables: list[tuple[Kind, Sheet]] = []
    for sheet in sheets:
        kind = find_kind(sheet, model, document)
        if kind is not None:
            tables.append((kind, sheet))
    if not tables and any(each.rule == DAMAGED for each in document.problems):
        return
    if not tables:
        names = ", ".join(kind.name for kind in model.kinds)
        source = sheets[0].source if sheets else ""
        document.problems.append(finding(NO_TABLE, Position(source=source), allowed=names))
        return
    order = {kind.name: number for number, kind in enumerate(model.kinds)}
    tables.sort(key=lambda table: order[table[0].name])
    language = ENGLISH
    rows: list[Row] = []
    for kind, sheet in tables:
        if kind.is_form:
            read_form(sheet, kind, model, document)
            language = document.about.get("default language", (language, None))[0]
        else:
            rows += read_rows(kind, sheet, document)
    _fill(rows, model, document, known or Things(), language if language in LANGUAGES else ENGLISH)


def _fill(rows: list[Row], model: Model, document: Document, known: Things, language: str) -> None:
    own = Things()
    lookup = Lookup(own, known, model.superclasses)
    name_rows(rows, own, lookup, document)
    filling = Filling(model, lookup, document, language)
    for row in rows:
        filling.fill(row)
    rename(document, filling.temporary)


def read_rows(kind: Kind, sheet: Sheet, document: Document) -> list[Row]:
    """The rows of a sheet that hold anything, without remarks."""
    places = find_columns(sheet, kind, document)
    head, header = sheet.header
    rows = []
    for number, values in sheet.rows:
        if number <= head or all(map(is_empty, values)):
            continue
        if is_remark(values):
            continue
        beyond = [column for column, value in enumerate(values, 1) if column > len(header) and not is_empty(value)]
        if beyond:
            cell = sheet.place(number, beyond[0])
            document.problems.append(finding(LONG_ROW, cell, value=shown(values[beyond[0] - 1])))
        cells = {
            (place.column.name, place.language): values[place.number - 1] if place.number <= len(values) else None
            for place in places
        }
        rows.append(Row(kind, sheet, number, places, cells))
    return rows


def is_remark(values: Sequence[object]) -> bool:
    """Whether a row that holds something is a remark."""
    first = next(value for value in values if not is_empty(value))
    return isinstance(first, str) and first.lstrip().startswith(_REMARK)
