"""The real server, to which people send files and decisions over HTTP, killed at many moments and started again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import httpx
import psutil
import pytest

from pedgraph.intake.submissions.register import directory_in
from pedgraph.store.versions import WORK_SUFFIX, Versions
from tests.intake.submissions.whole import Acknowledged, assert_all_verify, assert_whole, intents, waiting
from tests.servers import running_server
from tests.soak.patrons import Patrons
from tests.staff import hire

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import RunningServer

_PATIENCE_SECONDS: Final = 120.0
_CHECKER: Final = "pedgraph.intake.checking.checker"
_WRITER: Final = "pedgraph.intake.writer"

Victim = Literal["all", "top", "writer", "checker"]


@dataclass(frozen=True)
class Aim:
    """A moment to kill at: at random so long after something is asked for; or while the server starts."""

    act: str
    victim: Victim = "all"
    within_seconds: float = 1.0
    workers: int = 1


_AIMS: Final = (
    Aim("new"),
    Aim("half"),
    Aim("accept", "top"),
    Aim("start", within_seconds=3.0),
    Aim("accept", "writer"),
    Aim("new", "checker", within_seconds=0.5),
    Aim("accept", workers=2),
    Aim("revise", "top"),
    Aim("accept", within_seconds=2.5),
    Aim("start", within_seconds=3.0),
    Aim("withdraw"),
    Aim("withdraw", "writer"),
    Aim("revise", workers=2),
    Aim("new", "top", workers=2),
    Aim("accept", within_seconds=4.0),
)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifteen_kills_of_a_server(home: Path) -> None:
    tokens, acknowledged, chance = hire(home), Acknowledged(), random.Random(20261124)
    found: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for number, aim in enumerate(_AIMS):
        if aim.act == "start":
            before = intents(home)
            _kill_at_start(home, chance.uniform(0.2, aim.within_seconds))
            found[f"start, with {len(before)} left behind, {len(intents(home))} afterwards ({aim.victim})"] += 1
        else:
            with running_server(home, readers=2, checks=1, workers=aim.workers) as server:
                _assert_recovered(home, server, tokens, acknowledged)
                patrons = Patrons(server.url, tokens, acknowledged, f"{number}")
                with patrons.at_work():
                    if number % 3 and aim.act != "half":
                        # So that there is something to lose. A half file is there from the beginning.
                        assert patrons.await_act("done", _PATIENCE_SECONDS)
                    assert patrons.await_act(aim.act, _PATIENCE_SECONDS), aim.act
                    time.sleep(chance.uniform(0, aim.within_seconds))
                    if aim.victim in {"writer", "checker"}:
                        _kill_child(server, aim.victim)
                        # They go on, with a new one.
                        assert patrons.await_act("accept", _PATIENCE_SECONDS)
                    _kill_server(server, is_top_only=aim.victim == "top")
                failures += patrons.failures
            found[f"{aim.act}: {_left(home)} ({aim.victim})"] += 1
        assert_whole(home, acknowledged)
    with running_server(home, readers=2) as server:
        _assert_recovered(home, server, tokens, acknowledged)
    assert_all_verify(home)
    print(  # noqa: T201 - the figures of the run
        f"received {len(acknowledged.received)}, accepted {len(acknowledged.accepted)}, withdrawn "
        f"{len(acknowledged.withdrawn)}, failures {dict(failures)}",
        *(f"{count:3} {what}" for what, count in sorted(found.items())),
        sep="\n",
    )
    assert found.total() == 15
    assert acknowledged.received
    assert acknowledged.accepted


def _assert_recovered(home: Path, server: RunningServer, tokens: dict[str, str], acknowledged: Acknowledged) -> None:
    """A server that has just started has settled all, and checks what waits."""
    if not (directory_in(home) / "register.sqlite3").exists():
        return
    assert intents(home) == []
    assert_whole(home, acknowledged)
    until = time.monotonic() + _PATIENCE_SECONDS
    while waiting(home):
        assert time.monotonic() < until, "what waited was not checked"
        time.sleep(0.05)
    headers = {"Authorization": f"Bearer {tokens['Eve']}"}
    listed = httpx.get(f"{server.url}/submissions?state=invalid", headers=headers, timeout=60).json()
    assert listed["submissions"] == []


def _kill_at_start(home: Path, after_seconds: float) -> None:
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "PEDGRAPH_HOME": str(home)}
    command = [sys.executable, "-m", "pedgraph", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        time.sleep(after_seconds)
        _kill(psutil.Process(process.pid), is_top_only=False)


def _kill_server(server: RunningServer, *, is_top_only: bool) -> None:
    _kill(psutil.Process(server.process.pid), is_top_only=is_top_only)
    server.process.wait()


def _kill(top: psutil.Process, *, is_top_only: bool) -> None:
    below = top.children(recursive=True)
    top.kill()
    for each in () if is_top_only else below:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(below, timeout=_PATIENCE_SECONDS)
    assert alive == [], "processes outlive the one that was killed"


def _kill_child(server: RunningServer, which: str) -> None:
    module = _WRITER if which == "writer" else _CHECKER
    until = time.monotonic() + _PATIENCE_SECONDS
    while not (found := [each for each in server.readers() if module in each.cmdline()]):
        assert time.monotonic() < until
    found[0].kill()


def _left(home: Path) -> str:
    """How far things had got, from what the kill left behind."""
    versions = Versions(home)
    pointer = versions.pointer()
    assert pointer is not None
    if not intents(home):
        half = list((directory_in(home) / "incoming").glob("*.part"))
        return f"{len(waiting(home))} not checked, {len(half)} files half there"
    work = list(versions.root.glob(f"*{WORK_SUFFIX}"))
    if work:
        return "a version with its manifest" if (work[0] / "manifest.json").exists() else "a version being written"
    newest = max(int(each.name) for each in versions.root.iterdir())
    return "a version without the pointer" if newest > pointer.published else "announced, or published and not noted"
