"""The JSON-LD context: complete, without double meanings, and never changed, only added to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import OWL, RDF, RDFS, SKOS, XSD

from pedgraph.delivery.documents import compact_graph
from pedgraph.resources import context_file, frames_directory, ontology_directory
from pedgraph.vocabulary.contexts import document
from pedgraph.vocabulary.iris import CODES, CONTEXT, INDICATORS, PREFIXES, TERMS, THINGS
from tests.delivery.parsing import assert_same_graph, with_pyoxigraph, with_rdflib

FROZEN = Path(__file__).parent / "context-v1-keys.json"
# Whoever adds a key writes the new digest here, and the key into the frozen list.
SHA256 = "4481e08fb66c1a7ed7f8424ea0e2b836733a899acffdcc4980bf30abb73c9ce7"
DEFINITIONS: dict[str, Any] = document(CONTEXT)["@context"]
KEYS = {key: each for key, each in DEFINITIONS.items() if not key.startswith("@")}
NAMESPACES = {key: each for key, each in KEYS.items() if isinstance(each, str) and each.startswith("http")}
NO_RDF = {"plain"}
# One property the other way round, told apart by the type of what it leads to; and one whose values are days under the
# key that it had first, months and years under the other.
SAME_MEANING = {
    frozenset({"indicators", "assessments", "claims", "balances", "disagreements"}),
    frozenset({"dueBy", "dueDate"}),
}
UNITS = "http://qudt.org/vocab/unit/"
# (0..1) or (1) in the design, or of one value by their nature; all others hold lists.
SINGLE = {
    "inCity", "partOfDistrict", "involves", "context", "about", "country", "boundaryMode", "valueRole", "valueOrigin",
    "energyMetric", "method", "valueQualifier", "helix", "defaultHelix", "usualHelix", "confidence", "submissionStatus",
    "activityStatus", "claimedStatus", "assessedStatus", "role", "stage", "indicator", "unit", "canonicalUnit",
    "acronym", "ruleVersion", "value", "canonicalValue", "computedBalance", "validFrom", "validUntil", "reachedOn",
    "plannedStart", "referenceYear", "dueDate", "dueBy", "dateRead", "vision", "mission", "disagreementKind",
    "disagreesOn", "inContext", "precedence", "preferredStatement", "rivalTerm", "rivalValue", "statedInGraph",
}  # fmt: skip


def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in ontology_directory().glob("*.ttl"):
        graph.parse(path)
    return graph


def full(name: str) -> str:
    """The IRI that a compact name of the context stands for."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local if prefix in NAMESPACES else name


def meaning(definition: Any) -> tuple[str, bool]:  # noqa: ANN401
    """The IRI of a key, and whether it is meant the other way round."""
    if isinstance(definition, str):
        return full(definition), False
    return full(definition.get("@id") or definition["@reverse"]), "@reverse" in definition


def coded() -> dict[str, dict[str, str]]:
    """The keys whose values are words of a vocabulary, with their scoped contexts."""
    return {key: each["@context"] for key, each in KEYS.items() if isinstance(each, dict) and "@context" in each}


def test_the_file_is_the_pinned_one() -> None:
    assert hashlib.sha256(context_file().read_bytes()).hexdigest() == SHA256


def test_no_key_was_taken_out_or_given_another_meaning() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))

    assert len(frozen) > 250
    assert {key: DEFINITIONS.get(key, "gone") for key in frozen} == frozen
    assert set(frozen) == set(DEFINITIONS), "put new keys into the frozen list too"


def test_no_key_is_defined_twice() -> None:
    def without_doubles(found: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(found) == len(dict(found)), found
        return dict(found)

    json.loads(context_file().read_text(encoding="utf-8"), object_pairs_hook=without_doubles)


def test_every_term_of_the_ontology_has_exactly_one_key() -> None:
    graph = ontology()
    terms = {
        str(term)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in graph.subjects(RDF.type, kind)
    }
    keys = [meaning(each) for key, each in KEYS.items() if key not in NO_RDF and not str(each).startswith("@")]

    assert len(terms) == 150
    for term in terms:
        assert keys.count((term, False)) == 1 + (term == TERMS + "dueDate"), term
    assert {iri for iri, _ in keys if iri.startswith(TERMS) and iri != TERMS} == terms


def test_a_key_has_one_meaning_and_a_meaning_has_one_key() -> None:
    by_meaning: dict[tuple[str, bool], set[str]] = {}
    for key, definition in KEYS.items():
        if key not in NO_RDF and not str(definition).startswith("@"):
            by_meaning.setdefault(meaning(definition), set()).add(key)

    assert {frozenset(keys) for keys in by_meaning.values() if len(keys) > 1} == SAME_MEANING


def test_prefixes_are_those_of_the_other_formats() -> None:
    for prefix, namespace in NAMESPACES.items():
        assert PREFIXES.get(prefix, namespace) == namespace


def test_numbers_and_dates_of_varying_precision_have_no_datatype() -> None:
    """Trap 1 of the design, section 9.2; a datatype here would spoil each plain number that a partner writes."""
    graph = ontology()
    decimals = {str(term) for term in graph.subjects(RDFS.range, XSD.decimal)}
    decimals |= {TERMS + name for name in ("value", "canonicalValue", "computedBalance")}
    varying = {TERMS + name for name in ("validFrom", "validUntil", "reachedOn", "plannedStart")}
    others = {PREFIXES["schema"] + name for name in ("latitude", "longitude", "startDate", "endDate")}
    for key, definition in KEYS.items():
        if key in NO_RDF or str(definition).startswith("@"):
            continue
        if meaning(definition)[0] in decimals | varying | others | {PREFIXES["dcterms"] + "issued"}:
            assert isinstance(definition, str), key
        assert not (isinstance(definition, dict) and definition.get("@type") in {"xsd:decimal", "xsd:double"}), key


def test_repeatable_keys_are_sets() -> None:
    """Trap 3 of the design, section 9.2."""
    graph = ontology()
    classes = {str(each) for each in graph.subjects(RDF.type, OWL.Class)}
    for key, definition in KEYS.items():
        if key in NO_RDF or str(definition).startswith("@"):
            continue
        iri, is_reverse = meaning(definition)
        if not iri.startswith(TERMS) or iri in classes or iri == TERMS:
            continue
        is_set = isinstance(definition, dict) and "@set" in str(definition.get("@container"))
        assert is_set is (is_reverse or key not in SINGLE), key


def test_nothing_is_protected_outside_of_embedded_contexts() -> None:
    assert "@protected" not in DEFINITIONS
    assert "@vocab" not in DEFINITIONS
    assert not any("@protected" in each for each in KEYS.values() if isinstance(each, dict))


def test_a_word_of_a_code_list_is_never_read_as_a_key() -> None:
    """A word that is a key would be read as what the key means, unless the scoped context says it again."""
    graph = rdflib.Graph()
    for path in (ontology_directory() / "codes").glob("*.ttl"):
        graph.parse(path)
    seen = 0
    for key, context in coded().items():
        vocabulary = context["@vocab"]
        for concept in graph.subjects(RDF.type, SKOS.Concept):
            if str(concept).startswith(vocabulary):
                seen += 1
                word = str(concept).removeprefix(vocabulary)
                assert word not in KEYS or context.get(word) == str(concept), (key, word)
    assert seen > 100


def test_code_lists_of_keys_exist_and_every_code_list_has_a_key() -> None:
    schemes = {path.stem for path in (ontology_directory() / "codes").glob("*.ttl")}
    own = {each["@vocab"].removeprefix(CODES).strip("/") for each in coded().values() if CODES in each["@vocab"]} - {""}

    # The roles, stages and requirements of several lists share a key, whose words begin with the name of the list.
    shared = {"city-role", "involvement-role", "hub-stage", "ped-stage", "innovation-model", "ped-activity"}
    elsewhere = {"indicator", "ped-database-field", "ped-database-choice"}
    assert schemes - own <= shared | elsewhere
    assert coded()["indicator"]["@vocab"] == INDICATORS
    assert own <= schemes


@pytest.mark.parametrize(
    ("key", "word", "iri"),
    [
        ("assessedStatus", "insufficient-data", CODES + "assessed-status/insufficient-data"),
        ("role", "city-role/lighthouse", CODES + "city-role/lighthouse"),
        ("buildingBlock", ["mission"], CODES + "hub-building-block/mission"),
        ("lacks", ["method"], CODES + "assessment-gap/method"),
        ("indicator", "participants", INDICATORS + "participants"),
        ("unit", "MWh", UNITS + "MegaW-HR"),
        ("unit", "kWh", UNITS + "KiloW-HR"),
        ("unit", "KiloW-HR-PER-M2", UNITS + "KiloW-HR-PER-M2"),
        ("canonicalUnit", "NUM", UNITS + "NUM"),
        ("eventAttendanceMode", "MixedEventAttendanceMode", "https://schema.org/MixedEventAttendanceMode"),
    ],
)
def test_a_coded_value_is_a_word_and_an_iri(key: str, word: object, iri: str) -> None:
    this = NamedNode(THINGS + "obs/x")
    triples = [Triple(this, NamedNode(meaning(KEYS[key])[0]), NamedNode(iri))]
    compacted = compact_graph(triples)

    assert compacted == {"@context": CONTEXT, "@graph": [{"id": this.value, key: word}]}
    assert_same_graph(compacted, triples)


def test_both_spellings_of_a_unit_mean_the_same() -> None:
    for word in ("MWh", "MegaW-HR", UNITS + "MegaW-HR"):
        written = {"@context": CONTEXT, "id": THINGS + "obs/x", "unit": word}
        assert {each.object for each in with_pyoxigraph(written)} == {NamedNode(UNITS + "MegaW-HR")}
        assert set(with_rdflib(written).objects()) == {rdflib.URIRef(UNITS + "MegaW-HR")}


@pytest.mark.parametrize(
    ("text", "datatype", "key", "value"),
    [
        ("2025-12-31", "date", "dueDate", "2025-12-31"),
        ("2025", "gYear", "dueBy", {"type": "xsd:gYear", "@value": "2025"}),
    ],
)
def test_a_due_date_that_is_no_day_has_a_key_of_its_own(text: str, datatype: str, key: str, value: object) -> None:
    this = NamedNode(THINGS + "target/x")
    literal = Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))
    triples = [Triple(this, NamedNode(TERMS + "dueDate"), literal)]
    compacted = compact_graph(triples)

    assert compacted == {"@context": CONTEXT, "@graph": [{"id": this.value, key: value}]}
    assert_same_graph(compacted, triples)


def test_values_of_every_kind_come_back() -> None:
    """Invented: one triple for each key that is not a class, with a value as its definition expects it."""
    this = NamedNode(THINGS + "thing/x")
    triples = []
    for key, definition in KEYS.items():
        if key in NO_RDF or key in NAMESPACES or str(definition).startswith("@") or key[0].isupper():
            continue
        iri, is_reverse = meaning(definition)
        kind = definition.get("@type") if isinstance(definition, dict) else None
        value: NamedNode | Literal = Literal("Invented: a text")
        if kind in {"@id", "@vocab"}:
            value = NamedNode(THINGS + "thing/" + key.lower())
        elif kind is not None:
            value = Literal("2026", datatype=NamedNode(full(kind)))
        triples.append(Triple(this, NamedNode(iri), value))
        if isinstance(definition, dict) and "@language" in str(definition.get("@container")):
            triples.append(Triple(this, NamedNode(iri), Literal("Verzonnen", language="nl")))
        assert is_reverse is ("@reverse" in str(definition))

    assert len(triples) > 150
    compacted = compact_graph(triples)
    assert with_pyoxigraph(compacted) == set(triples)
    forward = {key for key, each in KEYS.items() if "@reverse" not in str(each)}
    assert set(compacted["@graph"][0]) <= forward


def test_plain_is_no_rdf() -> None:
    written = {"@context": CONTEXT, "id": THINGS + "obs/x", "plain": {"value": 2.5, "id": THINGS + "other"}}

    assert with_pyoxigraph(written) == set()
    assert len(with_rdflib(written)) == 0


def test_frames_name_our_context() -> None:
    frames = [json.loads(path.read_text(encoding="utf-8")) for path in frames_directory().iterdir()]

    assert frames
    assert {frame["@context"] for frame in frames} == {CONTEXT}
