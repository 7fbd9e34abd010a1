"""The version before and after a change, side by side, with the words for what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.intake.submissions.impact.names import Names
from pedgraph.intake.submissions.impact.nodes import Nodes
from pedgraph.store.candidate import Candidate

if TYPE_CHECKING:
    from pedgraph.store.trials import Trial


@dataclass(frozen=True)
class Worlds:
    """Both stores, and the names and n-ary nodes in them."""

    before: Candidate
    after: Candidate
    names: Names
    nodes_before: Nodes
    nodes_after: Nodes


def open_worlds(trial: Trial, language: str) -> Worlds:
    """Opens the stores of a trial; raises :class:`StoreError`."""
    before, after = Candidate(trial.before), Candidate(trial.after)
    names = Names(before, after, language)
    return Worlds(before, after, names, Nodes(before, names), Nodes(after, names))
