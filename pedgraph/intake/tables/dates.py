"""Dates as people write them, as exact as they wrote them: a day, a month or a year."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.kinds import folded
from pedgraph.intake.tables.rules import NO_DATE, NO_YEAR, TWO_DATES, NotReadError
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

XSD: Final = PREFIXES["xsd"]
DAY: Final = f"{XSD}date"
MONTH: Final = f"{XSD}gYearMonth"
YEAR: Final = f"{XSD}gYear"
_YEAR_FIRST: Final = re.compile(r"^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?:[T ]00:00(?::00)?)?$")
_YEAR_LAST: Final = re.compile(r"^(?:(\d{1,2})([-/.]))?(\d{1,2})[-/.](\d{4})$")
_IN_WORDS: Final = re.compile(
    r"^(?:(\d{1,2})(?:\.|er|st|nd|rd|th)?\s*(?:de\s+)?)?([^\W\d]+)\.?\s*(?:de\s+|,\s*)?(\d{4})$"
)
_MONTH_FIRST: Final = re.compile(r"^([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,\s*(\d{4})$")
_EXAMPLES: Final = {DAY: "2024-03-05", MONTH: "2024-03", YEAR: "2024"}
_YEARS: Final = range(1800, 2201)
# Excel counts days from here (its 1900 is a leap year, so one day earlier than one would think).
_EXCEL_BEGIN: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(20_000, 80_000)


def read_date(value: object, datatypes: Sequence[str], months: Mapping[str, int]) -> tuple[str, str]:
    """The date in a cell as lexical form and datatype, one of those given (all of DAY, MONTH and YEAR if none are).

    Raises :class:`NotReadError` where it is no date, not exact enough, or may be two days.
    """
    wanted = [each for each in datatypes if each in _EXAMPLES] or list(_EXAMPLES)
    examples = ", ".join(_EXAMPLES[each] for each in wanted)
    year, month, day = _parts(value, months, examples)
    lexical, datatype = f"{year:04}", YEAR
    if month:
        lexical, datatype = f"{lexical}-{month:02}", MONTH
    if day:
        lexical, datatype = f"{lexical}-{day:02}", DAY
    if year not in _YEARS or not _is_date(year, month, day) or datatype not in wanted:
        raise NotReadError(NO_DATE, allowed=examples, nearest="")
    return lexical, datatype


def read_year(value: object) -> str:
    """The year in a cell; raises :class:`NotReadError`."""
    if isinstance(value, datetime | date):
        raise NotReadError(NO_YEAR, allowed=_EXAMPLES[YEAR], nearest=str(value.year))
    text = _number_text(value)
    if not re.fullmatch(r"\d{4}", text) or int(text) not in _YEARS:
        found = re.search(r"(?<!\d)(1[89]|2[01])\d{2}(?!\d)", text)
        raise NotReadError(NO_YEAR, allowed=_EXAMPLES[YEAR], nearest=found[0] if found else "")
    return text


def _number_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _parts(value: object, months: Mapping[str, int], examples: str) -> tuple[int, int, int]:
    if isinstance(value, datetime | date):
        return value.year, value.month, value.day
    text = re.sub(r"\s+", " ", _number_text(value))
    if re.fullmatch(r"\d{4}", text):
        return int(text), 0, 0
    if found := _YEAR_FIRST.match(text):
        return int(found[1]), int(found[3]), int(found[4] or 0)
    if found := _YEAR_LAST.match(text):
        return _year_last(found)
    if (found := _IN_WORDS.match(text)) and folded(found[2]) in months:
        return int(found[3]), months[folded(found[2])], int(found[1] or 0)
    if (found := _MONTH_FIRST.match(text)) and folded(found[1]) in months:
        return int(found[3]), months[folded(found[1])], int(found[2])
    raise NotReadError(NO_DATE, allowed=examples, nearest=_excel_day(text))


def _year_last(found: re.Match[str]) -> tuple[int, int, int]:
    """``05.03.2024`` begins with the day, ``05/03/2024`` with the day or, in America, with the month."""
    first, mark, second, year = int(found[1] or 0), found[2], int(found[3]), int(found[4])
    if not first:
        return year, second, 0
    is_swappable = first != second and _is_date(year, first, second) and _is_date(year, second, first)
    if mark != "." and is_swappable:
        days = f"{year:04}-{second:02}-{first:02}, {year:04}-{first:02}-{second:02}"
        raise NotReadError(TWO_DATES, allowed=days, nearest="")
    if mark != "." and not _is_date(year, second, first):
        return year, first, second
    return year, second, first


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


def _excel_day(text: str) -> str:
    """The day that a bare number may mean which Excel no longer shows as a date."""
    if text.isdecimal() and len(text) == 5 and int(text) in _EXCEL_DAYS:  # noqa: PLR2004
        return (_EXCEL_BEGIN + timedelta(days=int(text))).isoformat()
    return ""
