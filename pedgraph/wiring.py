"""The composition root: opens the parts of a running graph in order and closes them in reverse."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from pedgraph.delivery.profiles import shaped
from pedgraph.delivery.services import DeliveryServices
from pedgraph.intake.access import Access, Session, Who
from pedgraph.intake.audit import NOBODY, Audit
from pedgraph.intake.checking.checks import Check, Checked
from pedgraph.intake.checking.service import CheckService
from pedgraph.intake.inbox import Inbox
from pedgraph.intake.keys import ADMIN, STEWARD, SUBMITTER
from pedgraph.intake.marking import Marking
from pedgraph.intake.messages import LANGUAGES
from pedgraph.intake.submissions.checker import ServiceChecker
from pedgraph.intake.submissions.impact.service import PreviewService
from pedgraph.intake.submissions.records import Actor, Decision, DecisionName, Delivery, Waiver
from pedgraph.intake.submissions.service import Submissions
from pedgraph.intake.submissions.states import State
from pedgraph.intake.tables.templates import Templates
from pedgraph.intake.writes import UPDATE, Outcome, Write
from pedgraph.intake.writing import WriteService
from pedgraph.query.diagnosis.doctor import Doctor
from pedgraph.query.planning import Planner
from pedgraph.query.running import QueryService
from pedgraph.store.pool import ReaderPool
from pedgraph.store.running import RunningQueries
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from pedgraph.settings import Settings


# What the web needs to ask for writes and checks, and to know who asks.
__all__ = [
    "ADMIN",
    "LANGUAGES",
    "NOBODY",
    "STEWARD",
    "SUBMITTER",
    "UPDATE",
    "Actor",
    "Check",
    "Checked",
    "Decision",
    "DecisionName",
    "Delivery",
    "Graph",
    "Outcome",
    "Session",
    "State",
    "Waiver",
    "Who",
    "Write",
]


class Graph(DeliveryServices):
    """A running graph: its versions, its readers, and the services that stand on them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.versions = Versions(settings.home)
        self.pool = ReaderPool(settings, self.versions)
        self.access = Access(settings)
        self.audit = Audit(settings.home)
        self.running = RunningQueries(
            self.pool.register,
            settings.home,
            is_shared=settings.workers > 1 and (bool(settings.admin_key) or self.access.keys.database.is_there),
        )
        super().__init__(settings, self.versions, QueryService(settings, self.pool, self.versions, shaped))
        self.doctor = Doctor(settings, self.queries)
        self.planner = Planner(settings, self.versions)
        self.writes = WriteService(settings)
        self.checks = CheckService(settings)
        self.templates = Templates()
        self.inbox = Inbox(settings.home)
        self.marking = Marking(settings)
        self.submissions = Submissions(settings, self.writes, ServiceChecker(self.checks), PreviewService(settings))
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Starts the readers; raises :class:`pedgraph.errors.NotReady` where there is nothing to read yet."""
        self.versions.current()
        await self._open.enter_async_context(self.pool)
        await self._open.enter_async_context(self.running)
        await self._open.enter_async_context(self.writes)
        await self._open.enter_async_context(self.checks)
        await self._open.enter_async_context(self.submissions)
        for workshop in self.workshops:
            await self._open.enter_async_context(workshop)
        self.submissions.start_checking()
        await asyncio.to_thread(self.inbox.clean_up)
        await asyncio.to_thread(self.changes.catch_up)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()
