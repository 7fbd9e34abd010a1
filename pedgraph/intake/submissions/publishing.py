"""Decisions: what stewards and submitters decide becomes an event, or a version and then an event.

A publication is announced in the register first (``publishing``, with a token), then carried out by the writer, which
looks for the announcement once it holds the store, then noted. Whoever publishes holds the lock on decisions; an
announcement that stands there while somebody else gets that lock was left behind by a process that ended. It is settled
by what the versions say, which bear the token: what was published is noted, the rest abandoned.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import BadRequest, DoesNotConform, Forbidden, PedgraphError, StoreError, StoreLocked
from pedgraph.intake.submissions.changing import ACCEPT, WITHDRAW, find_published
from pedgraph.intake.submissions.core import read_report, require_own, seen, tombstone
from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.records import Waiver
from pedgraph.intake.submissions.register import Register, as_disk_error, directory_in
from pedgraph.intake.submissions.states import Act, Kind, State, require
from pedgraph.intake.submissions.waiving import verify_waivers
from pedgraph.intake.writes import Write
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from pedgraph.intake.submissions.records import Actor, Decision, Submission
    from pedgraph.intake.submissions.register import Editing
    from pedgraph.intake.writing import WriteService
    from pedgraph.settings import Settings

_TOKEN_BYTES: Final = 8
_LOCK_POLL_SECONDS: Final = 0.02


class Publisher:
    """Carries out decisions on the submissions of a home folder."""

    def __init__(self, settings: Settings, writes: WriteService) -> None:
        self._settings = settings
        self._writes = writes
        self._versions = Versions(settings.home)
        self._directory = directory_in(settings.home)
        self._register = Register(self._directory)
        self._files = Files(self._directory)

    async def decide(self, submission: str, actor: Actor, decision: Decision) -> dict[str, Any]:
        """See :meth:`Submissions.decide`."""
        if not actor.is_steward:
            raise Forbidden("Only a steward decides on submissions.")
        if decision.decision == "accept":
            return await self._publish(submission, lambda: self._announce_acceptance(submission, actor, decision))
        if not decision.comment.strip():
            raise BadRequest("Say in a comment why; the submitter is told.", field="comment")
        if decision.waivers:
            raise BadRequest("Warnings are waived by accepting only.", field="waivers")
        return await asyncio.to_thread(self._note_decision, submission, actor, decision)

    async def withdraw(self, submission: str, actor: Actor, why: str, expected: int) -> dict[str, Any]:
        """See :meth:`Submissions.withdraw`."""
        return await self._publish(submission, lambda: self._announce_withdrawal(submission, actor, why, expected))

    async def recover(self, *, wait_seconds: float) -> bool:
        """Settles what killed processes left behind; returns whether it could, as nobody publishes."""
        try:
            async with self._turn(wait_seconds):
                await asyncio.to_thread(self._settle_all)
        except StoreLocked:
            return False
        return True

    async def _publish(self, submission: str, announce: Callable[[], Submission | None]) -> dict[str, Any]:
        async with self._turn(self._settings.validation_deadline_seconds):
            await asyncio.to_thread(self._settle_all)
            announced: Submission | None = await asyncio.to_thread(announce)
            if announced is not None:
                await self._carry_out(announced)
        return await asyncio.to_thread(self._shown, submission)

    async def _carry_out(self, announced: Submission) -> None:
        intent = announced.intent
        assert intent is not None
        act = ACCEPT if intent.data["act"] == Act.ACCEPT else WITHDRAW
        token = intent.data["token"]
        write = Write(act, intent.who, f"{act.capitalize()} submission {announced.id} [{token}]")
        job = json.dumps({"id": announced.id, "token": token}).encode()
        try:
            await self._writes.run(write, [job])
        except PedgraphError as error:
            await asyncio.to_thread(self._settle, announced, error.detail)
            with_event = await asyncio.to_thread(self._get, announced.id)
            if with_event.last(Kind.PUBLISHING) == intent and with_event.events[-1].kind is Kind.ABANDONED:
                raise
        except BaseException:
            await asyncio.shield(asyncio.to_thread(self._settle, announced, "It was broken off."))
            raise
        else:
            await asyncio.to_thread(self._settle, announced, "Nothing was published.")

    def _announce_acceptance(self, submission: str, actor: Actor, decision: Decision) -> Submission:
        with self._register.writing() as editing:
            found = seen(editing.get(submission), actor)
            found = editing.current(submission, decision.expected)
            if found.state is State.INVALID:
                raise self._does_not_conform(found)
            require(Act.ACCEPT, found.state, submission)
            waivers = decision.waivers
            if waivers:
                verify_waivers(waivers, self._report(found)["findings"])
            more = {"waivers": [vars(waiver) for waiver in waivers]}
            return self._announce(editing, found, actor, Act.ACCEPT, decision.comment, more)

    def _announce_withdrawal(self, submission: str, actor: Actor, why: str, expected: int) -> Submission | None:
        with self._register.writing() as editing:
            found = editing.get(submission)
            require_own(found, actor)
            seen(found, actor)
            found = editing.current(submission, expected)
            require(Act.WITHDRAW, found.state, submission)
            if not found.was_published:
                editing.append(submission, actor.name, Kind.WITHDRAWN, State.WITHDRAWN, why)
                return None
            return self._announce(editing, found, actor, Act.WITHDRAW, why, {})

    def _announce(
        self, editing: Editing, found: Submission, actor: Actor, act: Act, comment: str, more: dict[str, Any]
    ) -> Submission:
        pointer = self._versions.pointer()
        base = 0 if pointer is None else pointer.published
        token = secrets.token_hex(_TOKEN_BYTES)
        data = {"act": act.value, "token": token, "base": base, **more}
        editing.append(found.id, actor.name, Kind.PUBLISHING, found.state, comment, **data)
        return editing.get(found.id)

    def _note_decision(self, submission: str, actor: Actor, decision: Decision) -> dict[str, Any]:
        is_rejected = decision.decision == "reject"
        act, kind, state = (
            (Act.REJECT, Kind.REJECTED, State.REJECTED)
            if is_rejected
            else (Act.REQUEST_CHANGES, Kind.CHANGES_REQUESTED, State.CHANGES_REQUESTED)
        )
        with self._register.writing() as editing:
            seen(editing.get(submission), actor)
            found = editing.current(submission, decision.expected)
            require(act, found.state, submission)
            editing.append(submission, actor.name, kind, state, decision.comment)
            return editing.get(submission).as_json()

    def _settle_all(self) -> None:
        with self._register.reading() as reading:
            left_behind = reading.intents()
        for each in left_behind:
            self._settle(each, "The process that published it ended before it had.")

    def _settle(self, announced: Submission, why: str) -> None:
        """Notes what came of a publication. With the lock on versions nobody can still carry it out unseen."""
        intent = announced.intent
        assert intent is not None
        with self._versions.lock(self._settings.validation_deadline_seconds):
            version = find_published(self._versions, intent.data["token"], intent.data["base"])
            with self._register.writing() as editing:
                found = editing.get(announced.id)
                if found.intent is None or found.intent.number != intent.number:
                    return
                if version is None:
                    editing.append(found.id, intent.who, Kind.ABANDONED, found.state, why)
                elif intent.data["act"] == Act.WITHDRAW:
                    editing.append(
                        found.id, intent.who, Kind.WITHDRAWN, State.WITHDRAWN, intent.comment, version=version
                    )
                else:
                    _note_acceptance(editing, found, version)

    def _report(self, submission: Submission) -> dict[str, Any]:
        checked = submission.last(Kind.CHECKED)
        assert checked is not None
        return read_report(self._files, checked.data["report"])

    def _does_not_conform(self, submission: Submission) -> DoesNotConform:
        wrong = [each for each in self._report(submission)["findings"] if each["severity"] == "violation"]
        return DoesNotConform(f"Submission {submission.id} violates rules, which nobody can waive.", findings=wrong)

    def _get(self, submission: str) -> Submission:
        with self._register.reading() as reading:
            return reading.get(submission)

    def _shown(self, submission: str) -> dict[str, Any]:
        found = self._get(submission)
        return tombstone(found) if found.state is State.WITHDRAWN else found.as_json()

    @asynccontextmanager
    async def _turn(self, wait_seconds: float) -> AsyncIterator[None]:
        """Holds the lock on decisions, which goes when this process does; raises :class:`StoreLocked`."""
        descriptor = await asyncio.to_thread(_open_lock, self._directory)
        try:
            until = time.monotonic() + wait_seconds
            while not _take(descriptor):
                if time.monotonic() >= until:
                    raise StoreLocked("Another decision is being carried out; try again when it is done.")
                # The kernel offers no wait with an end.
                await asyncio.sleep(_LOCK_POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)


def _note_acceptance(editing: Editing, found: Submission, version: int) -> None:
    intent = found.intent
    assert intent is not None
    waivers = [vars(Waiver(**each)) for each in intent.data["waivers"]]
    for former in editing.series(found.series):
        if former.state is State.ACCEPTED and former.revision < found.revision:
            why = f"Replaced by {found.id}"
            editing.append(former.id, intent.who, Kind.SUPERSEDED, State.SUPERSEDED, why, by=found.id)
    editing.append(
        found.id, intent.who, Kind.ACCEPTED, State.ACCEPTED, intent.comment, version=version, waivers=waivers
    )


def _open_lock(directory: Path) -> int:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return os.open(directory / "decisions.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise as_disk_error(error, directory) from error


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreError(f"The lock on decisions cannot be taken: {error}.") from error
    return True
