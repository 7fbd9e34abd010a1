"""The tables on events, people, ateliers, deliverables, barriers and aims say what the collected facts say."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import GRAPHS, PREFIXES, TERMS, THINGS
from tests.data.facts import facts as collected
from tests.data.facts import rows_of

if TYPE_CHECKING:
    from pedgraph.intake.bundle import CuratedData

SOURCES: Final = Path(__file__).parents[2] / "data" / "tables" / "sources.csv"
SCHEMA: Final = PREFIXES["schema"]
DCTERMS: Final = PREFIXES["dcterms"]
LABEL: Final = f"{PREFIXES['rdfs']}label"
TYPE: Final = f"{PREFIXES['rdf']}type"
TEXTS: Final = {"000_5b99c3f69ccab7d1.txt": "s1", "002_df93b9b20c2714a5.txt": "s2"}
MODES: Final = {"in person": "Offline", "online": "Online", "webinar": "Online"}
BOUNDS: Final = {"around": "approximately", "about": "approximately", "more than": "more-than"}

# The hosts that the facts name in a text, as the graph names them.
HOSTS: Final = {
    "PEDvolution, InterPED, ASCEND, HARMONISE, NEUTRALPATH with Scalable Cities": "project/pedvolution "
    "project/interped project/ascend project/harmonise project/neutralpath network/scalable-cities",
    "ASCEND and NEUTRALPATH": "project/ascend project/neutralpath",
    "ASCEND with City of Munich and MGS": "project/ascend organisation/city-of-munich organisation/mgs",
    "ASCEND": "project/ascend",
    "ATELIER / AMS Institute": "project/atelier organisation/ams-institute",
    "NEUTRALPATH": "project/neutralpath",
    "InterPED / R2M and others": "project/interped organisation/r2m",
    "MAKING-CITY": "project/making-city",
    "+CityxChange": "project/cityxchange",
    "syn.ikia": "project/syn-ikia",
    "RESPONSE": "project/response",
    "IRIS": "project/iris",
    "MAPS": "organisation/maps",
    "REMOURBAN": "project/remourban",
}  # fmt: skip
# What the notes on events add, as their descriptions word it.
REWORDED: Final = {
    "evt-harthof-info-2023": "own homes .* manage property",
    "evt-atelier-fellow7": "ten European cities",
    "evt-sustainable-places-2024": "those of the conference",
    "evt-cityxchange-final": "announced them in May 2023",
}
IN_ZARAGOZA: Final = {"pocityf", "atelier", "sparcs", "open-lab", "ascend"}
# Facts with a number or a date: what states it, what that is about, and the indicator.
NUMBERS: Final = {
    "tgt-100-peds-set": ("", "number-of-peds"),
    "tgt-atelier-surplus": ("project/atelier", "primary-energy-surplus"),
    "tgt-atelier-co2": ("project/atelier", "co2-avoided"),
    "tgt-response-res": ("project/response", "renewable-penetration"),
    "tgt-response-save": ("project/response", "energy-savings"),
    "tgt-response-co2": ("project/response", "ghg-avoided"),
    "tgt-sparcs-co2": ("project/sparcs", "ghg-reduction"),
    "tgt-sparcs-res": ("project/sparcs", "renewable-share-increase"),
    "tgt-harmonise-users": ("project/harmonise", "users"),
    "tgt-peddb-total": ("register/ped-database", "listed-sites"),
    "tgt-peddb-projects": ("register/ped-database", "listed-projects"),
    "tgt-peddb-planning": ("register/ped-database", "listed-sites-planning"),
    "tgt-peddb-implementation": ("register/ped-database", "listed-sites-implementation"),
    "tgt-peddb-completed": ("register/ped-database", "listed-sites-completed"),
    "tgt-peddb-in-operation": ("register/ped-database", "listed-sites-in-operation"),
    "tgt-scm-budget": ("register/smart-cities-marketplace", "total-cost"),
    "tgt-scm-eu": ("register/smart-cities-marketplace", "eu-contribution"),
    "tgt-eca-cities": ("policy/h2020-lighthouse", "supported-cities"),
}
UNITS: Final = {
    "MWh": "MegaW-HR", "MWh/year": "MegaW-HR", "GWh/year": "GigaW-HR", "t": "TONNE", "tCO2eq/year": "TONNE",
    "percent": "PERCENT", "EUR": "CCY_EUR",
}  # fmt: skip
AIMS: Final = {
    "tgt-harthof": ("ped/de-munich-harthof", "objective/harthof-energy-positive"),
    "tgt-munich-cn": ("city/de-munich", "objective/munich-climate-neutral"),
    "tgt-zaragoza-cn": ("city/es-zaragoza", "objective/zaragoza-climate-neutral"),
    "tgt-turku-cn": ("city/fi-turku", "objective/turku-carbon-neutral"),
    "tgt-amsterdam-cn": ("city/nl-amsterdam", "objective/amsterdam-climate-neutral"),
}
# How many entries whose text finds in which register, and for which year; section 1 of the notes on databases.
REGISTERS: Final = {
    ("wikipedia-positive-energy-district", "register/ped-booklet", 29, ""),
    ("sustainability-14-15812", "register/ped-booklet", 51, "2022"),
    ("doi-10-3390-buildings11080318", "register/ped-booklet", 60, "2021"),
    ("doi-10-3390-en13226083", "register/ped-booklet", 61, "2020"),
    ("jpi-urbaneurope-new-article-towards-100-positive-energy", "register/ped-booklet", 61, "2020"),
    ("annex83-iea-ebc-news", "register/ped-database", 98, "2024"),
}
CATEGORIES: Final = {"listed-case-studies": 42, "listed-labs": 18, "listed-relevant-case-studies": 38}
# One row of the facts that stands for five deliverables.
FIVE: Final = {f"harmonise-d1-{number}": f"D1.{number}" for number in range(1, 6)}

Said = dict[tuple[str, str], set[str]]


def facts(name: str, *, in_seed: bool = False) -> list[dict[str, str]]:
    return [row for row in collected(name) if (row.get("in_seed") == "yes") is in_seed]


@pytest.fixture(scope="module")
def slugs() -> dict[str, str]:
    """The short name of a source by its address."""
    found = {row["address"]: row["id"] for row in rows_of(SOURCES)}
    return {**found, **{row["url"]: TEXTS[row["seed_file"]] for row in facts("sources") if row["seed_file"]}}


@pytest.fixture(scope="module")
def said(curated: CuratedData) -> dict[str, Said]:
    """What each source states: slug of the source → subject, without what all have, and property → values."""
    stated: dict[str, Said] = {}
    for graph, triples in curated.sources.items():
        of_graph = stated.setdefault(graph.removeprefix(GRAPHS).rpartition("/")[0], defaultdict(set))
        for triple in triples:
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode | Literal)
            of_graph[triple.subject.value.removeprefix(THINGS), triple.predicate.value].add(
                triple.object.value.removeprefix(THINGS)
            )
    return stated


def of_class(of_source: Said, class_name: str) -> list[str]:
    return [subject for (subject, name), values in of_source.items() if name == TYPE and TERMS + class_name in values]


def involved(of_source: Said, event: str, role: str) -> set[str]:
    """Who takes part in an event in a role."""
    return {
        each
        for node in of_class(of_source, "EventParticipation")
        if event in of_source[node, TERMS + "context"]
        and any(found.endswith(f"/{role}") for found in of_source[node, TERMS + "role"])
        for each in of_source[node, TERMS + "involves"]
    }


def numbers(of_source: Said, about: str, indicator: str) -> set[tuple[Decimal, str, str, str]]:
    """Value, unit, qualifier and year of the numbers about a thing, observed or aimed at."""
    found = set()
    for node in [*of_class(of_source, "IndicatorObservation"), *of_class(of_source, "Target")]:
        of_node = {name: of_source[node, TERMS + name] for name in ("about", "unit", "valueQualifier", "referenceYear")}
        if "".join(of_node.pop("about")) == about and local(of_source[node, TERMS + "indicator"]) == indicator:
            unit, qualifier, year = map(local, of_node.values())
            (value,) = of_source[node, TERMS + "value"]
            found.add((Decimal(value), unit, qualifier, year))
    return found


def local(values: set[str]) -> str:
    """What comes last in the one value that there may be."""
    return "".join(values).rpartition("/")[2]


def test_every_event_is_stated_by_its_source(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("events")
    for row in rows:
        of_source = said[slugs[row["source_url"]]]
        (event,) = of_class(of_source, "Event")
        described = " ".join(of_source[event, f"{DCTERMS}description"])
        cities = {each.partition("-")[2] for each in of_source[event, f"{SCHEMA}location"] if each.startswith("city/")}

        assert of_source[event, LABEL] == {row["name"].partition(" (")[0]}
        assert of_source[event, f"{SCHEMA}startDate"] == {row["start_date"]}
        assert of_source[event, f"{SCHEMA}endDate"] == {row["end_date"]}
        assert of_source[event, f"{SCHEMA}eventAttendanceMode"] == {
            f"{SCHEMA}{MODES[row['format']]}EventAttendanceMode"
        }
        assert cities == {row["city_id"]} - {""}
        assert involved(of_source, event, "host") == set(HOSTS[row["host"]].split())
        assert "Harthof" not in row["place"] or "ped/de-munich-harthof" in of_source[event, f"{SCHEMA}location"]
        assert all(word in described for word in re.findall(r"\b[A-Z]\w+", row["place"].replace("Harthof", "")))
        assert re.search(REWORDED.get(row["id"], ""), described), row["id"]
        attendance = {(Decimal(row["attendance"] or 0), "NUM", BOUNDS.get(row["attendance_qualifier"], ""))}
        found = numbers(of_source, event, "participants")
        assert {each[:3] for each in found} == (attendance if row["attendance"] else set())
        assert {each[3] for each in found} <= {row["start_date"][:4]}
    assert len(rows) == 15
    of_source = said["neutralpath-neutralpath-first-meeting-in-zaragoza-paving"]
    (event,) = of_class(of_source, "Event")
    assert involved(of_source, event, "participant") == {f"project/{each}" for each in IN_ZARAGOZA}


def test_two_names_of_one_workshop_and_of_one_person_stay_side_by_side(
    said: dict[str, Said], slugs: dict[str, str]
) -> None:
    (twin,) = (row for row in facts("events") if row["same_as_event_id"])
    workshop = "event/2025-06-11-joint-ped-workshop"
    variants = {
        row["variant_name_elsewhere"]: slugs[row["variant_source_url"]]
        for row in facts("people")
        if row["variant_source_url"]
    }

    assert said["s1"][workshop, LABEL] == {"Joint Workshop on PED Innovation & Collaboration"}
    assert said[slugs[twin["source_url"]]][workshop, LABEL] == {"Building the Future of Energy"}
    assert len(variants) == 2
    for text, source in variants.items():
        # Only what is sure to be the same person has the same name in the graph.
        person = "person/lorena-sanchez-relano" if "not confirmed" in text else "person/marina-lascari"
        names = said[source][person, LABEL] | said[source][person, f"{PREFIXES['skos']}altLabel"]
        assert text.partition(" (")[0] in names
        parts = [
            said[source][node, TERMS + "representing"]
            for node in of_class(said[source], "ProjectPartnership")
            if person in said[source][node, TERMS + "involves"]
        ]
        assert parts == ([{"organisation/r2m"}] if "(R2M)" in text else [])


def test_every_atelier_of_a_fellow_city_is_stated(said: dict[str, Said]) -> None:
    rows = [row for row in facts("ateliers") if row["property"] == "status"]
    of_source = said["atelier-d3-7"]

    ateliers = of_class(of_source, "InnovationAtelier")
    cities = {city.partition("-")[2] for each in ateliers for city in of_source[each, TERMS + "inCity"]}

    assert cities == {row["city_id"] for row in rows}
    assert len(cities) == len(ateliers) == 6
    assert all(of_source[each, TERMS + "establishedBy"] == {"project/atelier"} for each in ateliers)
    # What D3.7 finds no stage for gets none.
    assert of_class(of_source, "StageRecord") == []


def test_every_deliverable_is_stated_by_its_source(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("deliverables")
    for row in rows:
        of_source = said[slugs[row["source_url"]]]
        for slug, number in FIVE.items() if row["code"] == "D1.1-D1.5" else [(row["id"], row["code"])]:
            document = f"document/{slug}"
            described = " ".join(of_source[document, f"{DCTERMS}description"])
            assert of_source[document, f"{PREFIXES['bibo']}number"] == {number} - {""}
            assert of_source[document, f"{DCTERMS}title"] == {row["title"] or number}
            assert row["title"] or "gives its number and no title" in described
            assert of_source[document, f"{DCTERMS}isPartOf"] == {f"project/{row['project_id']}"} - {"project/"}
            assert of_source[document, f"{SCHEMA}url"] == {row["url"]} - {""}
            words = {"draft submitted": "draft was submitted", "submitted 2023-11": "ubmitted in November 2023"}
            assert words.get(row["status"], row["status"]).casefold() in described.casefold(), row["id"]
    assert len(rows) == 13


def test_every_class_of_barriers_and_factors_is_stated(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("measures")
    of_source = said["github-ped-eu-net-wp-ped-eu-net"]
    for kind, class_name in (("obstacle", "Obstacle"), ("supportive measure", "SupportiveMeasure")):
        names = {name for each in of_class(of_source, class_name) for name in of_source[each, LABEL]}
        assert names == {row["label"] for row in rows if row["kind"] == kind}
    assert len(rows) == 9
    assert {slugs[row["source_url"]] for row in rows} == {"github-ped-eu-net-wp-ped-eu-net"}


def test_every_number_and_aim_is_stated_by_its_source(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("targets")
    for row in rows:
        of_source = said[slugs[row["source_url"]]]
        if row["id"] in AIMS:
            thing, aim = AIMS[row["id"]]
            assert aim in of_source[thing, TERMS + "hasObjective"], row["id"]
            assert of_source[aim, TERMS + "dueDate"] == {row["target_date"]}
            continue
        found = numbers(of_source, *NUMBERS[row["id"]])
        unit = UNITS.get(row["unit"], "NUM")
        bound = {"expected": "", "exactly": "exact", **BOUNDS}[row["qualifier"]]
        year = row["target_date"][:4] if "peddb" in row["id"] else ""
        assert found == {(Decimal(row["value"]), unit, bound, year)}, row["id"]
    assert {row["id"] for row in rows} == {*NUMBERS, *AIMS}
    (plan,) = of_class(said["doi-10-3390-en13226083"], "Target")
    assert said["doi-10-3390-en13226083"][plan, TERMS + "dueDate"] == {"2025"}
    assert said["doi-10-3390-en13226083"][plan, TERMS + "setBy"] == {"policy/set-plan-3-2"}


def test_counts_of_registers_stay_side_by_side(said: dict[str, Said]) -> None:
    found = {
        (source, about, int(value), year)
        for source, of_source in said.items()
        for about in ("register/ped-booklet", "register/ped-database")
        for value, _, _, year in numbers(of_source, about, "listed-sites")
    }

    assert found == REGISTERS
    of_source = said["annex83-iea-ebc-news"]
    for indicator, count in CATEGORIES.items():
        assert numbers(of_source, "register/ped-database", indicator) == {(Decimal(count), "NUM", "exact", "2024")}
    of_source = said["court-of-auditors-smart-cities-eu-support-is-too"]
    assert numbers(of_source, "policy/h2020-lighthouse", "supported-countries") == {(Decimal(24), "NUM", "exact", "")}
