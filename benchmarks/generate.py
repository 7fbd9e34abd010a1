"""Invented data of any size in the shape of the ontology: districts, projects, cities, roles and numbers, with sources.

Each source has a named graph of its own. Districts and projects are covered by several sources, which repeat facts of
each other, so that the merge of all graphs is smaller than their sum. The same size and seed give the same data.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.intake.bundle import read_alignments, read_data, read_vocabulary
from pedgraph.resources import data_directory
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, GRAPHS, META_GRAPH, PREFIXES, VOCABULARY_GRAPH
from pedgraph.vocabulary.minting import name

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.store.manifest import Manifest

SMALL_QUADS: Final = 100_000
LARGE_QUADS: Final = 1_100_000
DEFAULT_SEED: Final = 4

_COUNTRIES: Final = {
    "AUT": "at", "BEL": "be", "CZE": "cz", "DEU": "de", "DNK": "dk", "ESP": "es", "EST": "ee", "FIN": "fi",
    "FRA": "fr", "GRC": "gr", "HUN": "hu", "ITA": "it", "NLD": "nl", "NOR": "no", "POL": "pl", "PRT": "pt",
    "ROU": "ro", "SWE": "se",
}  # fmt: skip
# Indicator, its unit, and a typical size.
_INDICATORS: Final = (
    ("energy-use", "MegaW-HR", 5000), ("renewable-generation", "MegaW-HR", 4000), ("energy-import", "MegaW-HR", 1500),
    ("energy-export", "MegaW-HR", 1000), ("annual-balance", "MegaW-HR", 300), ("ghg-emissions", "TONNE", 800),
    ("floor-area", "M2", 60000), ("residents", "NUM", 1200), ("buildings", "NUM", 40),
    ("installed-power", "KiloW", 900), ("self-consumption", "PERCENT", 60), ("renewable-share", "PERCENT", 75),
)  # fmt: skip
_TECHNOLOGIES: Final = (
    "aquathermal", "battery", "deep-retrofit", "demand-response", "district-heating", "energy-management-system",
    "ev-charging", "geothermal", "heat-pump", "heat-storage", "photovoltaics", "rooftop-pv", "solar-thermal",
)  # fmt: skip
_STAGES: Final = ("idea", "planning", "implementation", "in-operation", "monitored")
_TYPES: Final = ("autonomous", "dynamic", "virtual", "pre-ped")
_CITY_ROLES: Final = ("lighthouse", "follower", "fellow", "multiplier", "observer")
_TOPICS: Final = ("health", "inclusiveness", "sustainability", "monitoring-frameworks")
_ORIGINS: Final = ("metered", "calculated", "simulated", "estimated", "billed")
_YEARS: Final = range(2015, 2027)
_NUMBERS_PER_PED: Final = 8
_PEDS_PER_PROJECT: Final = 4
_PEDS_PER_CITY: Final = 3
_PARTICIPANTS: Final = 5
_QUADS_PER_SOURCE: Final = 5000


@lru_cache(maxsize=100_000)
def node(short: str) -> NamedNode:
    """The IRI of a name with a prefix of pedgraph's own, such as ``id:city/nl-0001``."""
    prefix, _, local = short.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def text(value: str) -> Literal:
    """A literal in English."""
    return Literal(value, language="en")


def typed(value: object, datatype: str) -> Literal:
    """A literal of an XML Schema datatype."""
    return Literal(str(value), datatype=node(f"xsd:{datatype}"))


@dataclass
class Draft:
    """Graphs being filled: each triple stands once in a graph, in the order in which it came."""

    chance: random.Random
    sources: int
    graphs: dict[str, dict[Triple, None]] = field(default_factory=dict)
    size: int = 0

    def say(self, graph: str, subject: NamedNode, *facts: tuple[str, NamedNode | Literal]) -> None:
        """States facts about a subject in a graph."""
        triples = self.graphs.setdefault(graph, {})
        before = len(triples)
        triples.update(dict.fromkeys(Triple(subject, node(key), value) for key, value in facts))
        self.size += len(triples) - before

    def some_sources(self) -> list[int]:
        """The numbers of one, two or three sources."""
        return self.chance.sample(range(self.sources), self.chance.choice((1, 2, 2, 3)))


def graph_name(source: int) -> str:
    """The graph of a source."""
    return f"{GRAPHS}invented-{source:04d}/1"


def generate(quads: int, seed: int = DEFAULT_SEED) -> dict[str, list[Triple]]:
    """Invented triples per graph, at least as many as asked for, and few more."""
    draft = Draft(random.Random(seed), sources=max(8, quads // _QUADS_PER_SOURCE))  # noqa: S311
    for source in range(draft.sources):
        _add_source(draft, source)
    cities: list[NamedNode] = []
    peds: list[NamedNode] = []
    for number in itertools.count():
        if draft.size >= quads:
            break
        if number % _PEDS_PER_CITY == 0:
            cities.append(_add_city(draft, len(cities)))
        peds.append(_add_ped(draft, number, draft.chance.choice(cities[-_PEDS_PER_CITY:])))
        if number % _PEDS_PER_PROJECT == 0:
            _add_project(draft, number // _PEDS_PER_PROJECT, cities, peds)
    return {graph: list(triples) for graph, triples in draft.graphs.items()}


def _add_source(draft: Draft, source: int) -> None:
    draft.say(
        META_GRAPH,
        node(f"id:source/invented-{source:04d}"),
        ("rdf:type", node("pedg:Source")),
        ("dcterms:title", text(f"Invented: report {source}")),
        ("schema:url", typed(f"https://example.org/report/{source}", "anyURI")),
        ("pedg:dateRead", typed("2026-11-22", "date")),
    )


def _add_city(draft: Draft, number: int) -> NamedNode:
    country, code = draft.chance.choice(list(_COUNTRIES.items()))
    city = node(f"id:city/{code}-{number:05d}")
    draft.say(
        f"{GRAPHS}invented-gazetteer/1",
        city,
        ("rdf:type", node("pedg:City")),
        ("rdfs:label", text(f"Invented: City {number}")),
        ("pedg:inCountry", node(f"country:{country}")),
    )
    return city


def _add_ped(draft: Draft, number: int, city: NamedNode) -> NamedNode:
    chance = draft.chance
    local = city.value.rpartition("/")[2]
    ped, site = node(f"id:ped/{local}-{number}"), node(f"id:site/{local}-{number}")
    technologies = chance.sample(_TECHNOLOGIES, 3)
    kind = chance.choice(_TYPES)
    sources = draft.some_sources()
    for source in sources:
        graph = graph_name(source)
        draft.say(
            graph,
            ped,
            ("rdf:type", node("pedg:PositiveEnergyDistrict")),
            ("rdfs:label", text(f"Invented: District {number}")),
            ("pedg:inCity", city),
            ("pedg:presentedAs", node("code:district-label/ped")),
            ("pedg:pedType", node(f"code:ped-type/{kind}")),
            *(("pedg:usesTechnology", node(f"code:technology/{each}")) for each in technologies),
        )
        draft.say(
            graph,
            site,
            ("rdf:type", node("pedg:DemonstrationSite")),
            ("rdfs:label", text(f"Invented: Site {number}")),
            ("pedg:partOfDistrict", ped),
        )
        draft.say(graph, city, ("rdf:type", node("pedg:City")), ("pedg:memberOfNetwork", node("id:network/invented")))
    _add_stage(draft, ped, sources)
    for indicator in chance.sample(_INDICATORS, _NUMBERS_PER_PED):
        _add_number(draft, ped, indicator, sources)
    return ped


def _add_stage(draft: Draft, ped: NamedNode, sources: list[int]) -> None:
    stage = node(f"code:ped-stage/{draft.chance.choice(_STAGES)}")
    reached = typed(draft.chance.choice(_YEARS), "gYear")
    key = [("^stageRecord", str(ped)), ("reachedOn", str(reached)), ("stage", str(stage))]
    record = NamedNode(name("stage", [("a", "StageRecord"), *key]))
    for source in sources:
        graph = graph_name(source)
        draft.say(graph, ped, ("pedg:stageRecord", record))
        draft.say(
            graph,
            record,
            ("rdf:type", node("pedg:StageRecord")),
            ("pedg:stage", stage),
            ("pedg:reachedOn", reached),
            *_origin(draft, source),
        )


def _add_number(draft: Draft, about: NamedNode, indicator: tuple[str, str, int], sources: list[int]) -> None:
    chance = draft.chance
    quantity, unit, size = indicator
    value = f"{chance.uniform(0.2, 2.0) * size:.1f}"
    facts: list[tuple[str, NamedNode | Literal]] = [
        ("pedg:about", about),
        ("pedg:indicator", node(f"indicator:{quantity}")),
        ("pedg:value", typed(value, "decimal")),
        ("pedg:unit", node(f"unit:{unit}")),
        ("pedg:referenceYear", typed(chance.choice(_YEARS), "gYear")),
        ("pedg:valueRole", node(f"code:value-role/{chance.choice(('actual', 'baseline', 'design'))}")),
        ("pedg:valueOrigin", node(f"code:value-origin/{chance.choice(_ORIGINS)}")),
    ]
    key = [(each.removeprefix("pedg:"), str(term)) for each, term in facts]
    number = NamedNode(name("obs", [("a", "IndicatorObservation"), *key]))
    for source in sources[: chance.choice((1, 1, 2))]:
        draft.say(
            graph_name(source),
            number,
            ("rdf:type", node("pedg:IndicatorObservation")),
            *facts,
            *_origin(draft, source),
        )


def _add_project(draft: Draft, number: int, cities: list[NamedNode], peds: list[NamedNode]) -> None:
    chance = draft.chance
    project = node(f"id:project/invented-{number}")
    sources = draft.some_sources()
    districts = chance.sample(peds, min(3, len(peds)))
    topics = chance.sample(_TOPICS, 2)
    for source in sources:
        draft.say(
            graph_name(source),
            project,
            ("rdf:type", node("pedg:Project")),
            ("rdfs:label", text(f"Invented: Project {number}")),
            ("pedg:acronym", Literal(f"INV{number}")),
            ("pedg:memberOfNetwork", node("id:network/invented")),
            *(("pedg:hasFocus", node(f"code:topic/{topic}")) for topic in topics),
            *(("pedg:demonstratesIn", node("id:site/" + ped.value.rpartition("/")[2])) for ped in districts),
        )
    for city in chance.sample(cities, min(_PARTICIPANTS, len(cities))):
        role = node(f"code:city-role/{chance.choice(_CITY_ROLES)}")
        _add_involvement(draft, ("CityParticipation", project, city, role), sources)
    for _ in range(_PARTICIPANTS):
        partner = node(f"id:organisation/invented-{chance.randrange(number + 10)}")
        role = node(f"code:involvement-role/{chance.choice(('coordinator', 'partner'))}")
        for source in sources[:1]:
            label = text(f"Invented: {partner.value.rpartition('/')[2]}")
            draft.say(graph_name(source), partner, ("rdf:type", node("pedg:Organisation")), ("rdfs:label", label))
        _add_involvement(draft, ("ProjectPartnership", project, partner, role), sources)


def _add_involvement(draft: Draft, facts: tuple[str, NamedNode, NamedNode, NamedNode], sources: list[int]) -> None:
    kind, context, who, role = facts
    key = [("a", kind), ("context", str(context)), ("involves", str(who)), ("role", str(role))]
    involvement = NamedNode(name("involvement", key))
    for source in sources:
        draft.say(
            graph_name(source),
            involvement,
            ("rdf:type", node(f"pedg:{kind}")),
            ("pedg:involves", who),
            ("pedg:context", context),
            ("pedg:role", role),
            *_origin(draft, source),
        )


def _origin(draft: Draft, source: int) -> tuple[tuple[str, NamedNode | Literal], ...]:
    return (
        ("pedg:statedIn", node(f"id:source/invented-{source:04d}")),
        ("pedg:locator", Literal(f"page {draft.chance.randrange(1, 300)}")),
    )


def build_home(home: Path, quads: int, seed: int = DEFAULT_SEED) -> Manifest:
    """Publishes a version with the shipped data, the vocabulary, and as many invented quads as asked for.

    Nothing is derived and nothing is held against the shapes: the data are for measuring only. Raises the errors of
    :func:`pedgraph.store.publication.build`.
    """
    graphs = {
        VOCABULARY_GRAPH: read_vocabulary(),
        ALIGNMENTS_GRAPH: read_alignments(),
        **read_data(data_directory()).graphs,
    }
    for graph, triples in generate(quads, seed).items():
        graphs[graph] = [*graphs.get(graph, []), *triples]
    publication = Publication(author="benchmarks", reason=f"{quads} invented quads, seed {seed}")
    return build(Versions(home), ChangeSet(graphs), publication)
