"""Why a pattern has no solution, alone or with those before it, though its names are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from pedgraph.query.diagnosis.joins import Step, together
from pedgraph.query.diagnosis.literals import compare
from pedgraph.query.diagnosis.model import Part, Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.diagnosis.case import Case
    from pedgraph.query.diagnosis.model import Term

_VALUE: Final = "?pedgraph_value"
_MOST_VALUES: Final = 2000
_MOST_GRAPHS: Final = 5


async def examine_pattern(case: Case, step: Step, alone: int | None, done: Sequence[Step]) -> None:
    """Finds why nothing is left after a triple pattern; ``done`` are the steps before it."""
    pattern = step.element
    assert isinstance(pattern, Pattern)
    if case.has_found_any_of(pattern.terms):
        return
    if await _differs_in_literal(case, step, pattern, done):
        return
    if await _is_swapped(case, step, pattern, done):
        return
    if alone == 0:
        if await _is_elsewhere(case, step, pattern):
            return
        case.find("empty-pattern", f"Nothing matches '{step.shown}'.", offset=step.offset)
        return
    await _does_not_fit(case, step, done)


async def examine_values(case: Case, step: Step, done: Sequence[Step]) -> None:
    """Finds why none of the values of a VALUES block fits what the patterns before it find."""
    part = step.element
    assert isinstance(part, Part)
    for variable in part.variables:
        for term in part.terms:
            if isinstance(term.value, Literal):
                await differs(case, term, together(done), variable)
    if not case.has_found_any_of(part.terms):
        await _does_not_fit(case, step, done)


async def differs(case: Case, term: Term, group: str, variable: str) -> bool:
    """Finds whether a literal of the query is nearly one of the values that a variable has in a group."""
    asked = term.value
    assert isinstance(asked, Literal)
    known = await literals_of(case, group, variable, asked)
    if asked in known:
        return False
    difference = compare(asked, known)
    if difference is None:
        return False
    case.find(
        difference.kind,
        f"No value is {term.shown}: {difference.says}.",
        term.offset,
        term=term.shown,
        suggestions=[case.write_literal(each) for each in difference.literals],
    )
    return True


async def literals_of(case: Case, group: str, variable: str, asked: Literal) -> list[Literal]:
    """The literals that a variable has in a group: those with the text that is asked for, and a number of others."""
    same_text = f"FILTER(LCASE(STR({variable})) = LCASE({Literal(asked.value)}))"
    found = []
    for condition in (same_text, f"FILTER(ISLITERAL({variable}))"):
        rows = await case.asker.rows(f"SELECT DISTINCT {variable} {{ {group}\n{condition} }} LIMIT {_MOST_VALUES}")
        found += [row[variable[1:]] for row in rows or () if variable[1:] in row]
    return [each for each in found if isinstance(each, Literal)]


async def _differs_in_literal(case: Case, step: Step, pattern: Pattern, done: Sequence[Step]) -> bool:
    if isinstance(pattern.object.value, Literal):
        open_pattern = Step(Pattern(pattern.subject, pattern.predicate, _variable(pattern.object)), step.graph)
        for before in ([*done], []):
            if await differs(case, pattern.object, together([*before, open_pattern]), _VALUE):
                return True
    if pattern.object.kind == "variable":
        for other in done:
            if isinstance(other.element, Part) and pattern.object.text in other.element.variables:
                terms = [term for term in other.element.terms if isinstance(term.value, Literal)]
                found = [await differs(case, term, step.text, pattern.object.text) for term in terms]
                if any(found):
                    return True
    return False


async def _is_swapped(case: Case, step: Step, pattern: Pattern, done: Sequence[Step]) -> bool:
    if pattern.object.kind == "literal" or pattern.predicate.kind == "path":
        return False
    turned = Step(Pattern(pattern.object, pattern.predicate, pattern.subject), step.graph)
    if not await case.asker.count(together([*done, turned])):
        return False
    case.find(
        "swapped",
        f"Nothing matches '{step.shown}', but something does with subject and object the other way round.",
        pattern.subject.offset,
        term=step.shown,
        suggestions=(turned.element.shown + " .",) if isinstance(turned.element, Pattern) else (),
    )
    return True


async def _is_elsewhere(case: Case, step: Step, pattern: Pattern) -> bool:
    """Whether other graphs than those that are asked match the pattern."""
    text = f"SELECT DISTINCT ?pedgraph_graph {{ GRAPH ?pedgraph_graph {{ {pattern.text} }} }} LIMIT {_MOST_GRAPHS}"
    graphs = await case.asker.texts(text)
    if not graphs:
        return False
    case.find(
        "other-graph",
        f"The graphs that are asked have nothing that matches '{pattern.shown}'; others have.",
        step.offset,
        term=pattern.shown,
        suggestions=[f"<{graph}>" for graph in sorted(graphs)],
    )
    return True


async def _does_not_fit(case: Case, step: Step, done: Sequence[Step]) -> None:
    sharing = [other for other in done if other.variables & step.variables]
    names = ", ".join(sorted(step.variables & frozenset[str]().union(*(other.variables for other in sharing))))
    before = "; ".join(f"'{other.shown}'" for other in sharing)
    case.find(
        "no-common-solution",
        f"'{step.shown}' has solutions, but with none of the values that {names} can have after {before}.",
        step.offset,
        term=step.shown,
    )


def _variable(term: Term) -> Term:
    return replace(term, kind="variable", text=_VALUE, shown=_VALUE, value=None)
