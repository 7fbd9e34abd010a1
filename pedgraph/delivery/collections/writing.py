"""The file that holds the lists of one version: a database that is written once and read ever after."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.records import records
from pedgraph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.delivery.collections.gathering import World
    from pedgraph.delivery.collections.records import Record
    from pedgraph.vocabulary.contexts import Json

FILE: Final = "collections-1.sqlite"

_TABLES: Final = """
CREATE TABLE item (
    id INTEGER PRIMARY KEY, collection TEXT NOT NULL, iri TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL,
    card TEXT NOT NULL, geometry TEXT, nearby TEXT, credit TEXT NOT NULL, nearby_credit TEXT NOT NULL,
    sort_label TEXT NOT NULL, sort_country TEXT, sort_city TEXT, sort_date TEXT, sort_number REAL
);
CREATE TABLE value (item INTEGER NOT NULL, filter TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE word (
    collection TEXT NOT NULL, filter TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL, iri TEXT NOT NULL,
    PRIMARY KEY (collection, filter, value)
);
CREATE TABLE extent (
    item INTEGER NOT NULL, is_own INTEGER NOT NULL, west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL,
    north REAL NOT NULL
);
CREATE TABLE name (iri TEXT PRIMARY KEY, label TEXT NOT NULL, notation TEXT NOT NULL);
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX item_of_iri ON item (collection, iri);
CREATE INDEX value_by_item ON value (item);
CREATE INDEX value_by_value ON value (filter, value, item);
CREATE INDEX extent_by_item ON extent (item, is_own);
"""
_SORTED: Final = ("sort_label", "sort_country", "sort_city", "sort_date", "sort_number")


def write(world: World, path: Path) -> None:
    """Writes all lists to a new file; raises :class:`StoreError` where the disk does not take it."""
    try:
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
            for collection in COLLECTIONS.values():
                for record in records(collection, world):
                    _add(database, collection.name, record)
            names = [(iri, name.label, name.notation) for iri, name in world.names.items()]
            database.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
            database.executescript(_INDEXES + "ANALYZE;")
            database.commit()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be written: {error}.") from error


def _add(database: sqlite3.Connection, collection: str, record: Record) -> None:
    nearby = _together([place.geometry for place in record.nearby])
    own = None if record.place is None else record.place.geometry
    given: tuple[Any, ...] = (
        collection, record.iri, record.label, record.language, _json(record.card), _json(own), _json(nearby),
        "" if record.place is None else record.place.credit,
        " ".join(dict.fromkeys(place.credit for place in record.nearby if place.credit)),
        *(record.sort[name] for name in _SORTED),
    )  # fmt: skip
    item = database.execute(
        "INSERT INTO item (collection, iri, label, language, card, geometry, nearby, credit, nearby_credit, "  # noqa: S608 (names and marks are ours)
        f"{', '.join(_SORTED)}) VALUES ({', '.join('?' * len(given))})",
        given,
    ).lastrowid
    for name, values in record.values.items():
        database.executemany("INSERT INTO value VALUES (?, ?, ?)", [(item, name, each.short) for each in values])
        words = [(collection, name, each.short, each.label, each.iri) for each in values]
        database.executemany("INSERT OR IGNORE INTO word VALUES (?, ?, ?, ?, ?)", words)
    own_extents = [] if own is None else [(1, own)]
    extents = own_extents + [(0, place.geometry) for place in record.nearby]
    database.executemany(
        "INSERT INTO extent VALUES (?, ?, ?, ?, ?, ?)",
        [(item, is_own, *_extent(geometry)) for is_own, geometry in extents],
    )


def _together(geometries: list[Json]) -> Json | None:
    """Several geometries as one: points as a point or as points, else the first (RFC 7946, section 3.1)."""
    points = [each["coordinates"] for each in geometries if each["type"] == "Point"]
    if len(points) != len(geometries) or len(points) < 2:  # noqa: PLR2004
        return geometries[0] if geometries else None
    return {"type": "MultiPoint", "coordinates": points}


def _extent(geometry: Json) -> tuple[float, float, float, float]:
    positions = list(_positions(geometry))
    longitudes, latitudes = [each[0] for each in positions], [each[1] for each in positions]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _positions(geometry: Json) -> Iterator[list[float]]:
    for each in geometry.get("geometries", ()):
        yield from _positions(each)
    waiting = [geometry.get("coordinates", [])]
    while waiting:
        found = waiting.pop()
        if found and isinstance(found[0], int | float):
            yield found
        else:
            waiting += found


def _json(value: Json | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
