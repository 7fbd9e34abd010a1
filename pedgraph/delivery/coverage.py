"""The page that says how far the graph reaches: of each kind how much there is, how complete, how old, how linked.

It shows what stored queries of the topic ``source`` answer, and says the same in numbers as in plots.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pedgraph.delivery.query_page import query_body
from pedgraph.delivery.rows import plain_rows

if TYPE_CHECKING:
    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.stored import StoredQueries

QUERIES: Final = ("count-coverage", "count-recommended", "count-by-year", "list-unlinked", "count-by-source")

_FIRST: Final = {
    "Project": "projects",
    "City": "cities",
    "PositiveEnergyDistrict": "positive energy districts",
    "DemonstrationSite": "demonstration sites",
    "Organisation": "organisations",
    "Event": "events",
    "Source": "sources",
}
_GROUPS: Final = (
    "projects", "places", "actors", "involvements", "events and documents", "measures and goals", "numbers and stages",
    "sources",
)  # fmt: skip
# How many years before the newest one each span begins; what is older still is a span of its own.
_SPANS: Final = ((1, 0), (3, 2), (6, 4))
_UNDATED: Final = "no date"

Row = dict[str, Any]


class CoveragePage:
    """Makes the page, and keeps that of the version that was asked for last."""

    def __init__(self, stored: StoredQueries, pages: ReportPages) -> None:
        self._stored = stored
        self._pages = pages
        self._making = asyncio.Lock()
        self._made: tuple[int, Document] | None = None

    async def document(self, version: int) -> Document:
        """The page on a version of the graph; raises the errors of :meth:`QueryService.run`."""
        async with self._making:
            if self._made is None or self._made[0] != version:
                answers = {name: await self._rows(name, version) for name in QUERIES}
                values = {**shown(answers), "queries": [self._query(name) for name in QUERIES]}
                document = await asyncio.to_thread(self._pages.render, "coverage", graph_version=version, **values)
                self._made = version, document
            return self._made[1]

    async def _rows(self, name: str, version: int) -> list[Row]:
        return plain_rows(await self._stored.bindings(name, version), self._stored.find(name))

    def _query(self, name: str) -> Row:
        query = self._stored.find(name)
        return {"name": name, "title": query.title, "fragment": "query=" + quote(query_body(query), safe="")}


def shown(answers: dict[str, list[Row]]) -> dict[str, Any]:
    """What the template shows, made of the rows of each query in :data:`QUERIES`."""
    kinds = sorted(answers["count-coverage"], key=lambda row: (_GROUPS.index(row["group"]), row["kind"]))
    titles = {row["source"]: row["title"] for row in answers["count-by-source"]}
    for kind in kinds:
        kind["name"] = _local(kind["class"])
        kind["oldest_title"] = titles.get(kind["oldestSource"], "")
        kind["oldest_anchor"] = _anchor(kind["oldestSource"] or "")
    there = [kind for kind in kinds if kind["entities"]]
    return {
        "first": [(plural, kind) for name, plural in _FIRST.items() for kind in kinds if kind["name"] == name],
        "groups": _grouped(there, answers["count-recommended"]),
        "empty": [kind["kind"] for kind in kinds if not kind["entities"]],
        "largest": max((kind["entities"] for kind in there), default=0),
        "ages": _ages(answers["count-by-year"], [kind["kind"] for kind in there]),
        "unlinked": _unlinked(answers["list-unlinked"], kinds),
        "unlinked_things": len({row["thing"] for row in answers["list-unlinked"]}),
        "sources": [row | {"anchor": _anchor(row["source"])} for row in answers["count-by-source"]],
    }


def _grouped(kinds: list[Row], recommended: list[Row]) -> list[tuple[str, list[Row]]]:
    """Each group with its kinds, and these with what is recommended for them, the fullest first."""
    aspects: dict[str, list[Row]] = {}
    for row in sorted(recommended, key=lambda row: (-row["filled"], row["aspect"])):
        aspects.setdefault(row["class"], []).append(row | {"percent": _percent(row["filled"], row["entities"])})
    groups: dict[str, list[Row]] = {}
    for kind in kinds:
        groups.setdefault(kind["group"], []).append(kind | {"aspects": aspects.get(kind["class"], [])})
    return list(groups.items())


def _ages(years: list[Row], kinds: list[str]) -> dict[str, Any]:
    """The spans of years, and of each kind how many things fall into each and where their part of the bar begins."""
    newest = max((int(row["year"]) for row in years if row["year"]), default=0)
    dated = [*(f"{newest - begin} to {newest - end}" for begin, end in _SPANS), f"before {newest - _SPANS[-1][0]}"]
    spans = [*(dated if newest else ()), _UNDATED]
    counts: dict[str, list[int]] = {kind: [0] * len(spans) for kind in kinds}
    for row in years:
        counts[row["kind"]][_span(row["year"], newest)] += row["entities"]
    rows = [
        {"kind": kind, "total": sum(count), "parts": _parts(count, spans)}
        for kind, count in counts.items()
        if sum(count)
    ]
    return {"spans": spans, "rows": rows}


def _span(year: str | None, newest: int) -> int:
    if not year:
        return -1
    ages = [begin for begin, _ in _SPANS]
    return sum(newest - int(year) > begin for begin in ages)


def _parts(counts: list[int], spans: list[str]) -> list[Row]:
    total, before, parts = sum(counts), 0, []
    for count, span in zip(counts, spans, strict=True):
        parts.append({"span": span, "count": count, "start": _percent(before, total), "width": _percent(count, total)})
        before += count
    return parts


def _unlinked(rows: list[Row], kinds: list[Row]) -> list[Row]:
    """How many things of each kind lack which link, out of how many there are."""
    totals = {kind["kind"]: kind["entities"] for kind in kinds}
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        counts[row["kind"], row["missing"]] = counts.get((row["kind"], row["missing"]), 0) + 1
    return [
        {"kind": kind, "missing": missing, "count": count, "of": totals[kind], "percent": _percent(count, totals[kind])}
        for (kind, missing), count in sorted(counts.items())
    ]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _anchor(source: str) -> str:
    return "source-" + source.rpartition("/")[2]
