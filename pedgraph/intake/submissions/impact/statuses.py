"""Assessed statuses that change: of which district, for which year, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.result import Named, StatusChange
from pedgraph.intake.submissions.impact.wording import phrase
from pedgraph.vocabulary.iris import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.submissions.impact.worlds import Worlds
    from pedgraph.store.candidate import Candidate

_ABOUT: Final = TERMS + "about"
_STATUS: Final = TERMS + "assessedStatus"
_LACKS: Final = TERMS + "lacks"
_YEAR: Final = TERMS + "referenceYear"


def status_changes(worlds: Worlds, assessments: Iterable[str]) -> list[StatusChange]:
    """What changes about assessments, given by their IRIs; those that say the same are left out."""
    found = []
    for iri in assessments:
        before, after = _status(worlds, worlds.before, iri), _status(worlds, worlds.after, iri)
        if before != after:
            store = worlds.after if after else worlds.before
            things = sorted(_iris(store, iri, _ABOUT)) or [iri]
            years = sorted(each.object.value for each in store.about(iri, _YEAR) if isinstance(each.object, Literal))
            year = ", ".join(years) or phrase(worlds.names.language, "no year")
            found.append(StatusChange(Named(things[0], worlds.names.of(things[0])), year, before, after))
    return sorted(found, key=lambda each: (each.entity.iri, each.year, each.before, each.after))


def _status(worlds: Worlds, store: Candidate, iri: str) -> str:
    names = worlds.names
    status = ", ".join(sorted(names.of(each) for each in _iris(store, iri, _STATUS)))
    lacks = ", ".join(sorted(names.of(each) for each in _iris(store, iri, _LACKS)))
    return f"{status} ({phrase(names.language, 'lacks', what=lacks)})" if lacks else status


def _iris(store: Candidate, subject: str, predicate: str) -> set[str]:
    return {each.object.value for each in store.about(subject, predicate) if isinstance(each.object, NamedNode)}
