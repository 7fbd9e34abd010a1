"""What is asked of a preview: the change that a decision would make, and how much is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

    from pedgraph.store.edits import Edits

# What a decision is about: a submission that is accepted, one that is withdrawn, or a file that nobody has submitted.
ACCEPT: Final = "accept"
WITHDRAW: Final = "withdraw"
FILE: Final = "file"


@dataclass(frozen=True)
class Change:
    """What a decision would do: ``apply`` does it to a version that is being edited.

    ``graph`` is the graph that it fills, and ``replaces`` are those that it removes. A first submission has no
    ``replaces``, a withdrawal no ``graph``.
    """

    apply: Callable[[Edits], None]
    graph: str = ""
    replaces: tuple[str, ...] = ()


def put(graph: str, triples: Iterable[Triple], replaces: tuple[str, ...] = ()) -> Change:
    """The change that gives a graph a content, in place of what it holds and of other graphs."""
    wanted = frozenset(triples)

    def apply(edits: Edits) -> None:
        for each in replaces:
            edits.drop(NamedNode(each))
        edits.create(NamedNode(graph))
        edits.replace(NamedNode(graph), wanted)

    return Change(apply, graph, replaces)


def withdraw(graph: str) -> Change:
    """The change that removes a graph."""
    return Change(lambda edits: edits.drop(NamedNode(graph)), replaces=(graph,))


@dataclass(frozen=True)
class Limits:
    """How much a preview tells, and how long its queries may take."""

    entities: int = 100
    facts_per_entity: int = 30
    rows: int = 10
    conflicts: int = 100
    findings: int = 100
    examined_things: int = 300
    query_seconds: float = 5.0
    all_queries_seconds: float = 60.0
