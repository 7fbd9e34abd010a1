"""The sheet with all code lists of a template: what may be chosen, what it means, and a name for each list.

A drop-down refers to its list by name. A reference to another sheet would be moved by Excel to an extension of the
format, which other programs lose.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.headings import choice_label
from pedgraph.intake.tables.kinds import ValueKind
from pedgraph.intake.tables.safe_cells import write_text
from pedgraph.intake.tables.styles import HEADER, QUIET, ground, letters, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openpyxl import Workbook

    from pedgraph.intake.tables.kinds import Column
    from pedgraph.intake.tables.words import Words

_WIDTHS: Final = {"lists_list": 26, "lists_value": 38, "lists_meaning": 90, "lists_code": 30}
_VALUE_COLUMN: Final = 2
_NO_NAME: Final = re.compile(r"\W+")


class CodeLists:
    """The code lists that the columns of a workbook choose from, each once, and the names of their ranges."""

    def __init__(self, columns: Iterable[Column], words: Words) -> None:
        self._words = words
        self._lists: dict[tuple[str, ...], tuple[str, Column]] = {}
        names: set[str] = set()
        for column in columns:
            if column.members and _key(column) not in self._lists:
                # Lists of units differ by what is measured.
                name = next(each for each in _names(column) if each not in names)
                names.add(name)
                self._lists[_key(column)] = (name, column)

    def name(self, column: Column) -> str:
        """The name of the range that holds the values of a column; empty where it has no list."""
        return self._lists[_key(column)][0] if column.members else ""

    def add_to(self, workbook: Workbook) -> None:
        """Adds the sheet with the lists, and a name for the values of each."""
        from openpyxl.utils import quote_sheetname
        from openpyxl.workbook.defined_name import DefinedName

        title = self._words("sheet_lists")
        sheet = workbook.create_sheet(title)
        for number, (key, width) in enumerate(_WIDTHS.items(), start=1):
            cell = write_text(sheet, 1, number, self._words(key))
            cell.font, cell.fill, cell.alignment = letters(is_bold=True), ground(HEADER), wrapped(vertical="center")
            sheet.column_dimensions[cell.column_letter].width = width
        row = 2
        for name, column in self._lists.values():
            first = row
            for member in column.members:
                label = member.label(self._words.language)
                value = choice_label(column, member, self._words.language)
                meaning = member.definition or (label if label != value else "")
                texts = [name.removeprefix("list_").replace("_", " "), value, meaning, member.notation]
                for place, text in enumerate(texts, start=1):
                    cell = write_text(sheet, row, place, text)
                    cell.alignment = wrapped()
                    cell.font = letters(QUIET) if place != _VALUE_COLUMN else letters()
                row += 1
            cells = f"{quote_sheetname(title)}!$B${first}:$B${row - 1}"
            workbook.defined_names[name] = DefinedName(name, attr_text=cells)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(_WIDTHS)).column_letter}{row - 1}"
        sheet.sheet_view.showGridLines = False


def _key(column: Column) -> tuple[str, ...]:
    return tuple(member.iri for member in column.members)


def _names(column: Column) -> Iterator[str]:
    """Names for a list, the best first."""
    words = [scheme.rpartition("/")[2] for scheme in column.schemes] or [column.value_kind.value]
    if column.value_kind is ValueKind.CLASS:
        words.append(column.members[0].notation)
    name = "list_" + _NO_NAME.sub("_", "_".join(words))
    return (name if number == 1 else f"{name}_{number}" for number in count(1))
