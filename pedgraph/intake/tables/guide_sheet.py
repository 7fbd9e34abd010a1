"""The first sheet of a template: how to fill it in, what the headers say, what happens next, and a list of sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.headings import RECOMMENDED_SIGN, REQUIRED_SIGN, capital, heading, sheet_title
from pedgraph.intake.tables.safe_cells import write_text
from pedgraph.intake.tables.styles import (
    HEADER,
    INK,
    LINK,
    PAPER,
    QUIET,
    REQUIRED,
    WANTED,
    ground,
    height_points,
    letters,
    wrapped,
)
from pedgraph.vocabulary.iris import TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from pedgraph.intake.tables.kinds import Kind, Model
    from pedgraph.intake.tables.words import Words

_WIDTHS: Final = {"A": 4, "B": 28, "C": 62, "D": 46}
_LINE_CHARACTERS: Final = 138
_CELL_CHARACTERS: Final = {"C": 64, "D": 48}
_STEPS: Final = 7
_NEXT_STEPS: Final = 3


class GuideSheet:
    """Writes the sheet from top to bottom."""

    def __init__(self, workbook: Workbook, model: Model, words: Words) -> None:
        self._sheet: Worksheet = workbook.create_sheet(words("sheet_readme"), 0)
        self._model = model
        self._words = words
        self._row = 1
        for letter, width in _WIDTHS.items():
            self._sheet.column_dimensions[letter].width = width
        self._sheet.sheet_view.showGridLines = False
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.fitToHeight = 0
        assert self._sheet.sheet_properties.pageSetUpPr is not None
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def write(self, kinds: Sequence[Kind], *, is_example: bool) -> None:
        """Writes all of it; ``kinds`` are those that have a sheet in the workbook."""
        words, of = self._words, "_example" if is_example else ""
        title = self._put(1, words(f"readme{of}_title"))
        title.font = letters(REQUIRED, size=18, is_bold=True)
        self._sheet.row_dimensions[self._row].height = 30
        self._row += 1
        self._paragraph(words(f"readme{of}_intro"))
        self._heading(words("readme_fill"))
        form = next((kind for kind in kinds if kind.is_form), None)
        about = sheet_title(form, words.language) if form else ""
        for number in range(1, _STEPS + 1):
            if number > 1 or form:
                self._step(number, words(f"readme_step_{number}", about=about, lists=words("sheet_lists")))
        self._heading(words("readme_headers"))
        self._legend()
        self._heading(words("readme_next"))
        for number in range(1, _NEXT_STEPS + 1):
            self._step(number, words(f"readme_next_step_{number}"))
        self._heading(words("readme_help"))
        self._paragraph(words("readme_help_text", address=TERMS.removesuffix("#")))
        self._heading(words("readme_sheets"))
        self._table(kinds)

    def _put(self, column: int, text: str) -> Cell:
        cell = write_text(self._sheet, self._row, column, text)
        cell.font = letters()
        return cell

    def _heading(self, text: str) -> None:
        self._row += 1
        self._put(1, text).font = letters(REQUIRED, size=13, is_bold=True)
        self._sheet.row_dimensions[self._row].height = 22
        self._row += 1

    def _paragraph(self, text: str, *, first_column: int = 1) -> None:
        self._put(first_column, text).alignment = wrapped()
        self._sheet.merge_cells(
            start_row=self._row, start_column=first_column, end_row=self._row, end_column=len(_WIDTHS)
        )
        self._sheet.row_dimensions[self._row].height = height_points((text, _LINE_CHARACTERS))
        self._row += 1

    def _step(self, number: int, text: str) -> None:
        cell = self._put(1, f"{number}.")
        cell.font, cell.alignment = letters(QUIET), wrapped()
        self._paragraph(text, first_column=2)

    def _legend(self) -> None:
        name = capital(self._words("column_column"))
        shown = (
            (f"{name} {REQUIRED_SIGN}", "required", REQUIRED, PAPER),
            (f"{name} {RECOMMENDED_SIGN}", "recommended", WANTED, INK),
            (name, "optional", HEADER, INK),
        )
        for text, key, colour, ink in shown:
            cell = self._put(2, text)
            cell.fill, cell.font = ground(colour), letters(ink, is_bold=True)
            self._put(3, self._words(f"readme_{key}"))
            self._row += 1

    def _table(self, kinds: Sequence[Kind]) -> None:
        for column, key in enumerate(("readme_sheet", "readme_holds", "readme_columns"), start=2):
            cell = self._put(column, self._words(key))
            cell.fill, cell.font = ground(HEADER), letters(is_bold=True)
        self._row += 1
        for kind in kinds:
            self._line(kind)

    def _line(self, kind: Kind) -> None:
        from openpyxl.utils import quote_sheetname
        from openpyxl.worksheet.hyperlink import Hyperlink

        language = self._words.language
        title = sheet_title(kind, language)
        link = self._put(2, title)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(title)}!A1", tooltip=title)
        link.font, link.alignment = letters(LINK, is_link=True), wrapped()
        required = ", ".join(heading(each, self._model, language) for each in kind.columns if each.is_required)
        texts = {"C": kind.help.get(language) or kind.help.get("en", ""), "D": required}
        for column, text in enumerate(texts.values(), start=3):
            self._put(column, text).alignment = wrapped()
        widths = ((text, _CELL_CHARACTERS[letter]) for letter, text in texts.items())
        self._sheet.row_dimensions[self._row].height = height_points(*widths)
        self._row += 1
