"""The queries that are asked: four kinds, each as repeated ones and as ones that no server has seen before.

A repeated query is one of a few texts that come again and again. A first-time query is about another thing, and ends
with a ``LIMIT`` that no other one has and that no answer reaches: neither a cache of texts nor one of plans knows it.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, QuerySolutions, Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

RESULTS_JSON: Final = "application/sparql-results+json"
TURTLE: Final = "text/turtle"
NO_LIMIT: Final = 1_000_000

_PREFIXES: Final = """PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX indicator: <https://w3id.org/pedgraph/indicator/>
PREFIX pedg: <https://w3id.org/pedgraph/ont#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_SLOT: Final = "@@"

# Class of the thing that a query is about → templates.
_POINT: Final = (
    ("PositiveEnergyDistrict", "SELECT ?property ?value WHERE { <@@> ?property ?value }"),
    ("PositiveEnergyDistrict", "SELECT ?label WHERE { <@@> rdfs:label ?label }"),
    ("Project", "SELECT ?property ?value WHERE { <@@> ?property ?value }"),
    ("IndicatorObservation", "SELECT ?value ?unit WHERE { <@@> pedg:value ?value ; pedg:unit ?unit }"),
)
_JOIN: Final = (
    (
        "City",
        "SELECT ?ped ?label ?value ?title WHERE { ?ped pedg:inCity <@@> ; rdfs:label ?label . "
        "?number pedg:about ?ped ; pedg:indicator indicator:energy-use ; pedg:value ?value ; pedg:statedIn ?source . "
        "?source dcterms:title ?title }",
    ),
    (
        "Project",
        "SELECT ?city ?ped ?label WHERE { ?participation pedg:context <@@> ; pedg:involves ?city . "
        "?ped pedg:inCity ?city ; rdfs:label ?label }",
    ),
    (
        "Organisation",
        "SELECT DISTINCT ?project ?site ?ped WHERE { ?partnership pedg:involves <@@> ; pedg:context ?project . "
        "?project pedg:demonstratesIn ?site . ?site pedg:partOfDistrict ?ped }",
    ),
)
_AGGREGATE: Final = (
    (
        "Indicator",
        "SELECT ?year (AVG(?value) AS ?mean) (COUNT(?number) AS ?numbers) WHERE { ?number pedg:indicator <@@> ; "
        "pedg:referenceYear ?year ; pedg:value ?value } GROUP BY ?year ORDER BY ?year",
    ),
    (
        "Country",
        "SELECT ?technology (COUNT(DISTINCT ?ped) AS ?peds) WHERE { ?city pedg:inCountry <@@> . "
        "?ped pedg:inCity ?city ; pedg:usesTechnology ?technology } GROUP BY ?technology ORDER BY ?technology",
    ),
    (
        "Country",
        "SELECT ?role (COUNT(?participation) AS ?participations) WHERE { ?city pedg:inCountry <@@> . "
        "?participation pedg:involves ?city ; pedg:role ?role } GROUP BY ?role ORDER BY ?role",
    ),
)
_CONSTRUCT: Final = (
    (
        "PositiveEnergyDistrict",
        "CONSTRUCT { ?thing ?property ?value } WHERE { { BIND(<@@> AS ?thing) <@@> ?property ?value } "
        "UNION { ?thing pedg:about <@@> ; ?property ?value } }",
    ),
    (
        "Project",
        "CONSTRUCT { ?city a pedg:City ; rdfs:label ?label . ?participation pedg:involves ?city ; pedg:role ?role } "
        "WHERE { ?participation pedg:context <@@> ; pedg:involves ?city ; pedg:role ?role . ?city rdfs:label ?label }",
    ),
)
_KINDS: Final = {"point": _POINT, "join": _JOIN, "aggregate": _AGGREGATE, "construct": _CONSTRUCT}

# Indicators and countries are asked for where numbers and cities name them.
_THINGS: Final = {
    "Indicator": "SELECT DISTINCT ?thing WHERE { ?number <https://w3id.org/pedgraph/ont#indicator> ?thing }",
    "Country": "SELECT DISTINCT ?thing WHERE { ?city <https://w3id.org/pedgraph/ont#inCountry> ?thing }",
}
_INVENTED: Final = 'FILTER EXISTS { GRAPH ?graph { ?thing ?any ?fact } FILTER(CONTAINS(STR(?graph), "invented")) }'

REPEATED_VARIANTS: Final = 8


@dataclass(frozen=True)
class Kind:
    """One kind of query: its name, the media type asked for, and its texts without their ``LIMIT``."""

    name: str
    accept: str
    repeated: tuple[str, ...]
    first_time: tuple[str, ...]


def read_kinds(store_directory: Path, *, seed: int, most_first_time: int = 20_000) -> tuple[Kind, ...]:
    """The four kinds, with constants drawn from the things of a store's default graph, shuffled by the seed."""
    store = Store.read_only(str(store_directory))
    chance = random.Random(seed)  # noqa: S311
    pools: dict[str, list[str]] = {}
    for class_name in sorted({each for templates in _KINDS.values() for each, _ in templates}):
        pools[class_name] = _things(store, class_name)
        chance.shuffle(pools[class_name])
    kinds = []
    for name, templates in _KINDS.items():
        texts = list(itertools.islice(_texts(templates, pools), most_first_time + REPEATED_VARIANTS))
        accept = TURTLE if name == "construct" else RESULTS_JSON
        few, many = texts[:REPEATED_VARIANTS], texts[REPEATED_VARIANTS:]
        kinds.append(Kind(name, accept, repeated=tuple(few), first_time=tuple(many or few)))
    return tuple(kinds)


def limited(text: str, number: int) -> str:
    """A text with a ``LIMIT`` of its own that cuts nothing off."""
    return f"{text} LIMIT {NO_LIMIT + number}"


def _texts(templates: Sequence[tuple[str, str]], pools: dict[str, list[str]]) -> Iterator[str]:
    """All templates in turn, each with the next thing of its class, until the largest class is through."""
    for index in range(max(len(pools[class_name]) for class_name, _ in templates)):
        for class_name, template in templates:
            things = pools[class_name]
            yield _PREFIXES + template.replace(_SLOT, things[index % len(things)])


def _things(store: Store, class_name: str) -> list[str]:
    query = _THINGS.get(
        class_name, f"SELECT ?thing WHERE {{ ?thing a <https://w3id.org/pedgraph/ont#{class_name}> . {_INVENTED} }}"
    )
    solutions = store.query(query)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(query)
    return sorted({each.value for solution in solutions if isinstance(each := solution["thing"], NamedNode)})
