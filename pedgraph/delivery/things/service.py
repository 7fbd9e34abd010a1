"""The description of one thing as a service: each profile in each format, made once and kept for a while."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from cachetools import LRUCache
from pyoxigraph import NamedNode

from pedgraph.delivery.cards import card_query
from pedgraph.delivery.describing import Document
from pedgraph.delivery.documents import compact_graph
from pedgraph.delivery.things.page import mentioned, page_values
from pedgraph.delivery.things.provenance import reified
from pedgraph.delivery.things.statements import StatementReader
from pedgraph.delivery.things.trees import full_tree, full_triples, plain_tree
from pedgraph.errors import NotAcceptable, NotFound
from pedgraph.vocabulary.described import CARD, DESCRIBED_FORMATS, DESCRIPTION_PROFILES, FULL, RAW
from pedgraph.vocabulary.iris import THINGS, compact
from pedgraph.vocabulary.media import HTML, JSON_LD, N_QUADS, PLAIN_JSON, TRIG
from pedgraph.vocabulary.serialising import serialised, serialised_quads

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pyoxigraph import Triple

    from pedgraph.delivery.asking import Asking, Row
    from pedgraph.delivery.cards import Cards
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.things.statements import Names, Statements
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.contexts import Json
    from pedgraph.vocabulary.media import Format

_DATASETS: Final = frozenset({TRIG, N_QUADS})
# What a document takes besides its bytes, roughly.
_ENTRY_BYTES: Final = 500
_CACHE_SHARE: Final = 8
_SOURCES: Final = THINGS + "source/"


class Things:
    """Describes things: ``document`` as data, ``page`` for people."""

    def __init__(
        self, asking: Asking, cards: Cards, versions: Versions, pages: ReportPages, cache_max_bytes: int
    ) -> None:
        self._pages = pages
        self._asking = asking
        self._cards = cards
        self._versions = versions
        self._reader = StatementReader(asking)
        self._kept: LRUCache[tuple[str, ...], Document] = LRUCache(
            max(cache_max_bytes // _CACHE_SHARE, 1), getsizeof=lambda document: len(document.content) + _ENTRY_BYTES
        )
        self._making: WeakValueDictionary[tuple[str, ...], asyncio.Lock] = WeakValueDictionary()

    async def document(self, iri: str, profile: str, chosen: Format, version: int) -> Document:
        """The description of a thing in a profile and a format other than HTML; always the same bytes.

        Raises :class:`NotFound` where nothing is said about it, :class:`CardTooLarge` where too much is,
        :class:`NotAcceptable` for HTML, :class:`BadRequest` for what is no IRI, :class:`VersionNotFound`,
        :class:`VersionGone`, and the errors of :class:`QueryService`.
        """
        if profile not in DESCRIPTION_PROFILES or chosen not in DESCRIBED_FORMATS or chosen == HTML:
            offered = [each.media_type for each in DESCRIBED_FORMATS if each != HTML]
            raise NotAcceptable(f"There is no {profile} in {chosen.media_type}.", offered=offered)
        key = (self._versions.identity(version), iri, profile, chosen.name)
        return await self._once(key, lambda: self._made(iri, profile, chosen, version))

    async def page(self, iri: str, version: int, root: str) -> Document:
        """The page on a thing; ``root`` leads from where it is served to the start of the site.

        Raises as :meth:`document`.
        """
        key = (self._versions.identity(version), iri, "page", root)
        return await self._once(key, lambda: self._made_page(iri, version, root))

    async def _once(self, key: tuple[str, ...], make: Callable[[], Awaitable[Document]]) -> Document:
        """The document that is kept, or one that is made now; whoever asks for the same meanwhile waits for it."""
        if (kept := self._kept.get(key)) is not None:
            return kept
        # Whoever waits holds the lock; where the first one leaves before its end, the next one makes it.
        making = self._making.setdefault(key, asyncio.Lock())
        async with making:
            if (kept := self._kept.get(key)) is not None:
                return kept
            document = await make()
            if len(document.content) + _ENTRY_BYTES <= self._kept.maxsize:
                self._kept[key] = document
            return document

    async def _made(self, iri: str, profile: str, chosen: Format, version: int) -> Document:
        return Document(await self._content(iri, profile, chosen, version), chosen.content_type())

    async def _made_page(self, iri: str, version: int, root: str) -> Document:
        statements = await self._reader.full(iri, version, may_be_cut=True)
        stated = await self._reader.stated(iri, version) if iri.startswith(_SOURCES) else []
        names = await self._reader.names(mentioned(statements, stated), version)
        return await asyncio.to_thread(self._rendered, statements, names, stated, version, root)

    def _rendered(self, statements: Statements, names: Names, stated: list[Row], version: int, root: str) -> Document:
        values = page_values(statements, names, stated, root)
        return self._pages.render("thing", graph_version=version, root=root, **values)

    async def _content(self, iri: str, profile: str, chosen: Format, version: int) -> bytes:
        if profile == CARD:
            return await self._card(iri, chosen, version)
        if profile == FULL:
            return await self._full(iri, chosen, version)
        statements = await self._reader.raw(iri, version)
        if chosen in _DATASETS:
            return await asyncio.to_thread(serialised_quads, [*statements.quads, *statements.provenance], chosen)
        if profile == RAW:
            triples = [quad.triple for quad in statements.quads]
            return await asyncio.to_thread(_written, triples, chosen)
        return await asyncio.to_thread(_provenance, statements, chosen)

    async def _card(self, iri: str, chosen: Format, version: int) -> bytes:
        if chosen in {JSON_LD, PLAIN_JSON}:
            return _json(await self._cards.describe(iri, version=version), chosen)
        triples = await self._asking.triples(card_query(iri), version)
        if not any(triple.subject == NamedNode(iri) for triple in triples):
            raise NotFound(f"Nothing is said about {compact(iri)}.", iri=iri)
        return await asyncio.to_thread(serialised, triples, chosen)

    async def _full(self, iri: str, chosen: Format, version: int) -> bytes:
        statements = await self._reader.full(iri, version)
        if chosen in _DATASETS:
            quads = [*statements.quads, *statements.records, *statements.provenance]
            return await asyncio.to_thread(serialised_quads, quads, chosen)
        names = await self._reader.names(linked(statements), version)
        return await asyncio.to_thread(_full, statements, names, chosen)


def linked(statements: Statements) -> set[str]:
    """The things that statements about a thing and its records lead to and from."""
    terms = {term for quad in (*statements.quads, *statements.records) for term in (quad.subject, quad.object)}
    return {term.value for term in terms if isinstance(term, NamedNode) and term.value.startswith(THINGS)}


def _full(statements: Statements, names: Names, chosen: Format) -> bytes:
    triples = full_triples(statements, names)
    if chosen in {JSON_LD, PLAIN_JSON}:
        return _json(full_tree(triples, statements.iri), chosen)
    return serialised(triples, chosen)


def _provenance(statements: Statements, chosen: Format) -> bytes:
    triples = reified(statements)
    if chosen in {JSON_LD, PLAIN_JSON}:
        return _json(plain_tree(triples, statements.iri), chosen)
    return serialised(triples, chosen)


def _written(triples: list[Triple], chosen: Format) -> bytes:
    if chosen in {JSON_LD, PLAIN_JSON}:
        return _json(compact_graph(triples), chosen)
    return serialised(triples, chosen)


def _json(document: Json, chosen: Format) -> bytes:
    """The document as text; plain JSON does without the context, to which the header field ``Link`` leads."""
    members = {key: value for key, value in document.items() if chosen == JSON_LD or key != "@context"}
    return json.dumps(members, ensure_ascii=False, indent=1).encode()
