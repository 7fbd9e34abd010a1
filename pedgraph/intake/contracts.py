"""Contracts: what each stored query promises to those who build on it, checked before a version is published.

The columns are those that its header names, in their order; each value is of the kind declared there and stands where
nothing says that it may be missing; and where it promises so, it finds something. Queries run with their defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import QuerySolutions

from pedgraph.errors import ContractBroken, StoreError
from pedgraph.query.kinds import is_of_kind
from pedgraph.query.library import read_library
from pedgraph.store.candidate import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.query.library import StoredQuery
    from pedgraph.settings import Settings

_LONGEST_VALUE: Final = 200

Break = dict[str, Any]
# The terms of one solution in the order of the columns, or of one triple.
Row = tuple[Any, ...]


def examination(settings: Settings) -> Callable[[Path], None]:
    """What a publication does with its candidate: :func:`check_contracts`, or nothing where data are not ours."""
    is_held = settings.default_graph == "merged" and settings.validate_writes == "on"
    return check_contracts if is_held else lambda _: None


def check_contracts(store_directory: Path) -> None:
    """Runs every stored query on the store of a candidate version, as :attr:`Publication.examine` does.

    Raises :class:`ContractBroken` with one entry per query and promise that does not hold, and :class:`StoreError`
    where the store cannot be read.
    """
    candidate = Candidate(store_directory)
    broken = [each for query in read_library().values() for each in breaks(query, candidate)]
    if broken:
        names = sorted({each["query"] for each in broken})
        raise ContractBroken(
            f"Nothing was published, because {len(names)} stored queries would break their promises: "
            f"{', '.join(names)}. For data of another kind, PEDGRAPH_VALIDATE_WRITES=off sets the promises aside.",
            broken=broken,
        )


def breaks(query: StoredQuery, candidate: Candidate, see: Callable[[Row], None] = lambda _: None) -> list[Break]:
    """The promises of a stored query that do not hold on a candidate, each with the query and the problem.

    Of the values of one column only the first that does not fit is told. ``see`` is called with each row or triple.
    """
    try:
        result = candidate.query(query.text)
        if isinstance(result, QuerySolutions):
            found = [each.value for each in result.variables]
            wanted = [column.name for column in query.columns]
            if found != wanted:
                return [_break(query, "other columns", f"They are {found}, and should be {wanted}.")]
            count, broken = _read_rows(query, result, see)
        else:
            triples = [tuple(triple) for triple in result]
            for triple in triples:
                see(triple)
            count, broken = len(triples), []
    except (StoreError, RuntimeError, OSError, ValueError) as error:
        return [_break(query, "fails", str(error))]
    if query.never_empty and count == 0:
        broken.append(_break(query, "empty", "It finds nothing, and promises to find something."))
    return broken


def _read_rows(query: StoredQuery, solutions: QuerySolutions, see: Callable[[Row], None]) -> tuple[int, list[Break]]:
    count = 0
    wrong: dict[str, Break] = {}
    for count, solution in enumerate(solutions, start=1):
        see(tuple(solution))
        for column in query.columns:
            term = solution[column.name]
            is_fit = column.is_optional if term is None else is_of_kind(term, column.kind)
            if not is_fit and column.name not in wrong:
                given = "unbound" if term is None else str(term)[:_LONGEST_VALUE]
                detail = f"In row {count}, {column.name} is {given}; it should be of kind {column.kind}."
                problem = "missing value" if term is None else "other kind of value"
                wrong[column.name] = _break(query, problem, detail, column=column.name, row=count)
    return count, list(wrong.values())


def _break(query: StoredQuery, problem: str, detail: str, **more: str | int) -> Break:
    return {"query": query.name, "problem": problem, "detail": detail, **more}
