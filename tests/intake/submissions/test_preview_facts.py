"""What a preview says of facts, statuses and duplicates: each effect exactly, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import InputError, NotReady
from pedgraph.intake.submissions.impact.asked import put, withdraw
from pedgraph.store.versions import Versions
from tests.intake.submissions.worlds import build_world, graph, look, said, triples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pedgraph.intake.submissions.impact.result import Preview

LYON = 'city:fr-lyon a pedg:City ; rdfs:label "Lyon"@en ; pedg:inCountry country:FRA .'
ASCEND = (
    'project:ascend a pedg:Project ; rdfs:label "ASCEND"@en, "ASCEND (Lyon)"@fr ; schema:endDate "2027"^^xsd:gYear .'
)
FIRST = f"""
{LYON} {ASCEND}
involvement:000000000001 a pedg:CityParticipation ;
    pedg:involves city:fr-lyon ; pedg:context project:ascend ; pedg:role city-role:lighthouse .
ped:fr-lyon-confluence a pedg:PositiveEnergyDistrict ; rdfs:label "Confluence"@en ; pedg:inCity city:fr-lyon ;
    pedg:stageRecord stage:000000000001 .
stage:000000000001 a pedg:StageRecord ; pedg:stage ped-stage:planning ; pedg:reachedOn "2024"^^xsd:gYear .
obs:000000000001 a pedg:IndicatorObservation ; pedg:about ped:fr-lyon-confluence ;
    pedg:indicator indicator:energy-use ; pedg:value 2600.50 ; pedg:unit unit:MegaW-HR ;
    pedg:referenceYear "2024"^^xsd:gYear ; pedg:valueRole value-role:actual .
"""
OTHER = f"{LYON} {ASCEND}"


def balance(use: int) -> str:
    """What it takes to assess Confluence in 2025: 3,000 MWh are generated."""
    common = """
        pedg:about ped:fr-lyon-confluence ; pedg:referenceYear "2025"^^xsd:gYear ;
        pedg:energyMetric energy-metric:final ;
        pedg:valueRole value-role:actual ; pedg:valueOrigin value-origin:metered ; pedg:unit unit:MegaW-HR ;"""
    return f"""
    balance:000000000009 a pedg:EnergyBalance ; pedg:about ped:fr-lyon-confluence ;
        pedg:referenceYear "2025"^^xsd:gYear ; pedg:method calculation-method:best-table ;
        pedg:boundaryMode boundary-mode:geographical ; pedg:energyMetric energy-metric:final ;
        pedg:usesIncluded use-scope:building-operation ; pedg:hasComponent obs:000000000008, obs:{use} .
    obs:000000000008 a pedg:IndicatorObservation ; {common}
        pedg:indicator indicator:renewable-generation ; pedg:value 3000.0 .
    obs:{use} a pedg:IndicatorObservation ; {common} pedg:indicator indicator:energy-use ; pedg:value {use}.0 .
    """


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with two graphs. Nobody writes to it."""
    home = tmp_path_factory.mktemp("facts")
    build_world(home, first=FIRST, other=OTHER)
    return home


def numbers(found: Preview, *names: str) -> Sequence[int]:
    return [found.counts[name] for name in names]


def test_what_is_new_is_told_with_the_thing_that_it_is_about(home: Path) -> None:
    text = """
    project:ascend schema:startDate "2023"^^xsd:gYear .
    involvement:000000000002 a pedg:CityParticipation ;
        pedg:involves city:fr-lyon ; pedg:context project:ascend ; pedg:role city-role:follower ;
        pedg:validFrom "2026-01-01"^^xsd:date .
    ped:fr-lyon-new a pedg:PositiveEnergyDistrict ; rdfs:label "New"@en ; pedg:inCity city:fr-lyon .
    obs:000000000002 a pedg:IndicatorObservation ; pedg:about ped:fr-lyon-new ; pedg:indicator indicator:floor-area ;
        pedg:value 60000 ; pedg:unit unit:M2 ; pedg:referenceYear "2024"^^xsd:gYear .
    """

    found = look(home, put(graph("new"), triples(text)))

    assert said(found) == {
        "Lyon": [("added", "role of Lyon in ASCEND", "", "follower city (valid from 2026-01-01)")],
        "New": [
            ("added", "floor area, 2024", "", "60000 m²"),
            ("added", "in city", "", "Lyon"),
            ("added", "kind", "", "positive energy district"),
            ("added", "label", "", "New"),
        ],
        "ASCEND": [("added", "start date", "", "2023")],
    }
    assert numbers(found, "added", "removed", "changed", "derived", "entities") == [6, 0, 0, 0, 3]
    assert [each.label for each in found.new_entities] == ["New"]
    assert [(each.entity.label, [one.label for one in each.graphs]) for each in found.touched] == [
        ("Lyon", ["FIRST", "graph:geonames/1", "OTHER"]),
        ("ASCEND", ["FIRST", "OTHER"]),
    ]
    assert [(each.entity.label, each.year, each.before, each.after) for each in found.statuses] == [
        ("New", "no year", "", "insufficient data (lacks: energy balance)")
    ]
    assert not found.changes_nothing
    assert not found.duplicates


def test_a_submission_that_repeats_what_is_known_changes_nothing(home: Path) -> None:
    found = look(home, put(graph("again"), triples(OTHER)))

    assert found.changes_nothing
    assert (found.entities, found.conflicts, found.statuses, found.answers.changed) == ((), (), (), ())
    assert found.answers.unchanged == 49
    assert {name: count for name, count in found.counts.items() if count} == {"repeated": 7}


def test_a_revision_says_what_was_and_what_is(home: Path) -> None:
    text = (
        FIRST.replace("2600.50", "2700")
        .replace("obs:000000000001", "obs:000000000003")
        .replace("city-role:lighthouse", "city-role:follower")
        .replace("involvement:000000000001", "involvement:000000000003")
        .replace("ped-stage:planning", "ped-stage:implementation")
        .replace('"Confluence"@en', '"Lyon Confluence"@en')
        .replace("ASCEND (Lyon)", "ASCEND à Lyon")
    )

    found = look(home, put(graph("first-2"), triples(text), replaces=(graph("first"),)))

    assert said(found) == {
        "Lyon": [("changed", "role of Lyon in ASCEND", "lighthouse city", "follower city")],
        "Lyon Confluence": [
            ("changed", "energy use, 2024", "2600.5 MW·h (actual)", "2700 MW·h (actual)"),
            ("changed", "label", "Confluence", "Lyon Confluence"),
            ("changed", "stage", "planning", "implementation"),
        ],
        # The other graph goes on saying what it says.
        "ASCEND": [("added", "label", "", "ASCEND à Lyon")],
    }
    assert numbers(found, "added", "removed", "changed", "kept", "repeated") == [1, 0, 4, 1, 0]
    assert (found.replaces, found.new_entities, found.statuses) == ((graph("first"),), (), ())


def test_a_withdrawal_takes_away_what_nobody_else_says(home: Path) -> None:
    found = look(home, withdraw(graph("first")))

    assert said(found) == {
        "Lyon": [("removed", "role of Lyon in ASCEND", "lighthouse city", "")],
        "Confluence": [
            ("removed", "energy use, 2024", "2600.5 MW·h (actual)", ""),
            ("removed", "in city", "Lyon", ""),
            ("removed", "kind", "positive energy district", ""),
            ("removed", "label", "Confluence", ""),
            ("removed", "stage", "planning (reached on 2024)", ""),
        ],
    }
    assert [(each.entity.label, each.is_new, each.is_gone) for each in found.entities] == [
        ("Lyon", False, False),
        ("Confluence", False, True),
    ]
    assert numbers(found, "removed", "kept", "added") == [6, 7, 0]
    assert [(each.entity.label, each.before, each.after) for each in found.statuses] == [
        ("Confluence", "insufficient data (lacks: energy balance)", "")
    ]


def test_what_follows_is_told_apart(home: Path) -> None:
    text = """
    site:fr-lyon-hall a pedg:DemonstrationSite ; rdfs:label "Hall"@en ; pedg:partOfDistrict ped:fr-lyon-confluence .
    """

    found = look(home, put(graph("site"), triples(text)))

    assert said(found) == {
        "Hall": [
            ("added", "kind", "", "demonstration site"),
            ("added", "label", "", "Hall"),
            ("added", "part of district", "", "Confluence"),
            ("(added)", "in city", "", "Lyon"),
        ]
    }
    assert numbers(found, "added", "derived") == [4, 1]


def test_a_status_that_changes_is_told_before_and_after(home: Path, tmp_path: Path) -> None:
    build_world(tmp_path, first=FIRST, other=OTHER, figures=balance(2500))

    first = look(home, put(graph("figures"), triples(balance(2500))))
    then = look(tmp_path, put(graph("figures"), triples(balance(3500))))

    assert [(each.entity.label, each.year, each.before, each.after) for each in first.statuses] == [
        ("Confluence", "2025", "", "surplus"),
        ("Confluence", "no year", "insufficient data (lacks: energy balance)", ""),
    ]
    assert [(each.entity.label, each.year, each.before, each.after) for each in then.statuses] == [
        ("Confluence", "2025", "surplus", "not positive")
    ]
    assert ("changed", "energy use, 2025") in {line[:2] for line in said(then)["Confluence"]}


def test_likely_duplicates_are_named(home: Path) -> None:
    text = """
    project:ascend-2 a pedg:Project ; rdfs:label "A.S.C.E.N.D."@en .
    ped:fr-lyon-conflu a pedg:PositiveEnergyDistrict ; rdfs:label "Confluense"@en ; pedg:inCity city:fr-lyon .
    ped:xx-conflu a pedg:PositiveEnergyDistrict ; rdfs:label "Confluence"@en ; pedg:inCity city:xx-elsewhere .
    """

    found = look(home, put(graph("twins"), triples(text)))

    assert [(each.entity.iri[-14:], each.other.label, each.is_same_name) for each in found.duplicates] == [
        ("fr-lyon-conflu", "Confluence", False),
        ("oject/ascend-2", "ASCEND", True),
    ]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "rol van Lyon in ASCEND"),
        ("de", "Rolle von Lyon in ASCEND"),
        ("fr", "rôle de Lyon dans ASCEND (Lyon)"),
        ("es", "papel de Lyon en ASCEND"),
    ],
)
def test_it_speaks_other_languages_as_far_as_labels_go(home: Path, language: str, subject: str) -> None:
    text = """involvement:4 a pedg:CityParticipation ; pedg:involves city:fr-lyon ; pedg:context project:ascend ;
        pedg:role city-role:fellow ."""

    found = look(home, put(graph("words"), triples(text)), language=language)

    assert said(found) == {"Lyon": [("added", subject, "", "fellow city")]}


def test_lists_are_cut_and_counted(home: Path) -> None:
    text = "".join(f'project:p{number:03} a pedg:Project ; rdfs:label "P {number}"@en .' for number in range(120))

    found = look(home, put(graph("many"), triples(text)))

    assert (len(found.entities), len(found.new_entities)) == (100, 100)
    assert numbers(found, "entities", "new_entities", "added") == [120, 120, 240]


def test_the_json_is_the_same_each_time_and_the_version_is_untouched(home: Path) -> None:
    versions = Versions(home)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in versions.store_directory().iterdir())

    one, two = (look(home, put(graph("new"), triples(balance(2500)))).as_json() for _ in range(2))

    assert one == two
    assert sorted((path.name, path.stat().st_mtime_ns) for path in versions.store_directory().iterdir()) == before
    assert versions.numbers() == [1]
    assert list(versions.trials.iterdir()) == []


def test_it_says_when_it_cannot_be(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no previews in 'xx'"):
        look(home, withdraw(graph("first")), language="xx")
    with pytest.raises(NotReady):
        look(tmp_path, withdraw(graph("first")))
