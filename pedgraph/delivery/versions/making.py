"""Makes the files of a difference between two versions; the caller gives this a process of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from pedgraph.delivery.versions.comparing import Wanted, read_all
from pedgraph.delivery.versions.patch import lines
from pedgraph.delivery.versions.tables import write_difference
from pedgraph.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.store.versions import Versions


def make_difference(versions: Versions, before: int, after: int, target: Path, patch: Path) -> None:
    """Writes what differs between two kept versions as tables to ``target``, and as RDF Patch to ``patch``.

    Raises :class:`VersionNotFound`, :class:`VersionGone`, :class:`StoreError`.
    """
    try:
        write_difference(versions, before, after, target)
        with closing(sqlite3.connect(target)) as database, patch.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines(before, after, read_all(database, Wanted())))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"The difference of versions {before} and {after} cannot be written: {error}.") from error
