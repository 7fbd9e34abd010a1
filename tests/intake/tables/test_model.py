"""The model of the tables says what shapes, ontology and code lists say, and nothing else."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from pedgraph.intake.bundle import read_shapes, read_vocabulary
from pedgraph.intake.gate import declared_terms, known_properties
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.kinds import LANGUAGES, ValueKind, folded
from pedgraph.resources import data_directory, examples_directory, templates_directory
from pedgraph.vocabulary.iris import TERMS
from pedgraph.vocabulary.minting import HASHED

if TYPE_CHECKING:
    from pedgraph.intake.tables.kinds import Column, Kind

MODEL: Final = read_model()
COLUMNS: Final = [
    pytest.param(kind, column, id=f"{kind.name}: {column.name}") for kind in MODEL.kinds for column in kind.columns
]
PREFIXES: Final = """
    PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX pedg: <https://w3id.org/pedgraph/ont#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""
# Asked in SPARQL, so that the test does not repeat what the model does.
RULES: Final = """
    SELECT ?minimum ?maximum ?severity ?class ?scheme WHERE {
        {
            ?shape sh:property ?rule ; sh:targetClass ?target . $class rdfs:subClassOf* ?target
        } UNION { ?shape sh:property ?rule ; sh:targetSubjectsOf $path BIND(true AS ?any) }
        ?rule sh:path ?written ; sh:severity ?severity .
        OPTIONAL { ?written sh:inversePath ?inverse }
        FILTER(IF($is_inverse, BOUND(?inverse) && ?inverse = $path, ?written = $path))
        OPTIONAL { ?rule sh:minCount ?counted . FILTER(!BOUND(?any)) BIND(?counted AS ?minimum) }
        OPTIONAL { ?rule sh:maxCount ?maximum }
        OPTIONAL { { ?rule sh:class ?class } UNION { ?rule sh:or/rdf:rest*/rdf:first/sh:class ?class } }
        OPTIONAL {
            { ?rule sh:node ?node } UNION { ?rule sh:or/rdf:rest*/rdf:first/sh:node ?node }
            ?node sh:property [ sh:path skos:inScheme ; sh:hasValue ?scheme ]
        }
    }"""


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in [*read_shapes(), *read_vocabulary()])
    for path in examples_directory().glob("*.ttl"):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    store.load(path=str(data_directory() / "reference" / "units.trig"), format=RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def known() -> frozenset[str]:
    """The properties that data may use."""
    return declared_terms(read_vocabulary()) | known_properties(read_shapes())


def asked(store: Store, class_iri: str, path: str) -> list[dict[str, str]]:
    """What the shapes ask of a property on a class."""
    text = RULES.replace("$class", f"<{class_iri}>").replace("$path", f"<{path.removeprefix('^')}>")
    rows = store.query(
        PREFIXES
        + "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"
        + text.replace("$is_inverse", "true" if path.startswith("^") else "false")
    )
    names = [variable.value for variable in rows.variables]  # type: ignore[union-attr]
    return [{name: row[name].value for name in names if row[name] is not None} for row in rows]  # type: ignore[union-attr]


def class_of(kind: Kind, column: Column) -> str:
    return next((node.class_iri for node in kind.nodes if node.name == column.node), kind.class_iri)


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_a_column_asks_what_the_shapes_ask(store: Store, kind: Kind, column: Column) -> None:
    if not column.path or column.agency:
        assert not column.is_required
        return
    rules = asked(store, class_of(kind, column), column.path)
    needed = {rule["severity"].rpartition("#")[2] for rule in rules if int(rule.get("minimum", "0")) > 0}
    schemes = {rule["scheme"] for rule in rules if "scheme" in rule}
    classes = {rule["class"] for rule in rules if "class" in rule} - {f"{TERMS}Indicator"}

    # A node of a short form is needed only if the row needs it, as the source of the sheet about.
    if not column.node or column.is_required:
        assert column.is_required == ("Violation" in needed)
    if not column.node:
        assert column.is_recommended == ("Warning" in needed)
    assert not (column.is_many and any(rule.get("maximum") == "1" for rule in rules))
    assert set(column.schemes) <= schemes or not schemes
    assert not schemes or column.schemes
    # Where shapes name classes, a column may be for some of them, but never for others.
    if classes and column.value_kind is ValueKind.ENTITY:
        assert set(column.classes) <= classes
        assert column.classes


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_a_column_states_a_known_property_in_all_languages(known: frozenset[str], kind: Kind, column: Column) -> None:
    stated = {path for path in (column.property_iri, *column.also) if path}
    assert stated <= known
    assert set(column.labels) == set(LANGUAGES)
    assert all(column.labels.values())
    assert column.value_kind is not ValueKind.CODE or column.members
    assert column.unit_column in {"", *(other.name for other in kind.columns)}
    assert column.node in {"", *(node.name for node in kind.nodes)}


@pytest.mark.parametrize("kind", MODEL.kinds, ids=lambda kind: kind.name)
def test_a_kind_has_one_column_for_each_header(kind: Kind) -> None:
    """No header in any language may be that of two columns of a sheet."""
    headers: dict[str, set[str]] = {}
    for column in kind.columns:
        for header in (column.name, *column.labels.values()):
            headers.setdefault(folded(header), set()).add(column.name)

    assert {header: names for header, names in headers.items() if len(names) > 1} == {}
    assert set(kind.labels) == set(LANGUAGES)
    assert all(len(label) <= 31 for label in kind.labels.values())
    assert kind.name_column in {"", *(column.name for column in kind.columns)}
    assert bool(kind.name_column) is not (kind.is_hashed or kind.is_form)
    assert kind.is_hashed is (kind.class_iri.removeprefix(TERMS) in HASHED)


def test_no_two_kinds_are_called_the_same() -> None:
    names: dict[str, set[str]] = {}
    for kind in MODEL.kinds:
        for name in (kind.name, *kind.labels.values()):
            names.setdefault(folded(name), set()).add(kind.name)

    assert {name: kinds for name, kinds in names.items() if len(kinds) > 1} == {}


def test_every_class_that_people_may_state_has_a_sheet(store: Store) -> None:
    """Left out are what is derived, what only groups others, and what belongs to the vocabulary itself."""
    without = {
        "Disagreement", "HelixActor", "Indicator", "IndicatorStatement", "Involvement", "RivalStatement",
        "StatusAssessment",
    }  # fmt: skip
    rows = store.query(PREFIXES + "SELECT ?c WHERE { ?c a owl:Class FILTER(STRSTARTS(STR(?c), STR(pedg:))) }")
    classes = {row["c"].value.removeprefix(TERMS) for row in rows}  # type: ignore[union-attr]

    held = {each.removeprefix(TERMS) for kind in MODEL.kinds for each in (kind.class_iri, *kind.slugs)}

    assert classes - held == without
    for node in (node for kind in MODEL.kinds for node in kind.nodes):
        assert node.class_iri.removeprefix(TERMS) in held


def test_slugs_are_those_of_the_examples(store: Store) -> None:
    """The word for a class in IRIs is the one that the examples use."""
    for kind in MODEL.kinds:
        for class_iri, word in kind.slugs.items():
            rows = store.query(f"SELECT ?thing WHERE {{ ?thing a <{class_iri}> }}")
            used = {row["thing"].value.split("/")[-2] for row in rows}  # type: ignore[union-attr]
            assert used <= {word}, class_iri


def test_units_of_a_short_form_fit_its_indicators(store: Store) -> None:
    for kind in MODEL.kinds:
        for node in kind.nodes:
            unit = node.facts.get(f"{TERMS}unit")
            indicator = node.facts.get(f"{TERMS}indicator")
            if unit and indicator:
                applicable = "http://qudt.org/schema/qudt/applicableUnit"
                assert store.query(f"ASK {{ <{indicator}> <{applicable}> <{unit}> }}"), node
    balances = MODEL.kind("energy-balances").column("unit")
    assert {unit.notation for unit in balances.members} == {"GJ", "GWh", "kWh", "MWh"}


def test_the_declared_words_are_used() -> None:
    """No entry of columns.toml is left over, and words for codes, units and classes are of something there is."""
    declared = tomllib.loads((templates_directory() / "columns.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((templates_directory() / "words.toml").read_text(encoding="utf-8"))
    names = {column.name for kind in MODEL.kinds for column in kind.columns}
    units = {unit.iri.rpartition("/")[2] for unit in MODEL.units}
    classes = {each.removeprefix(TERMS) for each in MODEL.superclasses}
    countries = {member.notation for member in MODEL.kind("cities").column("country").members}
    qualifiers = MODEL.kind("numbers").column("value qualifier").members

    assert set(declared) <= names
    assert set(words["units"]) <= units
    assert set(words["classes"]) <= classes
    assert set(words["countries"]) - {"languages"} == countries
    assert set(MODEL.qualifiers.values()) <= {member.iri for member in qualifiers}
    assert set(MODEL.months.values()) == set(range(1, 13))
