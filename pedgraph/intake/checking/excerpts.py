"""The rows of tables that findings are about, as they stand in the file, so that people see what is meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Severity
from pedgraph.intake.tables.cells import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.tables.sheets import Sheet

    # The file, the sheet of a workbook, and the row, 0 for the sheet itself.
    Place = tuple[str, str, int]

# Enough to work through; who has more mends these first, or takes the marked workbook.
MOST_ROWS: Final = 200
MOST_CHARACTERS: Final = 200_000
LONGEST_VALUE_CHARACTERS: Final = 120
# What an empty cell takes in JSON.
_CHARACTERS_AROUND: Final = 4


def excerpts(
    sheets: Sequence[Sheet], told: dict[str, dict[str, Any]], findings: Iterable[Finding]
) -> tuple[list[dict[str, Any]], int]:
    """The sheets with findings, each with its header and the rows that are meant; and how many of these are left out.

    ``told`` is what is told in some languages, the same findings in each; those that are the first of their kind come
    first, then the heavier ones. ``findings`` are all that there are. A row is shown with the one before it. Sheets
    that cannot be told apart are left out.
    """
    groups: list[dict[str, Any]] = next((each["groups"] for each in told.values()), [])
    names = Counter(map(_name, sheets))
    taken = {_name(sheet): _Excerpt(sheet) for sheet in sheets if names[_name(sheet)] == 1}
    wanted = {(position.source, position.sheet, position.line) for position in (each.position for each in findings)}
    rows_left, characters_left = MOST_ROWS, MOST_CHARACTERS
    for source, name, line in dict.fromkeys(_by_weight(groups)):
        excerpt = taken.get((source, name))
        if excerpt is None:
            continue
        more = excerpt.more(line)
        size = sum(map(_size, more.values()))
        if len(more) <= rows_left and size <= characters_left:
            excerpt.add(more)
            rows_left -= len(more)
            characters_left -= size
    left_out = sum(
        1
        for source, name, line in wanted
        if line and (source, name) in names and not ((source, name) in taken and taken[source, name].shows(line))
    )
    return [excerpt.as_json() for excerpt in taken.values() if excerpt.is_meant], left_out


class _Excerpt:
    """What is shown of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._head = sheet.header[0]
        self._rows = dict(sheet.rows)
        self._shown: dict[int, list[str]] = {}
        self.is_meant = False

    def more(self, line: int) -> dict[int, list[str]]:
        """The rows that a finding in a row needs besides those that are there."""
        before = [line - 1] if line - 1 in self._rows else []
        numbers = {number for number in (self._head, *before, line) if number} - self._shown.keys()
        return {number: _texts(self._rows.get(number, ())) for number in numbers}

    def shows(self, line: int) -> bool:
        """Whether a row is among those that are shown."""
        return line in self._shown

    def add(self, more: dict[int, list[str]]) -> None:
        """Takes in what :meth:`more` gave for a row."""
        self._shown |= more
        self.is_meant = True

    def as_json(self) -> dict[str, Any]:
        """The rows in their order as a JSON object."""
        rows = [{"line": line, "values": values} for line, values in sorted(self._shown.items())]
        source, name = _name(self._sheet)
        header = next((row for row in rows if row["line"] == self._head), None)
        return {"source": source, "sheet": name, "header": header, "rows": [row for row in rows if row is not header]}


def _name(sheet: Sheet) -> tuple[str, str]:
    position = sheet.place()
    return position.source, position.sheet


def _by_weight(groups: Sequence[dict[str, Any]]) -> Iterator[Place]:
    """The places of the findings that are told, those first that are not to be missed."""
    ranked: defaultdict[tuple[bool, Severity], list[Place]] = defaultdict(list)
    for group in groups:
        severity = Severity[group["severity"].upper()]
        for number, finding in enumerate(group["findings"]):
            position = finding["position"]
            ranked[number > 0, severity].append((position["source"], position["sheet"], position["line"]))
    for rank in sorted(ranked):
        yield from ranked[rank]


def _texts(values: Sequence[object]) -> list[str]:
    """The values of a row up to the last one, shortened."""
    texts = ["" if value is None else value if isinstance(value, str) else shown(value) for value in values]
    while texts and not texts[-1]:
        texts.pop()
    return [text if len(text) <= LONGEST_VALUE_CHARACTERS else f"{text[:LONGEST_VALUE_CHARACTERS]}…" for text in texts]


def _size(values: Sequence[str]) -> int:
    return sum(len(value) + _CHARACTERS_AROUND for value in values)
