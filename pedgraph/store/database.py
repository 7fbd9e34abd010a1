"""Small databases in the home folder: keys and the audit log, for their owner's eyes only."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from pedgraph.errors import DiskFull, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = sqlite3.Row

_OWNER_ONLY: Final = 0o600
_WAIT_SECONDS: Final = 20.0


class Database:
    """A file of SQLite with its tables. Every use opens it anew, so that threads and processes may share it."""

    def __init__(self, path: Path, tables: str) -> None:
        """``tables`` are the statements that make the tables where there are none yet."""
        self._path = path
        self._tables = tables

    @property
    def is_there(self) -> bool:
        """Whether anything was ever written."""
        return self._path.exists()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it happens or nothing. The file is made where there is none.

        Raises :class:`StoreError`, and :class:`DiskFull` where there is no room.
        """
        with self._told():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                # Only a new file: closing another descriptor would end the locks that other threads have on it.
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY))
            with closing(self._connect("rw")) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                for statement in self._tables.split(";;"):
                    connection.execute(statement)
                yield connection
                connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows that a query gives, none where there is no file or nothing in it; raises :class:`StoreError`."""
        if not self.is_there:
            return []
        # Reading must be able to undo what a death has left half done, and for that to write.
        with self._told(), closing(self._connect("rw")) as connection:
            try:
                return connection.execute(query, values).fetchall()
            except sqlite3.OperationalError:
                # Whoever made the file may have died before its tables.
                if not connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
                    return []
                raise

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise DiskFull(f"There is no room on the disk for {self._path.name}; nothing was done.") from error
            raise StoreError(f"{self._path} cannot be used: {error}.") from error
