"""The page that lists what sources disagree on, rivals side by side. It is made once per version and choice."""

from __future__ import annotations

import asyncio
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pedgraph.delivery.conflict_words import THING_KINDS, Row, aspect_words, link, reason, thing_kind, value_words
from pedgraph.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.stored import StoredQueries

QUERY: Final = "list-rival-statements"
COUNTS: Final = "list-register-counts"
SCHEME: Final = "disagreement-kind"
# More than can be read on one page; the whole list is to be had from the stored query.
MOST_SHOWN: Final = 400
_ABOUT: Final = """SELECT ?property ?value ?graph
WHERE {{ GRAPH ?graph {{ <{iri}> ?property ?value }} }}
ORDER BY ?property ?graph
"""

Json = dict[str, Any]


class Conflicts:
    """The disagreements of the version that was asked for last, and the pages made of them."""

    def __init__(self, stored: StoredQueries, pages: ReportPages) -> None:
        self._stored = stored
        self._pages = pages
        self._codes = stored.codes
        self._reading = asyncio.Lock()
        self._version = 0
        self._rows: list[Row] = []
        self._counts: list[Row] = []
        self._made: dict[tuple[str, str], Document] = {}

    async def page(self, version: int, kind: str = "", thing: str = "") -> Document:
        """The page on a version, for one kind of disagreement and of things where these are given.

        Raises :class:`BadRequest` for a kind that there is not, and the errors of :meth:`QueryService.run`.
        """
        self._check("kind", kind, self._codes.members(SCHEME))
        self._check("thing", thing, THING_KINDS)
        async with self._reading:
            if self._version != version:
                self._rows = await self._read(QUERY, version)
                self._counts = await self._read(COUNTS, version)
                self._made.clear()
                self._version = version
            if (kind, thing) not in self._made:
                self._made[kind, thing] = await asyncio.to_thread(self._render, version, kind, thing)
            return self._made[kind, thing]

    @staticmethod
    def _check(name: str, value: str, known: Any) -> None:  # noqa: ANN401
        if value and value not in known:
            raise BadRequest(
                f"'{value[:50]}' is no {name} of this report. There are: {', '.join(known)}.",
                parameter=name,
                known=list(known),
            )

    async def _read(self, name: str, version: int) -> list[Row]:
        bindings = await self._stored.bindings(name, version)
        return [{variable: term["value"] for variable, term in binding.items()} for binding in bindings]

    def _render(self, version: int, kind: str, thing: str) -> Document:
        found = disagreements(self._rows)
        chosen = [each for each in found if kind in {"", each["kind"]} and thing in {"", each["thing_kind"]}]
        shown = chosen[:MOST_SHOWN]
        labels = {each["kind"]: each["kind_label"] for each in found}
        return self._pages.render(
            "conflicts",
            graph_version=version,
            families=[(word, labels[word], list(items)) for word, items in groupby(shown, itemgetter("kind"))],
            total=len(found),
            chosen=len(chosen),
            shown=len(shown),
            sources=len({row["graph"] for row in self._rows}),
            things=len({each["thing"] for each in found}),
            kinds=_choices(self._codes.members(SCHEME), found, "kind", labels),
            thing_kinds=_choices(THING_KINDS, found, "thing_kind", THING_KINDS),
            kind=kind,
            thing=thing,
            query=QUERY,
            counts_query=COUNTS,
            counts=[] if kind or thing else _with_shares(self._counts),
            has_geonames=any("geonames.org" in row.get("address", "") for row in self._rows),
        )


def _with_shares(rows: Sequence[Row]) -> list[Json]:
    """What registers count, the largest first, each with its share of the largest in percent."""
    largest = max((float(row["value"]) for row in rows), default=1.0)
    counts = [{**row, "share": round(100 * float(row["value"]) / max(largest, 1.0), 1)} for row in rows]
    return sorted(counts, key=lambda row: -row["share"])


def disagreements(rows: Sequence[Row]) -> list[Json]:
    """The disagreements in rows of the stored query, in their order, each with its values and who states them."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["disagreement"], []).append(row)
    names = {row["thing"]: row["value"] for row in rows if row["kind"] == "labels" and row["isPreferred"] == "true"}
    return [_disagreement(iri, statements, names) for iri, statements in found.items()]


def _disagreement(iri: str, statements: list[Row], names: dict[str, str]) -> Json:
    first = statements[0]
    values: dict[tuple[str, str], list[Row]] = {}
    for row in statements:
        values.setdefault((value_words(row), row.get("year", "")), []).append(row)
    (_, preferred), *others = values.items()
    about = _ABOUT.format(iri=first["thing"])
    return {
        "id": iri.rpartition("/")[2],
        "kind": first["kind"],
        "kind_label": first["kindLabel"],
        "thing": first["thing"],
        "thing_kind": thing_kind(first["thing"]),
        "label": names.get(first["thing"]) or first.get("label") or first["thing"].rpartition("/")[2],
        "look": "query=" + quote(about, safe=""),
        "aspect": aspect_words(first),
        "values": [_value(words, year, rows) for (words, year), rows in values.items()],
        "reason": reason(preferred[0], others[0][1][0]) if others else "",
    }


def _value(words: str, year: str, rows: list[Row]) -> Json:
    sources = [
        {
            "title": row.get("source") or row["graph"].rpartition("/graph/")[2],
            "address": link(row.get("address", "")),
            "issued": row.get("issued", ""),
            "read": row.get("read", ""),
            "confidence": row.get("confidence", ""),
        }
        for row in rows
    ]
    return {"words": words, "year": year, "sources": sources}


def _choices(known: Any, found: list[Json], key: str, labels: dict[str, str]) -> list[tuple[str, str, int]]:  # noqa: ANN401
    """The choices of a filter that find something: word, label, how many."""
    counts = {word: sum(1 for each in found if each[key] == word) for word in known}
    return sorted(((word, labels[word], count) for word, count in counts.items() if count), key=itemgetter(1))
