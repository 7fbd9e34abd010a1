"""A version that is not published yet, opened to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions, QueryTriples, Store

from pedgraph.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


class Candidate:
    """The store of a candidate version, read-only. Queries see what those of readers will see."""

    def __init__(self, directory: Path) -> None:
        try:
            self._store = Store.read_only(str(directory))
        except OSError as error:
            raise StoreError(f"The candidate version cannot be opened: {error}.") from error

    def query(self, text: str) -> QuerySolutions | QueryTriples:
        """Evaluates a query that gives solutions or a graph; raises :class:`StoreError` where that fails."""
        try:
            result = self._store.query(text)
        except (OSError, RuntimeError, ValueError, SyntaxError) as error:
            raise StoreError(f"A query on the candidate version failed: {error}.") from error
        assert isinstance(result, QuerySolutions | QueryTriples)
        return result
