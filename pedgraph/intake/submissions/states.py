"""The states of a submission, and what may be done in which of them.

``changes-requested`` is a state of its own: the submission lies with its submitter then, and stands in no steward's
queue; a steward may still change their mind.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pedgraph.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping


class State(StrEnum):
    """At which point of the review a submission is: members of the code list ``submission-status``."""

    RECEIVED = "received"
    INVALID = "invalid"
    IN_REVIEW = "in-review"
    CHANGES_REQUESTED = "changes-requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does with a submission."""

    CHECK = "check"
    ACCEPT = "accept"
    REJECT = "reject"
    REQUEST_CHANGES = "request-changes"
    REVISE = "revise"
    WITHDRAW = "withdraw"


class Kind(StrEnum):
    """Kinds of events. ``publishing`` says that a version is about to be made; ``abandoned`` that it was not."""

    RECEIVED = "received"
    CHECKED = "checked"
    PUBLISHING = "publishing"
    ABANDONED = "abandoned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes-requested"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


_OPEN: Final = frozenset({State.INVALID, State.IN_REVIEW, State.CHANGES_REQUESTED})
ALLOWED: Final[Mapping[Act, frozenset[State]]] = {
    Act.CHECK: frozenset({State.RECEIVED, State.INVALID, State.IN_REVIEW}),
    Act.ACCEPT: frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED}),
    Act.REJECT: _OPEN,
    Act.REQUEST_CHANGES: _OPEN,
    Act.REVISE: _OPEN | {State.RECEIVED, State.ACCEPTED},
    Act.WITHDRAW: frozenset(State) - {State.WITHDRAWN},
}
# What is over for good: it stands in nobody's way.
ENDED: Final = frozenset({State.REJECTED, State.SUPERSEDED, State.WITHDRAWN})
REFUSED: Final = frozenset({State.REJECTED, State.WITHDRAWN})


def is_allowed(act: Act, state: State) -> bool:
    """Whether something may be done in a state."""
    return state in ALLOWED[act]


def require(act: Act, state: State, submission: str) -> None:
    """Raises :class:`Conflict` where something cannot be done with a submission in its state."""
    if not is_allowed(act, state):
        where = ", ".join(sorted(ALLOWED[act]))
        raise Conflict(
            f"Submission {submission} is {state.value.replace('-', ' ')}. What was asked for ({act.value}) can be done "
            f"with one that is: {where.replace('-', ' ')}.",
            state=state.value,
        )
