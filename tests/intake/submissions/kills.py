"""Killing clerks at all stages of their work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

import psutil

from tests.intake.submissions import stages
from tests.intake.submissions.desk import quick_desk
from tests.intake.submissions.whole import Acknowledged, assert_settled, assert_whole, intents, waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOP: Final = Path(__file__).parents[3]
_PATIENCE_SECONDS: Final = 60.0
_GUESSED_SECONDS: Final = 0.1

Victim = Literal["all", "parent", "one"]


@dataclass(frozen=True)
class Aim:
    """A moment to kill at: while a clerk halts at the stage, or at a random one soon after the stage has begun.

    Without a stage the moment is any within a turn. ``victim`` is the whole group of processes, the clerk only, or that
    process only which is at the stage. ``others`` is how many more clerks work at the same time.
    """

    stage: str = ""
    act: str = "new"
    victim: Victim = "all"
    halts: bool = False
    is_real: bool = False
    others: int = 0

    @property
    def is_for_recovery(self) -> bool:
        """Whether the moment is while a start settles what the kill before left behind."""
        return self.act == "recover"


@dataclass
class Toll:
    """What clerks have acknowledged before they were killed, and where they were then: (act, stage, victim) → kills."""

    acknowledged: Acknowledged = field(default_factory=Acknowledged)
    phases: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    left_behind: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    checked_later: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """All of them."""
        return self.phases.total()

    def at(self, *names: str, act: str = "") -> int:
        """How many fell into stages of these names."""
        return sum(count for (had, stage, _), count in self.phases.items() if stage in names and act in {"", had})

    def told(self) -> str:
        """The figures."""
        phases = [f"{count:3} {act} {stage} ({victim})" for (act, stage, victim), count in sorted(self.phases.items())]
        known = self.acknowledged
        return "\n".join(
            [
                f"{self.kills} kills: received {len(known.received)}, accepted {len(known.accepted)}, "
                f"withdrawn {len(known.withdrawn)}, publications left behind {self.left_behind}, "
                f"checked at a later start {self.checked_later}, failures {dict(self.failures)}",
                *phases,
            ]
        )

    @property
    def in_recovery(self) -> int:
        """How many fell into a start that had something to settle or to sweep away."""
        return sum(count for (act, _, _), count in self.phases.items() if act == "recover")


class Clerk:
    """A clerk at work in processes of its own, and what was heard of it."""

    def __init__(self, home: Path, aim: Aim, seed: str, toll: Toll) -> None:
        self._toll = toll
        self._pipe = home.parent / f"stages-{seed}"
        os.mkfifo(self._pipe)
        # Open for writing too, so that it does not end between two writers.
        self._ear = os.open(self._pipe, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._heard = b""
        self.act, self.stage, self.pid = "start", "", 0
        self._since = time.monotonic()
        command = [sys.executable, "-m", "tests.intake.submissions.clerk", str(home)]
        job = ["real" if aim.is_real else "quick", seed, "new" if aim.is_for_recovery else aim.act]
        halt = aim.stage if aim.halts else ""
        environment = stages.environment(self._pipe, halt)
        self.process = subprocess.Popen([*command, *job], cwd=TOP, env=environment, start_new_session=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Also where something does not hold nobody stays behind."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ear)
        self._pipe.unlink()

    def listen(self, is_enough: Callable[[str, str], bool], seconds: float = _PATIENCE_SECONDS) -> bool:
        """Listens until something is said, or for so long; returns whether it was said."""
        until = time.monotonic() + seconds
        for what, which in self._lines(until):
            if is_enough(what, which):
                return True
        assert self.process.poll() is None, "the clerk has ended by itself"
        return False

    def kill(self, victim: Victim) -> None:
        """Kills all, the clerk, or the process that spoke last, and what it is worth in the end: all are dead."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        if victim == "one":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._note(victim)
            if self.pid != self.process.pid:
                # The clerk lives on: it has to cope with that.
                self.listen(lambda what, _: what in {"failed", "accepted", "withdrawn", "pending"})
        if victim == "parent":
            self.process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        _, alive = psutil.wait_procs(below, timeout=_PATIENCE_SECONDS)
        assert alive == []
        for _ in self._lines(0):
            pass
        if victim != "one":
            self._note(victim)

    def _note(self, victim: Victim) -> None:
        self._toll.phases[self.act, self.stage, victim] += 1

    def _lines(self, until: float) -> Iterator[tuple[str, str]]:
        while True:
            whole, _, rest = self._heard.partition(b"\n")
            if whole != self._heard:
                self._heard = rest
                yield self._take_in(*json.loads(whole))
                continue
            if not select.select([self._ear], [], [], max(0.0, until - time.monotonic()))[0]:
                return
            self._heard += os.read(self._ear, 65536)

    def _take_in(self, what: str, which: str, pid: int, now: float) -> tuple[str, str]:
        acknowledged = self._toll.acknowledged
        if what == "stage":
            known = self._toll.seconds.get(self.stage, 0.0)
            self._toll.seconds[self.stage] = max(known, now - self._since)
            self.stage, self.pid, self._since = which, pid, now
        elif what == "act":
            self.act = which
        elif what == "received":
            identifier, sha256 = which.split()
            acknowledged.received[identifier] = sha256
        elif what == "failed":
            self._toll.failures[which] += 1
        elif what in {"accepted", "withdrawn"}:
            getattr(acknowledged, what).add(which)
        return what, which


class Killer:
    """Kills clerks in a home folder, and looks after each kill whether all is whole."""

    def __init__(self, home: Path, seed: int) -> None:
        self._home = home
        self._seed = seed
        self._chance = random.Random(seed)
        self.toll = Toll()

    def kill(self, aim: Aim, *, is_left: bool = False) -> None:
        """Lets a clerk work until the moment that is aimed at. Where all ``is_left`` as it is the next one starts
        with it.
        """
        # Without anything received there is no register yet.
        waited = waiting(self._home) if self.toll.kills else set()
        name = f"{self._seed}-{self.toll.kills}"
        with contextlib.ExitStack() as stack:
            others = [
                stack.enter_context(Clerk(self._home, Aim(is_real=aim.is_real), f"{name}-{each}", self.toll))
                for each in range(aim.others)
            ]
            clerk = stack.enter_context(Clerk(self._home, aim, name, self.toll))
            self._await(clerk, aim)
            clerk.kill(aim.victim)
            for each in others:
                each.listen(lambda *_: False, self._chance.uniform(0, 1))
                each.kill("all")
        if clerk.act not in {"start", "recover", "pending"} and not others:
            self.toll.checked_later += len(waited)
            assert waited & waiting(self._home) == set(), "what waited was not checked"
        self.toll.left_behind += len(intents(self._home))
        assert_whole(self._home, self.toll.acknowledged)
        if not is_left:
            asyncio.run(_open(self._home))
            assert_settled(self._home, self.toll.acknowledged)

    def _await(self, clerk: Clerk, aim: Aim) -> None:
        if not aim.stage:
            clerk.listen(lambda what, _: what == "pending")
            clerk.listen(lambda *_: False, self._chance.uniform(0, sum(self.toll.seconds.values()) + _GUESSED_SECONDS))
            return
        found = clerk.listen(
            lambda what, which: (
                what == "stage" and which == aim.stage and (not aim.is_for_recovery or clerk.act == "recover")
            )
        )
        assert found, f"stage {aim.stage} did not come"
        if aim.halts:
            _await_halt(clerk.pid)
        else:
            length_seconds = self.toll.seconds.get(aim.stage, _GUESSED_SECONDS)
            clerk.listen(lambda *_: False, self._chance.uniform(0, length_seconds))


def _await_halt(pid: int) -> None:
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        pass


async def _open(home: Path) -> None:
    async with quick_desk(home):
        pass
