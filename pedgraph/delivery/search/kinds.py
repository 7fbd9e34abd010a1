"""Kinds of things as a search knows them: what they are called, and which of them come first."""

from __future__ import annotations

import re
from typing import Final

from pedgraph.vocabulary.iris import CODES, INDICATORS, TERMS, THINGS

_OF_THING: Final = re.compile(f"{re.escape(THINGS)}([a-z-]+)/[^/]+")
# In the order in which they come where names fit equally well: the word for one, and for several.
_NAMES: Final = {
    "ped": ("district", "districts"),
    "city": ("city", "cities"),
    "project": ("project", "projects"),
    "site": ("site", "sites"),
    "organisation": ("organisation", "organisations"),
    "person": ("person", "people"),
    "atelier": ("innovation atelier", "innovation ateliers"),
    "hub": ("hub", "hubs"),
    "network": ("network", "networks"),
    "cluster": ("cluster", "clusters"),
    "event": ("event", "events"),
    "document": ("document", "documents"),
    "target": ("target", "targets"),
    "indicator": ("indicator", "indicators"),
    "series": ("series of indicators", "series of indicators"),
    "ecosystem": ("ecosystem", "ecosystems"),
    "demo": ("demonstration project", "demonstration projects"),
    "register": ("register", "registers"),
    "policy": ("policy", "policies"),
    "objective": ("objective", "objectives"),
    "requirement": ("requirement", "requirements"),
    "obstacle": ("obstacle", "obstacles"),
    "measure": ("measure", "measures"),
    "figure": ("figure", "figures"),
    "assessment": ("assessment", "assessments"),
    "arrangement": ("arrangement", "arrangements"),
    "actor": ("group of actors", "groups of actors"),
    "code": ("word of a list", "words of lists"),
    "term": ("term of the ontology", "terms of the ontology"),
    "source": ("source", "sources"),
}
_BACKGROUND: Final = frozenset({"assessment", "arrangement", "actor", "code", "term", "source"})
_ORDER: Final = {kind: place for place, kind in enumerate(_NAMES)}
# What describes the making of the graph; it has names, but nobody looks for it by them.
_NOT_LOOKED_FOR: Final = frozenset({"activity", "identifier", "rival", "disagreement"})


def kind_of(iri: str) -> str | None:
    """The kind of a thing that can be searched for, read from its IRI; ``None`` for all others."""
    if iri.startswith(INDICATORS):
        return "indicator"
    if iri.startswith(CODES):
        return "code"
    if iri.startswith(TERMS):
        return "term"
    found = _OF_THING.fullmatch(iri)
    return found[1] if found and found[1] not in _NOT_LOOKED_FOR else None


def place_of(kind: str) -> int:
    """Where a kind comes among things whose names fit equally well; kinds without a place of their own come last."""
    return _ORDER.get(kind, len(_ORDER))


def is_background(kind: str) -> bool:
    """Whether things of a kind are words, sources or parts of descriptions, rather than what people look for."""
    return kind in _BACKGROUND


def name_of(kind: str, count: int = 1) -> str:
    """What a thing of a kind is called, or so many of them."""
    one, several = _NAMES.get(kind, (kind.replace("-", " "), f"{kind.replace('-', ' ')}s"))
    return one if count == 1 else several
