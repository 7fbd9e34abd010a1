"""Each collected fact that the two founding texts state is in the graph of its text, or is a member of a code list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.intake.bundle import read_codes
from pedgraph.vocabulary.iris import CODES, GRAPHS, INDICATORS, PREFIXES, TERMS, THINGS
from tests.data.facts import facts

if TYPE_CHECKING:
    from pedgraph.intake.bundle import CuratedData

D37: Final = "https://smartcity-atelier.eu/outcomes/deliverables/d3-7"
WORKSHOP: Final = "event/2025-06-11-joint-ped-workshop"
PANEL: Final = f"{WORKSHOP}-panel"
KICK_OFF: Final = "event/2020-12-amsterdam-atelier-kick-off"
AMSTERDAM: Final = "atelier/nl-amsterdam"
BILBAO: Final = "atelier/es-bilbao"
# Each fact by its id: subject, property and value, several of them apart by semicolons. A star stands for a node that
# is named after its facts; properties without prefix are those of pedgraph.
CARRIED: Final = {
    # What was held
    "evt-ped-joint-workshop-2025": f"{WORKSHOP} schema:startDate 2025-06-11; "
    f"{WORKSHOP} hostedBy network/scalable-cities",
    "evt-amsterdam-atelier-kickoff": f"{KICK_OFF} schema:startDate 2020-12; "
    f"{KICK_OFF} hostedBy demo/nl-amsterdam-schoonschip; "
    f"{KICK_OFF} schema:location site/nl-amsterdam-schoonschip; "
    f"{KICK_OFF} engagementFormat engagement-format/interview; "
    f"{KICK_OFF} schema:eventAttendanceMode https://schema.org/MixedEventAttendanceMode",
    "evt-atelier-fellow-prep": "activity/atelier-fellow-city-ateliers plannedStart 2021-11; "
    "activity/atelier-fellow-city-preparation concerns project/atelier",
    # The ateliers
    "atl-1": f"{AMSTERDAM} establishedBy project/atelier",
    "atl-2": f"{BILBAO} establishedBy project/atelier",
    "atl-3": f"{KICK_OFF} schema:startDate 2020-12; {KICK_OFF} concerns {AMSTERDAM}",
    "atl-4": f"{KICK_OFF} schema:location site/nl-amsterdam-schoonschip; "
    "site/nl-amsterdam-schoonschip partOfDistrict ped/nl-amsterdam-buiksloterham",
    "atl-5": "* value 100.0; * valueQualifier value-qualifier/more-than",
    "atl-6": f"* stage hub-stage/establishing; "
    f"{AMSTERDAM} hasOrganisationStructure arrangement/nl-amsterdam-atelier-organisation",
    "atl-7": f"* stage hub-stage/establishing; "
    f"{BILBAO} hasOrganisationStructure arrangement/es-bilbao-atelier-organisation",
    "atl-8": f"{AMSTERDAM} hasObjective objective/ateliers-local-innovation",
    "atl-9": f"{AMSTERDAM} followsModel innovation-model/open-innovation-quadruple-helix",
    "atl-10": "* involves organisation/tno; * role involvement-role/lead-ped-innovation-ateliers",
    "atl-11": f"measure/ateliers-technical-solutions assessedBy {AMSTERDAM}; "
    "measure/ateliers-supportive-measures reviewedBy "
    f"{BILBAO}; obstacle/conventional-structures removalSoughtBy {AMSTERDAM}",
    "atl-12": f"{AMSTERDAM} dcterms:description *",
    "atl-13": "figure/atelier-article-2 rdf:type Figure",
    "atl-29": "activity/atelier-fellow-city-ateliers plannedStart 2021-11",
    "atl-30": f"{AMSTERDAM} continuationPlan activity/ateliers-sustaining",
    # The document to read
    "atelier-d3-1": "document/atelier-d3-1 bibo:number D3.1; document/atelier-d3-1 dcterms:isPartOf project/atelier",
    # Numbers and aims
    "tgt-100-peds": "target/100-peds-2025 value 100.0; target/100-peds-2025 dueDate 2025-12-31",
    "tgt-network-cities": "* value 130.0; * indicator member-cities",
    "tgt-network-projects": "* value 28.0; * indicator member-projects",
    # Five projects take part; nobody states the number five apart from naming them.
    "tgt-projects-workshop": "; ".join(
        f"* involves project/{each}" for each in ("ascend", "interped", "neutralpath", "pedvolution", "harmonise")
    ),
    "tgt-cities-cn": "objective/atelier-establish-ateliers topic topic/climate-neutrality",
    # Measures and obstacles
    "mea-1": f"measure/ateliers-technical-solutions developedBy {AMSTERDAM}",
    "mea-2": f"measure/ateliers-supportive-measures developedBy {AMSTERDAM}",
    "mea-3": f"obstacle/conventional-structures removalSoughtBy {AMSTERDAM}",
    "mea-4": "obstacle/conventional-structures origin obstacle-origin/conventional-structures",
    "mea-5": f"arrangement/ateliers-institutional-arrangements reviewedBy {AMSTERDAM}",
    "mea-6": f"arrangement/ateliers-cooperation-and-governance reviewedBy {AMSTERDAM}",
    "mea-7": f"arrangement/ateliers-business-models reviewedBy {AMSTERDAM}",
    "mea-8": f"arrangement/ateliers-funding-mechanisms reviewedBy {AMSTERDAM}",
    "mea-9": f"{BILBAO} hasOrganisationStructure arrangement/es-bilbao-atelier-organisation",
    "mea-10": "activity/ateliers-workshops eventType event-type/workshop",
    # The panel speaks of these; its report describes neither an obstacle nor a measure of its own.
    "mea-11": f"{PANEL} topic topic/technical-challenges; {PANEL} topic topic/governance-challenges",
    "mea-12": f"{PANEL} topic topic/financing-mechanisms",
    "mea-13": f"{PANEL} topic topic/supportive-policy",
    "mea-14": f"{PANEL} topic topic/community-participation; {PANEL} topic topic/co-governance",
    # Topics of the panel
    "top-01": f"{PANEL} topic topic/implementation-strategies",
    "top-02": f"{PANEL} topic topic/monitoring-frameworks",
    "top-03": f"{PANEL} topic topic/digital-infrastructure",
    "top-04": f"{PANEL} topic topic/integration-of-renewables",
    "top-05": f"{PANEL} topic topic/governance-challenges",
    "top-06": f"{PANEL} topic topic/citizen-engagement",
    "top-07": f"{PANEL} topic topic/co-governance",
    "top-08": f"{PANEL} topic topic/social-innovation",
    "top-09": f"{PANEL} topic topic/inclusive-value-chains",
    "top-10": f"{PANEL} topic topic/business-models-and-policy",
    "top-11": f"{PANEL} topic topic/financing-mechanisms",
    "top-12": f"{PANEL} topic topic/supportive-policy",
    # What the projects are about
    "top-13": "; "
    "".join(f"project/ascend hasFocus topic/{each}" for each in ("health", "sustainability", "inclusiveness")),
    "top-14": "project/pedvolution hasFocus topic/digital-twins",
    "top-15": "project/pedvolution hasFocus topic/business-models",
    "top-16": "project/neutralpath hasObjective objective/neutralpath-scalable-peds",
    "top-17": "project/neutralpath hasFocus topic/replication; project/neutralpath hasFocus topic/upscaling",
    "top-18": "project/interped hasFocus topic/interoperable-platforms",
    "top-19": "project/interped hasFocus topic/data-driven-decisions",
    "top-20": "project/harmonise hasFocus topic/digital-solutions",
    "top-21": "project/harmonise hasFocus topic/knowledge-sharing; "
    "project/harmonise hasFocus topic/stakeholder-collaboration",
    "top-22": "activity/joint-ped-workshop-roadshows eventType event-type/roadshow",
    "top-23": "activity/joint-ped-workshop-technical-exchanges eventType event-type/technical-exchange",
    "top-24": "activity/joint-ped-workshop-policy-dialogues eventType event-type/policy-dialogue",
    "top-25": "requirement/set-plan-3-2-open-innovation requires innovation-model/open-innovation",
    "top-26": f"{AMSTERDAM} followsModel innovation-model/open-innovation-quadruple-helix",
    "top-27": f"{AMSTERDAM} hasObjective objective/amsterdam-atelier-implementation",
    "top-28": f"{KICK_OFF} topic topic/demonstration; {KICK_OFF} topic topic/upscaling",
    "top-29": f"{KICK_OFF} topic topic/citizen-awareness; {KICK_OFF} topic topic/citizen-involvement",
    "top-30": f"{KICK_OFF} topic topic/stakeholder-collaboration",
    "top-31": f"{KICK_OFF} topic topic/decarbonisation; {KICK_OFF} topic topic/upscaling",
    # Persons
    "per-veronika-cerna": "* involves person/veronika-cerna; * role involvement-role/welcome-speaker",
    "per-baptiste-mougeot": "* involves person/baptiste-mougeot; * presents project/ascend",
    "per-marina-lascari": "* involves person/marina-lascari; * presents project/pedvolution",
    "per-stefania-mascolo": "* involves person/stefania-mascolo; * presents project/neutralpath",
    "per-laurena-sanchez": "* involves person/laurena-sanchez; * presents project/interped",
    "per-christos-korkas": "* involves person/christos-korkas; * presents project/harmonise",
    "per-eugenia-brignone": "* involves person/eugenia-brignone; * role involvement-role/moderator",
    "per-jeroen-brouwer": "* involves person/jeroen-brouwer; * representing organisation/tno",
}  # fmt: skip
# The stages and parts of an atelier are members of code lists, whose source is D3.7.
CODES_OF_D37: Final = {
    "development stage": ("hub-stage", {"Establishing", "Maturation", "Stabilisation"}),
    "evaluation component": (
        "hub-building-block",
        {
            *("Mission", "Value Proposition", "Strategic Coordination"),
            *("Open Innovation Activities", "Learning & Diffusion", "Organisational Capacity"),
        },
    ),
}

Facts = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def stated(curated: CuratedData) -> Facts:
    """What the two texts state, without the beginnings that all names share."""
    found: Facts = set()
    for text in ("s1", "s2"):
        for triple in curated.sources[f"{GRAPHS}{text}/1"]:
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode | Literal)
            subject, value = triple.subject.value.removeprefix(THINGS), triple.object.value
            for start in (THINGS, CODES, INDICATORS, TERMS):
                value = value.removeprefix(start)
            found.add((subject, triple.predicate.value, value))
    return found


def properties(text: str) -> str:
    """The IRI of a property in :data:`CARRIED`."""
    prefix, _, name = text.rpartition(":")
    return PREFIXES[prefix or "pedg"] + name


def is_stated(stated: Facts, wanted: str) -> bool:
    """Whether one node, where there is a star, or else each subject has all that is wanted of it."""
    parts = [part.strip().split(" ", 2) for part in wanted.split(";")]
    of_star = [{each[0] for each in stated if matches(each, part)} for part in parts if part[0] == "*"]
    is_same_node = not of_star or bool(set.intersection(*of_star)) or len({part[1] for part in parts}) == 1
    return is_same_node and all(any(matches(each, part) for each in stated) for part in parts)


def matches(fact: tuple[str, str, str], part: list[str]) -> bool:
    subject, name, value = part
    return fact[1] == properties(name) and subject in {"*", fact[0]} and value in {"*", fact[2]}


def test_every_fact_of_the_two_texts_is_in_the_graph_of_one() -> None:
    ids = {
        row.get("id") or row["fact_id"]
        for name in ("events", "ateliers", "deliverables", "targets", "measures", "topics")
        for row in facts(name)
        if row["in_seed"] == "yes"
    } | {row["id"] for row in facts("people")}

    assert ids == set(CARRIED)


@pytest.mark.parametrize("wanted", CARRIED.values(), ids=list(CARRIED))
def test_the_graphs_of_the_two_texts_state_it(stated: Facts, wanted: str) -> None:
    assert is_stated(stated, wanted)


def test_the_stages_and_parts_of_ateliers_are_codes_whose_source_is_named() -> None:
    named: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for triple in read_codes():
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            code = triple.subject.value.removeprefix(CODES)
            name = triple.predicate.value.rpartition("/")[2].rpartition("#")[2]
            if name == "prefLabel" and isinstance(triple.object, Literal) and triple.object.language == "en":
                named.setdefault(triple.object.value.casefold(), set()).add(code)
            if name == "source":
                sources.setdefault(code, set()).add(triple.object.value)
    for property_, (scheme, values) in CODES_OF_D37.items():
        rows = [row for row in facts("ateliers") if row["property"].startswith(property_) and row["in_seed"] == "no"]
        assert {row["value"] for row in rows} == values
        for value in values:
            (code,) = (each for each in named[value.casefold().replace("&", "and")] if each.startswith(scheme))
            assert D37 in sources[code], code
