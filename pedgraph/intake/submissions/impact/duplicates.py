"""New things that may be there already under another name, or under the same one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.result import Duplicate, Named
from pedgraph.vocabulary.iris import PREFIXES, TERMS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.submissions.impact.worlds import Worlds
    from pedgraph.store.candidate import Candidate

# What people give names to, so that two may be one.
_KINDS: Final = tuple(
    TERMS + name
    for name in (
        "City", "DemonstrationProject", "DemonstrationSite", "InnovationHub", "Network", "Organisation", "Person",
        "PositiveEnergyDistrict", "Project",
    )
)  # fmt: skip
_LABELS: Final = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel")
_PLACES: Final = (TERMS + "inCity", TERMS + "inCountry")
_LIKE: Final = 0.88
_SHARED_TRIGRAMS: Final = 0.5
_SHORTEST: Final = 5
_DIGITS: Final = re.compile(r"\d+")


class _Index:
    """The names of all things of a kind, found by the groups of three letters in them."""

    def __init__(self, store: Candidate, kind: str) -> None:
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        self._by_trigram: defaultdict[str, set[str]] = defaultdict(set)
        for triple in store.pointing_to(kind, RDF_TYPE):
            if isinstance(triple.subject, NamedNode):
                for name in _names(store, triple.subject.value):
                    self.names[name].add(triple.subject.value)
        for name in self.names:
            for trigram in _trigrams(name):
                self._by_trigram[trigram].add(name)

    def near(self, name: str) -> list[str]:
        """Other names that are nearly this one, and have the same numbers in them."""
        if len(name) < _SHORTEST:
            return []
        wanted = _trigrams(name)
        shared = Counter(other for trigram in wanted for other in self._by_trigram.get(trigram, ()))
        likely = [other for other, count in shared.items() if count >= _SHARED_TRIGRAMS * len(wanted) and other != name]
        return sorted(other for other in likely if _is_like(name, other))


def duplicates(worlds: Worlds, new: Iterable[str]) -> list[Duplicate]:
    """For new things, given by their IRIs, those that are there already and are called the same or almost so."""
    indexes: dict[str, _Index] = {}
    found: dict[tuple[str, str], bool] = {}
    for iri in new:
        own_names, own_places = _names(worlds.after, iri), _places(worlds.after, iri)
        for kind in _kinds(worlds.after, iri):
            if kind not in indexes:
                indexes[kind] = _Index(worlds.before, kind)
            index = indexes[kind]
            for name in own_names:
                likely = [(other, True) for other in index.names.get(name, ())]
                likely += [(other, False) for near in index.near(name) for other in index.names[near]]
                for other, is_same in likely:
                    places = _places(worlds.before, other)
                    if other != iri and not (own_places and places and own_places.isdisjoint(places)):
                        found[iri, other] = found.get((iri, other), False) or is_same
    names = worlds.names
    return [
        Duplicate(Named(iri, names.of(iri)), Named(other, names.of(other)), is_same)
        for (iri, other), is_same in sorted(found.items())
    ]


def _kinds(store: Candidate, iri: str) -> list[str]:
    classes = {each.object.value for each in store.about(iri, RDF_TYPE) if isinstance(each.object, NamedNode)}
    return [each for each in _KINDS if each in classes]


def _places(store: Candidate, iri: str) -> set[str]:
    return {str(each.object) for predicate in _PLACES for each in store.about(iri, predicate)}


def _names(store: Candidate, iri: str) -> set[str]:
    labels = [each.object for predicate in _LABELS for each in store.about(iri, predicate)]
    return {_bare(each.value) for each in labels if isinstance(each, Literal)} - {""}


def _bare(label: str) -> str:
    """A label in lower case without accents, marks and spaces."""
    letters = unicodedata.normalize("NFKD", label.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _trigrams(name: str) -> set[str]:
    return {name[start : start + 3] for start in range(max(len(name) - 2, 1))}


def _is_like(name: str, other: str) -> bool:
    if _DIGITS.findall(name) != _DIGITS.findall(other):
        return False
    matcher = difflib.SequenceMatcher(None, name, other, autojunk=False)
    return matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE
