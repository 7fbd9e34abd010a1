"""The sheet of a kind in a template: its headers with help, its drop-downs, and the formats of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from pedgraph.intake.tables.headings import help_text, is_exact_date, marked_heading, sheet_title
from pedgraph.intake.tables.kinds import ValueKind
from pedgraph.intake.tables.safe_cells import plain_text, write_text
from pedgraph.intake.tables.styles import HEADER, LINE, PAPER, QUIET, REQUIRED, WANTED, ground, letters, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Border
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

    from pedgraph.intake.tables.code_sheet import CodeLists
    from pedgraph.intake.tables.kinds import Column, Kind, Model
    from pedgraph.intake.tables.words import Words

Value = str | int | Decimal | date
_LAST_ROW: Final = 20_000
_WIDTHS: Final = {ValueKind.NUMBER: 15, ValueKind.YEAR: 12, ValueKind.UNIT: 12, ValueKind.DATE: 15, ValueKind.CODE: 26}
_USUAL_WIDTH: Final = 24
_WIDE: Final = {"description": 44, "objectives": 30, "locator": 32, "name": 34, "title": 40}
_FORM_WIDTHS: Final = {"A": 34, "B": 62, "C": 84}
_HEADER_POINTS: Final = 36
_PROMPT_CHARACTERS: Final = 250
_TITLE_CHARACTERS: Final = 31
_COMMENT_WIDTH_PIXELS: Final = 320
_TEXT_FORMAT: Final = "@"


@dataclass(frozen=True)
class Maker:
    """Makes sheets of one workbook: its model, its words and its lists, and the names of things by class."""

    model: Model
    words: Words
    lists: CodeLists
    names: Mapping[str, str]

    def add(self, workbook: Workbook, kind: Kind, rows: Sequence[Mapping[str, Value]] = ()) -> None:
        """Adds the sheet of a kind; ``rows`` are filled in, each by the names of its columns."""
        sheet = workbook.create_sheet(sheet_title(kind, self.words.language))
        if kind.is_form:
            self._fill_form(sheet, kind, rows[0] if rows else {})
        else:
            self._fill_table(sheet, kind, rows)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        assert sheet.sheet_properties.pageSetUpPr is not None
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def _fill_table(self, sheet: Worksheet, kind: Kind, rows: Sequence[Mapping[str, Value]]) -> None:
        for number, column in enumerate(kind.columns, start=1):
            cell = self._header(sheet, 1, number, column)
            cell.alignment = wrapped(vertical="center")
            _comment(cell, help_text(kind, column, self.model, self.words))
            dimension = sheet.column_dimensions[cell.column_letter]
            dimension.width = max(_WIDE.get(column.name, _WIDTHS.get(column.value_kind, _USUAL_WIDTH)), 12)
            _dress(dimension, column)
            self._guide(sheet, kind, column, f"{cell.column_letter}2:{cell.column_letter}{_LAST_ROW}")
            for line, row in enumerate(rows, start=2):
                if column.name in row:
                    _dress(_write(sheet, line, number, row[column.name]), column)
        sheet.row_dimensions[1].height = _HEADER_POINTS
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"

    def _fill_form(self, sheet: Worksheet, kind: Kind, row: Mapping[str, Value]) -> None:
        for line, column in enumerate(kind.columns, start=1):
            self._header(sheet, line, 1, column).alignment = wrapped()
            value = _write(sheet, line, 2, row.get(column.name, ""))
            _dress(value, column)
            value.border = _line()
            self._guide(sheet, kind, column, f"B{line}")
            told = write_text(sheet, line, 3, help_text(kind, column, self.model, self.words))
            told.font, told.alignment = letters(QUIET, size=10), wrapped()
            lines = sum(1 + len(each) // 95 for each in str(told.value or "").split("\n"))
            sheet.row_dimensions[line].height = 6 + 14 * max(lines, 1)
        for letter, width in _FORM_WIDTHS.items():
            sheet.column_dimensions[letter].width = width
        sheet.sheet_view.showGridLines = False

    def _header(self, sheet: Worksheet, row: int, column_number: int, column: Column) -> Cell:
        cell = write_text(sheet, row, column_number, marked_heading(column, self.model, self.words.language))
        colour = REQUIRED if column.is_required else WANTED if column.is_recommended else HEADER
        cell.fill = ground(colour)
        cell.font = letters(PAPER, is_bold=True) if column.is_required else letters(is_bold=True)
        cell.border = _line()
        return cell

    def _guide(self, sheet: Worksheet, kind: Kind, column: Column, cells: str) -> None:
        """Puts the drop-down or the limits of a column on its cells, and its help beside the one that is selected."""
        validation = self._validation(column)
        validation.promptTitle = plain_text(column.label(self.words.language))[:_TITLE_CHARACTERS]
        validation.prompt = _cut(plain_text(help_text(kind, column, self.model, self.words)), _PROMPT_CHARACTERS)
        validation.showInputMessage = True
        validation.errorTitle = validation.promptTitle
        validation.add(cells)
        sheet.add_data_validation(validation)

    def _validation(self, column: Column) -> DataValidation:
        from openpyxl.worksheet.datavalidation import DataValidation

        name = self.lists.name(column) or self._names_of(column)
        if name:
            # Several values in one cell, and things that are known elsewhere, are written by hand.
            is_closed = bool(column.members) and not column.is_many and column.value_kind is not ValueKind.ENTITY
            told = self.words("error_list")
            return DataValidation("list", name, showErrorMessage=is_closed, error=told, allow_blank=True)
        if column.value_kind is ValueKind.NUMBER:
            return self._limits("decimal", "-1E+15", "1E+15", "error_number")
        if column.value_kind is ValueKind.YEAR:
            return self._limits("whole", "1900", "2100", "error_year")
        if is_exact_date(column):
            return self._limits("date", "1", "73050", "error_day")
        return DataValidation(None, allow_blank=True)

    def _limits(
        self, type_name: Literal["whole", "decimal", "date"], lowest: str, highest: str, told: str
    ) -> DataValidation:
        from openpyxl.worksheet.datavalidation import DataValidation

        # A warning lets through what is meant nevertheless; the check of the file has the last word.
        return DataValidation(
            type_name, lowest, highest, operator="between", errorStyle="warning", showErrorMessage=True,
            error=self.words(told), allow_blank=True,
        )  # fmt: skip

    def _names_of(self, column: Column) -> str:
        """The range with the names of the things that a column may name, where one sheet holds them all."""
        found = {self.names.get(each, "") for each in column.classes}
        return found.pop() if column.value_kind is ValueKind.ENTITY and len(found) == 1 else ""


def name_ranges(workbook: Workbook, kinds: Sequence[Kind], language: str) -> dict[str, str]:
    """Names a range for what is listed in the sheet of each kind, as far as it is filled in; the names by class."""
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    names: dict[str, str] = {}
    for kind in kinds:
        position = next((n for n, column in enumerate(kind.columns, start=1) if column.name == kind.name_column), 0)
        if not position or kind.is_form:
            continue
        name, letter = f"names_{kind.name.replace('-', '_')}", get_column_letter(position)
        sheet = quote_sheetname(sheet_title(kind, language))
        filled = f"{sheet}!${letter}$2:${letter}${_LAST_ROW}"
        place = f"OFFSET({sheet}!${letter}$2,0,0,MAX(1,COUNTA({filled})),1)"
        workbook.defined_names[name] = DefinedName(name, attr_text=place)
        names.update(dict.fromkeys([kind.class_iri, *kind.slugs], name))
    return names


def _write(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    if isinstance(value, str):
        return write_text(sheet, row, column, value)
    cell = write_text(sheet, row, column, "")
    cell.value = value
    return cell


def _dress(place: Cell | ColumnDimension, column: Column) -> None:
    """Type, line breaks and format of a column's values; what looks like a number or a day but is none stays text."""
    place.font = letters()
    place.alignment = wrapped()
    if column.value_kind is ValueKind.NUMBER:
        place.number_format = "General"
    elif column.value_kind is ValueKind.YEAR:
        place.number_format = "0"
    elif is_exact_date(column):
        place.number_format = "yyyy-mm-dd"
    elif column.value_kind is not ValueKind.TEXT:
        place.number_format = _TEXT_FORMAT


def _comment(cell: Cell, text: str) -> None:
    from openpyxl.comments import Comment

    lines = sum(1 + len(line) // 46 for line in text.split("\n"))
    cell.comment = Comment(plain_text(text), "pedgraph", height=16 * lines + 24, width=_COMMENT_WIDTH_PIXELS)


def _line() -> Border:
    from openpyxl.styles import Border, Side

    return Border(bottom=Side("thin", color=LINE))


def _cut(text: str, longest_characters: int) -> str:
    return text if len(text) <= longest_characters else f"{text[: longest_characters - 1].rstrip()}…"
