"""What a process left behind that ended in the middle of a publication, and several processes at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.errors import Busy, Conflict, StoreLocked
from pedgraph.intake.submissions.changing import ACCEPT
from pedgraph.intake.submissions.records import Decision
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.service import Submissions
from pedgraph.intake.submissions.states import Kind
from pedgraph.intake.writes import Write
from pedgraph.intake.writing import WriteService
from pedgraph.settings import load_settings
from pedgraph.store.versions import Versions
from tests.intake.submissions.desk import ANN, EVE, Trusting, at_desk, district, graph, hand_in, in_review
from tests.intake.writes import insert, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.intake.submissions.checker import Asked

TOP = Path(__file__).parents[3]
TOKEN = "0123456789abcdef"


def _received(home: Path, *names: str) -> list[str]:
    async def work(submissions: Submissions) -> list[str]:
        return [await in_review(submissions, district(name)) for name in names]

    return at_desk(home, work)


def _announce(home: Path, identifier: str) -> None:
    """As a process leaves it that ends before it has published."""
    with Register(directory_in(home)).writing() as editing:
        found = editing.get(identifier)
        data = {"act": "accept", "token": TOKEN, "base": Versions(home).current(), "waivers": []}
        editing.append(identifier, "Eve", Kind.PUBLISHING, found.state, "Fine", **data)


def _publish(home: Path, identifier: str) -> None:
    """As a process leaves it that ends before it has noted what it published."""

    async def run() -> None:
        async with WriteService(load_settings({}, home=home)) as writes:
            job = json.dumps({"id": identifier, "token": TOKEN}).encode()
            await writes.run(Write(ACCEPT, "Eve", f"Accept submission {identifier} [{TOKEN}]"), [job])

    asyncio.run(run())


def _events(home: Path, identifier: str) -> list[tuple[str, str, object]]:
    async def work(submissions: Submissions) -> list[tuple[str, str, object]]:
        events = await submissions.events(identifier, ANN)
        return [(each["kind"], each["state"], each["data"].get("version")) for each in events[2:]]

    return at_desk(home, work)


def test_what_was_announced_and_not_published_is_abandoned_and_can_be_accepted(home: Path) -> None:
    (identifier,) = _received(home, "alpha")
    _announce(home, identifier)

    assert _events(home, identifier) == [("publishing", "in-review", None), ("abandoned", "in-review", None)]
    shown = at_desk(home, lambda submissions: submissions.decide(identifier, EVE, Decision("accept")))
    assert (shown["state"], shown["version"]) == ("accepted", 2)


def test_what_was_published_and_not_noted_is_noted(home: Path) -> None:
    (identifier,) = _received(home, "alpha")
    _announce(home, identifier)
    _publish(home, identifier)

    assert _events(home, identifier) == [("publishing", "in-review", None), ("accepted", "accepted", 2)]
    assert len(graph(home, "https://w3id.org/pedgraph/graph/2026-0001/1")) == 3


def test_what_was_published_in_a_version_that_is_gone_is_noted_all_the_same(home: Path) -> None:
    (identifier,) = _received(home, "alpha")
    _announce(home, identifier)
    _publish(home, identifier)
    write(home, insert("<urn:x:a> a pedg:Nothing ."), validate_writes="off", versions_kept=1)
    assert Versions(home).numbers() == [3]

    assert _events(home, identifier) == [("publishing", "in-review", None), ("accepted", "accepted", 3)]


def test_what_was_abandoned_is_not_published_later(home: Path) -> None:
    """A writer that comes late, for instance because it waited for the store, finds that nobody wants it any more."""
    (identifier,) = _received(home, "alpha")
    _announce(home, identifier)
    at_desk(home, lambda submissions: submissions.get(identifier, ANN))

    with pytest.raises(Conflict, match="not to be done"):
        _publish(home, identifier)
    assert Versions(home).current() == 1


def test_a_decision_waits_for_another_one_and_settles_what_it_left(home: Path) -> None:
    identifier, other = _received(home, "alpha", "beta")
    _announce(home, identifier)

    async def work(submissions: Submissions) -> list[str]:
        await submissions.decide(other, EVE, Decision("accept"))
        listed = await submissions.list(EVE)
        return [each["state"] for each in listed["submissions"]]

    assert at_desk(home, work) == ["accepted", "in-review"]
    assert [each[0] for each in _events(home, identifier)] == ["publishing", "abandoned"]


def test_nobody_settles_what_is_under_way(home: Path) -> None:
    (identifier,) = _received(home, "alpha")
    with _clerks(home, identifier) as clerks:
        with Versions(home).lock():
            _go(clerks)
            _await_announcement(home, identifier)
            assert at_desk(home, lambda submissions: submissions.get(identifier, ANN))["is_being_published"] is True
            with pytest.raises(StoreLocked):
                at_desk(
                    home,
                    lambda submissions: submissions.withdraw(identifier, ANN),
                    validation_deadline_seconds=0.1,
                )
        assert _said(clerks) == [["accepted", "2"]]


def test_of_two_stewards_who_accept_the_same_one_wins(home: Path) -> None:
    (identifier,) = _received(home, "alpha")
    with _clerks(home, identifier, identifier) as clerks:
        _go(clerks)
        assert sorted(_said(clerks)) == [["accepted", "2"], ["conflict", "accepted"]]

    assert Versions(home).current() == 2


def test_two_stewards_who_accept_different_ones_both_succeed(home: Path) -> None:
    with _clerks(home, *_received(home, "alpha", "beta")) as clerks:
        _go(clerks)
        assert sorted(_said(clerks)) == [["accepted", "2"], ["accepted", "3"]]

    for number in (1, 2):
        assert len(graph(home, f"https://w3id.org/pedgraph/graph/2026-000{number}/1")) == 3


@contextmanager
def _clerks(home: Path, *identifiers: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that wait for a word to accept a submission each."""
    command = [sys.executable, "-m", "tests.intake.submissions.clerk", str(home), "accept"]
    clerks = [
        subprocess.Popen([*command, each], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=TOP)
        for each in identifiers
    ]
    try:
        for clerk in clerks:
            assert clerk.stdout is not None
            assert json.loads(clerk.stdout.readline()) == ["ready", ""]
        yield clerks
    finally:
        for clerk in clerks:
            clerk.kill()
            clerk.communicate()


def _go(clerks: list[subprocess.Popen[bytes]]) -> None:
    for clerk in clerks:
        assert clerk.stdin is not None
        clerk.stdin.write(b"go\n")
        clerk.stdin.flush()


def _said(clerks: list[subprocess.Popen[bytes]]) -> list[list[str]]:
    return [json.loads(clerk.stdout.readline()) for clerk in clerks if clerk.stdout is not None]


def _await_announcement(home: Path, identifier: str) -> None:
    while True:
        with Register(directory_in(home)).reading() as reading:
            if reading.get(identifier).intent is not None:
                return


def test_what_was_received_and_not_checked_is_checked_later(home: Path) -> None:
    async def receive(submissions: Submissions) -> None:
        for name in ("alpha", "beta"):
            await hand_in(submissions, district(name))
        await hand_in(submissions, b"This is no Turtle.")

    async def wait(submissions: Submissions) -> dict[str, str]:
        submissions.start_checking()
        assert submissions._checking is not None
        assert await submissions._checking == ["2026-0003", "2026-0002", "2026-0001"]
        return {each["id"]: each["state"] for each in (await submissions.list(EVE))["submissions"]}

    at_desk(home, receive)

    assert at_desk(home, wait) == {"2026-0001": "in-review", "2026-0002": "in-review", "2026-0003": "received"}


class _Reluctant(Trusting):
    """Has no time until it is told otherwise."""

    is_busy = True

    async def __call__(self, asked: Asked) -> dict[str, Any]:
        if self.is_busy:
            raise Busy("Come back later.", retry_after_seconds=0)
        return await super().__call__(asked)


def test_what_could_not_be_checked_at_once_is_checked_while_others_wait(home: Path) -> None:
    async def work() -> tuple[Sequence[str], dict[str, str]]:
        settings, checker = load_settings({}, home=home), _Reluctant()
        async with WriteService(settings) as writes, Submissions(settings, writes, checker) as submissions:
            received = await hand_in(submissions, district("alpha"))
            with pytest.raises(Busy):
                await submissions.check(received["submission"]["id"])
            submissions.start_checking()
            task = submissions._checking
            await hand_in(submissions, district("beta"))
            submissions.start_checking()
            assert submissions._checking is task
            assert task is not None
            checker.is_busy = False
            tried = await task
            return tried, {each["id"]: each["state"] for each in (await submissions.list(EVE))["submissions"]}

    tried, states = asyncio.run(work())
    assert sorted(tried) == ["2026-0001", "2026-0002"]
    assert states == {"2026-0001": "in-review", "2026-0002": "in-review"}


def test_what_comes_in_during_the_last_look_is_checked_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> dict[str, str]:
        settings, loop = load_settings({}, home=home), asyncio.get_running_loop()
        async with WriteService(settings) as writes, Submissions(settings, writes, Trusting()) as submissions:
            look = submissions._core._waiting

            async def come_in_late() -> None:
                await hand_in(submissions, district("beta"))
                submissions.start_checking()

            def look_and_be_slow() -> list[str]:
                if not (seen := look()):
                    monkeypatch.undo()
                    asyncio.run_coroutine_threadsafe(come_in_late(), loop).result(timeout=30)
                return seen

            monkeypatch.setattr(submissions._core, "_waiting", look_and_be_slow)
            await hand_in(submissions, district("alpha"))
            submissions.start_checking()
            assert submissions._checking is not None
            await submissions._checking
            return {each["id"]: each["state"] for each in (await submissions.list(EVE))["submissions"]}

    assert asyncio.run(work()) == {"2026-0001": "in-review", "2026-0002": "in-review"}
