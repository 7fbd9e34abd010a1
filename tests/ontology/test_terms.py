"""The term contract: every term and code has what a reader needs, and nothing is used that is not declared."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import NamedNode, parse
from rdflib import OWL, RDF, RDFS, SKOS
from rdflib.namespace import DCTERMS

from pedgraph.intake.bundle import read_data, read_vocabulary
from pedgraph.intake.gate import CLOSED_NAMESPACES, declared_terms, unknown_terms
from pedgraph.intake.terms import to_rdflib
from pedgraph.query.library import read_library
from pedgraph.resources import data_directory, ontology_directory, queries_directory, shapes_directory
from pedgraph.vocabulary.iris import CODES, INDICATORS, ONTOLOGY, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

STATUS = rdflib.URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
FILES = sorted(ontology_directory().rglob("*.ttl"))
MODULES = sorted(ontology_directory().glob("*.ttl"))


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    """The ontology and all code lists."""
    return to_rdflib(read_vocabulary())


def english(graph: rdflib.Graph, term: Node, property_: rdflib.URIRef) -> list[str]:
    return [str(text) for text in graph.objects(term, property_) if getattr(text, "language", None) == "en"]


def terms(graph: rdflib.Graph) -> list[Node]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return sorted((term for kind in kinds for term in graph.subjects(RDF.type, kind)), key=str)


def concepts(graph: rdflib.Graph) -> list[Node]:
    return sorted(graph.subjects(RDF.type, SKOS.Concept), key=str)


def test_every_term_is_explained(vocabulary: rdflib.Graph) -> None:
    found = terms(vocabulary)
    assert len(found) == 41 + 64
    for term in found:
        assert str(term).startswith(TERMS)
        assert len(english(vocabulary, term, RDFS.label)) == 1, term
        assert len(english(vocabulary, term, SKOS.definition)) == 1, term
        assert set(vocabulary.objects(term, RDFS.isDefinedBy)) == {rdflib.URIRef(ONTOLOGY)}, term
        assert len(list(vocabulary.objects(term, STATUS))) == 1, term
        assert len(english(vocabulary, term, SKOS.example)) == 1, term
        sourced = list(vocabulary.objects(term, DCTERMS.source))
        assert sourced or english(vocabulary, term, SKOS.editorialNote) == ["own"], term


def test_every_code_is_explained_and_in_its_place(vocabulary: rdflib.Graph) -> None:
    schemes = set(vocabulary.subjects(RDF.type, SKOS.ConceptScheme))
    assert {str(scheme) for scheme in schemes} == {CODES + path.stem for path in FILES if path.parent.name == "codes"}
    for code in concepts(vocabulary):
        assert len(english(vocabulary, code, SKOS.prefLabel)) == 1, code
        assert len(english(vocabulary, code, SKOS.definition)) == 1, code
        (notation,) = vocabulary.objects(code, SKOS.notation)
        assert str(code).rpartition("/")[2] == str(notation)
        (scheme,) = vocabulary.objects(code, SKOS.inScheme)
        assert scheme in schemes
        namespace = INDICATORS if str(scheme) == CODES + "indicator" else f"{scheme}/"
        assert str(code) == namespace + str(notation)
        above = set(vocabulary.objects(code, SKOS.broader))
        assert all((each, SKOS.inScheme, scheme) in vocabulary for each in above), code
        assert bool(above) != ((code, SKOS.topConceptOf, scheme) in vocabulary), code
        assert ((scheme, SKOS.hasTopConcept, code) in vocabulary) == (not above), code
        sourced = list(vocabulary.objects(code, DCTERMS.source))
        assert sourced or english(vocabulary, code, SKOS.editorialNote) == ["own"], code


def test_labels_and_definitions_are_unique_and_tidy(vocabulary: rdflib.Graph) -> None:
    labels = Counter(str(label) for term in terms(vocabulary) for label in vocabulary.objects(term, RDFS.label))
    definitions = Counter(str(text) for text in vocabulary.objects(None, SKOS.definition))

    assert [label for label, number in labels.items() if number > 1] == []
    assert [text for text, number in definitions.items() if number > 1] == []
    for text in [*labels, *definitions]:
        assert text == text.strip()
        assert "  " not in text


def test_names_follow_the_pattern(vocabulary: rdflib.Graph) -> None:
    for term in terms(vocabulary):
        local = str(term).removeprefix(TERMS)
        is_class = (term, RDF.type, OWL.Class) in vocabulary
        assert re.fullmatch(r"[A-Z][A-Za-z]+" if is_class else r"[a-z][A-Za-z]+", local), local
    for code in concepts(vocabulary):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(code).rpartition("/")[2]), code


def test_there_are_no_cycles(vocabulary: rdflib.Graph) -> None:
    for property_ in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader):
        for term in set(vocabulary.subjects(property_, None)):
            assert term not in set(vocabulary.transitive_objects(next(vocabulary.objects(term, property_)), property_))


def test_no_property_has_a_domain_or_a_range(vocabulary: rdflib.Graph) -> None:
    """Intent lives in SHACL, so that wrong data are reported and not silently re-typed."""
    assert list(vocabulary.subjects(RDFS.domain, None)) == list(vocabulary.subjects(RDFS.range, None)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_and_sorted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    subjects = [line for line in lines if re.match(r"[a-z-]*:\S+$", line)]

    assert len(lines) <= 600
    assert [line for line in lines if line != line.rstrip()] == []
    names = [line.split(":", 1)[1] for line in subjects if not line.startswith("code:")]
    assert names == sorted(names)
    assert len(MODULES) == 7


def used_terms() -> Iterable[tuple[str, str]]:
    """The terms of ours that shapes and queries use, with the file."""
    for path in sorted(shapes_directory().glob("*.ttl")):
        for quad in parse(path=path):
            for term in (quad.subject, quad.predicate, quad.object):
                if isinstance(term, NamedNode) and term.value.startswith(CLOSED_NAMESPACES):
                    yield term.value, path.name
        for local in re.findall(r"pedg:(\w+)", path.read_text(encoding="utf-8")):
            yield TERMS + local, path.name
    for path in sorted(queries_directory().rglob("*.rq")):
        for local in re.findall(r"pedg:(\w+)", path.read_text(encoding="utf-8")):
            yield TERMS + local, path.name


def test_nothing_is_used_that_is_not_declared() -> None:
    declared = declared_terms(read_vocabulary())
    schemes_and_prefixes = {CODES + name + "/" for name in ("city-role", "hub-stage")} | {TERMS, CODES}

    assert {(term, file) for term, file in used_terms() if term not in declared | schemes_and_prefixes} == set()
    for triples in read_data(data_directory()).graphs.values():
        assert unknown_terms(triples, declared) == []
    assert len(read_library()) == 20


def test_every_class_that_the_sources_need_has_instances() -> None:
    graphs = read_data(data_directory()).graphs
    types = {
        triple.object.value
        for triples in graphs.values()
        for triple in triples
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode)
    }
    classes = {term for term in declared_terms(read_vocabulary()) if re.match(re.escape(TERMS) + "[A-Z]", term)}
    abstract = {"Arrangement", "IndicatorStatement", "InnovationHub", "Involvement", "Indicator"}

    assert classes - types == {TERMS + name for name in abstract}
