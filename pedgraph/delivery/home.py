"""The first page of the site: a search, how much there is, where it is, and what is new."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.places import as_geojson, by_country, read_places
from pedgraph.delivery.rows import plain_rows
from pedgraph.delivery.search.kinds import is_background, kind_of, name_of
from pedgraph.delivery.search.pages import address_of
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.store.history import kept_versions
from pedgraph.store.recording import CHANGED, CREATED, WITHDRAWN
from pedgraph.vocabulary.iris import TERMS

if TYPE_CHECKING:
    from pedgraph.delivery.asking import Asking
    from pedgraph.delivery.catalogue.service import Catalogue
    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.feed.changes import Changes
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.search.service import Search
    from pedgraph.store.history import Kept
    from pedgraph.store.ledger import Change, Dated
    from pedgraph.store.versions import Versions

# The kinds whose numbers stand on the page, with the names of their lists.
_COUNTED: Final = {
    "ped": "peds", "site": "sites", "project": "projects", "city": "cities", "organisation": "organisations",
    "event": "events",
}  # fmt: skip
_SOURCE: Final = "source"
_SOURCES: Final = "sources"
_NEWEST_VERSIONS: Final = 6
# Of each version so many things are named, and so many of each sort are looked at to find those that people look for.
_NAMED: Final = 8
_LOOKED_AT: Final = 60
_WORDS: Final = {WITHDRAWN: "withdrawn", CREATED: "new", CHANGED: "changed"}


class HomePage:
    """Makes the page, and keeps what it shows of the version that was asked for last."""

    def __init__(
        self,
        asking: Asking,
        versions: Versions,
        pages: ReportPages,
        search: Search,
        changes: Changes,
        catalogue: Catalogue,
    ) -> None:
        self._asking = asking
        self._versions = versions
        self._pages = pages
        self._search = search
        self._changes = changes
        self._catalogue = catalogue
        self._making = asyncio.Lock()
        self._read: tuple[int, dict[str, Any]] | None = None

    async def document(self, version: int, site: str) -> Document:
        """The page on a version of the graph, for the start of a site, which ends with a slash.

        Raises the errors of :meth:`Asking.rows`, and :class:`BadRequest` for what is no address of a site.
        """
        dataset = await self._catalogue.dataset_json_ld(version, site)
        async with self._making:
            if self._read is None or self._read[0] != version:
                self._read = version, await self._values(version)
            values = self._read[1] | {"dataset": dataset}
        return await asyncio.to_thread(self._rendered, version, values)

    def _rendered(self, version: int, values: dict[str, Any]) -> Document:
        changes = {each.version: each for each in self._changes.changes() if each.version <= version}
        kept = [each for each in reversed(kept_versions(self._versions)) if each.number <= version]
        newest = [_told(each, changes.get(each.number)) for each in kept[:_NEWEST_VERSIONS]]
        for each in newest:
            each["things"] = self._named(changes.get(each["number"]))
        shown = values | {
            "places": as_geojson(values["cities"], ""),
            "newest": newest,
            "numbers": [each.number for each in kept],
        }
        return self._pages.render("home", graph_version=version, has_search=False, **shown)

    def _named(self, change: Change | None) -> list[dict[str, str]]:
        """Some of the things that a version changed, what people look for first; none of the version that began."""
        if change is None or change.previous is None:
            return []
        events = [each for kind in _WORDS for each in self._changes.named(change, kind, _LOOKED_AT)]
        return [_happened(each) for each in sorted(events, key=_is_aside)[:_NAMED]]

    async def _values(self, version: int) -> dict[str, Any]:
        cities = await read_places(self._asking, version)
        listed = await self._listed(version)
        counts = [(kind, name, listed.get(TERMS + COLLECTIONS[name].of_class, 0)) for kind, name in _COUNTED.items()]
        counts.append((_SOURCE, _SOURCES, (await self._search.counts(version)).get(_SOURCE, 0)))
        figures = [(name_of(kind, count), name, count) for kind, name, count in counts]
        return {"figures": figures, "cities": cities, "countries": by_country(cities)}

    async def _listed(self, version: int) -> dict[str, int]:
        """Class → how many things of it there are in its list."""
        query = read_stored_query(queries_directory() / "pages" / "counts.rq")
        rows = plain_rows(await self._asking.rows(query.text, version), query)
        return {row["class"]: row["things"] for row in rows}


def _told(kept: Kept, change: Change | None) -> dict[str, Any]:
    """What the page says of a version; of one whose manifest is damaged only its number."""
    manifest = kept.manifest
    counts = (
        []
        if change is None
        else [(change.created, "new"), (change.changed, "changed"), (change.withdrawn, "withdrawn")]
    )
    return {
        "number": kept.number,
        "day": manifest.created[:10] if manifest else "",
        "reason": manifest.reason if manifest else "",
        "statements": manifest.quads if manifest else None,
        "counts": [(count, word) for count, word in counts if count],
        "total": sum(count for count, _ in counts),
        "since": change.previous if change else None,
    }


def _is_aside(dated: Dated) -> bool:
    """Whether an event is about something that nobody looks for by name."""
    kind = kind_of(dated.event.iri)
    return kind is None or is_background(kind)


def _happened(dated: Dated) -> dict[str, str]:
    """What the page says of an event."""
    event = dated.event
    return {"name": event.label, "address": address_of(event.iri), "word": _WORDS.get(event.kind, event.kind)}
