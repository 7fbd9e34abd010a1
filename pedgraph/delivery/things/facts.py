"""Statements of a thing by property, as a page lists them: each value once, with all graphs that state it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.things.trees import is_shown
from pedgraph.vocabulary.iris import PREFIXES, TERMS, expand
from pedgraph.vocabulary.minting import DESCRIPTION, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import BlankNode, Quad, Triple

    from pedgraph.delivery.things.origins import Origin, Origins
    from pedgraph.delivery.things.words import Shown, Words

MOST_VALUES: Final = 60
_PREF_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_LATITUDE: Final = PREFIXES["schema"] + "latitude"
_LONGITUDE: Final = PREFIXES["schema"] + "longitude"
_POSITION: Final = PREFIXES["schema"] + "geo"
_WKT: Final = PREFIXES["geo"] + "asWKT"
# These are shown in places of their own.
_ELSEWHERE: Final = frozenset({_PREF_LABEL, DESCRIPTION, TERMS + "stageRecord", PREFIXES["adms"] + "identifier"})
# What says most stands first; the rest follows by its words.
_FIRST: Final = tuple(
    expand(name)
    for name in (
        "rdf:type", "rdfs:label", "dcterms:title", "pedg:acronym", "skos:altLabel", "pedg:inCountry", "pedg:inCity",
        "pedg:partOfDistrict", "schema:location", "schema:geo", "schema:startDate", "schema:endDate",
        "pedg:stage", "pedg:assessedStatus", "pedg:lacks", "pedg:presentedAs", "pedg:demonstratesIn",
        "pedg:partOfCluster", "pedg:memberOfNetwork", "eurio:isFundedBy", "pedg:hasFocus", "pedg:topic",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """A value with the graphs that state it."""

    shown: Shown
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Fact:
    """A property of the thing with its values; ``more`` are not listed. ``about`` leads to what the property means."""

    name: str
    about: str
    values: tuple[Value, ...]
    more: int = 0
    iri: str = ""


def facts(own: Iterable[Quad], words: Words, origins: Origins, *, is_record: frozenset[str]) -> list[Fact]:
    """What is stated of a thing, without what is shown elsewhere: links to its records, and its description."""
    values: dict[str, dict[object, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in own:
        name = quad.predicate.value
        if not is_shown(quad) or name in _ELSEWHERE or _text(quad.object) in is_record:
            continue
        if name == RDF_TYPE and not words.kind(_text(quad.object)):
            continue
        values[name][quad.object].append(_text(quad.graph_name))
    pairs = [(name, _fact(name, found, words, origins)) for name, found in _with_position(values).items()]
    pairs.sort(key=lambda pair: (_FIRST.index(pair[0]) if pair[0] in _FIRST else len(_FIRST), pair[1].name))
    return [fact for _, fact in pairs]


def _with_position(values: dict[str, dict[object, list[str]]]) -> dict[str, dict[object, list[str]]]:
    """The same with latitude and longitude as one fact, where there is one of each and both are stated alike."""
    latitudes, longitudes = values.get(_LATITUDE, {}), values.get(_LONGITUDE, {})
    if len(latitudes) != 1 or len(longitudes) != 1:
        return values
    ((latitude, graphs),), ((longitude, others),) = latitudes.items(), longitudes.items()
    if sorted(graphs) != sorted(others):
        return values
    position = Literal(f"{_text(latitude)}, {_text(longitude)}")
    rest = {name: found for name, found in values.items() if name not in {_LATITUDE, _LONGITUDE}}
    return rest | {_POSITION: {position: graphs}}


def descriptions(own: Iterable[Quad], words: Words, origins: Origins) -> list[Value]:
    """The descriptions of a thing."""
    found: dict[object, list[str]] = defaultdict(list)
    for quad in own:
        if quad.predicate.value == DESCRIPTION and is_shown(quad):
            found[quad.object].append(_text(quad.graph_name))
    return [Value(words.shown(term), origins.of(graphs)) for term, graphs in found.items()]


def backlinks(pointing: Iterable[Quad], words: Words, origins: Origins, *, is_record: frozenset[str]) -> list[Fact]:
    """What links to a thing, by the property that it does so with; records are shown elsewhere.

    Nodes without a name are counted by their kind only.
    """
    values: dict[str, dict[NamedNode | BlankNode | Triple, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in pointing:
        if is_shown(quad) and _text(quad.subject) not in is_record:
            values[quad.predicate.value][quad.subject].append(_text(quad.graph_name))
    found = [_back(name, subjects, words, origins) for name, subjects in values.items()]
    return sorted(found, key=lambda fact: fact.name)


def _fact(name: str, found: dict[object, list[str]], words: Words, origins: Origins) -> Fact:
    values = [Value(words.shown(term), origins.of(graphs)) for term, graphs in found.items()]
    values.sort(key=lambda value: (value.shown.language not in {"", "en"}, value.shown.text.casefold()))
    address = words.address(name)
    about = address if name.startswith(TERMS) else ""
    label = words.property(name)
    return Fact(
        label[:1].upper() + label[1:], about, tuple(values[:MOST_VALUES]), max(0, len(values) - MOST_VALUES), name
    )


def _back(name: str, subjects: dict[NamedNode | BlankNode | Triple, list[str]], words: Words, origins: Origins) -> Fact:
    named = [term for term in subjects if words.has_name(_text(term))]
    values = [Value(words.shown(term), origins.of(subjects[term])) for term in named]
    values.sort(key=lambda value: (value.shown.text.casefold(), value.shown.address))
    more = len(values[MOST_VALUES:]) + len(subjects) - len(named)
    return Fact(words.back(name), "", tuple(values[:MOST_VALUES]), more)


def point(own: Iterable[Quad]) -> tuple[float, float] | None:
    """Longitude and latitude of a thing, where it has exactly one of each."""
    found = {
        name: {quad.object.value for quad in own if quad.predicate.value == name and isinstance(quad.object, Literal)}
        for name in (_LONGITUDE, _LATITUDE)
    }
    try:
        (longitude,), (latitude,) = found[_LONGITUDE], found[_LATITUDE]
        return float(longitude), float(latitude)
    except ValueError:
        return None


def outlines(quads: Sequence[Quad]) -> list[str]:
    """The outlines of a thing as texts (GeoSPARQL 1.1, section 8.5.1)."""
    return [quad.object.value for quad in quads if quad.predicate.value == _WKT and isinstance(quad.object, Literal)]


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
