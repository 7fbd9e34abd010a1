"""Lists as they are read from the file of a version: what passes the filters, in order, and how often each value."""

from __future__ import annotations

import difflib
import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.model import CODE, COUNTRY, RELEVANCE, THING, YEAR
from pedgraph.delivery.collections.terms import last_part, short, sort_key
from pedgraph.errors import BadRequest, StoreError
from pedgraph.vocabulary.iris import PREFIXES, THINGS, expand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.delivery.collections.asking import Box, ListQuestion
    from pedgraph.delivery.collections.model import Collection, Filter
    from pedgraph.query.codes import CodeLists

_NEAREST: Final = 3
_SHOWN: Final = 50
# More values of one filter than anybody looks at are told to be more.
MOST_VALUES: Final = 100
_YEAR_DIGITS: Final = 4


@dataclass(frozen=True)
class Item:
    """An item as it is kept; ``card`` and the geometries are JSON texts."""

    iri: str
    label: str
    language: str
    card: str
    geometry: str | None
    nearby: str | None
    credit: str
    nearby_credit: str


@dataclass(frozen=True)
class Count:
    """A value of a filter, its name for people, and how many items have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Part:
    """A part of a list: its items, how many there are with and without the filters, and counts of values by filter."""

    items: tuple[Item, ...]
    total: int
    of: int
    counts: dict[str, tuple[Count, ...]]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a version, to be read; raises :class:`StoreError` where it cannot be."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}.") from error


def resolved(database: sqlite3.Connection, question: ListQuestion, codes: CodeLists) -> dict[str, tuple[str, ...]]:
    """The values of each filter as they are kept: a slug, a prefixed name and an IRI mean the same.

    Raises :class:`BadRequest` for a value that nothing in this version stands for.
    """
    found: dict[str, tuple[str, ...]] = {}
    for each in question.collection.filters:
        values = [_resolved(database, question.collection, each, text, codes)
                  for text in question.chosen.get(each.name, ())]  # fmt: skip
        if values:
            found[each.name] = tuple(dict.fromkeys(values))
    return found


def part(
    database: sqlite3.Connection,
    question: ListQuestion,
    chosen: dict[str, tuple[str, ...]],
    ranked: list[str] | None,
    window: tuple[int, int],
) -> Part:
    """A part of a list. ``ranked`` are the only things that may be in it, best first; ``window`` is its place in the
    whole list and the most items that it may have.
    """
    where, values = _conditions(question, chosen, ranked)
    total = database.execute(f"SELECT count(*) FROM item WHERE {where}", values).fetchone()[0]  # noqa: S608 (names and marks are ours)
    of = database.execute("SELECT count(*) FROM item WHERE collection = ?", (question.collection.name,)).fetchone()[0]
    is_ranked = question.order == RELEVANCE and ranked is not None
    # What is ranked is looked up one by one: there is less of it than in the list.
    source = "json_each(?) AS rank CROSS JOIN item ON item.iri = rank.value" if is_ranked else "item"
    columns = "iri, label, language, card, geometry, nearby, credit, nearby_credit"
    rows = database.execute(
        f"SELECT {columns} FROM {source} WHERE {where} ORDER BY {_ordered(question)} LIMIT ? OFFSET ?",  # noqa: S608 (names and marks are ours)
        [*([json.dumps(ranked)] if is_ranked else []), *values, window[1], window[0]],
    )
    items = tuple(Item(*row) for row in rows)
    counts = _counts(database, question, chosen, ranked) if question.with_facets else {}
    return Part(items, total, of, counts)


def labelled(database: sqlite3.Connection, collection: Collection, chosen: dict[str, tuple[str, ...]]) -> dict[
    tuple[str, str], str
]:  # fmt: skip
    """The names for people of values that are chosen."""
    found: dict[tuple[str, str], str] = {}
    for name, values in chosen.items():
        for value in values:
            row = database.execute(
                "SELECT label FROM word WHERE collection = ? AND filter = ? AND value = ?",
                (collection.name, name, value),
            ).fetchone()
            found[name, value] = row[0] if row else value
    return found


def named(database: sqlite3.Connection, text: str) -> list[str]:
    """The things of a list whose names have all of these words, for a list whose items have no names of their own."""
    words = [sort_key(word) for word in text.split()]
    conditions = " AND ".join(["instr(sort_label, ?)"] * len(words)) or "1"
    return [row[0] for row in database.execute(f"SELECT iri FROM item WHERE {conditions} ORDER BY sort_label", words)]  # noqa: S608 (names and marks are ours)


def _conditions(
    question: ListQuestion, chosen: dict[str, tuple[str, ...]], ranked: list[str] | None, without: str = ""
) -> tuple[str, list[Any]]:
    conditions, values = ["item.collection = ?"], [question.collection.name]
    for name, wanted in chosen.items():
        if name != without:
            marks = ", ".join("?" * len(wanted))
            conditions.append(f"item.id IN (SELECT item FROM value WHERE filter = ? AND value IN ({marks}))")  # noqa: S608 (names and marks are ours)
            values += [name, *wanted]
    if question.box is not None:
        condition, numbers = _inside(question.box)
        own = "" if question.is_near else " AND is_own"
        conditions.append(f"item.id IN (SELECT item FROM extent WHERE {condition}{own})")  # noqa: S608 (names and marks are ours)
        values += numbers  # type: ignore[arg-type]
    if ranked is not None:
        conditions.append("item.iri IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(ranked))
    return " AND ".join(conditions), values


def _inside(box: Box) -> tuple[str, list[float]]:
    """The condition that an extent and a box have a point in common, across the antimeridian as well."""
    crossing = "OR" if box.west > box.east else "AND"
    return f"north >= ? AND south <= ? AND (east >= ? {crossing} west <= ?)", [box.south, box.north, box.west, box.east]


def _ordered(question: ListQuestion) -> str:
    """The order of a list; what lacks what it goes by comes last either way, and the IRI decides in the end."""
    direction = "DESC" if question.is_descending else "ASC"
    if question.order == RELEVANCE:
        return f"rank.key {direction}, iri"
    column = question.order.column
    return f"{column} IS NULL, {column} {direction}, sort_label, iri"


def _counts(
    database: sqlite3.Connection, question: ListQuestion, chosen: dict[str, tuple[str, ...]], ranked: list[str] | None
) -> dict[str, tuple[Count, ...]]:
    """How many items have each value of each filter, if all others stay as they are."""
    found: dict[str, tuple[Count, ...]] = {}
    for each in question.collection.filters:
        if not each.is_counted:
            continue
        where, values = _conditions(question, chosen, ranked, without=each.name)
        rows = database.execute(
            "SELECT value.value, coalesce(word.label, value.value), count(*) AS times FROM value "  # noqa: S608 (names and marks are ours)
            "LEFT JOIN word ON word.collection = ? AND word.filter = value.filter AND word.value = value.value "
            f"WHERE value.filter = ? AND value.item IN (SELECT item.id FROM item WHERE {where}) "
            "GROUP BY value.value ORDER BY times DESC, 2, 1 LIMIT ?",
            [question.collection.name, each.name, *values, MOST_VALUES],
        )
        found[each.name] = tuple(Count(*row) for row in rows)
    return found


def _resolved(database: sqlite3.Connection, collection: Collection, asked: Filter, text: str, codes: CodeLists) -> str:
    if asked.kind == YEAR:
        if len(text) != _YEAR_DIGITS or not (text.isascii() and text.isdigit()):
            raise _unknown(asked, text, [])
        return text
    name = expand(text)
    if asked.kind == CODE and any(codes.find(text, scheme, PREFIXES) is not None for scheme in asked.schemes):
        return last_part(name)
    if asked.kind == COUNTRY:
        row = database.execute(
            "SELECT notation FROM name WHERE notation <> '' AND (notation = ? OR iri = ?)", (text.upper(), name)
        ).fetchone()
        if row is not None:
            return str(row[0])
    if asked.kind == THING:
        iri = name if name.startswith(THINGS) else f"{THINGS}{asked.of_kind}{'/' if asked.of_kind else ''}{text}"
        if database.execute("SELECT 1 FROM name WHERE iri = ?", (iri,)).fetchone() is not None:
            return short(iri, asked, {})
    raise _unknown(asked, text, _nearest(database, collection, asked, text))


def _nearest(database: sqlite3.Connection, collection: Collection, asked: Filter, text: str) -> list[str]:
    known = database.execute(
        "SELECT value, label FROM word WHERE collection = ? AND filter = ?", (collection.name, asked.name)
    ).fetchall()
    by_name = {sort_key(name): value for value, label in known for name in (label, value)}
    found = difflib.get_close_matches(sort_key(text)[:_SHOWN], by_name, n=_NEAREST)
    return list(dict.fromkeys(by_name[each] for each in found))


def _unknown(asked: Filter, text: str, nearest: list[str]) -> BadRequest:
    hint = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
    kinds = {CODE: "a code", THING: "a thing", COUNTRY: "the two letters of a country", YEAR: "a year"}
    return BadRequest(
        f"The parameter '{asked.name}' takes {kinds[asked.kind]}, such as {asked.example}; there is no "
        f"'{text[:_SHOWN]}' here.{hint}",
        parameter=asked.name,
        example=asked.example,
        nearest=nearest,
    )
