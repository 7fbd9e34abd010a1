"""The code lists one by one: how many members, in which languages, with which units, and how they match other lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib import RDF, SKOS
from rdflib.namespace import DCTERMS

from pedgraph.intake.bundle import read_codes, read_vocabulary
from pedgraph.intake.gate import CLOSED_NAMESPACES, declared_terms
from pedgraph.intake.terms import to_rdflib
from pedgraph.resources import alignments_directory
from pedgraph.vocabulary.iris import CODES, INDICATORS, TERMS

if TYPE_CHECKING:
    from rdflib.term import Node

QUDT = rdflib.Namespace("http://qudt.org/schema/qudt/")
KIND = "http://qudt.org/vocab/quantitykind/"
UNIT = "http://qudt.org/vocab/unit/"
DEFAULT_HELIX = rdflib.URIRef(TERMS + "defaultHelix")
MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
ALIGNMENTS = ["celine-codes", "eurio-codes", "m8g-codes", "oeo-codes", "ped-database"]

MEMBERS = {
    "activity-status": 4,
    "actor-type": 22,
    "assessed-status": 5,
    "assessment-gap": 13,
    "boundary-mode": 3,
    "calculation-method": 5,
    "city-role": 11,
    "confidence": 5,
    "disagreement-kind": 13,
    "district-label": 8,
    "energy-carrier": 13,
    "energy-metric": 3,
    "engagement-format": 10,
    "event-type": 12,
    "helix": 4,
    "hub-building-block": 6,
    "hub-stage": 5,
    "indicator": 69,
    "innovation-model": 4,
    "involvement-role": 27,
    "measure-field": 16,
    "obstacle-origin": 10,
    "ped-activity": 3,
    "ped-database-choice": 11,
    "ped-database-field": 39,
    "ped-function": 3,
    "ped-stage": 7,
    "ped-status": 5,
    "ped-type": 4,
    "site-category": 3,
    "submission-status": 8,
    "technology": 19,
    "topic": 37,
    "use-scope": 7,
    "value-origin": 6,
    "value-qualifier": 6,
    "value-role": 3,
}

UNITS_BY_KIND = {
    "Area": {"HA", "M2"},
    "CO2Equivalent": {"KiloGM", "TONNE"},
    "Count": {"NUM"},
    "Currency": {"CCY_EUR"},
    "DimensionlessRatio": {"PERCENT"},
    "Energy": {"GigaJ", "GigaW-HR", "KiloW-HR", "MegaW-HR"},
    "EnergyPerArea": {"KiloW-HR-PER-M2"},
    "MassPerEnergy": {"KiloGM-PER-GigaJ"},
    "Population": {"NUM"},
    "Power": {"KiloW"},
    "Time": {"MO_MeanJulian", "YR"},
    "TimeTemperature": {"K-DAY"},
}


@pytest.fixture(scope="module")
def codes() -> rdflib.Graph:
    """All code lists."""
    return to_rdflib(read_codes())


def members(graph: rdflib.Graph, scheme: str) -> set[Node]:
    return set(graph.subjects(SKOS.inScheme, rdflib.URIRef(CODES + scheme)))


def alignment(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(alignments_directory() / f"{name}.ttl")


def test_every_list_has_its_members(codes: rdflib.Graph) -> None:
    schemes = {str(scheme).removeprefix(CODES) for scheme in codes.subjects(RDF.type, SKOS.ConceptScheme)}

    assert {scheme: len(members(codes, scheme)) for scheme in schemes} == MEMBERS


def test_a_label_is_given_once_per_language(codes: rdflib.Graph) -> None:
    for code in codes.subjects(RDF.type, SKOS.Concept):
        languages = [getattr(label, "language", None) for label in codes.objects(code, SKOS.prefLabel)]
        assert len(languages) == len(set(languages)), code
        assert {"en"} <= set(languages) <= {"en", "nl", "de", "fr", "es"}, code


def test_no_two_members_of_a_list_share_a_label(codes: rdflib.Graph) -> None:
    for scheme in MEMBERS:
        labels = [label for code in members(codes, scheme) for label in codes.objects(code, SKOS.prefLabel)]
        assert len(labels) == len(set(labels)), scheme


def test_related_members_are_named_once_and_on_no_common_path(codes: rdflib.Graph) -> None:
    pairs = set(codes.subject_objects(SKOS.related))

    assert len(pairs) == 14
    for first, second in pairs:
        assert str(first) < str(second)
        assert set(codes.objects(first, SKOS.inScheme)) == set(codes.objects(second, SKOS.inScheme))
        assert second not in set(codes.transitive_objects(first, SKOS.broader))
        assert first not in set(codes.transitive_objects(second, SKOS.broader))


def test_the_default_helix_agrees_with_the_note_for_readers(codes: rdflib.Graph) -> None:
    found = {
        str(code): {str(helix) for helix in codes.objects(code, DEFAULT_HELIX)} for code in members(codes, "actor-type")
    }
    noted = {}
    for code in members(codes, "actor-type"):
        (note,) = codes.objects(code, SKOS.scopeNote)
        usual = re.match(r"Usual helix: (\w+)\.", str(note))
        noted[str(code)] = {f"{CODES}helix/{usual[1]}"} if usual else set()

    assert found == noted
    without = {code.rpartition("/")[2] for code, helixes in found.items() if not helixes}
    assert without == {
        "association", "company", "housing-association", "network-secretariat", "outside-expert", "public-company",
        "utility",
    }  # fmt: skip
    assert set(codes.objects(None, DEFAULT_HELIX)) == members(codes, "helix")


def test_every_indicator_has_the_units_of_its_kind(codes: rdflib.Graph) -> None:
    indicators = members(codes, "indicator")
    kinds = set()
    for indicator in indicators:
        (kind,) = (str(each).removeprefix(KIND) for each in codes.objects(indicator, QUDT.hasQuantityKind))
        units = {str(each).removeprefix(UNIT) for each in codes.objects(indicator, QUDT.applicableUnit)}
        # A factor is a plain number: 2.1 and not 210 percent.
        is_factor = str(indicator) == INDICATORS + "primary-energy-factor"
        assert units == ({"NUM"} if is_factor else UNITS_BY_KIND[kind]), indicator
        kinds.add(kind)

    assert indicators == set(codes.subjects(RDF.type, rdflib.URIRef(TERMS + "Indicator")))
    assert kinds == set(UNITS_BY_KIND)


def test_fields_of_measures_are_in_two_groups(codes: rdflib.Graph) -> None:
    group = CODES + "measure-field/"
    sizes = {
        str(top).removeprefix(group): len(set(codes.subjects(SKOS.broader, top)))
        for top in codes.subjects(SKOS.topConceptOf, rdflib.URIRef(CODES + "measure-field"))
    }

    assert sizes == {"technical": 7, "supportive": 7}


def test_fields_of_the_ped_database_are_in_their_sections(codes: rdflib.Graph) -> None:
    notations = {code: str(codes.value(code, SKOS.notation)) for code in members(codes, "ped-database-field")}
    for code, notation in notations.items():
        above = {notations[each] for each in codes.objects(code, SKOS.broader)}
        section, dot, _ = notation.partition(".")
        is_part = re.fullmatch(r"[ABC]\dP\d{3}", section)
        assert above == ({section} if dot else {notation[:2]} if is_part else set()), notation
    with_unit = {notations[code] for code in codes.subjects(QUDT.hasUnit, rdflib.URIRef(UNIT + "GigaW-HR"))}
    assert with_unit == {"A2P007", "A2P008", "A2P009", "A2P010"}


def test_choices_of_the_ped_database_are_the_texts_it_shows(codes: rdflib.Graph) -> None:
    choices: dict[str, set[str]] = {}
    for code in members(codes, "ped-database-choice"):
        (field,) = codes.objects(code, DCTERMS.isPartOf)
        choices.setdefault(str(codes.value(field, SKOS.notation)), set()).add(str(codes.value(code, SKOS.notation)))

    assert choices == {
        "A1P003": {"PED Case Study", "PED Lab", "PED Relevant Case Study"},
        "A1P005": {"Completed", "Implementation Phase", "In Operation", "Planning Phase"},
        "C1P012": {
            "Construction/implementation",
            "Design/demand aggregation",
            "Monitoring/operation/management",
            "Planning/leading",
        },
    }


def test_the_lists_themselves_hold_no_match(codes: rdflib.Graph) -> None:
    assert [match for match in MATCHES if next(codes.subject_objects(match), None)] == []


@pytest.mark.parametrize("name", ALIGNMENTS)
def test_an_alignment_matches_members_of_lists(name: str) -> None:
    declared = declared_terms(read_vocabulary())
    members_of_lists = {str(code) for code in to_rdflib(read_codes()).subjects(SKOS.inScheme)}
    graph = alignment(name)

    assert len(graph) > 0
    assert {str(subject) for subject in graph.subjects()} <= members_of_lists
    assert set(graph.predicates()) <= MATCHES
    ours = {str(object_) for object_ in graph.objects() if str(object_).startswith(CLOSED_NAMESPACES)}
    assert ours <= declared
    # No pair is matched in two ways: close and related, for example, would say different things.
    pairs = [(subject, object_) for subject, _, object_ in graph]
    assert len(pairs) == len(set(pairs))


def test_only_choices_of_the_ped_database_are_matched_exactly() -> None:
    exact = {
        str(subject).removeprefix(CODES): str(object_).removeprefix(CODES)
        for name in ALIGNMENTS
        for subject, object_ in alignment(name).subject_objects(SKOS.exactMatch)
    }

    assert exact == {
        "ped-database-choice/completed": "ped-stage/completed",
        "ped-database-choice/implementation-phase": "ped-stage/implementation",
        "ped-database-choice/in-operation": "ped-stage/in-operation",
        "ped-database-choice/ped-case-study": "site-category/case-study",
        "ped-database-choice/ped-lab": "site-category/lab",
        "ped-database-choice/ped-relevant-case-study": "site-category/relevant-case-study",
        "ped-database-choice/planning-phase": "ped-stage/planning",
    }
