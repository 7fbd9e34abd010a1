"""The ledger: what every publication and every rollback changed, kept beyond the versions themselves.

One SQLite file in the home folder. Each *change* leads from the version that was current to the one that is current
after it. A change is written once the pointer has moved, and before anything is pruned. Where a death comes between, or
where a home has no ledger yet, :func:`catch_up` makes what is missing from the versions that are kept.

Places number the members through all changes; the place after the last member of a change stands for the end of the
change itself, so that readers know that they have the whole of it. Nothing that is written changes again, but for one
thing: of a person who is withdrawn no name stays, see :meth:`Ledger.append`. Readers can tell by ``edition``.
"""

from __future__ import annotations

import json
import secrets
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.errors import StoreError
from pedgraph.store.database import Database
from pedgraph.store.recording import WITHDRAWN, Event, Member, Record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

LEDGER_FILE: Final = "ledger.sqlite"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS stream (identity TEXT NOT NULL, edition INTEGER NOT NULL);;
CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);;
CREATE TABLE IF NOT EXISTS changes (
  number INTEGER PRIMARY KEY, version INTEGER NOT NULL, previous INTEGER, moment TEXT NOT NULL, mode TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL
);;
CREATE TABLE IF NOT EXISTS members (
  place INTEGER PRIMARY KEY, change INTEGER NOT NULL, graph INTEGER NOT NULL, thing INTEGER NOT NULL,
  existed INTEGER NOT NULL, lines BLOB NOT NULL
);;
CREATE INDEX IF NOT EXISTS members_of_things ON members (thing, graph, place);;
CREATE TABLE IF NOT EXISTS events (
  number INTEGER PRIMARY KEY, change INTEGER NOT NULL, thing INTEGER NOT NULL, kind TEXT NOT NULL,
  classes TEXT NOT NULL, label TEXT NOT NULL
);;
CREATE INDEX IF NOT EXISTS events_of_things ON events (thing, number);;
CREATE INDEX IF NOT EXISTS events_of_changes ON events (change, kind)
"""
_CHANGE: Final = "number, version, previous, moment, mode, first, last, created, changed, withdrawn"
_EVENT: Final = (
    "events.number, events.change, changes.version, changes.moment, names.iri, events.kind, events.classes, "
    "events.label FROM events JOIN changes ON changes.number = events.change JOIN names ON names.id = events.thing"
)


@dataclass(frozen=True)
class Change:
    """One change: from version ``previous`` (``None``: there was none) to ``version``, at a moment (RFC 3339, UTC).

    ``mode`` is that of the default graph, ``first`` the place of its first member and ``last`` that of its end;
    ``created``, ``changed`` and ``withdrawn`` count things.
    """

    number: int
    version: int
    previous: int | None
    moment: str
    mode: str
    first: int
    last: int
    created: int
    changed: int
    withdrawn: int


@dataclass(frozen=True)
class Placed:
    """A member in its place."""

    place: int
    change: int
    member: Member


@dataclass(frozen=True)
class Dated:
    """An event with its number, and the number, the version and the moment of its change."""

    number: int
    change: int
    version: int
    moment: str
    event: Event


class Ledger:
    """The ledger of one home folder. All methods raise :class:`StoreError` where the file cannot be used."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / LEDGER_FILE, _TABLES)

    def identity(self) -> tuple[str, int]:
        """A text that no other ledger has, and how often something was taken out of this one."""
        found = self._database.rows("SELECT identity, edition FROM stream")
        return (str(found[0]["identity"]), int(found[0]["edition"])) if found else ("", 0)

    def last(self) -> Change | None:
        """The newest change."""
        found = self.changes(newest=1)
        return found[0] if found else None

    def highest_version(self) -> int:
        """The highest version that any change leads to; 0 where there is none."""
        found = self._database.rows("SELECT max(version) AS highest FROM changes")
        return int(found[0]["highest"] or 0) if found else 0

    def changes(self, *, newest: int = -1, first: int = 1, until: int = -1) -> list[Change]:
        """Changes, newest first: those of these numbers, so many at most."""
        rows = self._database.rows(
            f"SELECT {_CHANGE} FROM changes WHERE number >= ? AND (? < 0 OR number <= ?) "  # noqa: S608
            "ORDER BY number DESC LIMIT ?",
            first, until, until, newest,
        )  # fmt: skip
        return [Change(*row) for row in rows]

    def changes_between(self, first: int, end: int) -> list[Change]:
        """The changes that have any place from ``first`` to before ``end``, oldest first."""
        rows = self._database.rows(
            f"SELECT {_CHANGE} FROM changes WHERE last >= ? AND first < ? ORDER BY number",  # noqa: S608
            first, end,
        )  # fmt: skip
        return [Change(*row) for row in rows]

    def members(self, first: int, end: int) -> list[Placed]:
        """The members in the places from ``first`` to before ``end``; a place whose member was taken out is missing."""
        rows = self._database.rows(
            "SELECT place, change, graphs.iri AS graph, things.iri AS thing, existed, lines FROM members "
            "JOIN names AS graphs ON graphs.id = graph JOIN names AS things ON things.id = thing "
            "WHERE place >= ? AND place < ? ORDER BY place",
            first, end,
        )  # fmt: skip
        return [_placed(row) for row in rows]

    def events(self, *, newest: int, below: int | None = None) -> list[Dated]:
        """So many events, newest first, with numbers below one."""
        rows = self._database.rows(
            f"SELECT {_EVENT} WHERE ? IS NULL OR events.number < ? ORDER BY events.number DESC LIMIT ?",
            below, below, newest,
        )  # fmt: skip
        return [_dated(row) for row in rows]

    def named_events(self, root: str, *, change: int, kind: str, newest: int) -> list[Dated]:
        """So many events of one kind in a change, about things below an IRI that have a label, ordered by that."""
        rows = self._database.rows(
            f"SELECT {_EVENT} WHERE events.change = ? AND kind = ? AND label <> '' AND instr(names.iri, ?) = 1 "
            "ORDER BY label LIMIT ?",
            change, kind, root, newest,
        )  # fmt: skip
        return [_dated(row) for row in rows]

    def events_of(self, iri: str, *, newest: int = -1) -> list[Dated]:
        """What happened to one thing, newest first."""
        rows = self._database.rows(
            f"SELECT {_EVENT} WHERE names.iri = ? ORDER BY events.number DESC LIMIT ?",
            iri, newest,
        )  # fmt: skip
        return [_dated(row) for row in rows]

    def append(self, record: Record, *, version: int, previous: int | None, moment: str, mode: str) -> Change:
        """Writes a change down, and returns it.

        Of persons who are withdrawn by it all names are taken out: members that are about them or that hold a name of
        theirs go, where later ones stand in their place, and labels with a name become empty. Raises
        :class:`StoreError` where the newest change does not lead to ``previous``.
        """
        with self._database.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            if not connection.execute("SELECT 1 FROM stream").fetchone():
                connection.execute("INSERT INTO stream VALUES (?, 1)", (secrets.token_hex(8),))
            change = _next_change(connection, record, version, previous, moment, mode)
            connection.execute(
                f"INSERT INTO changes ({_CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                tuple(vars(change).values()),
            )
            _write(connection, change, record)
            names = {each.iri: each.names for each in record.events if each.kind == WITHDRAWN and each.names}
            if names and _forget(connection, names):
                connection.execute("UPDATE stream SET edition = edition + 1")
        return change

    def begin_anew(self) -> None:
        """Forgets everything: what follows is another stream."""
        with self._database.writing() as connection:
            for table in ("stream", "names", "changes", "members", "events"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608


def _next_change(
    connection: sqlite3.Connection, record: Record, version: int, previous: int | None, moment: str, mode: str
) -> Change:
    row = connection.execute(
        "SELECT number, version, last, moment FROM changes ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if previous != (row["version"] if row else None):
        raise StoreError(f"The ledger does not lead to version {previous}, on which version {version} follows.")
    number, first, not_before = (row["number"] + 1, row["last"] + 1, row["moment"]) if row else (1, 0, "")
    kinds = [each.kind for each in record.events]
    return Change(
        number=number,
        version=version,
        previous=previous,
        moment=max(moment, not_before),
        mode=mode,
        first=first,
        last=first + len(record.members),
        created=kinds.count("created"),
        changed=kinds.count("changed"),
        withdrawn=kinds.count(WITHDRAWN),
    )


def _write(connection: sqlite3.Connection, change: Change, record: Record) -> None:
    iris = {each.graph for each in record.members} | {each.iri for each in record.members}
    numbers = _numbered(connection, sorted(iris))
    connection.executemany(
        "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?)",
        (
            (place, change.number, numbers[each.graph], numbers[each.iri], each.existed, _packed(each.lines))
            for place, each in enumerate(record.members, start=change.first)
        ),
    )
    connection.executemany(
        "INSERT INTO events (change, thing, kind, classes, label) VALUES (?, ?, ?, ?, ?)",
        ((change.number, numbers[each.iri], each.kind, json.dumps(each.classes), each.label) for each in record.events),
    )


def _numbered(connection: sqlite3.Connection, iris: Iterable[str]) -> dict[str, int]:
    numbers = {}
    for iri in iris:
        connection.execute("INSERT OR IGNORE INTO names (iri) VALUES (?)", (iri,))
        row = connection.execute("SELECT id FROM names WHERE iri = ?", (iri,)).fetchone()
        numbers[iri] = int(row["id"])
    return numbers


def _forget(connection: sqlite3.Connection, names: dict[str, frozenset[str]]) -> bool:
    """Takes persons and their names out; gives whether there was anything to take out."""
    persons = set(_numbered(connection, sorted(names)).values())
    wanted = [name for each in names.values() for name in each]
    doomed = []
    superseded = connection.execute(
        "SELECT place, thing, lines FROM members AS old WHERE EXISTS "
        "(SELECT 1 FROM members AS new WHERE new.thing = old.thing AND new.graph = old.graph AND new.place > old.place)"
    )
    with closing(superseded):
        for row in superseded:
            text = "\n".join(_unpacked(row["lines"]))
            if row["thing"] in persons or any(_in_lines(name) in text for name in wanted):
                doomed.append((row["place"],))
    connection.executemany("DELETE FROM members WHERE place = ?", doomed)
    connection.executemany("UPDATE events SET label = '' WHERE thing = ?", [(each,) for each in persons])
    connection.executemany("UPDATE events SET label = '' WHERE instr(label, ?) > 0", [(each,) for each in wanted])
    return bool(doomed)


def _in_lines(name: str) -> str:
    """A name as it stands in a line of N-Triples (RDF 1.1 N-Triples, section 2.4)."""
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def _packed(lines: tuple[str, ...]) -> bytes:
    return zlib.compress("\n".join(lines).encode()) if lines else b""


def _unpacked(lines: bytes) -> tuple[str, ...]:
    return tuple(zlib.decompress(lines).decode().split("\n")) if lines else ()


def _placed(row: sqlite3.Row) -> Placed:
    member = Member(row["graph"], row["thing"], row["existed"] == 1, _unpacked(row["lines"]))
    return Placed(row["place"], row["change"], member)


def _dated(row: sqlite3.Row) -> Dated:
    event = Event(row["iri"], row["kind"], tuple(json.loads(row["classes"])), row["label"])
    return Dated(row["number"], row["change"], row["version"], row["moment"], event)
