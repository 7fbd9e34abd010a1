"""What is done with submissions short of publishing: taking in, checking, showing."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import Busy, Conflict, Forbidden, NotFound, NotReady, PedgraphError, Withdrawn
from pedgraph.intake.submissions.accepting import read_acceptance
from pedgraph.intake.submissions.checker import Asked
from pedgraph.intake.submissions.deliveries import verify
from pedgraph.intake.submissions.files import Files, chunks_of
from pedgraph.intake.submissions.previewing import Previews
from pedgraph.intake.submissions.records import Actor
from pedgraph.intake.submissions.register import Register, directory_in, now
from pedgraph.intake.submissions.states import ENDED, REFUSED, Act, Kind, State, require
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.intake.submissions.accepting import Acceptance
    from pedgraph.intake.submissions.checker import Checker
    from pedgraph.intake.submissions.files import Upload
    from pedgraph.intake.submissions.previewing import Previewer
    from pedgraph.intake.submissions.records import Delivery, Events, Stored, Submission
    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

PROGRAM: Final = "pedgraph"


class Core:
    """The register and the files of a home folder, and what stands on them."""

    def __init__(self, settings: Settings, checker: Checker, previewer: Previewer | None) -> None:
        self._settings = settings
        self._checker = checker
        self._previewer = previewer
        self._versions = Versions(settings.home)
        directory = directory_in(settings.home)
        self.files = Files(directory)
        self.register = Register(directory)
        self.previews = Previews(directory / "previews")

    def open_upload(self) -> Upload:
        """See :meth:`Submissions.open_upload`."""
        return self.files.upload(self._settings.file_max_bytes)

    def receive(self, upload: Upload, delivery: Delivery, actor: Actor) -> dict[str, Any]:
        """See :meth:`Submissions.receive`."""
        self._require_merge()
        verify(delivery)
        stored = self.files.keep(upload)
        with self.register.writing() as editing:
            for known in editing.with_bytes(actor.key, stored.sha256):
                if known.state not in REFUSED:
                    return {"submission": known.as_json(), "is_new": False}
            made = editing.add(delivery, stored, actor)
        return {"submission": made.as_json(), "is_new": True}

    def revise(self, submission: str, upload: Upload, delivery: Delivery, actor: Actor) -> dict[str, Any]:
        """See :meth:`Submissions.revise`."""
        self._require_merge()
        verify(delivery)
        self.find(submission, actor)
        stored = self.files.keep(upload)
        with self.register.writing() as editing:
            base = editing.current(submission)
            for later in editing.series(base.series)[base.revision :]:
                if later.delivery == delivery and later.original == stored and later.state not in REFUSED:
                    return {"submission": later.as_json(), "is_new": False}
                if later.state not in ENDED:
                    raise Conflict(
                        f"Submission {base.id} has a newer revision, {later.id}; revise that one.",
                        state=base.state.value,
                        newer=later.id,
                    )
            require(Act.REVISE, base.state, base.id)
            if base.delivery == delivery and base.original == stored:
                return {"submission": base.as_json(), "is_new": False}
            # It stays its submitter's, also where a steward revises it.
            made = editing.add(delivery, stored, Actor(base.key, base.submitter, "submitter"), revises=base)
            if base.state is not State.ACCEPTED:
                why = f"Revised by {made.id}"
                editing.append(base.id, actor.name, Kind.SUPERSEDED, State.SUPERSEDED, why, by=made.id)
        return {"submission": made.as_json(), "is_new": True}

    async def check(self, submission: str, actor: Actor | None) -> dict[str, Any]:
        """See :meth:`Submissions.check`."""
        found = await asyncio.to_thread(self._to_check, submission, actor)
        with self.files.upload(self._settings.unpacked_max_bytes) as scratch:
            path = await asyncio.to_thread(self.files.path, found.original.sha256)
            delivery = found.delivery
            replaces = await asyncio.to_thread(self._replaced, found)
            asked = Asked(path, delivery.file_name, delivery.media_type, found.graph, replaces, scratch.path)
            outcome = await self._checker(asked)
            return await asyncio.to_thread(self._note, found, outcome, scratch.path, actor)

    async def check_pending(self) -> Sequence[str]:
        """See :meth:`Submissions.check_pending`."""
        tried: list[str] = []
        # More may come in meanwhile that could not be checked at once.
        while pending := [each for each in await asyncio.to_thread(self._waiting) if each not in tried]:
            for each in reversed(pending):
                try:
                    await self._check_when_possible(each)
                except PedgraphError as error:
                    # Somebody else may have done something with it, and one must not keep up the others.
                    log.warning("submission %s could not be checked: %s", each, error)
            tried = pending + tried
        return tried

    def _waiting(self) -> list[str]:
        return [each.id for each in self.all() if each.state is State.RECEIVED]

    async def _check_when_possible(self, submission: str) -> None:
        while (await asyncio.to_thread(self._to_check, submission, None)).state is State.RECEIVED:
            try:
                await self.check(submission, None)
            except Busy as error:
                await asyncio.sleep(error.retry_after_seconds)

    def find(self, submission: str, actor: Actor) -> Submission:
        """A submission that somebody may see; raises :class:`NotFound`, :class:`Forbidden`, :class:`Withdrawn`."""
        with self.register.reading() as reading:
            return seen(reading.get(submission), actor)

    def all(self, actor: Actor | None = None) -> list[Submission]:
        """All submissions that somebody may see, newest first."""
        key = None if actor is None or actor.is_steward else actor.key
        with self.register.reading() as reading:
            return reading.all(key=key)

    def list(self, actor: Actor, states: Sequence[str], *, limit: int, offset: int) -> dict[str, Any]:
        """See :meth:`Submissions.list`."""
        found = [each for each in self.all(actor) if not states or each.state in states]
        shown = found[offset : offset + limit]
        return {"submissions": [tombstone_or_all(each) for each in shown], "total": len(found)}

    def show(self, submission: str, actor: Actor) -> dict[str, Any]:
        """See :meth:`Submissions.get`."""
        return self.find(submission, actor).as_json()

    def events(self, submission: str, actor: Actor) -> Events:
        """See :meth:`Submissions.events`."""
        return [event.as_json() for event in self.find(submission, actor).events]

    def findings(self, submission: str, actor: Actor) -> dict[str, Any]:
        """See :meth:`Submissions.findings`."""
        found = self.find(submission, actor)
        checked = found.last(Kind.CHECKED)
        if checked is None:
            raise Conflict(f"Submission {submission} was not checked yet.", state=found.state.value)
        return read_report(self.files, checked.data["report"])

    def original(self, submission: str, actor: Actor) -> tuple[Path, str, str]:
        """See :meth:`Submissions.original`."""
        found = self.find(submission, actor)
        return self.files.path(found.original.sha256), found.delivery.file_name, found.delivery.media_type

    async def preview(self, submission: str, actor: Actor, language: str) -> dict[str, Any]:
        """See :meth:`Submissions.preview`."""
        if self._previewer is None:
            raise NotReady("There are no previews here.")
        found = await asyncio.to_thread(self.find, submission, actor)
        checked = found.last(Kind.CHECKED)
        if checked is None or not checked.data["data"]:
            raise Conflict(f"There is nothing in submission {submission} to preview yet.", state=found.state.value)
        version = await asyncio.to_thread(self._versions.current)
        name = f"{found.id}-{checked.data['data'][:12]}-{language}-{version}"
        if (known := await asyncio.to_thread(self.previews.read, name)) is not None:
            return known
        acceptance = await asyncio.to_thread(self._acceptance, found)
        outcome = await self._previewer(acceptance, version, self._settings, language)
        await asyncio.to_thread(self.previews.keep, name, outcome)
        return outcome

    def _require_merge(self) -> None:
        if self._settings.default_graph != "merged":
            raise Conflict("A graph whose default graph is one of its own takes no submissions.", state="plain")

    def _acceptance(self, submission: Submission) -> Acceptance:
        with self.register.reading() as reading:
            return read_acceptance(reading, self.files, submission, now())

    def _to_check(self, submission: str, actor: Actor | None) -> Submission:
        with self.register.reading() as reading:
            found = reading.get(submission)
        if actor is not None:
            seen(found, actor)
        require(Act.CHECK, found.state, submission)
        return found

    def _replaced(self, submission: Submission) -> str:
        with self.register.reading() as reading:
            former = [each for each in reading.series(submission.series) if each.state is State.ACCEPTED]
        return former[-1].graph if former and former[-1].id != submission.id else ""

    def _note(
        self, submission: Submission, outcome: dict[str, Any], data_path: Path, actor: Actor | None
    ) -> dict[str, Any]:
        """Keeps what a check gave, and says so in the register."""
        largest = self._settings.unpacked_max_bytes
        data = self.files.keep_chunks(chunks_of(data_path), largest)
        report = self._keep_report(outcome)
        state = State.IN_REVIEW if outcome["conforms"] else State.INVALID
        with self.register.writing() as editing:
            now_known = editing.get(submission.id)
            if now_known.tag != submission.tag and now_known.events[-1].kind is Kind.CHECKED:
                # Another process has checked it meanwhile, and come to the same.
                return now_known.as_json()
            editing.current(submission.id, submission.tag)
            editing.append(
                submission.id,
                PROGRAM if actor is None else actor.name,
                Kind.CHECKED,
                state,
                "",
                conforms=outcome["conforms"],
                counts=outcome["counts"],
                statements=outcome["statements"],
                data=data.sha256,
                report=report.sha256,
            )
            return editing.get(submission.id).as_json()

    def _keep_report(self, outcome: dict[str, Any]) -> Stored:
        content = json.dumps(outcome, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.files.keep_chunks([content], len(content))


def seen(submission: Submission, actor: Actor) -> Submission:
    """A submission, if somebody may see it and it is there still; raises :class:`Forbidden`, :class:`Withdrawn`."""
    require_own(submission, actor)
    if submission.state is State.WITHDRAWN:
        raise Withdrawn(f"Submission {submission.id} was withdrawn.", **tombstone(submission))
    return submission


def require_own(submission: Submission, actor: Actor) -> None:
    """Raises :class:`Forbidden` where a submission is another one's and somebody is no steward."""
    if not actor.is_steward and submission.key != actor.key:
        raise Forbidden(f"Submission {submission.id} was sent with another key.")


def tombstone(submission: Submission) -> dict[str, Any]:
    """What is still told of a submission that was withdrawn; its version is the one without it, if it was in one."""
    withdrawn = submission.last(Kind.WITHDRAWN)
    return {
        "id": submission.id,
        "series": submission.series,
        "revision": submission.revision,
        "graph": submission.graph,
        "state": submission.state.value,
        "tag": submission.tag,
        "changed_at": submission.events[-1].at,
        "version": withdrawn.data.get("version") if withdrawn else None,
    }


def tombstone_or_all(submission: Submission) -> dict[str, Any]:
    """A submission as it is listed."""
    return tombstone(submission) if submission.state is State.WITHDRAWN else submission.as_json()


def read_report(files: Files, sha256: str) -> dict[str, Any]:
    """What a check gave; raises :class:`NotFound`."""
    report = json.loads(files.read(sha256))
    if not isinstance(report, dict):
        raise NotFound("There are no findings.")
    return report
