"""Conflicts with accepted claims: rival values side by side, never merged.

The queries are those of ``queries/conflicts``. As they stand they list all conflicts of a version, each pair of graphs
once; with one graph put in they list what disagrees with this graph.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.result import Conflict, Named, Side
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.iris import INFERRED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pedgraph.intake.submissions.impact.names import Names
    from pedgraph.query.library import StoredQuery
    from pedgraph.store.candidate import Candidate

_ALL_PAIRS: Final = '(UNDEF "once")'
_ASSESSMENTS: Final = "assessments"

Row = dict[str, object]


@cache
def read_conflict_queries() -> tuple[StoredQuery, ...]:
    """The queries that find conflicts, by name; raises :class:`InputError` where a header lacks something."""
    return tuple(read_stored_query(path) for path in sorted((queries_directory() / "conflicts").glob("*.rq")))


def texts_for(query: StoredQuery, graphs: Sequence[str]) -> list[str]:
    """The texts of a conflict query for what disagrees with some graphs, given by absolute IRIs.

    A claim may disagree with an assessment to which a graph only contributes, so of those all are asked for.
    """
    if query.name == _ASSESSMENTS:
        return [query.text]
    rows = " ".join(f'({NamedNode(graph)} "all")' for graph in sorted(graphs))
    return [query.text.replace(_ALL_PAIRS, rows)] if rows else []


def conflicts_of(query: StoredQuery, rows: Sequence[Row], names: Names) -> list[Conflict]:
    """The conflicts in rows of a query, in words and in order."""
    return sorted({_conflict(query, row, names) for row in rows}, key=_order)


def _conflict(query: StoredQuery, row: Row, names: Names) -> Conflict:
    thing = _text(row["thing"])
    context = names.of(_text(row["context"])) if row.get("context") else ""
    aspect = ", ".join(part for part in (names.of(_text(row["aspect"])), context, _text(row.get("year"))) if part)
    return Conflict(
        query.name,
        query.title,
        Named(thing, names.of(thing)),
        aspect,
        now=_side(row, names, "other", "Other"),
        submitted=_side(row, names, "", ""),
    )


def _side(row: Row, names: Names, small: str, capital: str) -> Side:
    def key(name: str) -> str:
        return f"{small}{name[0].upper()}{name[1:]}" if capital else name

    graph = _text(row[key("graph")])
    source = _text(row.get(key("source")))
    return Side(
        names.quantity(row[key("value")], row.get(key("unit"))),
        graph,
        source or ("" if graph == INFERRED_GRAPH else names.of(graph)),
        _text(row.get(key("stated"))),
    )


def new_and_settled(before: list[Conflict], after: list[Conflict]) -> tuple[list[Conflict], list[Conflict]]:
    """The conflicts that are there afterwards, those that were not there before first taken, and those that end.

    Two are the same where they say the same, whichever graph states it.
    """
    then, now = {_said(each) for each in before}, {_said(each) for each in after}
    settled = [each for each in before if _said(each) not in now]
    is_assessed = [each for each in after if each.kind != _ASSESSMENTS or _said(each) not in then]
    return is_assessed, settled


def _said(conflict: Conflict) -> tuple[str, ...]:
    now, submitted = conflict.now, conflict.submitted
    return (conflict.kind, conflict.entity.iri, conflict.aspect, now.value, now.graph, submitted.value)


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _order(conflict: Conflict) -> tuple[str, ...]:
    return (conflict.entity.iri, *_said(conflict), conflict.now.source, conflict.submitted.graph)


def rows_of(candidate: Candidate, text: str) -> Iterator[Mapping[str, object]]:
    """The rows of a query as mappings from the names of its columns; raises :class:`StoreError`."""
    from pyoxigraph import QuerySolutions

    solutions = candidate.query(text)
    assert isinstance(solutions, QuerySolutions)
    variables = [each.value for each in solutions.variables]
    for solution in solutions:
        yield {name: solution[name] for name in variables}
