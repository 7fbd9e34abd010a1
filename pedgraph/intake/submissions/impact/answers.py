"""Stored queries whose answers change, or whose promises break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.evaluator import COMPARE
from pedgraph.intake.submissions.impact.result import AnswerChange, Answers, BrokenContract
from pedgraph.intake.submissions.impact.terms import unpacked
from pedgraph.query.library import read_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.submissions.impact.asking import Asking
    from pedgraph.intake.submissions.impact.names import Names
    from pedgraph.query.library import StoredQuery

_OF_GRAPHS = ("subject", "property", "value")


def compare_answers(asking: Asking, names: Names, rows_max: int, query_seconds: float) -> Answers:
    """Asks all stored queries, with their defaults, before and after; those that take too long are named."""
    changed: list[AnswerChange] = []
    broken: list[BrokenContract] = []
    not_compared: list[str] = []
    unchanged = 0
    for query in read_library().values():
        answer = asking.ask({"kind": COMPARE, "query": query.name, "most": rows_max}, query_seconds)
        if answer is None:
            not_compared.append(query.name)
            continue
        broken += _broken(query, answer)
        if answer["added_count"] or answer["removed_count"]:
            changed.append(_changed(query, answer, names))
        else:
            unchanged += 1
    return Answers(tuple(changed), tuple(broken), tuple(not_compared), unchanged)


def _broken(query: StoredQuery, answer: dict[str, Any]) -> list[BrokenContract]:
    then = {(each["problem"], each.get("column")) for each in answer["broken_before"]}
    return [
        BrokenContract(
            query.name, query.title, each["problem"], each["detail"], (each["problem"], each.get("column")) not in then
        )
        for each in answer["broken"]
    ]


def _changed(query: StoredQuery, answer: dict[str, Any], names: Names) -> AnswerChange:
    return AnswerChange(
        query.name,
        query.title,
        tuple(column.name for column in query.columns) or _OF_GRAPHS,
        answer["rows_before"],
        answer["rows_after"],
        tuple(_row(row, names) for row in answer["added"]),
        tuple(_row(row, names) for row in answer["removed"]),
        answer["added_count"],
        answer["removed_count"],
    )


def _row(row: Sequence[Sequence[str] | None], names: Names) -> tuple[str, ...]:
    terms = [unpacked(each) for each in row]
    return tuple(names.of_term(each) if isinstance(each, NamedNode | Literal) else "" for each in terms)
