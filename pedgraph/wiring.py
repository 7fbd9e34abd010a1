"""The composition root: opens the parts of a running graph in order and closes them in reverse."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.cards import Cards
from pedgraph.delivery.completion import Completion
from pedgraph.delivery.conflicts import Conflicts
from pedgraph.delivery.contributing import ContributionPages
from pedgraph.delivery.coverage import CoveragePage
from pedgraph.delivery.describing import Descriptions
from pedgraph.delivery.profiles import shaped
from pedgraph.delivery.query_page import QueryPage
from pedgraph.delivery.report_pages import ReportPages
from pedgraph.delivery.service_description import ServiceDescriptions
from pedgraph.delivery.stored import StoredQueries
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


class Graph:
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
        self.queries = QueryService(settings, self.pool, self.versions, shaped)
        self.doctor = Doctor(settings, self.queries)
        self.planner = Planner(settings, self.versions)
        self.cards = Cards(self.queries)
        self.stored = StoredQueries(self.queries)
        self.descriptions = Descriptions()
        self.completion = Completion(self.queries)
        self.browser_files = BrowserFiles()
        self.query_page = QueryPage(settings, self.browser_files)
        self.report_pages = ReportPages(self.browser_files)
        self.conflicts = Conflicts(self.stored, self.report_pages)
        self.contribution_pages = ContributionPages(settings, self.browser_files)
        self.coverage = CoveragePage(self.stored, self.report_pages)
        self.service_descriptions = ServiceDescriptions(settings, self.versions)
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
        self.submissions.start_checking()
        await asyncio.to_thread(self.inbox.clean_up)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()
