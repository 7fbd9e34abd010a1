"""Asking an index: which things fit some words, best first, and what is told about them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.search.index import ALL_LANGUAGES
from pedgraph.delivery.search.kinds import is_background
from pedgraph.delivery.search.words import pairs_of, slips, slips_allowed, slips_of_beginning, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

# How well a thing fits: the words are a name of it, or begin one; all are words in its names, or in these, its kind and
# its place; all begin words there; all are somewhere in what is said about it; or only some of them are.
IS_NAME, BEGINS_NAME, IN_NAMES, IN_PLACES, BEGIN_WORDS, IN_TEXTS, SOME_WORDS = range(7)

_NAMES: Final = "names"
_PLACES: Final = "names places"
_EVERYWHERE: Final = "names places texts"
_WEIGHTS: Final = "bm25(words, 10.0, 2.0, 1.0)"
# So many words share most pairs of letters with one that has a slip in it; they are compared with it letter by letter.
_NEAR_WORDS: Final = 60
_MOST_MEANT: Final = 4
# So many phrases that may be meant are compared with whole names.
_MOST_PHRASES: Final = 16
_AFTER_ALL_LETTERS: Final = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """A thing, how well it fits, and the kind that it is of."""

    thing: int
    iri: str
    kind: str
    fit: int


@dataclass(frozen=True)
class Answer:
    """All that fits, best first; ``meant`` leads from words that occur nowhere to those that were taken for them."""

    found: list[Found] = field(default_factory=list)
    meant: dict[str, list[str]] = field(default_factory=dict)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """An index, for reading only."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        yield database
    finally:
        database.close()


def find(database: sqlite3.Connection, words: Sequence[str], language: str = "", *, names_only: bool = False) -> Answer:
    """What fits folded words, in one language or in all. Where nothing has all the words, words like them are tried,
    and then some of the words. ``names_only`` leaves out texts.
    """
    if not words:
        return Answer()
    search = _Search(database, words, language or ALL_LANGUAGES)
    columns = _PLACES if names_only else _EVERYWHERE
    groups = [[word] for word in words]
    fits = search.all_of(groups, columns)
    meant: dict[str, list[str]] = {}
    if not fits:
        likes = {word: search.meant(word) for word in dict.fromkeys(words)}
        groups = [[*([word] if search.occurs(word) else []), *likes[word]] for word in words]
        meant = {word: likes[word] for word in likes if likes[word] and not search.occurs(word)}
        fits = search.all_of(groups, columns) if all(groups) else {}
        if fits and not meant:
            meant = {word: like for word, like in likes.items() if like}
    if not fits and any(groups) and len(words) > 1:
        fits = search.some_of([group for group in groups if group], columns)
    return Answer(search.ranked(fits), meant if fits else {})


def everything(database: sqlite3.Connection) -> Answer:
    """All things: by kind, and by name."""
    rows = database.execute("SELECT id, iri, kind, place, name FROM thing").fetchall()
    by_name = sorted(rows, key=lambda row: (row[3], row[2], words_of(row[4]), row[1]))
    return Answer([Found(number, iri, kind, IS_NAME) for number, iri, kind, _, _ in by_name])


class _Search:
    """One search: its words and its language."""

    def __init__(self, database: sqlite3.Connection, words: Sequence[str], language: str) -> None:
        self._database = database
        self._words = words
        self._language = language

    def all_of(self, groups: Sequence[Sequence[str]], columns: str) -> dict[int, tuple[int, float]]:
        """The things in which each group has a word, or a beginning of one: how well they fit, and their score."""
        beginnings = " AND ".join(_any(group, self._words) for group in groups)
        phrases = [" ".join(words) for words in islice(product(*groups), _MOST_PHRASES)]
        named = {thing for text in phrases for thing in self._named(text, text)}
        scores = dict.fromkeys(named, 0.0) | self._match(f"{{{columns}}} : ({beginnings})")
        if not scores:
            return {}
        whole = " AND ".join(_any(group) for group in groups)
        sets: list[tuple[int, Iterable[int]]] = [(BEGIN_WORDS, self._match(f"{{{_PLACES}}} : ({beginnings})"))]
        sets += [(IN_PLACES, self._match(f"{{{_PLACES}}} : ({whole})"))]
        sets += [(IN_NAMES, self._match(f"{{{_NAMES}}} : ({whole})"))]
        begun = {thing for text in phrases for thing in self._named(text, f"{text}{_AFTER_ALL_LETTERS}")}
        sets += [(BEGINS_NAME, begun), (IS_NAME, named)]
        fits = dict.fromkeys(scores, IN_TEXTS)
        for fit, things in sets:
            fits.update(dict.fromkeys(scores.keys() & set(things), fit))
        return {thing: (fit, scores[thing]) for thing, fit in fits.items()}

    def some_of(self, groups: Sequence[Sequence[str]], columns: str) -> dict[int, tuple[int, float]]:
        """The things that have words of some groups."""
        alternatives = " OR ".join(_any(group, self._words) for group in groups)
        return {thing: (SOME_WORDS, score) for thing, score in self._match(f"{{{columns}}} : ({alternatives})").items()}

    def ranked(self, fits: dict[int, tuple[int, float]]) -> list[Found]:
        """Things in their order: by how well they fit; by kind, where it is the name that fits; by score; by name."""
        rows = self._database.execute(
            "SELECT id, iri, kind, place, name FROM thing WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(fits)),),
        )
        keyed = []
        for number, iri, kind, place, name in rows:
            fit, score = fits[number]
            # What is in a place comes before what is only told of with its name, such as a source.
            tier = IN_PLACES if fit == IN_NAMES and is_background(kind) else fit
            before = place if fit < IN_TEXTS else is_background(kind)
            keyed.append(((tier, before, round(score, 3), len(name), name, iri), Found(number, iri, kind, fit)))
        return [found for _, found in sorted(keyed, key=lambda each: each[0])]

    def occurs(self, word: str) -> bool:
        """Whether any word of the index begins so."""
        row = self._database.execute(
            "SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1", (word, word + _AFTER_ALL_LETTERS)
        )
        return row.fetchone() is not None

    def meant(self, word: str) -> list[str]:
        """The words that are nearest to one, if any is near enough: first those that occur most."""
        most = slips_allowed(word)
        if not most:
            return []
        pairs = sorted(pairs_of(word))
        rows = self._database.execute(
            f"SELECT word.word, word.things FROM pair JOIN word ON word.id = pair.word "  # noqa: S608 (marks only)
            f"WHERE pair.pair IN ({', '.join('?' * len(pairs))}) AND length(word.word) >= ? "
            "GROUP BY word.id ORDER BY COUNT(*) DESC, word.pairs, word.id LIMIT ?",
            (*pairs, len(word) - most, _NEAR_WORDS),
        ).fetchall()
        far: dict[str, int] = {}
        for other, _ in rows:
            if other != word:
                # Where one is not typed to its end yet, that counts as half a slip more.
                far[other] = min(2 * slips(word, other, most), 2 * slips_of_beginning(word, other, most) + 1)
        least = min(far.values(), default=2 * most + 2)
        if least > 2 * most + 1:
            return []
        things = dict(rows)
        nearest = sorted((each for each in far if far[each] == least), key=lambda each: (-things[each], each))
        return nearest[:_MOST_MEANT]

    def _match(self, expression: str) -> dict[int, float]:
        """The things whose full text fits, with their score; the smaller it is, the better they fit."""
        rows = self._database.execute(
            f"SELECT entry.thing, {_WEIGHTS} FROM words JOIN entry ON entry.id = words.rowid "  # noqa: S608 (constant)
            "WHERE words MATCH ? AND entry.language = ?",
            (expression, self._language),
        )
        return dict(rows)

    def _named(self, first: str, last: str) -> set[int]:
        rows = self._database.execute(
            "SELECT thing FROM name WHERE folded BETWEEN ? AND ? AND (? IN (language, ?) OR language = '') "
            "AND (folded = ? OR NOT is_number)",
            (first, last, self._language, ALL_LANGUAGES, first),
        )
        return {thing for (thing,) in rows}


def _any(words: Sequence[str], typed: Sequence[str] = ()) -> str:
    """A full text expression for one of some words; those that were typed may be beginnings. Words are letters and
    digits only, and stand in quotes.
    """
    alternatives = " OR ".join(f'"{word}" *' if word in typed else f'"{word}"' for word in words)
    return f"({alternatives})"
