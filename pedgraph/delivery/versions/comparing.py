"""In what two versions differ: made once per pair, then asked for as a whole, for one thing or for one graph."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.dumps.files import sha256_of
from pedgraph.errors import AnswerTooLarge, StoreError
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.delivery.dumps.workshop import Workshop
    from pedgraph.delivery.made import MadeFiles
    from pedgraph.store.versions import Versions

MOST_PATCHED: Final = 100_000
_COLUMNS: Final = "change, subject, predicate, object, graph, subject_iri, object_iri"


@dataclass(frozen=True)
class Pair:
    """Two versions, by number; the later one may have the lower number."""

    before: int
    after: int


@dataclass(frozen=True)
class Wanted:
    """The part of a difference that is asked for: empty means all. What is about a thing or points at it counts.

    ``change`` chooses among the things of a difference as a whole: those that were created, changed or withdrawn.
    """

    iri: str = ""
    graph: str = ""
    change: str = ""
    limit: int = 0
    offset: int = 0


@dataclass(frozen=True)
class Statement:
    """A statement that was added or removed, its terms as N-Triples write them; the graph without brackets."""

    change: str
    subject: str
    predicate: str
    object: str
    graph: str
    subject_iri: str
    object_iri: str


@dataclass(frozen=True)
class ChangedGraph:
    """A graph that differs: created, changed or withdrawn, by how many statements."""

    graph: str
    change: str
    added: int
    removed: int


@dataclass(frozen=True)
class ChangedThing:
    """A thing of which other statements are made than before."""

    iri: str
    change: str
    added: int
    removed: int
    label: str


@dataclass(frozen=True)
class Overview:
    """A difference as a whole; of its things, those from an offset on, up to a limit. ``listed`` is the number of
    things that are wanted.
    """

    added: int
    removed: int
    graphs: list[ChangedGraph]
    counts: dict[str, int]
    things: list[ChangedThing]
    listed: int

    @property
    def total(self) -> int:
        """How many things differ in all."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Detail:
    """The statements about one thing or of one graph that differ, those from an offset on up to a limit, the number of
    all of them, what became of it (empty where nothing did), and labels by IRI.
    """

    total: int
    added: int
    change: str
    statements: list[Statement]
    labels: dict[str, str]


class Comparing:
    """Answers what differs between kept versions. All methods raise :class:`VersionNotFound`, :class:`VersionGone`, and
    what :meth:`pedgraph.delivery.dumps.workshop.Workshop.carry_out` and ``made`` do.
    """

    def __init__(self, versions: Versions, made: MadeFiles, workshop: Workshop) -> None:
        self._versions = versions
        self._made = made
        self._workshop = workshop

    async def overview(self, pair: Pair, wanted: Wanted) -> Overview:
        """The difference as a whole."""
        return await asyncio.to_thread(_overview, await self._file(pair), wanted)

    async def detail(self, pair: Pair, wanted: Wanted) -> Detail:
        """The statements about one thing or of one graph."""
        return await asyncio.to_thread(_detail, await self._file(pair), wanted)

    async def statements(self, pair: Pair, wanted: Wanted) -> list[Statement]:
        """All statements that are wanted, removed ones first; raises :class:`AnswerTooLarge` where they are too many to
        be given at once, which only holds for parts of a difference.
        """
        return await asyncio.to_thread(_statements, await self._file(pair), wanted)

    async def patch(self, pair: Pair) -> tuple[Path, str]:
        """The whole difference as a file of RDF Patch, and its entity tag."""
        path = (await self._file(pair)).with_suffix(".rdfp")
        return path, f'"{await asyncio.to_thread(sha256_of, path)}"'

    async def _file(self, pair: Pair) -> Path:
        before = self._versions.identity(pair.before)[:16]

        async def make(work: Path) -> None:
            patch = work.parent / f"{work.name.partition('.')[0]}.rdfp"
            await self._workshop.carry_out(
                {
                    "home": str(self._versions.home),
                    "before": pair.before,
                    "after": pair.after,
                    "target": str(work),
                    "patch": str(patch),
                }
            )

        name = f"differences/{pair.before}-{before}.sqlite"
        path = self._made.path(pair.after, name)
        if path.is_file():
            return path
        return await self._workshop.made(str(path), lambda: self._made.file(pair.after, name, make))


def read_all(database: sqlite3.Connection, wanted: Wanted) -> Iterator[Statement]:
    """All statements that are wanted, removed ones first."""
    text = f"SELECT {_COLUMNS} FROM statements WHERE {_condition(wanted)} ORDER BY change DESC, rowid"  # noqa: S608
    return (Statement(*row) for row in database.execute(text, vars(wanted)))


def _condition(wanted: Wanted) -> str:
    conditions = [
        *(["(subject_iri = :iri OR object_iri = :iri)"] if wanted.iri else []),
        *(["graph = :graph"] if wanted.graph else []),
    ]
    return " AND ".join(conditions) or "TRUE"


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}.") from error


def _overview(path: Path, wanted: Wanted) -> Overview:
    with _opened(path) as database:
        graphs = [ChangedGraph(*row) for row in database.execute("SELECT * FROM graphs ORDER BY graph")]
        counts = dict(database.execute("SELECT change, COUNT(*) FROM things GROUP BY change ORDER BY change"))
        things = database.execute(
            "SELECT things.*, COALESCE(label, '') FROM things LEFT JOIN labels USING (iri) "
            "WHERE :change IN ('', change) ORDER BY instr(iri, :things) <> 1, iri LIMIT :limit OFFSET :offset",
            vars(wanted) | {"things": THINGS},
        )
        listed = counts.get(wanted.change, 0) if wanted.change else sum(counts.values())
        added, removed = sum(each.added for each in graphs), sum(each.removed for each in graphs)
        return Overview(added, removed, graphs, counts, [ChangedThing(*row) for row in things], listed)


def _detail(path: Path, wanted: Wanted) -> Detail:
    values, condition = vars(wanted), _condition(wanted)
    with _opened(path) as database:
        total, added = database.execute(
            f"SELECT COUNT(*), COALESCE(SUM(change = 'added'), 0) FROM statements WHERE {condition}",  # noqa: S608
            values,
        ).fetchone()
        rows = database.execute(
            f"SELECT {_COLUMNS} FROM statements WHERE {condition} "  # noqa: S608
            "ORDER BY subject_iri <> :iri, rowid LIMIT :limit OFFSET :offset",
            values,
        )
        statements = [Statement(*row) for row in rows]
        whose = "things WHERE iri = :iri" if wanted.iri else "graphs WHERE graph = :graph"
        change = database.execute(f"SELECT change FROM {whose}", values).fetchone()  # noqa: S608
        return Detail(total, added, change[0] if change else "", statements, _labels(database, wanted, statements))


def _labels(database: sqlite3.Connection, wanted: Wanted, statements: list[Statement]) -> dict[str, str]:
    mentioned = {wanted.iri, wanted.graph}
    for each in statements:
        mentioned |= {each.subject_iri, each.predicate[1:-1], each.object_iri, each.graph}
    found = {}
    for iri in sorted(mentioned):
        row = database.execute("SELECT label FROM labels WHERE iri = ?", (iri,)).fetchone()
        if row is not None:
            found[iri] = row[0]
    return found


def _statements(path: Path, wanted: Wanted) -> list[Statement]:
    counting = f"SELECT COUNT(*) FROM statements WHERE {_condition(wanted)}"  # noqa: S608
    with _opened(path) as database:
        (total,) = database.execute(counting, vars(wanted)).fetchone()
        if total > MOST_PATCHED:
            raise AnswerTooLarge(
                f"{total:,} statements differ here; up to {MOST_PATCHED:,} are given for a part of a difference. "
                "The patch of the whole difference has no such limit."
            )
        return list(read_all(database, wanted))
