"""A version that is built from scratch takes up again what stewards have accepted: from the register, in its order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pedgraph.intake.submissions.accepting import Acceptance, Withdrawal, read_statements
from pedgraph.intake.submissions.changing import find_published
from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.records import Waiver
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.states import Act, Kind
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pedgraph.intake.submissions.records import Event, Submission
    from pedgraph.store.edits import Edits


def replay(edits: Edits, home: Path) -> None:
    """Publishes and withdraws all that was ever published and withdrawn, one after the other.

    Called with the lock on versions held. Raises :class:`NotFound` where a file that was accepted is not kept.
    """
    directory = directory_in(home)
    register, files = Register(directory), Files(directory)
    if not register.exists:
        return
    with register.reading() as reading:
        every = {each.id: each for each in reading.all()}
    published: defaultdict[str, list[Submission]] = defaultdict(list)
    for announced in sorted(_carried_out(every.values(), Versions(home)), key=lambda event: event.number):
        submission, token = every[announced.submission], announced.data["token"]
        former = published[submission.series]
        if announced.data["act"] == Act.WITHDRAW:
            Withdrawal(submission, announced.at, token).apply(edits)
            former[:] = [each for each in former if each.id != submission.id]
            continue
        checked = [
            each for each in submission.events[: submission.events.index(announced)] if each.kind is Kind.CHECKED
        ]
        triples = read_statements(files, checked[-1])
        waivers = tuple(Waiver(**each) for each in announced.data["waivers"])
        Acceptance(submission, tuple(former), triples, announced.at, token, waivers).apply(edits)
        former[:] = [submission]


def _carried_out(submissions: Iterable[Submission], versions: Versions) -> Iterator[Event]:
    """The announcements that a version came of, also where that was not noted yet."""
    for submission in submissions:
        for event, following in zip(submission.events, [*submission.events[1:], None], strict=True):
            if event.kind is not Kind.PUBLISHING:
                continue
            is_published = (
                find_published(versions, event.data["token"], event.data["base"]) is not None
                if following is None
                else following.kind is not Kind.ABANDONED
            )
            if is_published:
                yield event
