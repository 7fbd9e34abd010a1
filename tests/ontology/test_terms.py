"""How many terms there are, in which languages, and how their files are kept; the rules for each term are checks."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SKOS

from pedgraph.intake.bundle import read_data, read_vocabulary
from pedgraph.intake.gate import declared_terms, unknown_terms
from pedgraph.intake.terms import to_rdflib
from pedgraph.resources import ontology_directory
from pedgraph.vocabulary.iris import TERMS
from tests.folders import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted([*ontology_directory().glob("*.ttl"), *ontology_directory().glob("codes/*.ttl")])
MODULES = sorted(ontology_directory().glob("*.ttl"))
CLASSES = 51
PROPERTIES = 99
# A list stays in one file; all others are read at one sitting.
LONGEST_FILES = {"indicator.ttl": 1200}


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    """The ontology and all code lists."""
    return to_rdflib(read_vocabulary())


def test_there_are_as_many_terms_as_the_design_has(vocabulary: rdflib.Graph) -> None:
    kinds = Counter(str(kind).removeprefix(str(OWL)) for kind in vocabulary.objects(None, RDF.type))

    assert kinds["Class"] == CLASSES
    assert kinds["ObjectProperty"] + kinds["DatatypeProperty"] == PROPERTIES
    assert len(MODULES) == 8


def test_labels_are_counted_by_language(vocabulary: rdflib.Graph) -> None:
    """English labels are required (rule Q04); those in other languages are counted only."""
    labels = [*vocabulary.objects(None, RDFS.label), *vocabulary.objects(None, SKOS.prefLabel)]
    languages = Counter(label.language for label in labels if isinstance(label, rdflib.Literal))
    codes = sum(1 for _ in vocabulary.subjects(SKOS.prefLabel, None, unique=True))

    assert languages["en"] == CLASSES + PROPERTIES + codes
    assert set(languages) <= {"de", "en", "es", "fr", "nl"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_and_sorted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    subjects = [line for line in lines if re.match(r"[a-z-]*:\S+$", line)]

    assert len(lines) <= LONGEST_FILES.get(path.name, 600)
    assert [line for line in lines if line != line.rstrip()] == []
    names = [line.split(":", 1)[1] for line in subjects if not line.startswith("code:")]
    assert names == sorted(names)


def test_the_gate_lets_the_shipped_data_pass() -> None:
    declared = declared_terms(read_vocabulary())

    for triples in read_data(TEXTS).graphs.values():
        assert unknown_terms(triples, declared) == []


def test_every_class_that_the_sources_need_has_instances() -> None:
    graphs = read_data(TEXTS).graphs
    types = {
        triple.object.value
        for triples in graphs.values()
        for triple in triples
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode)
    }
    classes = {term for term in declared_terms(read_vocabulary()) if re.match(re.escape(TERMS) + "[A-Z]", term)}
    abstract = {"Arrangement", "IndicatorStatement", "InnovationHub", "Involvement", "Indicator"}
    derived = {"Disagreement", "HelixActor", "RivalStatement", "StatusAssessment"}
    not_in_the_texts = {
        "CityAdministration", "EnergyBalance", "Installation", "PlaceInvolvement", "Register", "StatusClaim",
    }  # fmt: skip

    assert classes - types == {TERMS + name for name in abstract | derived | not_in_the_texts}
