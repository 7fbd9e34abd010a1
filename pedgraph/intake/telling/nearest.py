"""The valid value that somebody may have meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Below this likeness a suggestion is a guess that misleads.
_LEAST_LIKENESS: Final = 0.6
_LONGEST_CHARACTERS: Final = 100
# Of two or three letters almost anything is a slip.
_SHORTEST_CHARACTERS: Final = 4
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?:,\d+)?")
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")


class Candidates:
    """Valid values under all the names that people may give them."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Takes pairs of a name and the valid value, the IRI of a code for example, that it stands for."""
        self._values: dict[str, str] = {}
        for name, value in names:
            self._values.setdefault(folded(name), value)
        self._found: dict[str, str] = {}

    def nearest(self, text: str, *, is_exact: bool = False) -> str:
        """The value whose name is most like a text, or the same where it has to be; nothing where there is none."""
        wanted = folded(text)[:_LONGEST_CHARACTERS]
        if is_exact or len(wanted) < _SHORTEST_CHARACTERS:
            return self._values.get(wanted, "")
        if wanted not in self._found:
            names = difflib.get_close_matches(wanted, self._values, n=1, cutoff=_LEAST_LIKENESS)
            self._found[wanted] = self._values[names[0]] if names else ""
        return self._found[wanted]


def nearest_number(text: str) -> str:
    """A number written as on the continent, such as ``1.234,5``, as it is written here; else nothing."""
    stripped = text.strip()
    if _COMMA.fullmatch(stripped):
        return stripped.replace(",", ".")
    if _GROUPED.fullmatch(stripped) and "," in stripped:
        return re.sub(r"[ .\u00a0\u202f]", "", stripped).replace(",", ".")
    return ""


def is_like(one: str, other: str) -> bool:
    """Whether two names are like enough for the one to be meant by the other."""
    return difflib.SequenceMatcher(None, folded(one), folded(other)).ratio() >= _LEAST_LIKENESS


def folded(text: str) -> str:
    """A name without what people leave out or mix up: case, accents, and what stands between words."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return re.sub(r"[\s_-]+", " ", plain.casefold()).strip()
