"""What may be done in which state, and what refuses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import Conflict, DoesNotConform, PedgraphError, Withdrawn
from pedgraph.intake.bundle import read_codes
from pedgraph.intake.submissions.records import Actor, Decision
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.states import Act, Kind, State, is_allowed
from pedgraph.vocabulary.iris import CODES
from tests.intake.submissions.desk import DELIVERY, EVE, at_desk, district, hand_in

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.records import DecisionName
    from pedgraph.intake.submissions.service import Submissions

# State → what may be done, and the state that it leads to.
TABLE = {
    State.RECEIVED: {
        Act.CHECK: State.IN_REVIEW,
        Act.REVISE: State.SUPERSEDED,
        Act.WITHDRAW: State.WITHDRAWN,
    },
    State.INVALID: {
        Act.CHECK: State.IN_REVIEW,
        Act.REJECT: State.REJECTED,
        Act.REQUEST_CHANGES: State.CHANGES_REQUESTED,
        Act.REVISE: State.SUPERSEDED,
        Act.WITHDRAW: State.WITHDRAWN,
    },
    State.IN_REVIEW: {
        Act.CHECK: State.IN_REVIEW,
        Act.ACCEPT: State.ACCEPTED,
        Act.REJECT: State.REJECTED,
        Act.REQUEST_CHANGES: State.CHANGES_REQUESTED,
        Act.REVISE: State.SUPERSEDED,
        Act.WITHDRAW: State.WITHDRAWN,
    },
    State.CHANGES_REQUESTED: {
        Act.ACCEPT: State.ACCEPTED,
        Act.REJECT: State.REJECTED,
        Act.REQUEST_CHANGES: State.CHANGES_REQUESTED,
        Act.REVISE: State.SUPERSEDED,
        Act.WITHDRAW: State.WITHDRAWN,
    },
    State.ACCEPTED: {Act.REVISE: State.ACCEPTED, Act.WITHDRAW: State.WITHDRAWN},
    State.REJECTED: {Act.WITHDRAW: State.WITHDRAWN},
    State.SUPERSEDED: {Act.WITHDRAW: State.WITHDRAWN},
    State.WITHDRAWN: {},
}


async def _do(submissions: Submissions, act: Act, identifier: str) -> None:
    if act is Act.CHECK:
        await submissions.check(identifier, EVE)
    elif act is Act.REVISE:
        await hand_in(submissions, district(f"{identifier}-new"), EVE, revises=identifier)
    elif act is Act.WITHDRAW:
        await submissions.withdraw(identifier, EVE)
    else:
        decision: DecisionName = act.value  # type: ignore[assignment]
        await submissions.decide(identifier, EVE, Decision(decision, "So be it."))


async def _in_state(submissions: Submissions, home: Path, state: State, act: Act) -> str:
    """A submission that was checked and then put into a state, as if it had come there."""
    received = await hand_in(submissions, district(f"{state.value}-{act.value}"))
    identifier = str(received["submission"]["id"])
    await submissions.check(identifier)
    with Register(directory_in(home)).writing() as editing:
        editing.append(identifier, "Ann", Kind.ABANDONED, state, "")
    return identifier


def _state(home: Path, identifier: str) -> State:
    with Register(directory_in(home)).reading() as reading:
        return reading.get(identifier).state


@pytest.mark.parametrize("act", Act)
def test_each_act_in_each_state(home: Path, act: Act) -> None:
    async def work(submissions: Submissions) -> dict[State, State | type[PedgraphError]]:
        outcomes: dict[State, State | type[PedgraphError]] = {}
        for state in State:
            identifier = await _in_state(submissions, home, state, act)
            try:
                await _do(submissions, act, identifier)
                outcomes[state] = _state(home, identifier)
            except PedgraphError as error:
                assert _state(home, identifier) is state
                outcomes[state] = type(error)
        return outcomes

    expected: dict[State, State | type[PedgraphError]] = {}
    for state in State:
        allowed = TABLE[state]
        assert {each for each in Act if is_allowed(each, state)} == set(allowed)
        refusal: type[PedgraphError] = Conflict
        if state is State.WITHDRAWN:
            refusal = Withdrawn
        elif (state, act) == (State.INVALID, Act.ACCEPT):
            refusal = DoesNotConform
        expected[state] = allowed.get(act, refusal)
    assert at_desk(home, work) == expected


def test_the_states_are_the_code_list() -> None:
    scheme = f"{CODES}submission-status/"
    codes = {str(each.subject) for each in read_codes() if str(each.subject).startswith(f"<{scheme}")}

    assert codes == {f"<{scheme}{state.value}>" for state in State}


def test_what_has_changed_since_it_was_seen_is_not_decided_on(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        identifier = await _in_state(submissions, home, State.IN_REVIEW, Act.ACCEPT)
        seen = (await submissions.get(identifier, EVE))["tag"]
        sent_back = await submissions.decide(identifier, EVE, Decision("request-changes", "More.", expected=seen))
        for decision in (Decision("accept", expected=seen), Decision("reject", "No.", expected=seen)):
            with pytest.raises(Conflict) as refusal:
                await submissions.decide(identifier, EVE, decision)
            assert refusal.value.extensions == {"state": "changes-requested", "tag": sent_back["tag"]}
        with pytest.raises(Conflict):
            await submissions.withdraw(identifier, EVE, "Gone", seen)

    at_desk(home, work)


def test_a_steward_who_revises_leaves_it_to_its_submitter(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        await hand_in(submissions, district("alpha"))
        revised = await hand_in(submissions, district("beta"), EVE, revises="2026-0001")
        assert revised["submission"]["submitter"] == {"key": "key-ann", "name": "Ann"}
        assert (await submissions.list(Actor("key-ann", "Ann", "submitter")))["total"] == 2
        assert revised["submission"]["file_name"] == DELIVERY.file_name

    at_desk(home, work)
