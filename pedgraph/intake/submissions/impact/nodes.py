"""N-ary nodes in words: each is told with the thing that it is about, as *role of Lyon in ASCEND: follower*.

A node has a slot, which is what it is about without what it says; where one node leaves a slot and another one enters
it, a value has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.names import plain, shortened
from pedgraph.intake.submissions.impact.wording import phrase
from pedgraph.vocabulary.iris import CODES, PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.minting import DESCRIPTION, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Triple

    from pedgraph.intake.submissions.impact.names import Names
    from pedgraph.store.candidate import Candidate

_NUMBER_DETAILS: Final = ("valueQualifier", "valueRole", "valueOrigin", "energyMetric", "energyCarrier", "method")
_ROLE_DETAILS: Final = ("actorType", "helix", "presents", "representing", "validFrom", "validUntil")
_IDENTIFIER: Final = PREFIXES["adms"] + "identifier"
_NOTATION: Final = PREFIXES["skos"] + "notation"
_AGENCY: Final = PREFIXES["adms"] + "schemaAgency"
_WKT: Final = PREFIXES["geo"] + "asWKT"
_GEOMETRIES: Final = (PREFIXES["geo"] + "hasDefaultGeometry", PREFIXES["geo"] + "hasGeometry")

# Class → how its nodes are told.
_INVOLVEMENTS: Final = frozenset(
    TERMS + name
    for name in (
        "CityParticipation", "EventParticipation", "PlaceInvolvement", "ProjectPartnership", "StakeholderInvolvement",
    )
)  # fmt: skip
_OBSERVATION: Final = TERMS + "IndicatorObservation"
_BALANCE: Final = TERMS + "EnergyBalance"
_STAGE: Final = TERMS + "StageRecord"
_CLAIM: Final = TERMS + "StatusClaim"
_KINDS: Final = _INVOLVEMENTS | {_OBSERVATION, _BALANCE, _STAGE, _CLAIM}
# Properties that lead from a thing to a node of its own.
LINKS: Final = frozenset({TERMS + "stageRecord", _IDENTIFIER, *_GEOMETRIES})
# What stands for actors that a source does not name; made by a derivation.
_UNNAMED: Final = THINGS + "actor/"
_DEEPEST: Final = 3


@dataclass(frozen=True)
class Node:
    """An n-ary node: its kind, the thing that it is about, its slot, and its two halves in words."""

    iri: str
    kind: str
    owner: str
    slot: tuple[str, ...]
    subject: str
    value: str

    @property
    def text(self) -> str:
        """The whole of it in words."""
        return f"{self.subject}: {self.value}" if self.value else self.subject


class Nodes:
    """The n-ary nodes of one store."""

    def __init__(self, store: Candidate, names: Names) -> None:
        self._store = store
        self._names = names
        self._kinds: dict[str, str] = {}

    def kind(self, iri: str) -> str:
        """The class of an n-ary node, the property that leads to it, or empty for any other thing."""
        if iri not in self._kinds:
            classes = {
                each.object.value for each in self._store.about(iri, RDF_TYPE) if isinstance(each.object, NamedNode)
            }
            found = sorted(classes & _KINDS)
            self._kinds[iri] = found[0] if found else self._link(iri)
        return self._kinds[iri]

    def owner(self, iri: str) -> str:
        """The thing that a node is about, and for any other thing that itself."""
        return self._owner(iri, 0)

    def told(self, iri: str, depth: int = 0) -> Node:
        """A node in words; raises :class:`KeyError` for what is none."""
        kind = self.kind(iri)
        facts = self._facts(iri)
        owner = self._owner(iri, 0)
        if kind in _INVOLVEMENTS:
            return self._involvement(iri, owner, facts)
        slot: tuple[str, ...] = (kind, owner)
        if kind == _OBSERVATION:
            subject, value = self._number(facts)
            known = ("indicator", "referenceYear", "valueRole", "energyMetric", "energyCarrier")
            slot += tuple(_key(facts, each) for each in known)
        elif kind == _STAGE:
            subject, value = self._names.of(TERMS + "stage"), self._value(facts, "stage", ("reachedOn",))
        elif kind == _CLAIM:
            subject = self._dated(self._names.of(TERMS + "claimedStatus"), facts)
            value = self._value(facts, "claimedStatus", ("confidence",))
            slot += (_key(facts, "referenceYear"),)
        elif kind == _BALANCE:
            subject = self._dated(phrase(self._names.language, "balance"), facts)
            value = self._components(facts, depth)
            slot += tuple(_key(facts, each) for each in ("referenceYear", "energyMetric", "boundaryMode"))
        else:
            subject, value = self._names.of(kind), self._linked(facts)
        return Node(iri, kind, owner, slot, subject, value)

    def words(self, term: object) -> str:
        """A value in words; a node is told, anything else is named."""
        if isinstance(term, NamedNode) and self.kind(term.value):
            return self.told(term.value).text
        return self._names.of_term(term)

    def _facts(self, iri: str) -> dict[str, list[object]]:
        facts: dict[str, list[object]] = {}
        for triple in sorted(self._store.about(iri), key=_order):
            facts.setdefault(triple.predicate.value, []).append(triple.object)
        return facts

    def _link(self, iri: str) -> str:
        for predicate in sorted(LINKS):
            if any(True for _ in self._store.pointing_to(iri, predicate)):
                return predicate
        return ""

    def _owner(self, iri: str, depth: int) -> str:
        kind = self.kind(iri)
        if not kind or depth > _DEEPEST:
            return iri
        facts = self._facts(iri)
        if kind in _INVOLVEMENTS:
            found = _nodes(facts, "involves") or _nodes(facts, "context")
        elif kind in {_OBSERVATION, _BALANCE, _CLAIM}:
            found = _nodes(facts, "about")
        else:
            link = TERMS + "stageRecord" if kind == _STAGE else kind
            pointing = self._store.pointing_to(iri, link)
            found = sorted(each.subject.value for each in pointing if isinstance(each.subject, NamedNode))
        return self._owner(found[0], depth + 1) if found and found[0] != iri else iri

    def _involvement(self, iri: str, owner: str, facts: Mapping[str, list[object]]) -> Node:
        names = self._names
        who = [names.of(each) for each in _nodes(facts, "involves")]
        who = who or [names.of(each) for each in _nodes(facts, "actorType")]
        who = who or [names.of_term(each) for each in facts.get(DESCRIPTION, ())]
        where = ", ".join(names.of(each) for each in _nodes(facts, "context"))
        somebody = phrase(names.language, "somebody")
        subject = phrase(names.language, "role", who=", ".join(who) or somebody, where=where or "?")
        kind = self.kind(iri)
        slot = (kind, owner, _key(facts, "involves"), _key(facts, "context"), _key(facts, "actorType"))
        details = _ROLE_DETAILS if _nodes(facts, "involves") else _ROLE_DETAILS[1:]
        return Node(iri, kind, owner, slot, subject, self._value(facts, "role", details))

    def _number(self, facts: Mapping[str, list[object]]) -> tuple[str, str]:
        names = self._names
        indicator = ", ".join(names.of(each) for each in _nodes(facts, "indicator")) or names.of(_OBSERVATION)
        units = facts.get(TERMS + "unit", [None])
        values = [names.quantity(each, units[0]) for each in facts.get(TERMS + "value", ())]
        return self._dated(indicator, facts), _with(", ".join(values), self._details(facts, _NUMBER_DETAILS))

    def _components(self, facts: Mapping[str, list[object]], depth: int) -> str:
        parts = []
        if depth < _DEEPEST:
            parts = [self.told(each, depth + 1).text for each in _nodes(facts, "hasComponent")]
        return _with("; ".join(sorted(parts)), self._details(facts, ("energyMetric", "boundaryMode", "method")))

    def _linked(self, facts: Mapping[str, list[object]]) -> str:
        names = self._names
        notation = [names.of_term(each) for each in facts.get(_NOTATION, ())]
        agency = [names.of_term(each) for each in facts.get(_AGENCY, ())]
        outline = [names.of_term(each) for each in facts.get(_WKT, ())]
        return _with(", ".join(notation + outline), agency)

    def _value(self, facts: Mapping[str, list[object]], main: str, details: tuple[str, ...]) -> str:
        values = [self._names.of_term(each) for each in facts.get(TERMS + main, ())]
        return _with(", ".join(values), self._details(facts, details))

    def _details(self, facts: Mapping[str, list[object]], wanted: tuple[str, ...]) -> list[str]:
        details = []
        for each in wanted:
            for term in facts.get(TERMS + each, ()):
                is_code = isinstance(term, NamedNode) and term.value.startswith(CODES)
                said = self._names.of_term(term)
                details.append(said if is_code else f"{self._names.of(TERMS + each)} {said}")
        return details

    @staticmethod
    def _dated(subject: str, facts: Mapping[str, list[object]]) -> str:
        years = [plain(each) for each in facts.get(TERMS + "referenceYear", ()) if isinstance(each, Literal)]
        return ", ".join([subject, *years])


def _order(triple: Triple) -> tuple[str, str]:
    return triple.predicate.value, str(triple.object)


def _nodes(facts: Mapping[str, list[object]], local: str) -> list[str]:
    iris = [each.value for each in facts.get(TERMS + local, ()) if isinstance(each, NamedNode)]
    return [each for each in iris if not each.startswith(_UNNAMED)]


def _key(facts: Mapping[str, list[object]], local: str) -> str:
    return " ".join(str(each) for each in facts.get(TERMS + local, ()))


def _with(text: str, details: list[str]) -> str:
    return shortened(f"{text} ({', '.join(details)})".strip() if details else text)
