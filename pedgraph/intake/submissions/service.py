"""Submissions as a service: the one door through which the web and the command line receive, review and publish them.

All results are plain, ready to be written as JSON. Whoever asks is an :class:`Actor`; what their role does not allow
raises :class:`Forbidden`, and what does not fit the state of a submission :class:`Conflict`.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Self

from pedgraph.errors import DiskFull, StoreError
from pedgraph.intake.submissions.completing import completed
from pedgraph.intake.submissions.core import Core
from pedgraph.intake.submissions.publishing import Publisher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.intake.submissions.checker import Checker
    from pedgraph.intake.submissions.files import Upload
    from pedgraph.intake.submissions.previewing import Previewer
    from pedgraph.intake.submissions.records import Actor, Decision, Delivery, Events
    from pedgraph.intake.writing import WriteService
    from pedgraph.settings import Settings


log = logging.getLogger(__name__)


class Submissions:
    """Receives, reviews and publishes submissions. Use it as an asynchronous context manager.

    ``writes`` carries out publications, ``checker`` checks files, and ``previewer`` says what an acceptance would
    change.
    """

    def __init__(
        self, settings: Settings, writes: WriteService, checker: Checker, previewer: Previewer | None = None
    ) -> None:
        self._checker = checker
        self._core = Core(settings, checker, previewer)
        self._publisher = Publisher(settings, writes)
        self._checking: asyncio.Task[Sequence[str]] | None = None
        self._is_more_to_check = False

    async def __aenter__(self) -> Self:
        """Settles what a killed process left behind, unless another process is at it.

        That the disk does not let it is no reason to stop those who only read.
        """
        try:
            if self._core.register.exists:
                await self._publisher.recover(wait_seconds=0)
                await asyncio.to_thread(self._core.files.sweep)
        except (StoreError, DiskFull) as error:
            log.warning("what was left behind of submissions could not be settled: %s", error)
        self._core.register.keep_open()
        return self

    def start_checking(self) -> None:
        """Checks in the background what was received and not checked, until this is left; harmless while that is done
        already.
        """
        if not self._core.register.exists:
            return
        self._is_more_to_check = True
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check_all())

    async def _check_all(self) -> Sequence[str]:
        tried: list[str] = []
        # What is asked for while the last look is under way may be too late for that look.
        while self._is_more_to_check:
            self._is_more_to_check = False
            tried += await self._core.check_pending()
        return tried

    async def __aexit__(self, *_: object) -> None:
        if self._checking is not None:
            self._checking.cancel()
            await asyncio.wait([self._checking])
        self._core.register.close()

    def open_upload(self) -> Upload:
        """A file that comes in: a context manager with ``write(chunk)``, whose end removes what was not received.

        ``write`` raises :class:`TooLarge`, :class:`DiskFull`.
        """
        return self._core.open_upload()

    async def receive(self, upload: Upload, delivery: Delivery, actor: Actor) -> dict[str, Any]:
        """Takes a submission in; once this returns it is on the disk. What the delivery leaves empty is taken from the
        sheet about the file, if it has one.

        Gives ``{"submission": …, "is_new": bool}``: the same bytes of the same submitter a second time are not kept
        again, and the submission is the first one. Raises :class:`BadRequest` with ``field`` where something that a
        submission needs is missing or malformed, :class:`DiskFull`. It is not checked yet; see :meth:`check`.
        """
        whole = await completed(upload, delivery, self._checker)
        return await asyncio.to_thread(self._core.receive, upload, whole, actor)

    async def revise(self, submission: str, upload: Upload, delivery: Delivery, actor: Actor) -> dict[str, Any]:
        """Takes in a file that is to replace a submission as a whole; gives and raises what :meth:`receive` does.

        What was not accepted yet is superseded at once, what was accepted once its revision is. Raises
        :class:`Conflict` where the submission is over or has a newer revision.
        """
        whole = await completed(upload, delivery, self._checker)
        return await asyncio.to_thread(self._core.revise, submission, upload, whole, actor)

    async def check(self, submission: str, actor: Actor | None = None) -> dict[str, Any]:
        """Checks a submission, and puts it into review, or says that it is invalid; gives the submission.

        Without an actor it is the program itself that checks. Raises :class:`Conflict`.
        """
        return await self._core.check(submission, actor)

    async def check_pending(self) -> Sequence[str]:
        """Checks what was received and not checked, as after a kill; gives the ids."""
        return await self._core.check_pending()

    async def decide(self, submission: str, actor: Actor, decision: Decision) -> dict[str, Any]:
        """Accepts, rejects or sends back a submission; gives the submission. For stewards.

        An acceptance publishes a version, or raises and leaves all as it is: :class:`DoesNotConform` where the data
        violate a rule (waivers are for warnings only), :class:`ContractBroken`, :class:`Conflict` where somebody else
        was quicker, and the other errors of :meth:`pedgraph.intake.writing.WriteService.run`.
        """
        return await self._publisher.decide(submission, actor, decision)

    async def withdraw(self, submission: str, actor: Actor, why: str = "", expected: int = 0) -> dict[str, Any]:
        """Takes a submission back; gives its tombstone. For its submitter and for stewards.

        What it stated goes from the graph, and what followed from it; its description becomes a tombstone.
        """
        shown = await self._publisher.withdraw(submission, actor, why, expected)
        await asyncio.to_thread(self._core.previews.forget, submission)
        return shown

    async def list(
        self, actor: Actor, states: Sequence[str] = (), *, limit: int = 100, offset: int = 0
    ) -> dict[str, Any]:
        """Submissions, newest first: ``{"submissions": […], "total": …}``; of others for stewards only."""
        return await asyncio.to_thread(self._core.list, actor, states, limit=limit, offset=offset)

    async def get(self, submission: str, actor: Actor) -> dict[str, Any]:
        """A submission. Raises :class:`NotFound`, :class:`Forbidden`, :class:`Withdrawn` with its tombstone."""
        return await asyncio.to_thread(self._core.show, submission, actor)

    async def events(self, submission: str, actor: Actor) -> Events:
        """All that happened to a submission, oldest first; raises what :meth:`get` does."""
        return await asyncio.to_thread(self._core.events, submission, actor)

    async def findings(self, submission: str, actor: Actor) -> dict[str, Any]:
        """What the newest check of a submission gave; raises what :meth:`get` does, and :class:`Conflict` where it was
        not checked yet.
        """
        return await asyncio.to_thread(self._core.findings, submission, actor)

    async def original(self, submission: str, actor: Actor) -> tuple[Path, str, str]:
        """Where the bytes lie as they were sent, their file name and media type; raises what :meth:`get` does."""
        return await asyncio.to_thread(self._core.original, submission, actor)

    async def preview(self, submission: str, actor: Actor, language: str = "en") -> dict[str, Any]:
        """What accepting a submission would change in the current version; raises what :meth:`get` does."""
        return await self._core.preview(submission, actor, language)
