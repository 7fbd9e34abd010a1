"""Findings in order, in groups, and no more of them than somebody can read; their numbers are always the true ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.telling.causes import without_consequences
from pedgraph.intake.telling.teller import Teller, help_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.telling.teller import Background

_ALLOWED: Final = "allowed"
# A finding carries the beginning of a list that its group carries at length, so that 10,000 of them stay small.
_ALLOWED_IN_A_FINDING: Final = 10


@dataclass(frozen=True)
class Limits:
    """How many findings are shown, of one kind and in all."""

    per_group: int = 100
    in_all: int = 1000


@dataclass
class Group:
    """Findings of one kind: the same constraint of the same rule on the same property."""

    findings: list[Finding]
    shown: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.findings)


def in_order(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> list[Finding]:
    """The findings by place: file, sheet in the order given, line, column; then by weight. Those without one last."""
    numbers = {sheet: number for number, sheet in enumerate(sheets)}

    def key(finding: Finding) -> tuple[object, ...]:
        position = finding.position
        sheet = numbers.get(position.sheet, len(numbers))
        where = (not position, position.source, sheet, position.sheet, position.line, position.column, position.cell)
        return (*where, finding.severity, finding.rule, finding.focus_node, finding.path, finding.value)

    return sorted(findings, key=key)


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with those made one that only differ in which value they name as allowed; these lose their messages,
    which :func:`pedgraph.intake.messages.translate` gives back to them.
    """
    kept: dict[Finding, list[str]] = {}
    for finding in findings:
        variables = dict(finding.variables)
        allowed = variables.pop(_ALLOWED, None)
        without = replace(finding, variables=tuple(variables.items()), message="") if allowed is not None else finding
        kept.setdefault(without, []).extend([] if allowed is None else [allowed])
    joined = [
        replace(finding, variables=tuple(sorted({**dict(finding.variables), _ALLOWED: ", ".join(allowed)}.items())))
        for finding, allowed in kept.items()
        if allowed
    ]
    return [finding for finding, allowed in kept.items() if not allowed] + joined


def grouped(findings: Iterable[Finding], limits: Limits, sheets: Sequence[str] = ()) -> list[Group]:
    """All findings in groups, in the order of their first places, with how many of each are to be shown.

    Of each group at least one is shown while the limit for all lasts, and of the heavier ones more.
    """
    groups: dict[tuple[str, ...], Group] = {}
    for finding in in_order(findings, sheets):
        key = (finding.severity.name, finding.rule, finding.key, finding.path)
        groups.setdefault(key, Group([])).findings.append(finding)
    left = limits.in_all
    by_weight = sorted(groups.values(), key=lambda group: group.findings[0].severity)
    for most in (1, limits.per_group):
        for group in by_weight:
            more = max(0, min(group.count, most) - group.shown)
            group.shown += min(more, left)
            left -= min(more, left)
    return list(groups.values())


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    numbers = Counter(finding.severity for finding in findings)
    return {severity.name.lower(): numbers[severity] for severity in Severity}


def told(
    findings: Iterable[Finding],
    teller: Teller,
    *,
    source: str,
    limits: Limits | None = None,
    sheets: Sequence[str] = (),
) -> dict[str, Any]:
    """All that is told about a file, as a JSON object.

    ``counts`` and the ``count`` of each group are the true numbers; ``findings`` of a group are those that are shown,
    ``left_out`` says how many are not. Groups and findings stand in the order of the file.
    """
    whole = merged(without_consequences(findings))
    numbers = counts(whole)
    groups = grouped(whole, limits or Limits(), sheets)
    shown = sum(group.shown for group in groups)
    return {
        "source": source,
        "language": teller.language,
        "conforms": numbers["violation"] == 0,
        "counts": numbers,
        "total": len(whole),
        "shown": shown,
        "left_out": len(whole) - shown,
        "groups": [_told_group(group, teller) for group in groups],
    }


def told_in(
    languages: Iterable[str],
    findings: Sequence[Finding],
    background: Background,
    submitted: Sequence[Triple],
    *,
    source: str,
    sheets: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """What is told about a file in each of some languages; raises :class:`InputError` for one without messages."""
    return {
        language: told(findings, Teller(background, submitted, language), source=source, sheets=sheets)
        for language in languages
    }


def _told_group(group: Group, teller: Teller) -> dict[str, Any]:
    """A group as a JSON object; what is the same for all of its findings stands in it once and at length."""
    first = group.findings[0]
    findings = [teller.tell(finding) for finding in group.findings[: group.shown]]
    problem, fix = teller.general(first.key)
    is_alike = len({each["problem"] for each in findings}) == 1
    allowed = findings[0]["allowed"] if findings else []
    if all(each["allowed"] == allowed for each in findings):
        for each in findings:
            each["allowed"] = allowed[:_ALLOWED_IN_A_FINDING]
    else:
        allowed = []
    if findings and all(each["label"] in findings[0]["fix"] for each in allowed):
        allowed = []
    return {
        "rule": first.rule,
        "key": first.key,
        "severity": first.severity.name.lower(),
        "property": teller.property(first.path),
        "problem": findings[0]["problem"] if is_alike else problem,
        "fix": findings[0]["fix"] if is_alike else fix,
        "general": {"problem": problem, "fix": fix},
        "allowed": allowed,
        "help": help_address(first),
        "count": group.count,
        "left_out": group.count - group.shown,
        "findings": findings,
    }
