"""What the graph states about one thing, with who states it: selected by stored queries, in one version.

Queries that name graphs see them one by one, so a statement comes once for each graph that makes it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from pedgraph.errors import CardTooLarge, NotFound
from pedgraph.query.binding import with_iri, with_iris
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.iris import META_GRAPH, TERMS, compact
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.delivery.asking import Asking, Row
    from pedgraph.query.library import StoredQuery

# More than that many statements are not made into one document; the queries give one more.
MOST_STATEMENTS: Final = 20_000
MOST_SHOWN: Final = 5_000
_STATED_IN_GRAPH: Final = TERMS + "statedInGraph"
# So many IRIs go into one query.
_AT_A_TIME: Final = 2_000

Node: TypeAlias = NamedNode | BlankNode
# For each IRI its names and classes: pairs of property and value.
Names: TypeAlias = dict[str, list[tuple[str, NamedNode | BlankNode | Literal]]]


@dataclass(frozen=True)
class Statements:
    """Statements about a thing: ``quads`` with the thing as subject or object, ``records`` about its records, and
    ``provenance`` about the graphs that all of them are in. ``is_cut`` says that there are more that point to it.
    """

    iri: str
    quads: list[Quad]
    records: list[Quad]
    provenance: list[Quad]
    is_cut: bool = False

    @property
    def own(self) -> list[Quad]:
        """Those with the thing as subject."""
        return [quad for quad in self.quads if _value(quad.subject) == self.iri]

    @property
    def graphs(self) -> set[str]:
        """The graphs that the statements are in, and those that rival statements are said to be in."""
        quads = [*self.quads, *self.records]
        named = {_value(quad.object) for quad in quads if quad.predicate.value == _STATED_IN_GRAPH}
        return named | {_value(quad.graph_name) for quad in quads}

    @property
    def pointing(self) -> list[Quad]:
        """Those with another subject and the thing as object."""
        return [quad for quad in self.quads if _value(quad.subject) != self.iri]


class StatementReader:
    """Reads statements from the graph; nothing of them is kept."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def raw(self, iri: str, version: int) -> Statements:
        """All statements with the thing as subject or object.

        Raises :class:`NotFound` where there is none with it as subject, :class:`CardTooLarge` where there are more than
        :data:`MOST_STATEMENTS`, :class:`BadRequest` for what is no IRI, and the errors of :class:`QueryService`.
        """
        rows = await self._asked("raw", iri, version)
        if len(rows) > MOST_STATEMENTS:
            raise _too_many(iri, MOST_STATEMENTS)
        return await self._read(rows, iri, version, is_cut=False)

    async def full(self, iri: str, version: int, *, may_be_cut: bool = False) -> Statements:
        """All of :meth:`raw`, and those of its records; raises as :meth:`raw`.

        Of more than :data:`MOST_SHOWN` only so many are given where that may be so; it is an error otherwise. What is
        stated of the thing itself comes first.
        """
        rows = await self._asked("full", iri, version)
        is_cut = len(rows) > MOST_SHOWN
        if is_cut and not may_be_cut:
            raise _too_many(iri, MOST_SHOWN)
        return await self._read(rows[:MOST_SHOWN], iri, version, is_cut=is_cut)

    async def stated(self, iri: str, version: int) -> list[Row]:
        """The things that a source states something about, as ``thing`` and ``statements``."""
        return await self._asking.rows(with_iri(_stored("stated"), "this", iri), version)

    async def names(self, iris: Iterable[str], version: int) -> Names:
        """For each IRI its names and classes: pairs of property and value, in a fixed order."""
        rows = await self._rows("names", "thing", iris, version)
        found: Names = {}
        for row in rows:
            found.setdefault(row["thing"]["value"], []).append((row["property"]["value"], _term(row["value"])))
        return {iri: sorted(set(each), key=lambda pair: (pair[0], str(pair[1]))) for iri, each in found.items()}

    async def _asked(self, name: str, iri: str, version: int) -> list[Row]:
        return await self._asking.rows(with_iri(_stored(name), "this", iri), version)

    async def _read(self, rows: list[Row], iri: str, version: int, *, is_cut: bool) -> Statements:
        found = await asyncio.to_thread(_split, rows, iri, is_cut=is_cut)
        if not found.own:
            raise NotFound(f"Nothing is said about {compact(iri)}.", iri=iri)
        found.provenance.extend(_described(await self._rows("graphs", "graph", found.graphs, version)))
        return found

    async def _rows(self, name: str, parameter: str, iris: Iterable[str], version: int) -> list[Row]:
        wanted = sorted(set(iris))
        rows: list[Row] = []
        for start in range(0, len(wanted), _AT_A_TIME):
            text = with_iris(_stored(name), parameter, wanted[start : start + _AT_A_TIME])
            rows += await self._asking.rows(text, version)
        return rows


@cache
def _stored(name: str) -> StoredQuery:
    return read_stored_query(queries_directory() / "things" / f"{name}.rq")


def _too_many(iri: str, limit: int) -> CardTooLarge:
    return CardTooLarge(
        f"More than {limit:,} statements belong to this description. Ask for them with a query.",
        iri=iri,
        limit_triples=limit,
    )


def _split(rows: list[Row], iri: str, *, is_cut: bool) -> Statements:
    quads = dict.fromkeys(
        Quad(
            _node(row["subject"]), NamedNode(row["property"]["value"]), _term(row["value"]),
            NamedNode(row["graph"]["value"]),
        )
        for row in rows
    )  # fmt: skip
    thing = NamedNode(iri)
    own = [quad for quad in quads if thing in {quad.subject, quad.object}]
    return Statements(iri, in_order(own), in_order(quads.keys() - set(own)), [], is_cut)


def _described(rows: list[Row]) -> list[Quad]:
    return in_order(
        Quad(
            _node(row["subject"]), NamedNode(row["property"]["value"]), _term(row["value"]),
            NamedNode(META_GRAPH),
        )
        for row in rows
    )  # fmt: skip


def in_order(quads: Iterable[Quad]) -> list[Quad]:
    """Quads by subject, its kind first, by property, by object, and by graph."""
    return sorted(
        set(quads),
        key=lambda quad: (
            str(quad.subject), quad.predicate.value != RDF_TYPE, quad.predicate.value, str(quad.object),
            str(quad.graph_name),
        ),
    )  # fmt: skip


def _node(term: dict[str, str]) -> Node:
    return BlankNode(term["value"]) if term["type"] == "bnode" else NamedNode(term["value"])


def _term(term: dict[str, str]) -> Node | Literal:
    if term["type"] != "literal":
        return _node(term)
    if "xml:lang" in term:
        return Literal(term["value"], language=term["xml:lang"])
    return (
        Literal(term["value"], datatype=NamedNode(term["datatype"])) if "datatype" in term else Literal(term["value"])
    )


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
