"""The sheet that describes the file itself: labels on the left, values on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.intake.tables.cells import Flaw, find_code, is_empty, read_address, read_text, shown
from pedgraph.intake.tables.dates import read_date
from pedgraph.intake.tables.heads import find_column
from pedgraph.intake.tables.kinds import ENGLISH, ValueKind
from pedgraph.intake.tables.rules import UNKNOWN_COLUMN, NotReadError, choice, finding

if TYPE_CHECKING:
    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.kinds import Column, Kind, Model
    from pedgraph.intake.tables.sheets import Sheet

_VALUE_COLUMN = 2


def read_form(sheet: Sheet, kind: Kind, model: Model, document: Document) -> None:
    """Adds what the form says to ``document.about``: name of the column → value and its place. Dates are written as
    ``2024-03-05``, codes as their IRIs; what is left empty is left out.
    """
    for number, values in sheet.rows:
        label, value = (*values, None, None)[:_VALUE_COLUMN]
        if is_empty(label) or is_empty(value):
            continue
        column = find_column(kind.columns, shown(label))
        if column is None:
            # The first row may be a heading.
            if number != sheet.header[0]:
                words = choice(shown(label), [each.name for each in kind.columns])
                document.problems.append(
                    finding(UNKNOWN_COLUMN, sheet.place(number, 1), value=shown(label), sheet=sheet.name, **words)
                )
            continue
        position = sheet.place(number, _VALUE_COLUMN)
        try:
            document.about[column.name] = (_read(column, value, model), position)
        except NotReadError as error:
            document.problems.append(
                finding(
                    error.rule, position, path=column.property_iri, value=shown(value),
                    **{"column": column.label(ENGLISH), **error.variables},
                )
            )  # fmt: skip


def _read(column: Column, value: object, model: Model) -> str:
    if isinstance(value, Flaw):
        raise NotReadError(value.rule)
    if column.value_kind is ValueKind.DATE:
        return read_date(value, column.datatypes, model.months)[0]
    if column.value_kind is ValueKind.CODE:
        return find_code(read_text(value), column.members, ENGLISH).iri
    return read_address(value) if column.value_kind is ValueKind.IRI else read_text(value)
