"""Numbers as people write them: ``1 250,5``, ``≥ 50``, ``ca. 5 MWh``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.rules import NO_NUMBER, TWO_NUMBERS, WRONG_UNIT, NotReadError, choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.intake.tables.kinds import Member

# What parts thousands without ever being a decimal sign.
_BLANKS: Final = " \u00a0\u2007\u2009\u202f\u2019'_"
_AMOUNT: Final = re.compile(
    rf"^(?P<qualifier>[^\d+\-,]*?)\s*(?P<sign>[+-]?)\s*(?P<digits>\d[\d.,{_BLANKS}]*|[.,]\d+)"
    r"(?P<exponent>[eE][+-]?\d{1,2}\b)?\s*(?P<unit>(?![-\u2013\d.,]).*|)$"
)
_GROUPED: Final = re.compile(r"^\d{1,3}( \d{3})+$")
_MOST_DIGITS: Final = 30
_MOST_CHARACTERS: Final = 100
# Excel computes with this many digits, and so do those who read its numbers.
_EXCEL_DIGITS: Final = 15


@dataclass(frozen=True)
class Amount:
    """A number, what is said of its exactness (IRI of a code, or empty), and the unit behind it as it was written."""

    number: Decimal
    qualifier: str = ""
    unit: str = ""


def read_amount(value: object, qualifiers: Mapping[str, str]) -> Amount:
    """The amount in a cell; raises :class:`NotReadError` where it is none, or may be two different ones."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Amount(_of_excel(value))
    text = unicodedata.normalize("NFC", str(value)).replace("\u2212", "-").strip()
    found = _AMOUNT.match(text) if isinstance(value, str) and len(text) <= _MOST_CHARACTERS else None
    if found is None:
        raise NotReadError(NO_NUMBER)
    word = found["qualifier"].strip().casefold()
    if word and word not in qualifiers:
        raise NotReadError(NO_NUMBER)
    digits = _plain(found["digits"].strip(_BLANKS), is_final=not found["exponent"])
    number = Decimal(f"{found['sign']}{digits}{found['exponent'] or ''}")
    return Amount(number, qualifiers.get(word, ""), found["unit"].strip())


def _of_excel(value: float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{_EXCEL_DIGITS}g"))


def _plain(written: str, *, is_final: bool) -> str:
    """Digits with a point for the decimal sign and nothing between thousands."""
    text = re.sub(f"[{_BLANKS}]", " ", written)
    marks = [each for each in text if each in ".,"]
    decimal_mark = ""
    if len(set(marks)) == 2 or " " in text:  # noqa: PLR2004  # both kinds
        decimal_mark = marks[-1] if marks else ""
    elif len(marks) == 1:
        decimal_mark = marks[0]
        before, _, after = text.partition(decimal_mark)
        if is_final and len(after) == 3 and 0 < len(before) <= 3 and before.lstrip("0"):  # noqa: PLR2004
            # Written with other than three digits behind the point it can no longer be taken for thousands.
            short = after.rstrip("0") if after.endswith("0") else f"{after}0"
            raise NotReadError(TWO_NUMBERS, allowed=f"{before}{after}, {before}.{short or '0'}", nearest="")
    whole, fraction = text, ""
    if decimal_mark:
        whole, _, fraction = text.rpartition(decimal_mark)
    others = set(whole) & set(" .,")
    mark = others.pop() if others else ""
    grouped = whole.replace(mark, " ") if mark else whole
    is_sound = not others and (grouped.isdecimal() or bool(_GROUPED.match(grouped)) or (not grouped and bool(fraction)))
    if not is_sound or (fraction and not fraction.isdecimal()) or len(text) > _MOST_DIGITS:
        raise NotReadError(NO_NUMBER)
    return f"{grouped.replace(' ', '') or '0'}.{fraction or '0'}"


def decimal_text(number: Decimal) -> str:
    """The number as ``xsd:decimal``, always with a point: ``2700.0``, ``0.5`` (XML Schema Part 2, section 3.2.3.2)."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0")
    text = text if "." in text else f"{text}."
    text = f"{text}0" if text.endswith(".") else text
    return "0.0" if text in {"-0.0", "0.0"} else text


def find_unit(text: str, units: Sequence[Member], allowed: Sequence[Member]) -> Member:
    """The unit that a text means, which must be one of those allowed; raises :class:`NotReadError`."""
    wanted = _unit_form(text)
    for unit in units:
        names = (unit.iri, unit.notation, *unit.other_names, *unit.labels.values())
        if any(_unit_form(name) == wanted for name in names) and unit in allowed:
            return unit
    raise NotReadError(WRONG_UNIT, **choice(text, [unit.notation for unit in allowed]))


def _unit_form(text: str) -> str:
    return re.sub(r"[\s·.*()]", "", unicodedata.normalize("NFKC", text)).casefold()
