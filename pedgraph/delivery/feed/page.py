"""The page at ``/feed``: what changed last, for people, and how machines go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.store.recording import CHANGED, CREATED, WITHDRAWN
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.feed.changes import Changes
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.store.ledger import Change, Dated
    from pedgraph.store.versions import Versions

_CHANGES_SHOWN: Final = 20
_THINGS_SHOWN: Final = 30
_KINDS: Final = {WITHDRAWN: "Withdrawn", CREATED: "New", CHANGED: "Changed"}


class ChangesPage:
    """Makes the page."""

    def __init__(self, changes: Changes, versions: Versions, pages: ReportPages) -> None:
        self._changes = changes
        self._versions = versions
        self._pages = pages

    def document(self, site: str, root: str) -> Document:
        """The page; ``site`` is the start of the site as an address, ``root`` the relative way there.

        Raises :class:`NotReady`, :class:`StoreError`.
        """
        told = [self._told(each) for each in self._changes.changes(_CHANGES_SHOWN)]
        version = self._versions.current()
        return self._pages.render("feed", graph_version=version, root=root, site=site, changes=told)

    def _told(self, change: Change) -> dict[str, Any]:
        """What the page says of a change. Things are listed that people know by a name, the others counted."""
        groups = []
        for kind, word in _KINDS.items():
            count: int = getattr(change, kind)
            if count:
                groups.append((word, count, self._changes.named(change, kind, _THINGS_SHOWN)))
        return {
            "number": change.number,
            "version": change.version,
            "is_back": change.previous is not None and change.version < change.previous,
            "moment": change.moment,
            "day": change.moment[:10],
            "groups": [(word, count, [_thing(each) for each in events]) for word, count, events in groups],
        }


def _thing(dated: Dated) -> dict[str, str]:
    return {"name": dated.event.label, "address": dated.event.iri.removeprefix(ROOT)}
