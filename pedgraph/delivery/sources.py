"""The page of sources: who published what the graph rests on, when, on which terms, and how much each states."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.rows import plain_rows
from pedgraph.delivery.search.pages import address_of
from pedgraph.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.stored import StoredQueries

QUERY: Final = "count-by-source"
PAGE_ROWS: Final = 100
ORDERS: Final = ("statements", "title", "publisher", "issued", "read")
_ORDER_NAMES: Final = dict(zip(ORDERS, ("statements", "title", "publisher", "date", "day read"), strict=True))
_LICENCE_NAMES: Final = {
    "creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "creativecommons.org/licenses/by/3.0": "CC BY 3.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "creativecommons.org/licenses/by-nc/4.0": "CC BY-NC 4.0",
    "creativecommons.org/licenses/by-nc-nd/4.0": "CC BY-NC-ND 4.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
}

Row = dict[str, Any]


class SourcesPage:
    """Makes the page, and keeps the rows of the version that was asked for last."""

    def __init__(self, stored: StoredQueries, pages: ReportPages) -> None:
        self._stored = stored
        self._pages = pages
        self._making = asyncio.Lock()
        self._read: tuple[int, list[Row]] | None = None

    async def document(self, version: int, order: str = ORDERS[0], page: int = 1) -> Document:
        """A part of the list in a version of the graph, in one of :data:`ORDERS`.

        Raises :class:`NotFound` for a part that it has not, and the errors of :meth:`QueryService.run`.
        """
        async with self._making:
            if self._read is None or self._read[0] != version:
                rows = plain_rows(await self._stored.bindings(QUERY, version), self._stored.find(QUERY))
                self._read = version, rows
            rows = self._read[1]
        values = shown(rows, order, page)
        return await asyncio.to_thread(self._pages.render, "sources", graph_version=version, query=QUERY, **values)


def shown(rows: list[Row], order: str, page: int) -> dict[str, Any]:
    """What the template shows of the rows of the stored query; raises :class:`NotFound` for a part it has not."""
    largest = max((row["statements"] for row in rows), default=0) or 1
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    if not 1 <= page <= pages:
        raise NotFound(f"The list of sources has {pages} parts; there is no part {page}.", pages=pages)
    part = sorted(rows, key=_KEYS[order])[PAGE_ROWS * (page - 1) : PAGE_ROWS * page]
    return {
        "sources": [_source(row, largest) for row in part],
        "total": len(rows),
        "publishers": len({row["publisher"] for row in rows if row["publisher"]}),
        "licensed": sum(1 for row in rows if row["licence"]),
        "newest": max((row["issued"] for row in rows if row["issued"]), default=""),
        "order": order,
        "orders": _ORDER_NAMES,
        "page": page,
        "pages": pages,
    }


def _source(row: Row, largest: int) -> Row:
    share = round(100 * row["statements"] / largest, 1)
    return row | {"page": address_of(row["source"]), "terms": licence_name(row["licence"]), "share": share}


def licence_name(licence: str | None) -> str:
    """A short name for a licence by its IRI; of one that is not known the IRI itself, of none that there is none."""
    if not licence:
        return "none stated"
    return _LICENCE_NAMES.get(licence.partition("://")[2].rstrip("/"), licence)


def _newest_first(text: str | None) -> tuple[int, ...]:
    """Sorts days as texts backwards: a year alone counts as its beginning, and what is missing comes last."""
    return (*(-ord(each) for each in text), 0) if text else (1,)


_KEYS: Final[dict[str, Callable[[Row], tuple[Any, ...]]]] = {
    "statements": lambda row: (-row["statements"], row["title"].casefold(), row["source"]),
    "title": lambda row: (row["title"].casefold(), row["source"]),
    "publisher": lambda row: (not row["publisher"], (row["publisher"] or "").casefold(), row["title"], row["source"]),
    "issued": lambda row: (_newest_first(row["issued"]), row["title"].casefold(), row["source"]),
    "read": lambda row: (_newest_first(row["dateRead"]), row["title"].casefold(), row["source"]),
}
