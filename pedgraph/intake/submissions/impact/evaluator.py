"""The process that evaluates queries for a preview, so that one that takes too long can be ended.

``python -m pedgraph.intake.submissions.impact.evaluator PARENT MEMORY_BYTES BEFORE AFTER`` opens the stores in two
folders, reads jobs as JSON lines from its standard input, and writes an answer to each as a JSON line to its standard
output.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import PedgraphError
from pedgraph.intake.contracts import breaks
from pedgraph.intake.submissions.impact.terms import packed
from pedgraph.query.library import read_library
from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.store.candidate import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.library import StoredQuery

ROWS: Final = "rows"
COMPARE: Final = "compare"
BEFORE: Final = "before"
AFTER: Final = "after"

Answer = dict[str, Any]


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments[:2])
    child.begin(parent)
    child.limit_more_memory(memory_bytes)
    close_network()
    output = child.take_output()
    stores = {BEFORE: Candidate(Path(arguments[2])), AFTER: Candidate(Path(arguments[3]))}
    for line in sys.stdin.buffer:
        output.write(json.dumps(_answer(stores, json.loads(line))).encode() + b"\n")
        output.flush()


def _answer(stores: dict[str, Candidate], job: dict[str, Any]) -> Answer:
    try:
        if job["kind"] == ROWS:
            return _rows(stores[job["store"]], job["text"], job["most"])
        return compare(read_library()[job["query"]], stores[BEFORE], stores[AFTER], job["most"])
    except (PedgraphError, MemoryError, RuntimeError, ValueError, OSError) as error:
        return {"error": str(error)}


def _rows(store: Candidate, text: str, most: int) -> Answer:
    solutions = store.query(text)
    names = [each.value for each in solutions.variables]  # type: ignore[union-attr]
    rows = [dict(zip(names, map(packed, row), strict=True)) for row in islice(solutions, most)]
    return {"rows": rows, "more": sum(1 for _ in solutions)}


def compare(query: StoredQuery, before: Candidate, after: Candidate, most: int) -> Answer:
    """How the answer to a stored query differs: the numbers of rows, the first rows that come and go, and the promises
    that do not hold before and after.
    """
    old: list[tuple[Any, ...]] = []
    new: list[tuple[Any, ...]] = []
    broken_before = breaks(query, before, old.append)
    broken_after = breaks(query, after, new.append)
    come, gone = _difference(new, old), _difference(old, new)
    return {
        "rows_before": len(old),
        "rows_after": len(new),
        "added": [list(map(packed, row)) for row in come[:most]],
        "removed": [list(map(packed, row)) for row in gone[:most]],
        "added_count": len(come),
        "removed_count": len(gone),
        "broken": broken_after,
        "broken_before": broken_before,
    }


def _difference(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that are not among the others, each as often as it is more frequent, by what they say."""
    left = Counter(rows) - Counter(others)
    return sorted(left.elements(), key=str)


if __name__ == "__main__":
    main(sys.argv[1:])
