"""Which part of a group empties it: its steps are counted alone and together, then its filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.filters import examine_filters
from pedgraph.query.diagnosis.joins import Step, steps_of, together
from pedgraph.query.diagnosis.model import Part, Pattern
from pedgraph.query.diagnosis.reasons import examine_pattern, examine_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.diagnosis.case import Case
    from pedgraph.query.diagnosis.model import Group

_MOST_STEPS: Final = 40
_DEEPEST: Final = 5


async def examine_group(
    case: Case, group: Group, *, graph: str = "", before: Sequence[Step] = (), depth: int = 0
) -> bool | None:
    """Finds what empties a group; gives whether it is empty, ``None`` where that is not known.

    ``before`` are the steps that it is joined to.
    """
    steps = steps_of(group, graph)
    done = [*before]
    joined: int | None = 1
    for index, step in enumerate(steps.joined[:_MOST_STEPS]):
        alone = await _alone(case, step)
        joined = await case.asker.count(together([*done, step]))
        case.patterns.append(case.counted(step, alone, joined))
        if joined == 0 and step.may_empty:
            holds_one_group = isinstance(step.element, Part) and len(step.element.groups) == 1
            if not holds_one_group:
                case.culprit = case.culprit or case.counted(step, alone, joined)
            await _explain(case, step, alone, done, depth)
            case.culprit = case.culprit or case.counted(step, alone, joined)
            for other in steps.joined[index + 1 : _MOST_STEPS]:
                case.patterns.append(case.counted(other, await _alone(case, other), 0))
            return True
        done.append(step)
    if len(steps.joined) > _MOST_STEPS:
        case.asker.is_complete = False
        return None
    return None if joined is None else await examine_filters(case, steps.filters, done)


async def _explain(case: Case, step: Step, alone: int | None, done: Sequence[Step], depth: int) -> None:
    """Finds why nothing is left after a step."""
    element = step.element
    if isinstance(element, Pattern):
        await examine_pattern(case, step, alone, done)
    elif element.kind == "minus":
        case.find("minus-removes-all", "This MINUS takes away all solutions that there are before it.", step.offset)
    elif element.kind == "values":
        await examine_values(case, step, done)
    else:
        found = len(case.findings)
        await _examine_parts(case, step, alone, done, depth)
        if len(case.findings) == found:
            fits = "of its own" if alone == 0 else "that fits those of the patterns before it"
            case.find("empty-part", f"This part has no solution {fits}.", step.offset)


async def _examine_parts(case: Case, step: Step, alone: int | None, done: Sequence[Step], depth: int) -> None:
    element = step.element
    assert isinstance(element, Part)
    if depth == _DEEPEST or (element.kind == "select" and alone != 0):
        return
    if element.kind == "union":
        case.find("empty-union", "None of the alternatives of this UNION has a solution that fits.", step.offset)
    name = element.terms[0].text if element.kind == "graph" else step.graph
    before = done if alone != 0 else ()
    for group in element.groups:
        await examine_group(case, group, graph=name, before=before, depth=depth + 1)


async def _alone(case: Case, step: Step) -> int | None:
    is_countable = step.may_empty and not (isinstance(step.element, Part) and step.element.kind == "minus")
    return await case.asker.count(step.text) if is_countable else None
