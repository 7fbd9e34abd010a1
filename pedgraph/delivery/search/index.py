"""The index of a version: one SQLite file with names, texts, and the words of both.

``words`` has a row of full text for each thing as a whole (language ``*``) and one for each language in which it has
texts; text without a language counts in all of them. ``pair`` leads from two letters to the words that have them, so
that a word with a slip in it finds what was meant.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.search.kinds import kind_of, name_of, place_of
from pedgraph.delivery.search.words import pairs_of, words_of, words_of_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pedgraph.delivery.asking import Row

# Another number whenever the file is made in another way.
FILE_NAME: Final = "search-1.sqlite"
ALL_LANGUAGES: Final = "*"

_SCHEMA: Final = """
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
  language TEXT NOT NULL, city TEXT, city_name TEXT, country TEXT, country_code TEXT, country_name TEXT
);
CREATE INDEX thing_kind ON thing (kind);
CREATE TABLE name (
  folded TEXT NOT NULL, thing INTEGER NOT NULL, language TEXT NOT NULL, is_number INTEGER NOT NULL, name TEXT NOT NULL
);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_thing ON name (thing);
CREATE TABLE text (thing INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX text_thing ON text (thing);
CREATE TABLE entry (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, language TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
  names, places, texts, content='', prefix='1 2 3', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co'"
);
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, things INTEGER NOT NULL, pairs INTEGER NOT NULL);
CREATE TABLE pair (pair TEXT NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (pair, word)) WITHOUT ROWID;
"""


@dataclass
class _Place:
    """A city or country, or both."""

    city: str | None = None
    country: str | None = None
    country_code: str | None = None
    country_name: str | None = None


@dataclass
class _Thing:
    """A thing with all its names and texts, each with its language."""

    iri: str
    kind: str
    shown: tuple[str, str] | None = None
    fit: tuple[bool, bool] = (False, False)
    names: dict[tuple[str, str], None] = field(default_factory=dict)
    numbers: dict[tuple[str, str], None] = field(default_factory=dict)
    texts: dict[tuple[str, str], None] = field(default_factory=dict)


def write_index(path: Path, texts: Iterable[Row], places: Iterable[Row]) -> None:
    """Makes the index of a version at a path, where there is none yet, of what the two queries for it give."""
    path.unlink(missing_ok=True)
    things = _things(texts)
    by_thing = _places(places)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_SCHEMA)
        counts: defaultdict[str, int] = defaultdict(int)
        names = {thing.iri: thing.shown[0] for thing in things if thing.shown}
        for number, thing in enumerate(things, 1):
            for word in _write(database, number, thing, by_thing.get(thing.iri, _Place()), names):
                counts[word] += 1
        _write_words(database, counts)
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.commit()


def _things(rows: Iterable[Row]) -> list[_Thing]:
    """All things that have a name and a kind, by their IRIs."""
    things: dict[str, _Thing] = {}
    for row in rows:
        iri, sort = row["thing"]["value"], row["sort"]["value"]
        kind = kind_of(iri)
        text = (row["text"]["value"], row["text"].get("xml:lang", "").lower())
        if kind is None or not text[0].strip():
            continue
        thing = things.setdefault(iri, _Thing(iri, kind))
        if sort == "text":
            thing.texts[text] = None
            continue
        (thing.numbers if sort == "number" else thing.names)[text] = None
        # The name to be shown comes before others, the English one before those in other languages.
        fit = (sort == "shown", text[1] == "en")
        if sort != "number" and (thing.shown is None or fit > thing.fit):
            thing.shown, thing.fit = text, fit
    return [things[iri] for iri in sorted(things) if things[iri].shown]


def _places(rows: Iterable[Row]) -> dict[str, _Place]:
    """Where things are; where several places are given, the first of each sort."""
    places: dict[str, _Place] = {}
    for row in rows:
        place = places.setdefault(row["thing"]["value"], _Place())
        for name, key in (("city", "city"), ("country", "country"), ("code", "country_code")):
            if getattr(place, key) is None and name in row:
                setattr(place, key, row[name]["value"])
        if place.country_name is None and row.get("countryName", {}).get("xml:lang", "en") == "en":
            place.country_name = row.get("countryName", {}).get("value")
    return places


def _write(database: sqlite3.Connection, number: int, thing: _Thing, place: _Place, names: dict[str, str]) -> set[str]:
    """Writes a thing; gives back all words that lead to it."""
    assert thing.shown is not None
    city_name = names.get(place.city or "")
    database.execute(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, thing.iri, thing.kind, place_of(thing.kind), *thing.shown, place.city, city_name, place.country,
         place.country_code, place.country_name),
    )  # fmt: skip
    database.executemany(
        "INSERT INTO name VALUES (?, ?, ?, ?, ?)",
        [
            (" ".join(words_of(name)), number, language, is_number, name)
            for is_number, names_or_numbers in enumerate((thing.names, thing.numbers))
            for name, language in names_or_numbers
        ],
    )
    database.executemany(
        "INSERT INTO text VALUES (?, ?, ?)", [(number, language, text) for text, language in thing.texts]
    )
    where = (city_name, place.country_name, place.country_code, name_of(thing.kind), name_of(thing.kind, 2))
    around = " ".join(word for part in where for word in words_of(part or ""))
    found: set[str] = set()
    for language in (ALL_LANGUAGES, *sorted({each[1] for each in (*thing.names, *thing.texts)} - {""})):
        named = " ".join(word for name in _in(thing.names, language) for word in words_of_name(name))
        told = " ".join(word for text in _in((*thing.numbers, *thing.texts), language) for word in words_of(text))
        entry = database.execute("INSERT INTO entry (thing, language) VALUES (?, ?)", (number, language)).lastrowid
        database.execute(
            "INSERT INTO words (rowid, names, places, texts) VALUES (?, ?, ?, ?)", (entry, named, around, told)
        )
        found.update(named.split(), told.split(), around.split())
    return found


def _in(texts: Iterable[tuple[str, str]], language: str) -> Iterator[str]:
    for text, own in texts:
        if language in {ALL_LANGUAGES, own} or not own:
            yield text


def _write_words(database: sqlite3.Connection, counts: dict[str, int]) -> None:
    for number, (word, things) in enumerate(sorted(counts.items()), 1):
        pairs = pairs_of(word)
        database.execute("INSERT INTO word VALUES (?, ?, ?, ?)", (number, word, things, len(pairs)))
        database.executemany("INSERT INTO pair VALUES (?, ?)", [(pair, number) for pair in sorted(pairs)])
