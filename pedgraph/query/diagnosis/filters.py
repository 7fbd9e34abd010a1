"""Which filter takes away all solutions of a group, and what the values look like that it is held against."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from pedgraph.query.diagnosis.joins import together, variables_of
from pedgraph.query.diagnosis.model import Part
from pedgraph.query.diagnosis.reasons import differs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.diagnosis.case import Case
    from pedgraph.query.diagnosis.joins import Step

_MOST_EXAMPLES: Final = 3
_MOST_VALUES: Final = 200
_LANGUAGE: Final = re.compile(
    r"LANG\s*\(\s*[?$](\w+)\s*\)\s*=\s*[\"']([\w-]*)[\"']"
    r"|LANGMATCHES\s*\(\s*LANG\s*\(\s*[?$](\w+)\s*\)\s*,\s*[\"']([\w*-]*)[\"']",
    re.IGNORECASE,
)


async def examine_filters(case: Case, filters: Sequence[Step], joined: Sequence[Step]) -> bool | None:
    """Finds the filter that empties a group whose steps have solutions; gives whether one does."""
    if not filters:
        return False
    group = together(joined)
    emptying = []
    for step in filters:
        left = await case.asker.count(together([*joined, step]))
        case.patterns.append(case.counted(step, None, left))
        if left is None:
            return None
        if left == 0:
            emptying.append(step)
            case.culprit = case.culprit or case.counted(step, None, 0)
            await _explain(case, step, group)
    if emptying:
        return True
    left = await case.asker.count(together([*joined, *filters]))
    if left == 0:
        last = filters[-1]
        case.culprit = case.culprit or case.counted(last, None, 0)
        case.find(
            "filters-exclude-each-other",
            "Each filter of this group leaves something, but all of them together leave nothing.",
            last.offset,
        )
    return None if left is None else left == 0


async def _explain(case: Case, step: Step, group: str) -> None:
    part = step.element
    assert isinstance(part, Part)
    if case.has_found_any_of(part.terms) or await _is_unbound(case, step, group):
        return
    if await _language(case, step, group):
        return
    is_comparison = part.kind == "filter" and "=" in part.text
    for variable in sorted(step.variables):
        for term in part.terms:
            if is_comparison and isinstance(term.value, Literal) and await differs(case, term, group, variable):
                return
    examples = {variable: await _examples(case, group, variable) for variable in sorted(step.variables)}
    if valueless := [variable for variable, values in examples.items() if values == ""]:
        message = f"{', '.join(valueless)} never has a value here, so the filter fails for every solution."
        case.find("unbound-variable", message, step.offset, term=valueless[0])
        return
    before = "; ".join(f"{variable} is {values}" for variable, values in examples.items() if values)
    before = f" Before it, {before}." if before else ""
    case.find(
        "filter-removes-all",
        f"This filter takes away all solutions.{before}",
        step.offset,
        term=step.shown,
    )


async def _is_unbound(case: Case, step: Step, group: str) -> bool:
    """A filter over a variable that nothing binds fails for every solution (SPARQL 1.1 Query, section 17.2)."""
    bound = variables_of(group)
    text = step.text.upper()
    if "EXISTS" in text or "BOUND" in text or "COALESCE" in text:
        return False
    missing = sorted(step.variables - bound)
    for variable in missing:
        names = sorted(bound, key=lambda each: (abs(len(each) - len(variable)), each))
        alike = [each for each in names if each.casefold() == variable.casefold()] or _alike(variable, names)
        case.find(
            "unbound-variable",
            f"Nothing in this group gives {variable} a value, so the filter fails for every solution.",
            step.offset,
            term=variable,
            suggestions=alike,
        )
    return bool(missing)


async def _language(case: Case, step: Step, group: str) -> bool:
    for found in _LANGUAGE.finditer(step.text):
        variable, language = "?" + (found[1] or found[3]), found[2] or found[4] or ""
        rows = await case.asker.rows(
            f"SELECT ?pedgraph_language (COUNT(*) AS ?n) {{ {group}\n"
            f"FILTER(ISLITERAL({variable})) BIND(LANG({variable}) AS ?pedgraph_language) }} "
            "GROUP BY ?pedgraph_language ORDER BY DESC(?n) ?pedgraph_language LIMIT 10"
        )
        languages = [str(getattr(row["pedgraph_language"], "value", "")) for row in rows or ()]
        if language in languages or not languages:
            continue
        named = ", ".join(f"'{each}'" if each else "none" for each in languages)
        case.find(
            "language-not-there",
            f"No value of {variable} has the language '{language}'. Their languages are: {named}.",
            step.offset,
            term=step.shown,
            suggestions=[f'"{each}"' for each in languages],
        )
        return True
    return False


async def _examples(case: Case, group: str, variable: str) -> str | None:
    """Some values of a variable, an empty text where it has none, ``None`` where that is not known."""
    # A number of values are enough to choose the examples from; to sort all would be to find them all.
    rows = await case.asker.rows(f"SELECT DISTINCT {variable} {{ {group} }} LIMIT {_MOST_VALUES}")
    if rows is None:
        return None
    values = [row[variable[1:]] for row in rows if variable[1:] in row]
    if not values:
        # A variable of an EXISTS has values only within.
        return "" if variable in variables_of(group) else None
    written = sorted((case.write_term(each) for each in values), key=lambda each: (len(each), each))[:_MOST_EXAMPLES]
    return ", ".join(written) + (" and more" if len(values) > _MOST_EXAMPLES else "")


def _alike(variable: str, names: list[str]) -> list[str]:
    return difflib.get_close_matches(variable, names, n=1, cutoff=0.7)
