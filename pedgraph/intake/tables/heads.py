"""Which kind a sheet holds, and which column stands where in it: names are matched in any of the five languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.cells import is_empty, shown
from pedgraph.intake.tables.kinds import ENGLISH, OWN_SHEETS, folded
from pedgraph.intake.tables.rules import (
    COLUMN_TWICE,
    MISSING_COLUMN,
    UNKNOWN_COLUMN,
    UNKNOWN_SHEET,
    choice,
    finding,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.kinds import Column, Kind, Model
    from pedgraph.intake.tables.sheets import Sheet

# Behind a header: the sign for required or recommended, a unit in brackets, the language of a text.
_BEHIND: Final = re.compile(r"\s*(?:[*+]+|\([^()]*\)|\[[^\[\]]*\])\s*$")
_LANGUAGE: Final = re.compile(r"^(.*\S)\s*@\s*([a-z]{2})$|^(.*\S)\s*\(([a-z]{2})\)$")


@dataclass(frozen=True)
class Place:
    """Where a column stands in a sheet, and the language that its header gives to texts; empty if none."""

    column: Column
    number: int
    language: str = ""


def find_kind(sheet: Sheet, model: Model, document: Document) -> Kind | None:
    """The kind whose name the sheet has; ``None``, with a finding unless it is one that pedgraph adds itself."""
    wanted = folded(sheet.name)
    for kind in model.kinds:
        if wanted in {folded(kind.name), *map(folded, kind.labels.values())}:
            return kind
    has_content = any(not is_empty(value) for _, row in sheet.rows for value in row)
    if wanted not in OWN_SHEETS and has_content:
        labels = [label for kind in model.kinds for label in kind.labels.values()]
        words = choice(sheet.name, [kind.name for kind in model.kinds], labels)
        document.problems.append(finding(UNKNOWN_SHEET, sheet.place(), value=sheet.name, sheet=sheet.name, **words))
    return None


def find_columns(sheet: Sheet, kind: Kind, document: Document) -> list[Place]:
    """The columns of a sheet by its first row, with findings about headers that are not known or missing."""
    row, header = sheet.header
    places: list[Place] = []
    for number, value in enumerate(header, start=1):
        if is_empty(value):
            continue
        place = _place(kind.columns, shown(value), number)
        if place is None:
            if _is_filled(sheet, row, number):
                words = choice(_bare(shown(value)), *_names(kind))
                document.problems.append(
                    finding(UNKNOWN_COLUMN, sheet.place(row, number), value=shown(value), sheet=sheet.name, **words)
                )
        elif any((place.column, place.language) == (each.column, each.language) for each in places):
            document.problems.append(finding(COLUMN_TWICE, sheet.place(row, number), value=shown(value)))
        else:
            places.append(place)
    present = {place.column.name for place in places}
    for column in kind.columns:
        if column.is_required and column.name not in present:
            missing = {"column": column.label(ENGLISH), "sheet": sheet.name}
            document.problems.append(
                finding(MISSING_COLUMN, sheet.place(row or 1), path=column.property_iri, **missing)
            )
    return places


def find_column(columns: Sequence[Column], header: str) -> Column | None:
    """The column that a header names in any language, with or without signs and units behind it."""
    for form in dict.fromkeys((header, _bare(header))):
        wanted = folded(form)
        for column in columns:
            if wanted in {folded(column.name), *map(folded, column.labels.values())}:
                return column
    return None


def _place(columns: Sequence[Column], header: str, number: int) -> Place | None:
    column = find_column(columns, header)
    if column is not None:
        return Place(column, number)
    found = _LANGUAGE.match(_starless(header))
    if found is None:
        return None
    column = find_column(columns, found[1] or found[3])
    return Place(column, number, found[2] or found[4]) if column is not None and column.has_language else None


def _starless(header: str) -> str:
    return header.rstrip("*+ \t")


def _bare(header: str) -> str:
    """A header without what may stand behind it."""
    while (shorter := _BEHIND.sub("", header)) != header:
        header = shorter
    return header


def _names(kind: Kind) -> tuple[list[str], list[str]]:
    labels = [label for column in kind.columns for label in column.labels.values()]
    return [column.name for column in kind.columns], labels


def _is_filled(sheet: Sheet, header_row: int, number: int) -> bool:
    """Whether anything stands in a column below its header."""
    return any(
        row != header_row and len(values) >= number and not is_empty(values[number - 1]) for row, values in sheet.rows
    )
