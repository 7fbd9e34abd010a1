"""The doctor: asks a query, and where its answer is empty, finds out why."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pedgraph.errors import TimeLimit
from pedgraph.query.diagnosis.asking import Asker
from pedgraph.query.diagnosis.case import Case
from pedgraph.query.diagnosis.culprits import examine_group
from pedgraph.query.diagnosis.findings import Diagnosis
from pedgraph.query.diagnosis.joins import variables_of
from pedgraph.query.diagnosis.lookups import look_up_names
from pedgraph.query.diagnosis.model import Reading, Unreadable
from pedgraph.query.diagnosis.reading import read, read_names
from pedgraph.query.diagnosis.suggesting import find_unknown_names
from pedgraph.query.text import Form, check
from pedgraph.store.register import digest
from pedgraph.vocabulary.media import N_TRIPLES, TSV

if TYPE_CHECKING:
    from pedgraph.query.diagnosis.model import Group, Modifiers, Template
    from pedgraph.query.running import QueryRequest, QueryService
    from pedgraph.query.text import CheckedQuery
    from pedgraph.settings import Settings

# The query itself may take this part of the time.
_SHARE = 0.6
_HEADER_LINES = 1
_LONGEST_TEXT = 100_000
_COUNTS_NOTHING = "The answer has one row, which counts or sums up no solutions at all."


@dataclass(frozen=True)
class _Outcome:
    """What the query itself gave: whether that is nothing (``None``: not known), and in which version."""

    is_empty: bool | None
    version: int


class Doctor:
    """Explains empty answers, within ``diagnosis_seconds`` for each, or what the client gives if that is less."""

    def __init__(self, settings: Settings, queries: QueryService) -> None:
        self._settings = settings
        self._queries = queries

    async def diagnose(self, request: QueryRequest) -> Diagnosis:
        """Asks a query and explains its answer where that is empty.

        Takes the request as it would be answered. Raises the errors of :meth:`QueryService.run`.
        """
        clock = asyncio.get_running_loop().time
        started = clock()
        longest_seconds = min(self._settings.diagnosis_seconds, request.timeout_seconds or math.inf)
        checked = await asyncio.to_thread(check, request.text, self._settings)
        outcome = await self._outcome(request, checked, longest_seconds * _SHARE)
        name = digest(request.text)
        reading, note = await asyncio.to_thread(_read, request.text)
        settled = _settled(request, checked, outcome.version)
        asker = Asker(self._queries, settled, prologue=reading.prologue, until_seconds=started + longest_seconds)
        if outcome.is_empty is False and not await _counts_nothing(asker, reading):
            return Diagnosis(name, outcome.version, is_empty=False, seconds=clock() - started)
        if outcome.is_empty is False:
            outcome, note = replace(outcome, is_empty=True), _COUNTS_NOTHING
        case = Case(request.text, reading, asker)
        await _examine(case, (*settled.default_graphs, *settled.named_graphs))
        case.findings.sort(key=lambda finding: (finding.line or 0, finding.column or 0))
        return Diagnosis(
            name,
            outcome.version,
            is_empty=outcome.is_empty,
            seconds=clock() - started,
            is_complete=asker.is_complete and outcome.is_empty is not None,
            findings=tuple(case.findings),
            patterns=tuple(case.patterns),
            culprit=case.culprit,
            note=note,
        )

    async def _outcome(self, request: QueryRequest, checked: CheckedQuery, timeout_seconds: float) -> _Outcome:
        """Asks the query itself, as far as is needed to see whether anything comes."""
        chosen = N_TRIPLES if checked.form.gives_graph else TSV
        asked = replace(request, accept=None, format_name=chosen.name)
        version = (await self._queries.prepare(asked)).version
        try:
            async with asyncio.timeout(timeout_seconds):
                running = await self._queries.run(replace(asked, version=version))
                try:
                    whole = await running.answer.settle()
                finally:
                    await running.answer.close()
        except (TimeoutError, TimeLimit):
            return _Outcome(None, version)
        return _Outcome(_is_empty(whole, checked.form), version)


def _is_empty(whole: bytes | None, form: Form) -> bool:
    if whole is None:
        return False
    if form is Form.ASK:
        return whole.strip() != b"true"
    lines = 0 if form.gives_graph else _HEADER_LINES
    return whole.count(b"\n") <= lines


def _read(text: str) -> tuple[Reading, str | None]:
    if len(text) > _LONGEST_TEXT:
        return Reading("", (), None), f"The doctor reads no query of more than {_LONGEST_TEXT:,} characters."
    try:
        return read(text), None
    except Unreadable as error:
        note = f"The doctor cannot read the patterns of this query ({error}), and looked at its names only."
        return read_names(text), note


def _settled(request: QueryRequest, checked: CheckedQuery, version: int) -> QueryRequest:
    """The request with its version and its dataset as parameters, so that they hold for any text."""
    if not (request.default_graphs or request.named_graphs):
        request = replace(request, default_graphs=checked.default_graphs or (), named_graphs=checked.named_graphs or ())
    return replace(request, version=version)


async def _counts_nothing(asker: Asker, reading: Reading) -> bool:
    """Whether the only row of an answer counts or sums up no solutions at all."""
    if reading.where is None or not reading.counts_all:
        return False
    return await asker.count(reading.where.text) == 0


async def _examine(case: Case, graphs: tuple[str, ...]) -> None:
    await look_up_names(case, graphs)
    if case.reading.where is not None:
        await _examine_where(case, case.reading, case.reading.where)
    await find_unknown_names(case)


async def _examine_where(case: Case, reading: Reading, group: Group) -> None:
    if reading.modifiers.values is not None:
        group = replace(group, elements=(*group.elements, reading.modifiers.values))
    if await examine_group(case, group) is False:
        _examine_modifiers(case, reading.modifiers)
        if reading.template is not None and not case.findings:
            _examine_template(case, reading.template, variables_of(group.text))


def _examine_template(case: Case, template: Template, bound: frozenset[str]) -> None:
    """No triple is made of a solution that lacks one of its terms (SPARQL 1.1 Query, section 16.2)."""
    missing = ", ".join(sorted(variables_of(template.text) - bound))
    reason = f"nothing gives {missing} a value" if missing else "its variables have no values that a triple can have"
    message = f"There are solutions, but the template makes no triple of them: {reason}."
    case.find("empty-template", message, template.offset, term=missing or None)


def _examine_modifiers(case: Case, modifiers: Modifiers) -> None:
    """The group has solutions: what stands behind it must be the reason (SPARQL 1.1 Query, section 15)."""
    if modifiers.limit == 0:
        case.find("limit-zero", "LIMIT 0 asks for no solutions.", modifiers.limit_offset, term="LIMIT 0")
    elif modifiers.skipped:
        case.find(
            "offset-too-large",
            f"There are solutions, but no more than the {modifiers.skipped} that OFFSET passes over.",
            modifiers.skipped_offset,
            term=f"OFFSET {modifiers.skipped}",
        )
    if modifiers.having is not None:
        case.find("having-removes-all", "No group of solutions meets the HAVING clause.", modifiers.having)
