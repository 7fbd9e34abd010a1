"""The composition root: opens the parts of a running graph in order and closes them in reverse."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from pedgraph.delivery.cards import Cards
from pedgraph.delivery.describing import Descriptions
from pedgraph.query.running import QueryService
from pedgraph.store.pool import ReaderPool
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from pedgraph.settings import Settings


class Graph:
    """A running graph: its versions, its readers, and the services that stand on them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.versions = Versions(settings.home)
        self.pool = ReaderPool(settings, self.versions)
        self.queries = QueryService(settings, self.pool)
        self.cards = Cards(self.queries)
        self.descriptions = Descriptions()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Starts the readers; raises :class:`pedgraph.errors.NotReady` where there is nothing to read yet."""
        self.versions.current()
        await self._open.enter_async_context(self.pool)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()
