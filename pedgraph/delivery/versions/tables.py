"""The file in which a difference between two versions is kept: its tables, and how they are filled.

Terms stand in it as N-Triples write them; IRIs that are looked up, without their brackets.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.store.differences import differing, opened
from pedgraph.vocabulary.iris import PREFIXES
from pedgraph.vocabulary.skolem import GENERATED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.store.differences import GraphDifference, Opened
    from pedgraph.store.versions import Versions

ADDED: Final = "added"
REMOVED: Final = "removed"
CREATED: Final = "created"
CHANGED: Final = "changed"
WITHDRAWN: Final = "withdrawn"
CHANGES: Final = (CREATED, CHANGED, WITHDRAWN)

_TABLES: Final = """
CREATE TABLE graphs (graph TEXT PRIMARY KEY, change TEXT, added INTEGER, removed INTEGER);
CREATE TABLE statements (
    change TEXT, subject TEXT, predicate TEXT, object TEXT, graph TEXT, subject_iri TEXT, object_iri TEXT
);
CREATE TABLE things (iri TEXT PRIMARY KEY, change TEXT, added INTEGER, removed INTEGER);
CREATE TABLE labels (iri TEXT PRIMARY KEY, label TEXT);
"""
# Whoever reads wants a thing at a time, and what was removed next to what has taken its place.
_SORTED: Final = """
CREATE TABLE sorted AS SELECT * FROM statements ORDER BY subject, predicate, change DESC, object, graph;
DROP TABLE statements;
ALTER TABLE sorted RENAME TO statements;
CREATE INDEX by_subject ON statements (subject_iri);
CREATE INDEX by_object ON statements (object_iri);
CREATE INDEX by_graph ON statements (graph);
"""
_LABELS: Final = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title")
_PREFERRED_LANGUAGE: Final = "en"


def write_difference(versions: Versions, before: int, after: int, target: Path) -> None:
    """Writes what differs between two kept versions into a new file.

    Raises :class:`VersionNotFound`, :class:`VersionGone`, :class:`StoreError`.
    """
    target.unlink(missing_ok=True)
    with (
        opened(versions.store_directory(before)) as old,
        opened(versions.store_directory(after)) as new,
        closing(sqlite3.connect(target)) as database,
    ):
        # It is moved to its place when it is whole; until then nobody needs it to outlive a crash.
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        for each in differing(old, new) if before != after else ():
            change = _change(is_before=each.graph in old.graphs, is_after=each.graph in new.graphs)
            row = (each.graph, change, len(each.added), len(each.removed))
            database.execute("INSERT INTO graphs VALUES (?, ?, ?, ?)", row)
            database.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?)", _statements(each))
        database.executescript(_SORTED)
        database.executemany("INSERT INTO things VALUES (?, ?, ?, ?)", list(_things(database, old, new)))
        database.executemany("INSERT INTO labels VALUES (?, ?)", list(_labels(database, old, new)))
        database.commit()


def _statements(difference: GraphDifference) -> Iterator[tuple[str, ...]]:
    for change, triples in ((ADDED, difference.added), (REMOVED, difference.removed)):
        for triple in triples:
            terms = (str(triple.subject), str(triple.predicate), str(triple.object))
            yield (change, *terms, difference.graph, *_named(triple))


def _named(triple: Triple) -> tuple[str, str]:
    return tuple(each.value if isinstance(each, NamedNode) else "" for each in (triple.subject, triple.object))  # type: ignore[return-value]


def _things(database: sqlite3.Connection, old: Opened, new: Opened) -> Iterator[tuple[str, str, int, int]]:
    """Whatever has a name and has statements about it that differ."""
    counted = database.execute(
        "SELECT subject_iri, SUM(change = 'added'), SUM(change = 'removed') FROM statements "
        "WHERE subject_iri <> '' GROUP BY subject_iri ORDER BY subject_iri"
    )
    for iri, added, removed in counted:
        if not iri.startswith(GENERATED):
            change = _change(is_before=_is_known(old, iri), is_after=_is_known(new, iri))
            yield iri, change, added, removed


def _labels(database: sqlite3.Connection, old: Opened, new: Opened) -> Iterator[tuple[str, str]]:
    mentioned = database.execute(
        "SELECT subject_iri FROM statements UNION SELECT object_iri FROM statements "
        "UNION SELECT substr(predicate, 2, length(predicate) - 2) FROM statements UNION SELECT graph FROM statements"
    )
    for (iri,) in mentioned:
        label = (_label(new, iri) or _label(old, iri)) if iri else ""
        if label:
            yield iri, label


def _label(version: Opened, iri: str) -> str:
    for name in _LABELS:
        found = [quad.object for quad in version.store.quads_for_pattern(NamedNode(iri), NamedNode(name), None, None)]
        texts = sorted({each for each in found if isinstance(each, Literal)}, key=_preference)
        if texts:
            return texts[0].value
    return ""


def _preference(label: Literal) -> tuple[bool, str, str]:
    return label.language != _PREFERRED_LANGUAGE, label.language or "", label.value


def _is_known(version: Opened, iri: str) -> bool:
    return any(True for _ in version.store.quads_for_pattern(NamedNode(iri), None, None, None))


def _change(*, is_before: bool, is_after: bool) -> str:
    if is_before and is_after:
        return CHANGED
    return CREATED if is_after else WITHDRAWN
