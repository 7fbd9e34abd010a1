"""The rows of all tables by the source that states them, each as if that source had submitted them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.cells import Flaw, is_empty, shown
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.compiling import is_remark
from pedgraph.intake.tables.heads import find_column, find_kind
from pedgraph.intake.tables.rules import MISSING_COLUMN, NO_SOURCE, NOT_FOUND, choice, finding
from pedgraph.intake.tables.sheets import Sheet
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.kinds import Column, Kind

SOURCE: Final = "source"
SOURCE_THINGS: Final = f"{THINGS}source/"


def group_by_source(sheets: Iterable[Sheet], sources: Collection[str], document: Document) -> dict[str, list[Sheet]]:
    """Source → its rows of each sheet, with the numbers that they have there.

    ``sources`` are the slugs of all sources that are described. What is wrong is added to the problems of the
    document; rows that name no source belong to none.
    """
    model, column = read_model(), _source_column()
    groups: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        kind = find_kind(sheet, model, document)
        if kind is not None:
            for source, own in _parts(sheet, kind, column, sources, document).items():
                groups.setdefault(source, []).append(own)
    return groups


def _source_column() -> Column:
    """The column of the model that has the name which all tables give to theirs."""
    return next(each for kind in read_model().kinds for each in kind.columns if each.name == SOURCE)


def _parts(sheet: Sheet, kind: Kind, column: Column, sources: Collection[str], document: Document) -> dict[str, Sheet]:
    head, header = sheet.header
    numbers = [number for number, value in enumerate(header, start=1) if _is(value, column)]
    if not numbers:
        if head:
            missing = {"column": SOURCE, "sheet": sheet.name}
            document.problems.append(finding(MISSING_COLUMN, sheet.place(head), **missing))
        return {}
    number = numbers[0]
    # The model's own column stays, and says of each node where it is stated; ours would be none of the kind.
    is_own = any(each.name == SOURCE for each in kind.columns)
    parts: dict[str, Sheet] = {}
    for row, values in sheet.rows:
        if row <= head or all(map(is_empty, values)) or is_remark(values):
            continue
        source = _source(sheet, row, number, values, sources, document)
        if source:
            rows = parts.setdefault(source, _with_header(sheet, number, is_own=is_own)).rows
            rows.append((row, values if is_own else _without(values, number)))
    return parts


def _is(value: object, column: Column) -> bool:
    return isinstance(value, str) and find_column([column], value) is not None


def _source(
    sheet: Sheet, row: int, number: int, values: Sequence[object], sources: Collection[str], document: Document
) -> str:
    """The slug of the source that a row names; empty, with a problem, where it names none that is described."""
    value = values[number - 1] if number <= len(values) else None
    place = sheet.place(row, number)
    if is_empty(value):
        document.problems.append(finding(NO_SOURCE, place, column=SOURCE, sheet=sheet.name))
        return ""
    if isinstance(value, Flaw):
        document.problems.append(finding(value.rule, place, value=shown(value), column=SOURCE))
        return ""
    text = shown(value)
    slug = text.removeprefix(SOURCE_THINGS).removeprefix("source/")
    if slug not in sources:
        words = choice(slug, sorted(sources))
        document.problems.append(finding(NOT_FOUND, place, value=text, column=SOURCE, **words))
        return ""
    return slug


def _with_header(sheet: Sheet, number: int, *, is_own: bool) -> Sheet:
    head, header = sheet.header
    row = header if is_own else _without(header, number)
    return Sheet(sheet.name, sheet.source, sheet.is_workbook, [(head, row)])


def _without(values: Sequence[object], number: int) -> list[object]:
    """The values of a row without that of one column, all others where they were."""
    return [*values[: number - 1], None, *values[number:]]
