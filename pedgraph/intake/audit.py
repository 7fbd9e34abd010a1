"""The audit log: who wrote what, when, and what came of it. Nothing in it is ever changed or removed.

What is done is written down before it is begun, and what came of it when it has ended: an entry without an outcome is
of a process that was killed. Refusals are written down as well; of those that come without a valid key only so many
per minute, so that nobody can fill the disk.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import PedgraphError
from pedgraph.intake.access import Who
from pedgraph.intake.keys import now
from pedgraph.store.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

FILE_NAME: Final = "audit.sqlite"
DONE: Final = "done"
INTERRUPTED: Final = "interrupted"
NOBODY: Final = Who("", "", "")

_TABLES: Final = """\
CREATE TABLE IF NOT EXISTS entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, key_id TEXT NOT NULL, name TEXT NOT NULL,
  role TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL
) STRICT;;
CREATE TABLE IF NOT EXISTS outcomes (
  number INTEGER PRIMARY KEY REFERENCES entries, time TEXT NOT NULL, outcome TEXT NOT NULL, object TEXT NOT NULL,
  version INTEGER
) STRICT;;
""" + ";;\n".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
    for table in ("entries", "outcomes")
    for verb in ("UPDATE", "DELETE")
)
_ENTRIES: Final = """\
SELECT entries.number, entries.time, key_id, name, role, action,
  coalesce(nullif(outcomes.object, ''), entries.object) AS object,
  outcome, outcomes.time AS ended, version
FROM entries LEFT JOIN outcomes ON outcomes.number = entries.number
WHERE entries.number < ? ORDER BY entries.number DESC LIMIT ?"""
# What is done to submissions and makes a version; all else leaves the number of an earlier one in them.
_PUBLISHING: Final = frozenset({"accept", "withdraw"})
_LAST: Final = 2**62
_LONGEST_TEXT: Final = 500
_STRANGERS_PER_MINUTE: Final = 60
_MINUTE_SECONDS: Final = 60.0


@dataclass
class Deed:
    """Something that is being done: what it is done to may only be known at the end, as the version that it made."""

    who: Who
    action: str
    object: str = ""
    version: int | None = None
    outcome: str = INTERRUPTED

    def note_version(self, submission: Mapping[str, Any]) -> None:
        """Notes the version that this has made of a submission, which is given as it is after it."""
        if self.action in _PUBLISHING:
            self.version = submission["version"]

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Notes what comes of what is done inside of it; errors come through."""
        try:
            yield
            self.outcome = DONE if self.outcome == INTERRUPTED else self.outcome
        except PedgraphError as error:
            self.outcome = error.code
            raise


class Audit:
    """The audit log of a home folder."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, _TABLES)
        self._minute = 0.0
        self._strangers = 0
        self._left_out = 0

    @asynccontextmanager
    async def recording(self, who: Who, action: str, about: str = "") -> AsyncIterator[Deed]:
        """Writes down what is done inside of it, and what came of it, also where that is an error.

        Raises :class:`StoreError` and :class:`DiskFull` before anything is done: no write without an entry.
        """
        deed = Deed(who, action, about)
        number = await asyncio.to_thread(self.begin, deed)
        try:
            with deed.ending():
                yield deed
        finally:
            # Also where the client has gone and all of this is being cancelled.
            await asyncio.shield(asyncio.to_thread(self._end, number, deed))

    def begin(self, deed: Deed) -> int:
        """Writes down what is about to be done; gives the number of the entry."""
        with self._database.writing() as connection:
            number = connection.execute(
                "INSERT INTO entries (time, key_id, name, role, action, object) VALUES (?, ?, ?, ?, ?, ?)",
                _values(deed),
            ).lastrowid
        assert number is not None
        return number

    def end(self, number: int, deed: Deed) -> None:
        """Writes down what came of it."""
        with self._database.writing() as connection:
            values = (number, now(), deed.outcome, deed.object[:_LONGEST_TEXT], deed.version)
            connection.execute("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)", values)

    async def refused(self, who: Who, action: str, about: str, outcome: str) -> None:
        """Writes down what somebody was not allowed to do. An attempt must not fail for another reason than its own, so
        where the log cannot be written, only the log of the server says so.
        """
        deed = Deed(who, action, about, outcome=outcome)
        if who == NOBODY and not self._has_room_for_strangers(deed):
            return
        try:
            await asyncio.to_thread(self._begin_and_end, deed)
        except PedgraphError as error:
            log.error("a refusal is not in the audit log: %s", error.detail)

    def entries(self, limit: int, before: int | None = None) -> list[dict[str, Any]]:
        """The newest entries, those below a number where one is given; raises :class:`StoreError`.

        An entry whose ``outcome`` is ``None`` is under way, or was when its process was killed.
        """
        return [dict(row) for row in self._database.rows(_ENTRIES, before if before is not None else _LAST, limit)]

    def _end(self, number: int, deed: Deed) -> None:
        try:
            self.end(number, deed)
        except PedgraphError as error:
            log.error("the outcome of entry %d is not in the audit log: %s", number, error.detail)

    def _begin_and_end(self, deed: Deed) -> None:
        self.end(self.begin(deed), deed)

    def _has_room_for_strangers(self, deed: Deed) -> bool:
        if time.monotonic() - self._minute > _MINUTE_SECONDS:
            deed.object = f"{deed.object} ({self._left_out} more are left out)" if self._left_out else deed.object
            self._minute, self._strangers, self._left_out = time.monotonic(), 0, 0
        self._strangers += 1
        if self._strangers > _STRANGERS_PER_MINUTE:
            self._left_out += 1
            return False
        return True


def _values(deed: Deed) -> tuple[str, ...]:
    who = deed.who
    return now(), who.key_id, who.name, who.role, deed.action, deed.object[:_LONGEST_TEXT]
