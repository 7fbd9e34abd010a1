"""What is known of a submission: who acts, what was delivered, the submission itself, and its events."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pedgraph.intake.submissions.states import Act, Kind, State, is_allowed
from pedgraph.vocabulary.iris import GRAPHS

Role = Literal["submitter", "steward", "admin"]
# Events as JSON objects.
Events = list[dict[str, Any]]
DecisionName = Literal["accept", "reject", "request-changes"]


@dataclass(frozen=True)
class Actor:
    """Somebody who does something: the id of their key, the name that is shown, and their role."""

    key: str
    name: str
    role: Role

    @property
    def is_steward(self) -> bool:
        """Whether they may see and decide on submissions of others."""
        return self.role in {"steward", "admin"}


@dataclass(frozen=True)
class Delivery:
    """What a submitter says about a file. ``creator`` is an organisation: its name, or its IRI.

    ``licence`` and ``source_licence`` are IRIs, ``source_address`` a URL, ``source_read_on`` a day (2026-11-22).
    Where ``source_licence`` and ``source_rights`` are empty, the source is taken to state no terms. ``language`` is
    that of the titles, ``confidence`` a member of the code list. ``note`` is for the stewards and never published.
    """

    file_name: str
    title: str = ""
    source_title: str = ""
    source_address: str = ""
    source_read_on: str = ""
    creator: str = ""
    licence: str = ""
    media_type: str = ""
    publisher: str = ""
    source_publisher: str = ""
    source_licence: str = ""
    source_rights: str = ""
    language: str = ""
    confidence: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """The delivery as a JSON object, for the constructor."""
        return asdict(self)


@dataclass(frozen=True)
class Waiver:
    """A steward's word that warnings of a rule may stand, on one node or (empty) on all, and why."""

    rule: str
    note: str
    focus_node: str = ""


@dataclass(frozen=True)
class Decision:
    """What a steward decides. ``expected`` is the tag of the submission that they have seen; 0 takes any."""

    decision: DecisionName
    comment: str = ""
    waivers: tuple[Waiver, ...] = ()
    expected: int = 0


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its SHA-256 and size."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Event:
    """Something that happened to a submission. ``state`` is the state that it is in since then."""

    number: int
    submission: str
    at: str
    who: str
    kind: Kind
    state: State
    comment: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The event as a JSON object."""
        return {**asdict(self), "kind": self.kind.value, "state": self.state.value}


@dataclass(frozen=True)
class Submission:
    """One file that was sent, and all that happened to it since.

    ``series`` is shared by a first submission and its revisions, which ``revision`` counts from 1; ``revises`` is the
    id of the one that this one is to replace, or empty.
    """

    id: str
    series: str
    revision: int
    revises: str
    key: str
    submitter: str
    delivery: Delivery
    original: Stored
    events: tuple[Event, ...]

    @property
    def graph(self) -> str:
        """The IRI of the named graph that holds its statements once it is accepted."""
        return f"{GRAPHS}{self.series}/{self.revision}"

    @property
    def name(self) -> str:
        """What the names of things that come with it end in."""
        return f"{self.series}-{self.revision}"

    @property
    def state(self) -> State:
        """The state that it is in."""
        return self.events[-1].state

    @property
    def tag(self) -> int:
        """A number that changes whenever something happens to it."""
        return self.events[-1].number

    @property
    def intent(self) -> Event | None:
        """The event that says that a version with it is about to be made, if there is one now."""
        return self.events[-1] if self.events[-1].kind is Kind.PUBLISHING else None

    def last(self, kind: Kind) -> Event | None:
        """The newest event of a kind."""
        return next((event for event in reversed(self.events) if event.kind is kind), None)

    @property
    def was_published(self) -> bool:
        """Whether it was ever accepted, so that the metadata graph knows it."""
        return self.last(Kind.ACCEPTED) is not None

    def as_json(self) -> dict[str, Any]:
        """The submission as a JSON object, with what may be done with it now, but without its events."""
        checked = self.last(Kind.CHECKED)
        accepted = self.last(Kind.ACCEPTED)
        found = checked.data if checked else {}
        return {
            "id": self.id,
            "series": self.series,
            "revision": self.revision,
            "revises": self.revises,
            "graph": self.graph,
            "state": self.state.value,
            "tag": self.tag,
            "submitter": {"key": self.key, "name": self.submitter},
            **self.delivery.as_json(),
            "sha256": self.original.sha256,
            "bytes": self.original.bytes,
            "received_at": self.events[0].at,
            "changed_at": self.events[-1].at,
            "comment": self.events[-1].comment,
            "is_being_published": self.intent is not None,
            "conforms": found.get("conforms"),
            "counts": found.get("counts", {}),
            "statements": found.get("statements"),
            "version": accepted.data.get("version") if accepted else None,
            "waivers": accepted.data.get("waivers", []) if accepted else [],
            "acts": [act.value for act in Act if self.intent is None and is_allowed(act, self.state)],
        }
