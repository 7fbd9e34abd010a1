"""The sheet at the front of a marked workbook: every finding in one list, each with a link to its cell."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Severity
from pedgraph.intake.tables.remarks import NAME, severity_word, shown
from pedgraph.intake.tables.safe_cells import write_text
from pedgraph.intake.tables.styles import HEADER, INK, LINK, MARKS, QUIET, ground, height_points, letters, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from pedgraph.intake.tables.remarks import Remark
    from pedgraph.intake.tables.words import Words

# In the hidden column, above what the marked cells looked like before; tells our sheet from others.
_SIGN: Final = f"{NAME} marks"
_HEADER_ROW: Final = 6
_QUIET_BELOW: Final = 2
_CELL_COLUMN: Final = 3
_HEAD_POINTS: Final = (26, 20, 48)
_WIDTHS: Final = {
    "severity": 12,
    "sheet": 22,
    "cell": 9,
    "column": 22,
    "found": 30,
    "what": 70,
    "allowed": 40,
    "rule": 8,
}
_HIDDEN: Final = len(_WIDTHS) + 1


def take_findings_sheet(workbook: Workbook) -> dict[tuple[str, str], str]:
    """Removes the list of an earlier marking and gives what its cells looked like before, by sheet and address."""
    former: dict[tuple[str, str], str] = {}
    for sheet in [each for each in workbook.worksheets if _is_ours(each)]:
        for row in sheet.iter_rows(min_row=_HEADER_ROW + 1, max_row=min(sheet.max_row, 100_000), values_only=True):
            title, address, written = (row[index] for index in (1, 2, _HIDDEN - 1))
            if title and address:
                former.setdefault((str(title), str(address)), str(written or ""))
        workbook.remove(sheet)
    return former


@dataclass(frozen=True)
class FindingsSheet:
    """What the list says: the remarks, what their cells looked like before, what of the file is not in the workbook
    (keys of words), and the true numbers where not all findings are among the remarks.
    """

    remarks: Sequence[Remark]
    former: Mapping[tuple[str, str], str]
    lost: Sequence[str]
    counts: Mapping[str, int]
    words: Words
    _looks: dict[str, Any] = field(default_factory=dict)

    def add_to(self, workbook: Workbook) -> None:
        """Puts the list in front of the other sheets."""
        sheet = workbook.create_sheet(_free_title(workbook, self.words("sheet_findings")), 0)
        self._head(sheet)
        for column, name in enumerate(_WIDTHS, start=1):
            cell = write_text(sheet, _HEADER_ROW, column, self.words(f"column_{name}"))
            cell.font, cell.fill, cell.alignment = letters(is_bold=True), ground(HEADER), wrapped(vertical="center")
            sheet.column_dimensions[cell.column_letter].width = _WIDTHS[name]
        hidden = write_text(sheet, _HEADER_ROW, _HIDDEN, _SIGN)
        sheet.column_dimensions[hidden.column_letter].hidden = True
        for line, remark in enumerate(self.remarks, start=_HEADER_ROW + 1):
            self._add(sheet, line, remark)
        sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1)
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        assert sheet.sheet_properties.pageSetUpPr is not None
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for each in workbook.worksheets:
            each.sheet_view.tabSelected = each is sheet
        workbook.active = 0

    def _head(self, sheet: Worksheet) -> None:
        words = self.words
        found = Counter(remark.severity.name.lower() for remark in self.remarks)
        numbers = {
            name: max(found[name], self.counts.get(name, 0)) for name in (each.name.lower() for each in Severity)
        }
        counts = "     ".join(f"{severity_word(each, words)}: {numbers[each.name.lower()]}" for each in Severity)
        lines = [words("findings_title"), counts, words("findings_how")]
        if (total := sum(numbers.values())) > len(self.remarks):
            lines[1] += f"     ({words('findings_capped', number=len(self.remarks), total=total)})"
        if self.lost:
            lines.append(words("findings_lost", parts=", ".join(words(each) for each in self.lost)))
        for line, text in enumerate(lines, start=1):
            cell = write_text(sheet, line, 1, text)
            cell.font = letters(size=16, is_bold=True) if line == 1 else letters(QUIET if line > _QUIET_BELOW else INK)
            cell.alignment = wrapped()
            sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=len(_WIDTHS))
        for line, height in enumerate(_HEAD_POINTS, start=1):
            sheet.row_dimensions[line].height = height

    def _add(self, sheet: Worksheet, line: int, remark: Remark) -> None:
        from openpyxl.utils import quote_sheetname
        from openpyxl.worksheet.hyperlink import Hyperlink

        what = remark.message if remark.fix in remark.message else f"{remark.message}\n{remark.fix}"
        nearest = f"{self.words('nearest')}: {remark.nearest}" if remark.nearest else ""
        allowed = "\n".join(part for part in (nearest, shown(remark.allowed)) if part)
        texts = [severity_word(remark.severity, self.words), remark.sheet, remark.cell, remark.label]
        texts += [remark.value or self.words("empty"), what, allowed, remark.rule]
        for column, text in enumerate(texts, start=1):
            cell = write_text(sheet, line, column, text)
            is_link = remark.is_located and column == _CELL_COLUMN
            self._dress(cell, remark.severity.name if column == 1 else "link" if is_link else "text")
            if is_link:
                place = f"{quote_sheetname(remark.sheet)}!{remark.cell or f'A{remark.line or 1}'}"
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, tooltip=place)
                self._dress(cell, "link")
        sheet.row_dimensions[line].height = height_points(*zip(texts, _WIDTHS.values(), strict=True))
        if written := self.former.get((remark.sheet, remark.cell)):
            write_text(sheet, line, _HIDDEN, written)

    def _dress(self, cell: Cell, look: str) -> None:
        # To set a style takes openpyxl as long as to write ten cells, so each is set once and taken over then.
        if look not in self._looks:
            cell.font, cell.alignment = letters(LINK, is_link=True) if look == "link" else letters(), wrapped()
            if look in Severity.__members__:
                cell.fill = ground(MARKS[Severity[look]])
            self._looks[look] = cell._style  # type: ignore[attr-defined]  # noqa: SLF001
        cell._style = copy(self._looks[look])  # type: ignore[attr-defined]  # noqa: SLF001


def _is_ours(sheet: Worksheet) -> bool:
    # To look a cell up in the public way would add it to a sheet that does not have it.
    sign = sheet._cells.get((_HEADER_ROW, _HIDDEN))  # noqa: SLF001
    return sign is not None and sign.value == _SIGN


def _free_title(workbook: Workbook, title: str) -> str:
    return title if title not in workbook.sheetnames else f"{title} ({NAME})"
