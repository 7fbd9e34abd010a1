"""What each version holds, as a function of its number, and the queries whose answers follow from that.

A version that the publisher makes holds the round that bears the version's own number; a version that a write over HTTP
makes keeps the round and gets a new note. Two graphs state half of the facts both, so that the merge matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPHS = ("https://w3id.org/pedgraph/graph/round/1", "https://w3id.org/pedgraph/graph/round/2")
# One of the shipped graphs: what is written must be in a graph that the metadata describe.
NOTE_GRAPH = "https://w3id.org/pedgraph/graph/s1/1"
THINGS = 300
CSV = "text/csv"
N_TRIPLES = "application/n-triples"
ROUND, NEXT, SUMMAND, NOTE = (NamedNode(f"urn:x:{name}") for name in ("round", "next", "summand", "note"))


@dataclass(frozen=True)
class State:
    """What a version says: which round, and which note, if any."""

    round: int
    note: int | None = None


def thing(number: int) -> NamedNode:
    return NamedNode(f"urn:x:thing/{number}")


def summands(round_number: int) -> list[Triple]:
    """Three numbers that add up to nothing in each round, and to something else in any mix of two."""
    values = (round_number, 2 * round_number, -3 * round_number)
    return [Triple(thing(each), SUMMAND, Literal(value)) for each, value in enumerate(values)]


def graphs_of(round_number: int) -> dict[str, list[Triple]]:
    """Both graphs in one round."""
    rounds = [Triple(thing(each), ROUND, Literal(round_number)) for each in range(THINGS)]
    chain = [Triple(thing(each), NEXT, thing(each + 1)) for each in range(THINGS - 1)]
    return {GRAPHS[0]: [*rounds, *chain, *summands(round_number)], GRAPHS[1]: rounds[: THINGS // 2]}


@dataclass(frozen=True)
class Question:
    """A query, the format that is asked for, and its answer as a function of what the version says."""

    text: str
    accept: str
    answer: Callable[[State], str]


def _table(columns: str, *rows: str) -> str:
    return "".join(f"{line}\r\n" for line in (columns, *rows))


QUESTIONS = {
    "point": Question(
        "SELECT ?value { <urn:x:thing/1> <urn:x:summand> ?value }",
        CSV,
        lambda state: _table("value", str(2 * state.round)),
    ),
    "sum": Question(
        "SELECT (COUNT(?v) AS ?n) (SUM(?v) AS ?sum) (MAX(?v) AS ?most) { ?thing <urn:x:summand> ?v }",
        CSV,
        lambda state: _table("n,sum,most", f"3,0,{2 * state.round}"),
    ),
    "join": Question(
        "SELECT ?far ?round { <urn:x:thing/7> <urn:x:next> ?a . ?a <urn:x:next> ?b . ?b <urn:x:next> ?far . "
        "?far <urn:x:round> ?round }",
        CSV,
        lambda state: _table("far,round", f"urn:x:thing/10,{state.round}"),
    ),
    "aggregate": Question(
        "SELECT ?round (COUNT(?thing) AS ?things) { ?thing <urn:x:round> ?round } GROUP BY ?round",
        CSV,
        lambda state: _table("round,things", f"{state.round},{THINGS}"),
    ),
    "graphs": Question(
        "SELECT (COUNT(*) AS ?n) (MIN(?round) AS ?low) (MAX(?round) AS ?high) "
        "{ GRAPH ?graph { ?thing <urn:x:round> ?round } }",
        CSV,
        lambda state: _table("n,low,high", f"{THINGS + THINGS // 2},{state.round},{state.round}"),
    ),
    "CONSTRUCT": Question(
        "CONSTRUCT { ?thing <urn:x:summand> ?v } WHERE { ?thing <urn:x:summand> ?v }",
        N_TRIPLES,
        lambda state: "".join(sorted(f"{triple} .\n" for triple in summands(state.round))),
    ),
    "note": Question(
        "SELECT ?note ?round { <urn:x:thing/0> <urn:x:round> ?round OPTIONAL { <urn:x:thing/0> <urn:x:note> ?note } }",
        CSV,
        lambda state: _table("note,round", f"{'' if state.note is None else state.note},{state.round}"),
    ),
}


def canonical(kind: str, body: str) -> str:
    """A body in the form that :attr:`Question.answer` has: triples may come in any order."""
    return "".join(sorted(body.splitlines(keepends=True))) if QUESTIONS[kind].accept == N_TRIPLES else body
