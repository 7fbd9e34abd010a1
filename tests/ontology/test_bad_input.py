"""Faults planted in a copy of the checkout are reported with file, term and rule, and nothing else is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.ontology.checklist import Checkout
from tests.ontology.test_checks import CHECKS, TOP, headers

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """What stands in a file, what is put in its place, and the lines that a run of the checklist must add."""

    file: str
    before: str
    after: str
    lines: tuple[str, ...]


CITY = "pedg:City\n    a owl:Class ;\n"
CITY_DEFINITION = (
    '    skos:definition "A city seen as a place on the map. Its government is an organisation and is described '
    'separately."@en ;\n'
)
FAULTS = {
    "an ontology file that does not parse": Fault(
        "ontology/place.ttl",
        CITY,
        "pedg:City\n    a owl:Class \n",
        ("ontology/place.ttl: Q01: cannot be parsed: line 13, column 5, A dot is expected at the end of statements.",),
    ),
    "a shapes file that does not parse": Fault(
        "shapes/10-place.ttl",
        "shape:S14\n    a sh:NodeShape ;\n",
        "shapes:S14\n    a sh:NodeShape ;\n",
        ("shapes/10-place.ttl: Q01: cannot be parsed: line 9, column 1, The prefix shapes: has not been declared.",),
    ),
    "a term without definition": Fault(
        "ontology/place.ttl",
        CITY_DEFINITION,
        "",
        ("ontology/place.ttl: pedg:City: Q04: has no skos:definition@en",),
    ),
    "a code used but not declared": Fault(
        "ontology/codes/city-role.ttl",
        "    skos:broader city-role:replication ;\n    dcterms:source src:s1",
        "    skos:broader city-role:replicator ;\n    dcterms:source src:s1",
        (
            "ontology/codes/city-role.ttl: code:city-role/follower: Q19: is tied to code:city-role/replicator, which "
            "is not in its code list",
            "ontology/codes/city-role.ttl: code:city-role/replicator: Q11: is used here, but the ontology does not "
            "declare it",
        ),
    ),
    "an IRI outside the patterns": Fault(
        "ontology/place.ttl",
        CITY,
        CITY + "    rdfs:seeAlso <https://w3id.org/pedgraph/id/City/Amsterdam> ;\n",
        ("ontology/place.ttl: id:City/Amsterdam: Q09: follows none of the patterns of the IRIs of pedgraph",),
    ),
    "a duplicate label": Fault(
        "ontology/place.ttl",
        'rdfs:label "in country"@en',
        'rdfs:label "in city"@en',
        (
            "ontology/place.ttl: pedg:inCity: Q05: has the label 'in city', as pedg:inCountry has",
            "ontology/place.ttl: pedg:inCountry: Q05: has the label 'in city', as pedg:inCity has",
        ),
    ),
}


def report(root: Path) -> list[str]:
    """What a run of the whole checklist over a checkout prints."""
    return [str(offender) for offender in Checkout(root, headers()).all_offenders(CHECKS)]


@cache
def sound() -> set[str]:
    """What a run over this checkout prints: nothing, as long as every check passes."""
    return set(report(TOP))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(TOP / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_reported_with_file_term_and_rule(name: str, copy: Path) -> None:
    fault = FAULTS[name]
    path = copy / fault.file
    text = path.read_text(encoding="utf-8")
    assert text.count(fault.before) >= 1
    path.write_text(text.replace(fault.before, fault.after, 1), encoding="utf-8")

    added = sorted(set(report(copy)) - sound())

    assert added == sorted(fault.lines)
