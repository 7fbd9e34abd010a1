"""The word of many that is most like a text, found in little time: mistakes come by the ten thousand."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of those that have most pairs of letters in common, so many are looked at closely.
_CLOSE: Final = 12
_LONGEST_CHARACTERS: Final = 100
_KEPT: Final = 64


class Closest:
    """Words to be near to. Where two are equally like a text, the earlier one is taken."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._with_pair: defaultdict[str, list[int]] = defaultdict(list)
        self._pairs = [0] * len(self._words)
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                self._with_pair[pair].append(number)
                self._pairs[number] += 1
        self._found: dict[str, tuple[float, str]] = {}

    def find(self, text: str, least: float = 0.0) -> str:
        """The word most like a text by the measure of :class:`difflib.SequenceMatcher`; empty where none is as like
        as ``least``.
        """
        wanted = text[:_LONGEST_CHARACTERS]
        if wanted not in self._found:
            self._found[wanted] = max(self._compared(wanted), key=lambda each: each[0], default=(0.0, ""))
        likeness, word = self._found[wanted]
        return word if likeness >= least else ""

    def _compared(self, text: str) -> Iterator[tuple[float, str]]:
        pairs = _pairs(text)
        common = Counter(number for pair in pairs for number in self._with_pair.get(pair, ()))
        by_share = sorted(common, key=lambda number: (-common[number] / (self._pairs[number] + len(pairs)), number))
        matcher = difflib.SequenceMatcher(b=text)
        for number in sorted(by_share[:_CLOSE]) or range(min(_CLOSE, len(self._words))):
            matcher.set_seq1(self._words[number])
            yield matcher.ratio(), self._words[number]


@lru_cache(_KEPT)
def closest_of(words: tuple[str, ...]) -> Closest:
    """The same for words that are asked for again and again."""
    return Closest(words)


def _pairs(word: str) -> set[str]:
    framed = f" {word} "
    return {framed[start : start + 2] for start in range(len(framed) - 1)}
