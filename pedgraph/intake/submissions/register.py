"""The register of submissions: one row for each, and events that are only ever added.

A SQLite database in WAL mode; each commit is on the disk before anybody is told of it (``synchronous=FULL``). Triggers
keep rows and events from being changed. Several web processes and the command line use it at once.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import Conflict, DiskFull, NotFound, StoreError
from pedgraph.intake.submissions.records import Delivery, Event, Stored, Submission
from pedgraph.intake.submissions.states import Kind, State
from pedgraph.store.versions import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.submissions.records import Actor

_FOLDER: Final = "submissions"
_FILE_NAME: Final = "register.sqlite3"
_BUSY_SECONDS: Final = 30.0
# Less than this is too little for what SQLite needs to open a database.
_LEAST_FREE_BYTES: Final = 64 * 1024
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS submission (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    revision INTEGER NOT NULL,
    revises TEXT NOT NULL,
    key TEXT NOT NULL,
    submitter TEXT NOT NULL,
    delivery TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (series, revision)
) STRICT;
CREATE INDEX IF NOT EXISTS submission_bytes ON submission (key, sha256);
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    submission TEXT NOT NULL REFERENCES submission (id),
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    comment TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_submission ON event (submission, number);
"""
_KEPT: Final = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;\n"
    for table in ("submission", "event")
    for act in ("update", "delete")
)
_EVENT_COLUMNS: Final = "number, submission, at, who, kind, state, comment, data"


def directory_in(home: Path) -> Path:
    """The folder of submissions in a home folder."""
    return home.absolute() / _FOLDER


def now() -> str:
    """The present moment as an ISO 8601 text with milliseconds, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Register:
    """The register in a folder, which it makes where it is not there yet."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / _FILE_NAME
        self._is_ready = False
        self._is_kept_open = False
        self._kept: sqlite3.Connection | None = None
        self._guard = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether anything was ever received here."""
        return self._path.exists()

    def keep_open(self) -> None:
        """Stays open from its first use on until :meth:`close`, so that it can be read though the disk is full."""
        self._is_kept_open = True

    def close(self) -> None:
        """Lets go of it; it can be used again."""
        with self._guard:
            self._is_kept_open = False
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Everything that is read inside belongs together."""
        with self._transaction("BEGIN") as connection:
            yield Reading(connection)

    @contextmanager
    def writing(self) -> Iterator[Editing]:
        """All that is added inside is there afterwards, durably, or nothing of it."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield Editing(connection)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._open()) as connection:
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise _as_ours(error, self._path) from error

    def _open(self) -> sqlite3.Connection:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except OSError as error:
            raise as_disk_error(error, self._directory) from error
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            if not self._is_ready:
                self._prepare(connection)
            self._keep()
        except BaseException:
            connection.close()
            raise
        return connection

    def _keep(self) -> None:
        with self._guard:
            if self._is_kept_open and self._kept is None:
                self._kept = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
                self._kept.execute("SELECT COUNT(*) FROM submission").fetchone()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA + _KEPT)
        sync_folder(self._directory)
        sync_folder(self._directory.parent)
        self._is_ready = True


class Reading:
    """A view of the register as it is at one moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, submission: str) -> Submission:
        """A submission by its id; raises :class:`NotFound`."""
        row = self._connection.execute("SELECT * FROM submission WHERE id = ?", (submission,)).fetchone()
        if row is None:
            raise NotFound(f"There is no submission {submission[:100]}.")
        return self._submission(row)

    def all(self, *, key: str | None = None) -> list[Submission]:
        """All submissions, newest first; those sent with a key only, where one is given."""
        condition, values = ("", ()) if key is None else ("WHERE key = ?", (key,))
        rows = self._connection.execute(f"SELECT * FROM submission {condition} ORDER BY rowid DESC", values)  # noqa: S608
        return [self._submission(row) for row in rows.fetchall()]

    def series(self, series: str) -> list[Submission]:
        """A first submission and its revisions, in their order."""
        rows = self._connection.execute("SELECT * FROM submission WHERE series = ? ORDER BY revision", (series,))
        return [self._submission(row) for row in rows.fetchall()]

    def with_bytes(self, key: str, sha256: str) -> list[Submission]:
        """What somebody has sent already with these bytes, oldest first."""
        query = "SELECT * FROM submission WHERE key = ? AND sha256 = ? ORDER BY rowid"
        return [self._submission(row) for row in self._connection.execute(query, (key, sha256)).fetchall()]

    def intents(self) -> list[Submission]:
        """Those of which a version is about to be made, as far as the register knows."""
        query = """
            SELECT submission.* FROM submission JOIN event ON event.submission = submission.id
            WHERE event.kind = 'publishing'
              AND event.number = (SELECT MAX(number) FROM event WHERE event.submission = submission.id)
            ORDER BY event.number"""
        return [self._submission(row) for row in self._connection.execute(query).fetchall()]

    def _submission(self, row: tuple[Any, ...]) -> Submission:
        identifier, series, revision, revises, key, submitter, delivery, sha256, size_bytes = row
        rows = self._connection.execute(
            f"SELECT {_EVENT_COLUMNS} FROM event WHERE submission = ? ORDER BY number",  # noqa: S608
            (identifier,),
        )
        events = tuple(_event(each) for each in rows.fetchall())
        stored = Stored(sha256, size_bytes)
        given = Delivery(**json.loads(delivery))
        return Submission(identifier, series, revision, revises, key, submitter, given, stored, events)


class Editing(Reading):
    """A view of the register that can be added to."""

    def add(self, delivery: Delivery, stored: Stored, actor: Actor, *, revises: Submission | None = None) -> Submission:
        """Adds a submission, received at this moment; with a number of its own, or as a revision of another one."""
        if revises is None:
            series, revision = self._next_series(), 1
        else:
            series, revision = revises.series, len(self.series(revises.series)) + 1
        identifier = series if revision == 1 else f"{series}-{revision}"
        row = (
            identifier, series, revision, "" if revises is None else revises.id, actor.key, actor.name,
            json.dumps(delivery.as_json(), ensure_ascii=False), stored.sha256, stored.bytes,
        )  # fmt: skip
        self._connection.execute("INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.append(identifier, actor.name, Kind.RECEIVED, State.RECEIVED, "")
        return self.get(identifier)

    def append(self, submission: str, who: str, kind: Kind, state: State, comment: str, **data: object) -> None:
        """Adds an event to a submission."""
        text = json.dumps(data, ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO event (submission, at, who, kind, state, comment, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (submission, now(), who, kind.value, state.value, comment, text),
        )

    def current(self, submission: str, expected: int = 0) -> Submission:
        """A submission that something is about to happen to.

        Raises :class:`NotFound`; :class:`Conflict` while a version with it is being made, and where its tag is not the
        one that is expected (0: any).
        """
        found = self.get(submission)
        if found.intent is not None:
            raise Conflict(f"A version with submission {submission} is being made.", state=found.state.value)
        if expected not in {0, found.tag}:
            raise Conflict(
                f"Something has happened to submission {submission} since you saw it: it is "
                f"{found.state.value.replace('-', ' ')}. Look at it again.",
                state=found.state.value,
                tag=found.tag,
            )
        return found

    def _next_series(self) -> str:
        year = now()[:4]
        query = "SELECT COUNT(DISTINCT series) FROM submission WHERE series LIKE ?"
        (count,) = self._connection.execute(query, (f"{year}-%",)).fetchone()
        return f"{year}-{count + 1:04d}"


def _event(row: tuple[Any, ...]) -> Event:
    number, submission, at, who, kind, state, comment, data = row
    return Event(number, submission, at, who, Kind(kind), State(state), comment, json.loads(data))


def _as_ours(error: sqlite3.Error, path: Path) -> StoreError | DiskFull:
    code = getattr(error, "sqlite_errorcode", 0)
    # What it cannot write beside itself is an error of input and output only.
    is_full = code & 0xFF == sqlite3.SQLITE_IOERR and shutil.disk_usage(path.parent).free < _LEAST_FREE_BYTES
    if code == sqlite3.SQLITE_FULL or is_full:
        return disk_full()
    return StoreError(f"The register {path.name} cannot be used: {error}.")


def as_disk_error(error: OSError, directory: Path) -> StoreError | DiskFull:
    """The error of ours for one of the operating system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full()
    return StoreError(f"{directory} cannot be written to: {error.strerror or error}.")


def disk_full() -> DiskFull:
    """There is no room for what was sent; nothing that was there is lost."""
    return DiskFull(
        "There is no room on the disk for this. Nothing of it was kept; what was there already is as it was."
    )
