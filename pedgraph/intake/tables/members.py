"""What may be chosen in a column: codes, classes and units, with the words that people write for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.tables.facts import RDFS, SKOS
from pedgraph.intake.tables.kinds import ENGLISH, Member
from pedgraph.vocabulary.iris import PREFIXES, TERMS, expand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.intake.tables.facts import Facts

UNIT: Final = PREFIXES["unit"]
_SYMBOL: Final = f"{PREFIXES['qudt']}symbol"
_COUNTRIES: Final = "http://publications.europa.eu/resource/authority/country"


def code_member(facts: Facts, words: Mapping[str, Any], iri: str, scheme: str) -> Member:
    """A member of a code list."""
    local = iri.rpartition("/")[2]
    others = facts.texts(iri, f"{SKOS}altLabel")
    notation = facts.text(iri, f"{SKOS}notation") or local
    countries = words["countries"] if scheme == _COUNTRIES else {}
    abroad = dict(zip(countries.get("languages", []), countries.get(notation, []), strict=False))
    return Member(
        iri=iri,
        notation=notation,
        labels={**abroad, **facts.by_language(iri, f"{SKOS}prefLabel")},
        scheme=scheme,
        other_names=tuple(dict.fromkeys([local, *others])),
        definition=facts.by_language(iri, f"{SKOS}definition").get(ENGLISH, ""),
    )


def class_member(facts: Facts, words: Mapping[str, Any], iri: str) -> Member:
    """A class that a row may be of."""
    local = iri.removeprefix(TERMS)
    labels = {**facts.by_language(iri, f"{RDFS}label"), **words["classes"].get(local, {})}
    definition = facts.by_language(iri, f"{SKOS}definition").get(ENGLISH, "")
    return Member(iri, local, labels, definition=definition)


def chosen_member(choice: Mapping[str, Any]) -> Member:
    """A value of another vocabulary that a column lists itself: its IRI, a word for it, and its labels."""
    return Member(expand(choice["iri"]), choice["notation"], choice["label"])


def unit_member(facts: Facts, words: Mapping[str, Any], iri: str) -> Member:
    """A unit; what is written for it first stands for its notation."""
    local = iri.removeprefix(UNIT)
    names = [*words["units"].get(local, []), facts.text(iri, _SYMBOL), local]
    return Member(iri, names[0], facts.by_language(iri, f"{RDFS}label"), other_names=tuple(names))
