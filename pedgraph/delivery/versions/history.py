"""What became of one thing from version to version, beyond those that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pedgraph.delivery.versions import members
from pedgraph.delivery.versions.comparing import Pair
from pedgraph.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection

    from pedgraph.delivery.feed.changes import Changes


@dataclass(frozen=True)
class Step:
    """One change of a thing: the version that made it, when, what it was, and where it can be looked at; that is empty
    where one of the two versions is not kept.
    """

    version: int
    moment: str
    change: str
    difference: str


@dataclass(frozen=True)
class History:
    """All changes of a thing, newest first, and the name that it had last."""

    iri: str
    label: str
    steps: list[Step]


def history_of(iri: str, changes: Changes, kept: Collection[int]) -> History:
    """The history of a thing from the ledger; reads files, so call it in a thread.

    Raises :class:`NotFound` where no version ever spoke of it, and :class:`StoreError`.
    """
    events = changes.history(iri)
    if not events:
        raise NotFound(f"No version that is known of speaks of <{iri[:200]}>.")
    previous = {(each.version, each.moment): each.previous for each in changes.changes()}
    steps = []
    for each in events:
        before = previous.get((each.version, each.moment))
        is_kept = before is not None and {before, each.version} <= set(kept)
        address = members.address_of(Pair(before or 0, each.version), iri=iri) if is_kept else ""
        steps.append(Step(each.version, each.moment, each.event.kind, address))
    return History(iri, events[0].event.label, steps)


def as_members(history: History, site: str) -> dict[str, Any]:
    """A history as JSON."""
    return {
        "id": history.iri,
        "label": history.label or None,
        "steps": [
            {**vars(each), "difference": site + each.difference if each.difference else None} for each in history.steps
        ],
    }
