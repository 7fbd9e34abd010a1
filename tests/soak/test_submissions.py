"""Submissions and fifty kills at all stages between receipt and publication."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.building import build_version
from pedgraph.intake.submissions.states import State
from pedgraph.settings import Settings
from pedgraph.store.versions import Versions
from tests.folders import TEXTS
from tests.intake.submissions import stages
from tests.intake.submissions.desk import real_desk
from tests.intake.submissions.kills import Aim, Killer
from tests.intake.submissions.whole import assert_all_verify, assert_settled, quads, submissions

if TYPE_CHECKING:
    from pathlib import Path

# With the real check; those that halt are too short to be met otherwise. A kill in recovery starts with what the one
# before it left behind.
_AIMS = (
    Aim("incoming", halts=True),
    Aim("keep", halts=True, victim="parent"),
    Aim("keep", others=1),
    Aim("received", halts=True, others=1),
    Aim("received", "revise", halts=True),
    Aim("check", victim="parent"),
    Aim("reading", victim="one"),
    Aim("rules"),
    Aim("rules", "revise", victim="one"),
    Aim("rules", victim="parent", others=1),
    Aim("canonical", halts=True, victim="one"),
    Aim("noting", halts=True),
    Aim("noting"),
    Aim("checked", halts=True, victim="parent"),
    Aim("announcing", halts=True),
    Aim("announced", halts=True),
    Aim("recovering", "recover", halts=True),
    Aim("announced", "withdraw", victim="parent"),
    Aim("clone", halts=True),
    Aim("clone", "revise", victim="one"),
    Aim("write", halts=True, victim="parent"),
    Aim("change", "withdraw", halts=True),
    Aim("change", "revise", victim="one"),
    Aim("validate"),
    Aim("validate", "revise", victim="parent"),
    Aim("derive"),
    Aim("derive", "withdraw", victim="one"),
    Aim("examine", victim="parent"),
    Aim("examine", "revise", others=1),
    Aim("manifest", halts=True, victim="one"),
    Aim("manifest"),
    Aim("sync", "withdraw", halts=True),
    Aim("rename", halts=True, victim="parent"),
    Aim("renamed", halts=True),
    Aim("looking", "recover", halts=True),
    Aim("renamed", "revise", halts=True, victim="one"),
    Aim("pointer", halts=True),
    Aim("pointer", "withdraw", victim="one"),
    Aim("published", halts=True, victim="one"),
    Aim("published", "revise", halts=True),
    Aim("settling", "recover", halts=True, victim="parent"),
    Aim("settling", "withdraw", halts=True),
    Aim("sweeping", "recover", halts=True),
    Aim("settling", halts=True, others=1),
    *(Aim(act=act, others=others) for act in ("new", "revise", "withdraw") for others in (0, 1)),
)
_PHASES = (
    stages.RECEIVING, stages.WAITING, stages.CHECKING, stages.CHECKED, stages.ANNOUNCING, stages.PUBLISHED,
    *((each,) for each in stages.WRITING),
)  # fmt: skip


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_kills_between_receipt_and_publication(home: Path) -> None:
    killer = Killer(home, 20261123)
    random.Random(20261123).shuffle(groups := _groups())
    aims = [replace(aim, is_real=True) for group in groups for aim in group]
    for aim, following in zip(aims, [*aims[1:], Aim()], strict=True):
        killer.kill(aim, is_left=following.is_for_recovery)
    toll = killer.toll
    print(toll.told())  # noqa: T201 - the figures of the run

    asyncio.run(_check_what_waits(home))
    assert_settled(home, toll.acknowledged)
    assert {each.state for each in submissions(home)} <= {
        State.IN_REVIEW, State.ACCEPTED, State.SUPERSEDED, State.WITHDRAWN,
    }  # fmt: skip
    assert_all_verify(home)
    _assert_same_when_built_anew(home)
    assert toll.kills >= 50
    assert {phase: toll.at(*phase) for phase in _PHASES if toll.at(*phase) == 0} == {}
    assert toll.in_recovery >= 4
    assert {act: toll.at(*stages.WRITING, act=act) > 0 for act in ("new", "revise", "withdraw")} == {
        "new": True, "revise": True, "withdraw": True,
    }  # fmt: skip


def _groups() -> list[list[Aim]]:
    """The aims, each with that of recovery that follows it."""
    groups: list[list[Aim]] = []
    for aim in _AIMS:
        if aim.is_for_recovery:
            groups[-1].append(aim)
        else:
            groups.append([aim])
    return groups


async def _check_what_waits(home: Path) -> None:
    async with real_desk(home) as desk:
        await desk.check_pending()


def _assert_same_when_built_anew(home: Path) -> None:
    """The version is what comes of the data that are shipped and of the register, and of nothing else."""
    versions = Versions(home)
    before = quads(versions.store_directory())
    build_version(versions, TEXTS, Settings(home=home))
    assert quads(versions.store_directory()) == before
