"""A template as a workbook: a guide, a sheet per kind, and the code lists; empty, or filled in with the example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.intake.tables.code_sheet import CodeLists
from pedgraph.intake.tables.guide_sheet import GuideSheet
from pedgraph.intake.tables.kind_sheets import Maker, name_ranges
from pedgraph.intake.tables.packing import packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.intake.tables.kind_sheets import Value
    from pedgraph.intake.tables.kinds import Kind, Model
    from pedgraph.intake.tables.words import Words


def template_book(
    model: Model, kinds: Sequence[Kind], words: Words, example: Mapping[str, Sequence[Mapping[str, Value]]] | None
) -> bytes:
    """The workbook with the sheets of some kinds; ``example`` has the rows to fill in, by kind, if there are any."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "pedgraph"
    workbook.properties.title = words("readme_title" if example is None else "readme_example_title")
    workbook.properties.language = words.language
    lists = CodeLists((column for kind in kinds for column in kind.columns), words)
    maker = Maker(model, words, lists, name_ranges(workbook, kinds, words.language))
    for kind in kinds:
        maker.add(workbook, kind, (example or {}).get(kind.name, ()))
    lists.add_to(workbook)
    GuideSheet(workbook, model, words).write(kinds, is_example=example is not None)
    workbook.active = 0
    return packed(workbook)
