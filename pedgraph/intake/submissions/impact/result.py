"""What a preview tells, as frozen records. All texts are in the language asked for; all lists in a fixed order."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, order=True)
class Named:
    """An IRI and what it is called."""

    iri: str
    label: str


@dataclass(frozen=True)
class Fact:
    """One fact: ``added``, ``removed`` or ``changed``, what it says, and the value before and after in words."""

    effect: str
    subject: str
    property: Named
    before: str
    after: str
    is_derived: bool = False


@dataclass(frozen=True)
class EntityChanges:
    """What changes about one thing: ``count`` facts, of which the first are told."""

    entity: Named
    is_new: bool
    is_gone: bool
    facts: tuple[Fact, ...]
    count: int


@dataclass(frozen=True)
class Side:
    """One side of a conflict: the value in words, the graph that states it, the title of its source, and when."""

    value: str
    graph: str
    source: str
    stated: str


@dataclass(frozen=True)
class Conflict:
    """Two values that cannot both be: of what kind (the name of the query), about what, in which respect.

    ``now`` is what is accepted already, ``submitted`` what the submission states.
    """

    kind: str
    title: str
    entity: Named
    aspect: str
    now: Side
    submitted: Side


@dataclass(frozen=True)
class StatusChange:
    """The assessed status of a district for a year, before and after, in words; empty where there is none."""

    entity: Named
    year: str
    before: str
    after: str


@dataclass(frozen=True)
class AnswerChange:
    """A stored query whose answer changes: the numbers of rows, and the first ones that come and go."""

    query: str
    title: str
    columns: tuple[str, ...]
    rows_before: int
    rows_after: int
    added: tuple[tuple[str, ...], ...]
    removed: tuple[tuple[str, ...], ...]
    added_count: int
    removed_count: int


@dataclass(frozen=True)
class BrokenContract:
    """A promise of a stored query that would not hold any more, or does not hold already."""

    query: str
    title: str
    problem: str
    detail: str
    is_new: bool


@dataclass(frozen=True)
class Answers:
    """The stored queries: those with another answer, those that break, and those that could not be compared."""

    changed: tuple[AnswerChange, ...] = ()
    broken: tuple[BrokenContract, ...] = ()
    not_compared: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True)
class FindingChanges:
    """Findings that come with the submission, that are known already, and that go; each first some, and counted."""

    new: tuple[dict[str, Any], ...] = ()
    known: tuple[dict[str, Any], ...] = ()
    gone: tuple[dict[str, Any], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Touched:
    """A thing that others say something about, and the graphs in which they do."""

    entity: Named
    graphs: tuple[Named, ...]


@dataclass(frozen=True)
class Duplicate:
    """A new thing that is called almost as one that is there already; ``is_same_name`` but for case and marks."""

    entity: Named
    other: Named
    is_same_name: bool


@dataclass(frozen=True)
class Preview:
    """What publishing a submission would change, compared with ``version``.

    ``counts`` gives the true numbers of everything that is cut short in the lists.
    """

    version: int
    graph: str
    replaces: tuple[str, ...]
    language: str
    counts: dict[str, int]
    entities: tuple[EntityChanges, ...]
    findings: FindingChanges
    conflicts: tuple[Conflict, ...]
    settled: tuple[Conflict, ...]
    statuses: tuple[StatusChange, ...]
    answers: Answers
    new_entities: tuple[Named, ...]
    touched: tuple[Touched, ...]
    duplicates: tuple[Duplicate, ...]
    not_compared: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether no answer to any question would be another one."""
        return not any(self.counts[each] for each in ("added", "removed", "changed", "derived_elsewhere"))

    def as_json(self) -> dict[str, Any]:
        """The preview as a JSON object."""
        members: dict[str, Any] = _listed({"changes_nothing": self.changes_nothing, **asdict(self)})
        return members


def _listed(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value
