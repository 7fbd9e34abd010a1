"""Words as they are compared: without capitals and accents, and how many slips lie between two of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart; U+0131 is the i without a dot.
_LETTERS: Final = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "\u0131": "i",
})  # fmt: skip
# How some of them are written where a keyboard lacks them.
_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LONGEST_JOINED_WORDS: Final = 4
# A word of so many letters may have one slip, and two.
_ONE_SLIP_LETTERS: Final = 4
_TWO_SLIPS_LETTERS: Final = 8


def folded(text: str) -> str:
    """A text in small letters without accents; ``ß`` is ``ss``, ``ø`` is ``o``."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(each for each in parts if not unicodedata.combining(each)).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    return _WORD.findall(folded(text))


def words_of_name(name: str) -> list[str]:
    """The words of a name, and after them those under which it may be looked for as well: spelled without its dots
    and rings (``Koeln``), and written in one (``pedact`` for ``PED-ACT``).
    """
    words = words_of(name)
    composed = unicodedata.normalize("NFC", name.casefold())
    spelled = [each for each in words_of(composed.translate(_SPELLED_OUT)) if each not in words]
    joined = ["".join(words)] if 1 < len(words) <= _LONGEST_JOINED_WORDS else []
    return words + spelled + joined


def slips_allowed(word: str) -> int:
    """How many slips a word may have and still be taken for another one."""
    return (len(word) >= _ONE_SLIP_LETTERS) + (len(word) >= _TWO_SLIPS_LETTERS)


def slips(word: str, other: str, most: int) -> int:
    """How many letters are to be added, left out, changed, or swapped with their neighbour, to make one word of the
    other; ``most + 1`` where it is more than ``most``. No letter is moved twice.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, another in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == another:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def slips_of_beginning(word: str, other: str, most: int) -> int:
    """The same between a word and the other one as far as it may have been typed."""
    lengths = range(max(1, len(word) - most), min(len(other), len(word) + most) + 1)
    return min((slips(word, other[:length], most) for length in lengths), default=most + 1)


def pairs_of(word: str) -> set[str]:
    """The pairs of letters of a word; its beginning and its end are letters too."""
    framed = f" {word} "
    return {framed[start : start + 2] for start in range(len(framed) - 1)}
