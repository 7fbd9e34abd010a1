"""What changed with each publication, from the ledger in the home folder."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.errors import PedgraphError
from pedgraph.store.chronicle import catch_up
from pedgraph.store.ledger import Ledger
from pedgraph.store.recording import WITHDRAWN
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from pedgraph.store.ledger import Change, Dated
    from pedgraph.store.versions import Versions

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tombstone:
    """What is left of a thing that no graph speaks of any more.

    ``version`` is the first version without it, ``moment`` the time from which on that holds (RFC 3339, UTC), ``kinds``
    the IRIs of its classes before. ``label`` is empty for persons: of them no name is kept.
    """

    iri: str
    version: int
    moment: str
    kinds: tuple[str, ...] = ()
    label: str = ""


class Changes:
    """Answers from the ledger of one home folder. Its methods are quick, but read a file: call them in a thread.

    All of them raise :class:`StoreError` where that file cannot be read.
    """

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self.ledger = Ledger(versions.home)

    def catch_up(self) -> None:
        """Brings the ledger of an older home up to date, unless somebody else has the right to write there now."""
        try:
            last = self.ledger.last()
            if last is None or last.version != self._versions.current():
                with self._versions.lock():
                    catch_up(self._versions)
        except PedgraphError as error:
            log.warning("the ledger in %s is not up to date: %s", self._versions.home, error)

    def withdrawn(self, iri: str) -> Tombstone | None:
        """The tombstone of a thing that was in the graph and is not any more; ``None`` for all others."""
        newest = self.ledger.events_of(iri, newest=1)
        if not newest or newest[0].event.kind != WITHDRAWN:
            return None
        event = newest[0].event
        return Tombstone(iri, newest[0].version, newest[0].moment, event.classes, event.label)

    def newest(self, count: int) -> list[Dated]:
        """The newest events: things created, changed and withdrawn."""
        return self.ledger.events(newest=count)

    def named(self, change: Change, kind: str, count: int) -> list[Dated]:
        """So many of the things with a label that a change created, changed or withdrew, ordered by the label."""
        return self.ledger.named_events(THINGS, change=change.number, kind=kind, newest=count)

    def history(self, iri: str, count: int = -1) -> list[Dated]:
        """What happened to one thing, newest first."""
        return self.ledger.events_of(iri, newest=count)

    def changes(self, count: int = -1) -> list[Change]:
        """The newest changes, each with how many things it created, changed and withdrew."""
        return self.ledger.changes(newest=count)
