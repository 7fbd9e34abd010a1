"""The lists as a service: a part of a list of a version, in any format, from a file that is made once per version."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.collections.answers import RENDERERS, Answer
from pedgraph.delivery.collections.asking import MOST_ITEMS, MOST_ROWS
from pedgraph.delivery.collections.cursors import cursor, offset_of
from pedgraph.delivery.collections.gathering import gather
from pedgraph.delivery.collections.listing import list_page
from pedgraph.delivery.collections.reading import labelled, named, opened, part, resolved
from pedgraph.delivery.collections.writing import FILE, write
from pedgraph.delivery.rows import GEO_JSON
from pedgraph.query.codes import CodeLists
from pedgraph.vocabulary.media import CSV, HTML

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.delivery.asking import Asking
    from pedgraph.delivery.collections.addresses import Addresses
    from pedgraph.delivery.collections.asking import ListQuestion
    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.made import MadeFiles
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.search.service import Search
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Format

TEMPLATE: Final = "list"
_USUAL_ITEMS: Final = 100
_USUAL_ON_PAGE: Final = 50


@dataclass(frozen=True)
class Asked:
    """A question to a list of a version, the format of the answer (one of :data:`FORMATS`), the addresses of the list,
    and the way from there to the start of the site.
    """

    question: ListQuestion
    version: int
    format: Format
    addresses: Addresses
    root: str


@dataclass(frozen=True)
class Listed:
    """A document with a part of a list, and what it was made of."""

    document: Document
    answer: Answer


class Collections:
    """Answers for the lists of things."""

    def __init__(
        self, asking: Asking, versions: Versions, made: MadeFiles, search: Search, pages: ReportPages
    ) -> None:  # fmt: skip
        self._asking = asking
        self._versions = versions
        self._made = made
        self._search = search
        self._pages = pages
        self._codes = CodeLists()

    async def listed(self, asked: Asked) -> Listed:
        """A part of a list.

        Raises :class:`BadRequest` for values and cursors that mean nothing in this version, and the errors of
        :class:`Asking`, :class:`MadeFiles` and :class:`Search`.
        """
        path = await self._made.file(asked.version, FILE, lambda work: self._make(work, asked.version))
        ranked = None
        if asked.question.text and asked.question.collection.has_own_names:
            ranked = await self._search.matching(asked.version, asked.question.text)
        return await asyncio.to_thread(self._listed, path, asked, ranked)

    async def _make(self, path: Path, version: int) -> None:
        world = await gather(self._asking, version)
        await asyncio.to_thread(write, world, path)

    def _listed(self, path: Path, asked: Asked, ranked: list[str] | None) -> Listed:
        question, addresses = asked.question, asked.addresses
        bound_to = self._versions.identity(asked.version), question.collection.name, list(addresses.kept)
        offset = offset_of(question.cursor, *bound_to) if question.cursor else 0
        limit = _limit(question, asked.format)
        with opened(path) as database:
            values = resolved(database, question, self._codes)
            if question.text and ranked is None:
                ranked = named(database, question.text)
            found = part(database, question, values, ranked, (offset, limit))
            labels = labelled(database, question.collection, values)

        def page(at: int) -> str:
            return addresses.page(asked.version, cursor(at, *bound_to) if at else "")

        answer = Answer(
            collection=question.collection,
            version=asked.version,
            part=found,
            query=addresses.query,
            offset=offset,
            limit=limit,
            first=page(0),
            previous=page(max(0, offset - limit)) if offset else "",
            next=page(offset + limit) if offset + limit < found.total else "",
            is_near=question.is_near,
            with_mark=question.with_mark,
        )
        if asked.format != HTML:
            return Listed(RENDERERS[asked.format.name](answer), answer)
        shown = list_page(answer, question, addresses, values, labels)
        document = self._pages.render(
            TEMPLATE, graph_version=asked.version, root=asked.root, page=shown, searched=question.text
        )
        return Listed(document, answer)


def _limit(question: ListQuestion, chosen: Format) -> int:
    """How many items there are at most: of the short formats all that is likely to be there."""
    if chosen in {CSV, GEO_JSON}:
        return question.limit or MOST_ROWS
    return min(question.limit or (_USUAL_ON_PAGE if chosen == HTML else _USUAL_ITEMS), MOST_ITEMS)
