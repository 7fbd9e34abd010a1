"""``kill -9`` between receipt and publication: nothing that was acknowledged is lost, nothing is published by half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.intake.submissions.kills import Aim, Killer
from tests.intake.submissions.whole import assert_all_verify

if TYPE_CHECKING:
    from pathlib import Path

# Each is left as it is for the next one where that is one of recovery.
_AIMS = (
    Aim("received", halts=True),
    Aim("renamed", "new", halts=True, victim="parent"),
    Aim("looking", "recover", halts=True),
    Aim("settling", "new", halts=True),
    Aim("derive", "revise", victim="one"),
)


def test_kill_at_five_stages(home: Path) -> None:
    killer = Killer(home, 20261122)
    for aim, following in zip(_AIMS, [*_AIMS[1:], Aim()], strict=True):
        killer.kill(aim, is_left=following.is_for_recovery)

    assert killer.toll.kills == 5
    assert killer.toll.in_recovery == 1
    assert killer.toll.left_behind >= 3
    assert killer.toll.checked_later >= 1
    assert_all_verify(home)
