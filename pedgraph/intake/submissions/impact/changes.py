"""What differs between two versions, sorted by where it comes from: stated, derived, or said about the submission."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode

from pedgraph.vocabulary.iris import INFERRED_GRAPH, META_GRAPH, TERMS, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Triple

    from pedgraph.store.edits import Edits, GraphName

# Assessments and disagreements are told as such, and not as facts.
_ASSESSMENTS: Final = THINGS + "assessment/"
_DISAGREEMENTS: Final = (THINGS + "disagreement/", THINGS + "rival/")


@dataclass
class Differences:
    """What one side has and the other has not.

    ``stated`` is new to the merge of all graphs and stated in one of them, ``derived`` follows from what is stated, and
    ``elsewhere`` counts what follows in terms of other vocabularies. ``assessments`` are the nodes of assessments that
    differ, and ``repeated`` counts what a graph says that the merge has, or keeps, all the same.
    """

    stated: list[Triple] = field(default_factory=list)
    derived: list[Triple] = field(default_factory=list)
    elsewhere: int = 0
    assessments: set[str] = field(default_factory=set)
    repeated: int = 0


def differences(account: Edits) -> tuple[Differences, Differences]:
    """What a trial added and what it removed."""
    return _side(account.added, account.removed), _side(account.removed, account.added)


def _side(here: Mapping[GraphName, set[Triple]], there: Mapping[GraphName, set[Triple]]) -> Differences:
    found = Differences()
    merged = here.get(DefaultGraph(), set())
    stated = _of_sources(here)
    for triple in merged:
        if triple in stated:
            found.stated.append(triple)
        elif triple in here.get(NamedNode(INFERRED_GRAPH), ()):
            _note_derived(found, triple)
    found.repeated = len(stated - merged - _of_sources(there))
    return found


def _note_derived(found: Differences, triple: Triple) -> None:
    subject = triple.subject
    if isinstance(subject, NamedNode) and subject.value.startswith(_ASSESSMENTS):
        found.assessments.add(subject.value)
        return
    if isinstance(subject, NamedNode) and subject.value.startswith(_DISAGREEMENTS):
        return
    kind = triple.object.value if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode) else ""
    if (kind or triple.predicate.value).startswith(TERMS) or triple.predicate.value in _OUR_BORROWED:
        found.derived.append(triple)
    else:
        found.elsewhere += 1


# Of other vocabularies, and derived for what is ours.
_OUR_BORROWED: Final = frozenset(
    {"http://www.w3.org/2000/01/rdf-schema#label", "https://schema.org/startDate", "https://schema.org/location"}
)


def _of_sources(sides: Mapping[GraphName, set[Triple]]) -> set[Triple]:
    made = {DefaultGraph(), NamedNode(INFERRED_GRAPH), NamedNode(META_GRAPH)}
    return {triple for graph, triples in sides.items() if graph not in made for triple in triples}
