"""The impact preview: what accepting a submission would change, worked out on a copy of the current version.

Nothing is published, and the current version stays as it is. It is a plain function, to be called in a process that can
be killed; what a killed one leaves behind goes with the next publication or preview.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.errors import InputError
from pedgraph.intake.publishing import publication_for
from pedgraph.intake.submissions.impact.answers import compare_answers
from pedgraph.intake.submissions.impact.asked import Limits
from pedgraph.intake.submissions.impact.asking import Asking
from pedgraph.intake.submissions.impact.changes import differences
from pedgraph.intake.submissions.impact.duplicates import duplicates
from pedgraph.intake.submissions.impact.facts import Facts
from pedgraph.intake.submissions.impact.result import Named, Preview
from pedgraph.intake.submissions.impact.rules_held import default_examine
from pedgraph.intake.submissions.impact.statuses import status_changes
from pedgraph.intake.submissions.impact.wording import LANGUAGES
from pedgraph.intake.submissions.impact.working import Work, all_conflicts, all_findings, is_new, touched_things
from pedgraph.intake.submissions.impact.worlds import open_worlds
from pedgraph.store.changes import derive
from pedgraph.store.trials import trial
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.submissions.impact.asked import Change
    from pedgraph.intake.submissions.impact.rules_held import Examine
    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits


def preview(
    settings: Settings,
    change: Change,
    findings: Iterable[Finding] = (),
    *,
    language: str = "en",
    limits: Limits | None = None,
    examine: Examine = default_examine,
) -> Preview:
    """What a change would make of the current version; ``findings`` are those of the check of the submission.

    ``examine`` holds triples against the rules. Raises :class:`NotReady` where there is no version,
    :class:`StoreError`, :class:`DiskFull`, :class:`InputError` for a language that there are no words in, and what the
    change raises.
    """
    if language not in LANGUAGES:
        raise InputError(f"There are no previews in {language!r}. There are some in {', '.join(LANGUAGES)}.")
    limits = limits or Limits()
    derivations = publication_for(settings, "preview", "").derivations

    def edit(edits: Edits) -> None:
        change.apply(edits)
        derive(edits, derivations or ())

    with (
        trial(Versions(settings.home), edit) as tried,
        Asking(tried.before, tried.after, settings.reader_memory_bytes, limits.all_queries_seconds) as asking,
    ):
        work = Work(change, tried, open_worlds(tried, language), asking, limits, differences(tried.account))
        return _told(work, list(findings), examine)


def _told(work: Work, findings: list[Finding], examine: Examine) -> Preview:
    worlds, limits = work.worlds, work.limits
    facts = Facts(worlds, *work.differences)
    entities = facts.entities
    new = [iri for iri in entities if is_new(worlds, iri)]
    touched = touched_things(work, entities)
    conflicts, settled = all_conflicts(work)
    added, removed = work.differences
    statuses = status_changes(worlds, added.assessments | removed.assessments)
    found: dict[str, Sequence[object]] = {
        "entities": entities, "new_entities": new, "touched": touched, "conflicts": conflicts, "settled": settled,
        "statuses": statuses,
    }  # fmt: skip
    return Preview(
        version=work.tried.manifest.version,
        graph=work.change.graph,
        replaces=work.change.replaces,
        language=worlds.names.language,
        counts={**facts.counts(), **work.other_counts(), **{name: len(each) for name, each in found.items()}},
        entities=tuple(facts.told(iri, limits.facts_per_entity) for iri in entities[: limits.entities]),
        findings=all_findings(work, entities, findings, examine),
        conflicts=tuple(conflicts[: limits.conflicts]),
        settled=tuple(settled[: limits.conflicts]),
        statuses=tuple(statuses[: limits.entities]),
        answers=compare_answers(work.asking, worlds.names, limits.rows, limits.query_seconds),
        new_entities=tuple(Named(iri, worlds.names.of(iri)) for iri in new[: limits.entities]),
        touched=tuple(touched[: limits.entities]),
        duplicates=tuple(duplicates(worlds, new[: limits.entities])),
        not_compared=tuple(work.not_compared),
    )
