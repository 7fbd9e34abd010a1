"""Names of n-ary nodes: an involvement, a number or a stage is named after a hash of its key facts.

The same fact stated twice gets the same IRI, so it merges, and differences between versions stay readable. The source
and the place in it are not part of the key.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import TERMS, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DESCRIPTION: Final = "http://purl.org/dc/terms/description"
_HASH_DIGITS: Final = 12

_INVOLVEMENT: Final = (
    "actorType", "context", "helix", "involves", "presents", "representing", "role", "validFrom",
)  # fmt: skip
_NUMBER: Final = (
    "about", "energyCarrier", "energyMetric", "indicator", "method", "referenceYear", "unit", "value", "valueOrigin",
    "valueQualifier", "valueRole",
)  # fmt: skip
_BALANCE: Final = ("about", "boundaryMode", "energyMetric", "hasComponent", "method", "referenceYear", "usesIncluded")

# Class → kind in the IRI, and the properties that make the key; "^" marks a property that points to the node.
_KEYS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "CityParticipation": ("involvement", _INVOLVEMENT),
    "EventParticipation": ("involvement", _INVOLVEMENT),
    "PlaceInvolvement": ("involvement", _INVOLVEMENT),
    "ProjectPartnership": ("involvement", _INVOLVEMENT),
    "StakeholderInvolvement": ("involvement", _INVOLVEMENT),
    "EnergyBalance": ("balance", _BALANCE),
    "IndicatorObservation": ("obs", _NUMBER),
    "StageRecord": ("stage", ("^stageRecord", "reachedOn", "stage")),
    "StatusClaim": ("claim", ("about", "claimedStatus", "referenceYear")),
}

# The kinds of n-ary nodes, as they stand in their IRIs.
KINDS: Final = frozenset(kind for kind, _ in _KEYS.values())

# The properties that make up the keys: what they say of a node is what the node is.
KEY_PROPERTIES: Final = frozenset(
    TERMS + each for _, properties in _KEYS.values() for each in properties if not each.startswith("^")
)
# The classes of n-ary nodes, by their local names.
HASHED: Final = frozenset(_KEYS)


def name(kind: str, facts: Iterable[tuple[str, str]]) -> str:
    """The IRI of an n-ary node of a kind, from its key facts: pairs of a property and a term in N-Triples syntax."""
    key = "\n".join(sorted(f"{key} {term}" for key, term in facts))
    return f"{THINGS}{kind}/{hashlib.sha256(key.encode()).hexdigest()[:_HASH_DIGITS]}"


def names(triples: Iterable[Triple]) -> dict[str, str]:
    """What each n-ary node of a graph must be called: the IRI that it has → the IRI that it should have."""
    outgoing: dict[str, list[Triple]] = {}
    incoming: dict[str, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            outgoing.setdefault(triple.subject.value, []).append(triple)
        if isinstance(triple.object, NamedNode):
            incoming.setdefault(triple.object.value, []).append(triple)
    wanted = {}
    for iri, facts in outgoing.items():
        classes = sorted(
            fact.object.value.removeprefix(TERMS)
            for fact in facts
            if fact.predicate.value == RDF_TYPE and isinstance(fact.object, NamedNode)
        )
        for class_name in classes:
            if class_name in _KEYS:
                kind, properties = _KEYS[class_name]
                wanted[iri] = name(kind, _key(class_name, properties, facts, incoming.get(iri, [])))
    return wanted


def _key(
    class_name: str, properties: tuple[str, ...], facts: list[Triple], pointing: list[Triple]
) -> list[tuple[str, str]]:
    key = [("a", class_name)]
    present = {fact.predicate.value.removeprefix(TERMS) for fact in facts}
    for fact in facts:
        local = fact.predicate.value.removeprefix(TERMS)
        # Who is not named is told apart by how the source describes them.
        tells_apart = fact.predicate.value == DESCRIPTION and "involves" in properties and "involves" not in present
        if local in properties or tells_apart:
            key.append((local, _canonical(fact)))
    key += [
        ("^" + fact.predicate.value.removeprefix(TERMS), str(fact.subject))
        for fact in pointing
        if "^" + fact.predicate.value.removeprefix(TERMS) in properties
    ]
    return key


def _canonical(fact: Triple) -> str:
    """The object as text; a number by its value, so that ``100`` and ``100.0`` are one."""
    term = fact.object
    if isinstance(term, Literal) and fact.predicate.value == TERMS + "value":
        text = term.value
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(term)
