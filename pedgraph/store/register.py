"""The queries that wait or run at this moment: what they are, how many each client has, and how one is ended."""

from __future__ import annotations

import hashlib
import ipaddress
import itertools
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pedgraph.errors import NotFound, QueryCancelled, TooManyQueries

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.settings import Settings

_SHOWN_CHARACTERS = 2000
_RETRY_SECONDS = 1
# The provider of an IPv6 client gives it a network of this size, all of whose addresses are its own.
_CLIENT_PREFIX_BITS = 64


@dataclass(eq=False)
class Entry:
    """One query under way. ``end`` ends it at once; ``reader_pid`` is the process at work, 0 while it waits."""

    number: int
    query: str
    client: str
    version: int | None
    deadline_seconds: float
    reader_pid: int = 0
    is_cancelled: bool = False
    end: Callable[[], None] | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_clock: float = field(default_factory=time.monotonic)

    @property
    def counted_as(self) -> str:
        """The address that it is counted under."""
        return _counted_as(self.client)

    @property
    def identifier(self) -> str:
        """The name by which it is cancelled, the same in no other process."""
        return f"{os.getpid()}-{self.number}"

    def as_members(self) -> dict[str, Any]:
        """What an administrator sees of it, as a JSON object."""
        return {
            "id": self.identifier,
            "digest": digest(self.query),
            "text": self.query[:_SHOWN_CHARACTERS],
            "client": self.client,
            "version": self.version,
            "state": "running" if self.reader_pid else "waiting",
            "started": self.started.isoformat(timespec="milliseconds"),
            "seconds": round(time.monotonic() - self.started_clock, 3),
            "deadline_seconds": self.deadline_seconds,
            "reader": self.reader_pid or None,
            "resident_bytes": _resident_bytes(self.reader_pid) if self.reader_pid else None,
        }


class Register:
    """All queries under way in this process. A query enters before it waits and leaves when no reader works on it."""

    def __init__(self, settings: Settings) -> None:
        self._per_client = settings.queries_per_client
        self._entries: dict[int, Entry] = {}
        self._clients: Counter[str] = Counter()
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        """The number of queries under way."""
        return len(self._entries)

    def enter(self, query: str, client: str, version: int | None, deadline_seconds: float) -> Entry:
        """Registers a query; raises :class:`TooManyQueries` where its client has as many as one may.

        An empty ``client`` is the program itself, which is not counted.
        """
        if client and self._clients[_counted_as(client)] >= self._per_client:
            raise TooManyQueries(
                f"{self._per_client} queries from your address are under way, the most that one address may have. "
                "Wait for their answers.",
                retry_after_seconds=_RETRY_SECONDS,
                limit=self._per_client,
            )
        entry = Entry(next(self._numbers), query, client, version, deadline_seconds)
        self._entries[entry.number] = entry
        if client:
            self._clients[_counted_as(client)] += 1
        return entry

    def leave(self, entry: Entry) -> None:
        """Takes a query off the list; harmless where it is off already."""
        if self._entries.pop(entry.number, None) is not None and entry.client:
            counted_as = _counted_as(entry.client)
            self._clients[counted_as] -= 1
            if not self._clients[counted_as]:
                del self._clients[counted_as]

    def running_per_client(self) -> Counter[str]:
        """How many queries of each client a reader works on; by :attr:`Entry.counted_as`."""
        return Counter(entry.counted_as for entry in self._entries.values() if entry.reader_pid)

    def listing(self) -> list[dict[str, Any]]:
        """All queries under way, the oldest first."""
        return [entry.as_members() for entry in self._entries.values()]

    def cancel(self, identifier: str) -> None:
        """Ends a query; raises :class:`NotFound` where none of that identifier is under way."""
        entry = next((each for each in self._entries.values() if each.identifier == identifier), None)
        if entry is None:
            raise NotFound("No query of this identifier is under way; it may have ended by itself.")
        entry.is_cancelled = True
        if entry.end is not None:
            entry.end()


def cancelled() -> QueryCancelled:
    """The error of a query that an administrator ended."""
    return QueryCancelled("Somebody who runs this server ended the query. Ask them before you send it again.")


def digest(text: str) -> str:
    """A short name of a query text, the same in the list and in the log."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _counted_as(client: str) -> str:
    """The address that queries are counted under."""
    if ":" not in client:
        return client
    try:
        network = ipaddress.IPv6Network((client.partition("%")[0], _CLIENT_PREFIX_BITS), strict=False)
    except ValueError:
        return client
    mapped = ipaddress.IPv6Address(client.partition("%")[0]).ipv4_mapped
    return str(mapped or network)


def _resident_bytes(process_id: int) -> int | None:
    try:
        with open(f"/proc/{process_id}/statm", encoding="ascii") as file:  # noqa: PTH123 (no object for one read)
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return None
