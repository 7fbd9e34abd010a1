"""Conflicts: each kind is found, with who says what, and what only looks like one is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.submissions.impact.asked import put, withdraw
from pedgraph.intake.submissions.impact.conflicts import read_conflict_queries, texts_for
from pedgraph.store.candidate import Candidate
from pedgraph.store.versions import Versions
from tests.intake.submissions.test_preview_facts import balance
from tests.intake.submissions.worlds import build_world, graph, look, triples

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.impact.result import Conflict

NUMBER = 'a pedg:IndicatorObservation ; pedg:indicator indicator:energy-use ; pedg:referenceYear "2024"^^xsd:gYear'
MWH, GWH = "pedg:unit unit:MegaW-HR", "pedg:unit unit:GigaW-HR"
ROLE = "a pedg:CityParticipation ; pedg:context project:ascend"
R2 = "pedg:involves city:r2"
ACTOR = "a pedg:StakeholderInvolvement ; pedg:context hub:h ; pedg:involves"
LISTED = "a pedg:CityParticipation ; pedg:context project:l1"
REGISTER = """a pedg:IndicatorObservation ; pedg:indicator indicator:listed-sites ; pedg:about organisation:b ;
    pedg:unit unit:NUM"""
AT_LEAST = "pedg:valueQualifier <https://w3id.org/pedgraph/code/value-qualifier/at-least>"
ASPIRING = "pedg:claimedStatus ped-status:aspiring"
CLAIM = "a pedg:StatusClaim ; pedg:about"

# Kind → what is accepted, what is submitted, what is said of the conflict: label, aspect, now, submitted.
RIVALS: dict[str, tuple[str, str, tuple[str, str, str, str]]] = {
    "numbers": (
        f"ped:n1 rdfs:label 'N1'@en . obs:1 {NUMBER} ; pedg:about ped:n1 ; pedg:value 2000 ; {MWH} .",
        f"obs:2 {NUMBER} ; pedg:about ped:n1 ; pedg:value 2.2 ; {GWH} .",
        ("N1", "value, energy use, 2024", "2000 MW·h", "2.2 GW·h"),
    ),
    "dates": (
        "project:d1 rdfs:label 'D1'@en ; schema:endDate '2026'^^xsd:gYear .",
        "project:d1 schema:endDate '2027-12-31'^^xsd:date .",
        ("D1", "end date", "2026", "2027-12-31"),
    ),
    "roles": (
        f"city:r1 rdfs:label 'R1'@en . involvement:1 {ROLE} ; pedg:involves city:r1 ; pedg:role city-role:lighthouse .",
        f"involvement:2 {ROLE} ; pedg:involves city:r1 ; pedg:role city-role:fellow .",
        ("R1", "role, ASCEND", "lighthouse city", "fellow city"),
    ),
    "coordinates": (
        "site:p1 rdfs:label 'P1'@en ; schema:latitude 52.4000 ; schema:longitude 4.9000 .",
        "site:p1 schema:latitude 52.4000 ; schema:longitude 4.9075 .",
        ("P1", "coordinates", "52.4, 4.9", "52.4, 4.9075"),
    ),
    "stages": (
        "ped:s1 rdfs:label 'S1'@en ; pedg:stageRecord stage:1 . stage:1 pedg:stage ped-stage:idea .",
        "ped:s1 pedg:stageRecord stage:2 . stage:2 pedg:stage ped-stage:planning ; pedg:reachedOn '2024'^^xsd:gYear .",
        ("S1", "stage, 2024", "idea", "planning"),
    ),
    "helices": (
        f"organisation:a1 rdfs:label 'A1'@en . involvement:3 {ACTOR} organisation:a1 ; pedg:helix helix:industry .",
        f"involvement:4 {ACTOR} organisation:a1 ; pedg:helix helix:academia .",
        ("A1", "helix, H", "industry", "academia"),
    ),
    "labels": (
        "project:l1 rdfs:label 'L1'@en , 'El'@nl .",
        "project:l1 rdfs:label 'The L1'@en .",
        ("L1", "label", "L1", "The L1"),
    ),
    "places": (
        "city:c1 rdfs:label 'C1'@en ; pedg:inCountry country:NLD .",
        "city:c1 pedg:inCountry country:BEL .",
        ("C1", "in country", "Netherlands", "Belgium"),
    ),
    "claims": (
        f"ped:k1 rdfs:label 'K1'@en . claim:1 {CLAIM} ped:k1 ; pedg:claimedStatus ped-status:aspiring .",
        f"claim:2 {CLAIM} ped:k1 ; pedg:claimedStatus ped-status:given-up .",
        ("K1", "claimed status", "aspiring", "given up"),
    ),
    "attendance": (
        "event:e1 rdfs:label 'E1'@en ; schema:eventAttendanceMode schema:OnlineEventAttendanceMode .",
        "event:e1 schema:eventAttendanceMode schema:MixedEventAttendanceMode .",
        ("E1", "way of attending", "schema:OnlineEventAttendanceMode", "schema:MixedEventAttendanceMode"),
    ),
    "lists": (
        f"city:t1 rdfs:label 'T1'@en . involvement:5 {LISTED} ; pedg:involves city:t1 ; pedg:role city-role:follower .",
        f"involvement:6 {LISTED} ; pedg:involves city:t2 ; pedg:role city-role:follower ."
        f"involvement:7 {LISTED} ; pedg:involves city:t3 ; pedg:role city-role:fellow .",
        ("T1", "role, L1", "follower city", "not named"),
    ),
    "register-counts": (
        f"organisation:b rdfs:label 'B'@en . obs:5 {REGISTER} ; pedg:value 29 ; pedg:referenceYear '2020'^^xsd:gYear .",
        f"obs:6 {REGISTER} ; pedg:value 61 ; pedg:referenceYear '2022'^^xsd:gYear .",
        ("B", "value, number of listed sites", "29", "61"),
    ),
}
# What is accepted and what is submitted, of which none excludes the other.
PEACE: dict[str, tuple[str, str]] = {
    "numbers within 5 %": (
        f"obs:11 {NUMBER} ; pedg:about ped:n2 ; pedg:value 2000 ; {MWH} .",
        f"obs:12 {NUMBER} ; pedg:about ped:n2 ; pedg:value 2.1 ; {GWH} .",
    ),
    "numbers of other roles": (
        f"obs:13 {NUMBER} ; pedg:about ped:n3 ; pedg:value 2000 ; {MWH} ; pedg:valueRole value-role:actual .",
        f"obs:14 {NUMBER} ; pedg:about ped:n3 ; pedg:value 9.9 ; {GWH} ; pedg:valueRole value-role:design .",
    ),
    "numbers of another carrier": (
        f"obs:15 {NUMBER} ; pedg:about ped:n4 ; pedg:value 2000 ; {MWH} .",
        f"obs:16 {NUMBER} ; pedg:about ped:n4 ; pedg:value 9.9 ; {GWH} ; pedg:energyCarrier <urn:x:heat> .",
    ),
    "a date less exact": (
        "project:d2 schema:endDate '2026'^^xsd:gYear .",
        "project:d2 schema:endDate '2026-12-31'^^xsd:date .",
    ),
    "roles one after the other": (
        f"involvement:11 {ROLE} ; {R2} ; pedg:role city-role:mentor ; pedg:validUntil '2023'^^xsd:gYear .",
        f"involvement:12 {ROLE} ; {R2} ; pedg:role city-role:fellow ; pedg:validFrom '2024'^^xsd:gYear .",
    ),
    "places less than 500 metres apart": (
        "site:p2 schema:latitude 52.4000 ; schema:longitude 4.9000 .",
        "site:p2 schema:latitude 52.4000 ; schema:longitude 4.9072 .",
    ),
    "stages one after the other": (
        "ped:s2 pedg:stageRecord stage:11 . stage:11 pedg:stage ped-stage:x ; pedg:reachedOn '2023'^^xsd:gYear .",
        "ped:s2 pedg:stageRecord stage:12 . stage:12 pedg:stage ped-stage:y ; pedg:reachedOn '2024'^^xsd:gYear .",
    ),
    "helices in two hubs": (
        f"involvement:13 {ACTOR} organisation:a2 ; pedg:helix helix:industry .",
        "involvement:14 pedg:involves organisation:a2 ; pedg:context hub:other ; pedg:helix helix:academia .",
    ),
    "labels in two languages": ("project:l2 rdfs:label 'L2'@en .", "project:l2 rdfs:label 'De L2'@nl ."),
    "counts of registers within a bound": (
        f"obs:17 {REGISTER.replace('organisation:b', 'organisation:c')} ; pedg:value 29 .",
        f"obs:18 {REGISTER.replace('organisation:b', 'organisation:c')} ; pedg:value 20 ; {AT_LEAST} .",
    ),
    "a broader role": (
        f"involvement:15 {ROLE} ; pedg:involves city:r3 ; pedg:role city-role:follower .",
        f"involvement:16 {ROLE} ; pedg:involves city:r3 ; pedg:role city-role:replication .",
    ),
    "one of two names": ("project:l3 rdfs:label 'L3'@en .", "project:l3 rdfs:label 'L3'@en , 'The L3'@en ."),
    "claims for two years": (
        f"claim:11 {CLAIM} ped:k2 ; {ASPIRING} ; pedg:referenceYear '2023'^^xsd:gYear .",
        f"claim:12 {CLAIM} ped:k2 ; pedg:claimedStatus ped-status:achieved ; pedg:referenceYear '2024'^^xsd:gYear .",
    ),
}
NAMES = """project:ascend rdfs:label 'ASCEND'@en . hub:h rdfs:label 'H'@en .
    indicator:listed-sites skos:prefLabel 'number of listed sites'@en ."""
ACCEPTED = "\n".join([NAMES, *(each[0] for each in RIVALS.values()), *(each[0] for each in PEACE.values())])
SUBMITTED = "\n".join([*(each[1] for each in RIVALS.values()), *(each[1] for each in PEACE.values())])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with one graph, and one to be replaced. Nobody writes to it."""
    home = tmp_path_factory.mktemp("conflicts")
    build_world(home, accepted=ACCEPTED, old="project:d1 schema:endDate '2029'^^xsd:gYear .")
    return home


def told(conflict: Conflict) -> tuple[str, str, str, str]:
    return conflict.entity.label, conflict.aspect, conflict.now.value, conflict.submitted.value


def test_each_kind_is_found_and_nothing_else(home: Path) -> None:
    found = look(home, put(graph("new"), triples(SUBMITTED), replaces=(graph("old"),)))

    assert {each.kind: told(each) for each in found.conflicts} == {kind: each[2] for kind, each in RIVALS.items()}
    assert len(found.conflicts) == len(RIVALS) == found.counts["conflicts"]
    assert {(each.now.graph, each.now.source, each.now.stated) for each in found.conflicts} == {
        (graph("accepted"), "ACCEPTED", "2026-11-21")
    }
    assert {each.submitted.graph for each in found.conflicts} == {graph("new")}
    # The end of one is told too.
    assert [told(each) for each in found.settled] == [("D1", "end date", "2026", "2029")]
    assert found.not_compared == ()


def test_the_report_of_a_version_lists_each_pair_once(tmp_path: Path) -> None:
    build_world(tmp_path, accepted=ACCEPTED, new=SUBMITTED)
    store = Candidate(Versions(tmp_path).store_directory())
    queries = {each.name: each for each in read_conflict_queries()}

    counts = {name: sum(1 for _ in store.query(query.text)) for name, query in queries.items()}
    columns = {tuple(column.name for column in query.columns) for query in queries.values()}

    assert counts == {**dict.fromkeys(RIVALS, 1), "assessments": 0}
    assert len(columns) == 1
    for query in queries.values():
        variables = [each.value for each in store.query(query.text).variables]  # type: ignore[union-attr]
        assert variables == [column.name for column in query.columns]
        assert texts_for(query, (graph("new"),)) != [query.text] or query.name == "assessments"


def test_a_claim_is_held_against_the_assessment_whoever_brings_the_figures(tmp_path: Path) -> None:
    claim = f"claim:21 {CLAIM} ped:fr-lyon-confluence ; pedg:claimedStatus ped-status:achieved ."
    district = "ped:fr-lyon-confluence a pedg:PositiveEnergyDistrict ; rdfs:label 'Confluence'@en ."
    build_world(tmp_path / "claimed", district=district, claim=claim)
    build_world(tmp_path / "counted", district=district, figures=balance(3500))
    build_world(tmp_path / "both", district=district, claim=claim, figures=balance(3500))
    figures = put(graph("figures"), triples(balance(3500)))

    by_figures = look(tmp_path / "claimed", figures)
    by_claim = look(tmp_path / "counted", put(graph("claim"), triples(claim)))
    sound = look(tmp_path / "claimed", put(graph("figures"), triples(balance(2500))))
    known = look(tmp_path / "both", put(graph("more"), triples("project:x rdfs:label 'X'@en .")))
    ended = look(tmp_path / "both", withdraw(graph("figures")))

    conflict = ("Confluence", "claimed status, 2025", "not positive", "achieved")
    assert [told(each) for each in by_figures.conflicts] == [told(each) for each in by_claim.conflicts] == [conflict]
    assert (sound.conflicts, known.conflicts, known.settled, ended.conflicts) == ((), (), (), ())
    assert [told(each) for each in ended.settled] == [conflict]
