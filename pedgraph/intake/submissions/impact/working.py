"""A preview under way: what is at hand for it, and the parts that need more than the two stores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.intake.submissions.impact.conflicts import (
    conflicts_of,
    new_and_settled,
    read_conflict_queries,
    texts_for,
)
from pedgraph.intake.submissions.impact.evaluator import AFTER, BEFORE, ROWS
from pedgraph.intake.submissions.impact.result import FindingChanges, Named, Touched
from pedgraph.intake.submissions.impact.rules_held import Sides, finding_changes, findings_about, surroundings
from pedgraph.intake.submissions.impact.terms import unpacked
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.submissions.impact.asked import Change, Limits
    from pedgraph.intake.submissions.impact.asking import Asking
    from pedgraph.intake.submissions.impact.changes import Differences
    from pedgraph.intake.submissions.impact.conflicts import Row
    from pedgraph.intake.submissions.impact.result import Conflict
    from pedgraph.intake.submissions.impact.rules_held import Examine
    from pedgraph.intake.submissions.impact.worlds import Worlds
    from pedgraph.query.library import StoredQuery
    from pedgraph.store.trials import Trial

_MADE: Final = frozenset({ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH})


@dataclass(frozen=True)
class Work:
    """The change, what it made, both versions, and who is asked; ``not_compared`` names what took too long."""

    change: Change
    tried: Trial
    worlds: Worlds
    asking: Asking
    limits: Limits
    differences: tuple[Differences, Differences]
    not_compared: list[str] = field(default_factory=list)

    def other_counts(self) -> dict[str, int]:
        """The numbers of what is told by its number only."""
        added, removed = self.differences
        return {
            "derived_elsewhere": added.elsewhere + removed.elsewhere,
            "repeated": added.repeated,
            "kept": removed.repeated,
        }


def all_findings(
    work: Work, entities: Iterable[str], submission: Sequence[Finding], examine: Examine
) -> FindingChanges:
    """The findings about what is touched, before and after."""
    before, after = work.worlds.before, work.worlds.after
    subjects = {
        each.subject.value for side in work.differences for each in side.stated if isinstance(each.subject, NamedNode)
    }
    things = surroundings(subjects, (before, after), work.limits.examined_things)
    then, now = findings_about(things, before, examine), findings_about(things, after, examine)
    sides = Sides(then, now, submission, subjects | set(entities))
    return finding_changes(sides, work.worlds.names, work.limits.findings)


def all_conflicts(work: Work) -> tuple[list[Conflict], list[Conflict]]:
    """The conflicts that there are with what is submitted, and those that end with it."""
    before: list[Conflict] = []
    after: list[Conflict] = []
    for query in read_conflict_queries():
        old = _rivals(work, query, BEFORE, work.change.replaces or (work.change.graph,))
        new = _rivals(work, query, AFTER, (work.change.graph,) if work.change.graph else ())
        if old is None or new is None:
            work.not_compared.append(query.title)
        else:
            before += old
            after += new
    return new_and_settled(before, after)


def _rivals(work: Work, query: StoredQuery, store: str, graphs: tuple[str, ...]) -> list[Conflict] | None:
    """What disagrees with some graphs, or ``None`` where asking takes too long."""
    found: list[Conflict] = []
    for text in texts_for(query, graphs):
        question = {"kind": ROWS, "store": store, "text": text, "most": work.limits.conflicts}
        answer = work.asking.ask(question, work.limits.query_seconds)
        if answer is None:
            return None
        rows: list[Row] = [{name: unpacked(term) for name, term in row.items()} for row in answer["rows"]]
        found += conflicts_of(query, rows, work.worlds.names)
    return found


def is_new(worlds: Worlds, iri: str) -> bool:
    """Whether nothing was said of a thing before."""
    return not any(True for _ in worlds.before.about(iri)) and any(True for _ in worlds.after.about(iri))


def touched_things(work: Work, entities: Iterable[str]) -> list[Touched]:
    """Those of the things that graphs other than the replaced ones say something about already."""
    own = {work.change.graph, *work.change.replaces}
    names = work.worlds.names
    found = []
    for iri in entities:
        graphs = {str(quad.graph_name.value) for quad in work.worlds.before.quads_about(iri)} - own - _MADE  # type: ignore[union-attr]
        if graphs:
            named = tuple(Named(graph, names.of(graph)) for graph in sorted(graphs))
            found.append(Touched(Named(iri, names.of(iri)), named))
    return found
