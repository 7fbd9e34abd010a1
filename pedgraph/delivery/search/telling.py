"""What is told about a thing that was found: where it is, under which name it was found, and some words about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.search.words import words_of, words_of_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_LONGEST_CHARACTERS: Final = 200
_BEFORE_CHARACTERS: Final = 60
_WORD: Final = re.compile(r"[^\W_]+")
_COLUMNS: Final = "iri, kind, name, language, city, city_name, country, country_code, country_name"


@dataclass(frozen=True)
class Result:
    """A thing that was found: its IRI, kind, name with its language, city and country; another name of it, where it
    was found by that; and a text about it or a part of one, empty where there is none.
    """

    iri: str
    kind: str
    name: str
    language: str
    city: str | None
    city_name: str | None
    country: str | None
    country_code: str | None
    country_name: str | None
    other_name: str = ""
    text: str = ""
    text_language: str = ""


def told(database: sqlite3.Connection, things: Iterable[int], words: Sequence[str], language: str) -> list[Result]:
    """What is told about things that were found by these folded words, in their order."""
    return [_told(database, thing, words, language) for thing in things]


def _told(database: sqlite3.Connection, thing: int, words: Sequence[str], language: str) -> Result:
    row = database.execute(f"SELECT {_COLUMNS} FROM thing WHERE id = ?", (thing,)).fetchone()  # noqa: S608 (constant)
    names = database.execute("SELECT name FROM name WHERE thing = ? ORDER BY rowid", (thing,)).fetchall()
    texts = database.execute(
        "SELECT text, language FROM text WHERE thing = ? ORDER BY language != ?, language != 'en', rowid",
        (thing, language),
    ).fetchall()
    fitting = [each for each in texts if _place(each[0], words) is not None]
    text, text_language = (fitting or texts or [("", "")])[0]
    found = Result(*row)
    other_name = _other_name(found.name, [name for (name,) in names], words)
    return replace(found, other_name=other_name, text=_part(text, words), text_language=text_language)


def _other_name(shown: str, names: Iterable[str], words: Sequence[str]) -> str:
    """The name that has more of the words than the one that is shown; empty where there is none."""
    most, best = _hits(shown, words), ""
    for name in names:
        if (hits := _hits(name, words)) > most:
            most, best = hits, name
    return best


def _hits(name: str, words: Sequence[str]) -> int:
    own = words_of_name(name)
    return sum(any(each.startswith(word) for each in own) for word in words)


def _place(text: str, words: Sequence[str]) -> int | None:
    """Where the first of the words stands in a text."""
    for found in _WORD.finditer(text):
        if any(each.startswith(tuple(words)) for each in words_of(found[0])):
            return found.start()
    return None


def _part(text: str, words: Sequence[str]) -> str:
    """A text, or the part of a long one in which the words stand."""
    if len(text) <= _LONGEST_CHARACTERS:
        return text
    place = _place(text, words) or 0
    start = 0 if place <= _BEFORE_CHARACTERS else text.rfind(" ", 0, place - _BEFORE_CHARACTERS) + 1
    end = len(text) if len(text) - start <= _LONGEST_CHARACTERS else text.rfind(" ", start, start + _LONGEST_CHARACTERS)
    end = end if end > start else start + _LONGEST_CHARACTERS
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
