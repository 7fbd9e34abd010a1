"""The reference data on units: they fit the indicators, and each quantity kind has one unit to compare in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from ontology.pinned.units import CANONICAL, LABEL, QUDT, UNITS, block
from tests.ontology.pinned import rows

ROOT = Path(__file__).parents[2]
UNIT = "http://qudt.org/vocab/unit/"
KIND = "http://qudt.org/vocab/quantitykind/"
PREFIXES = """PREFIX qudt: <http://qudt.org/schema/qudt/>
PREFIX ref: <https://w3id.org/pedgraph/ref#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


@pytest.fixture(scope="module")
def store() -> Store:
    """Units and indicators."""
    built = Store()
    built.load(path=ROOT / "data/reference/units.trig", format=RdfFormat.TRIG)
    built.load(path=ROOT / "ontology/codes/indicator.ttl", format=RdfFormat.TURTLE)
    return built


def pairs(store: Store, where: str) -> set[tuple[str, str]]:
    found = store.query(f"{PREFIXES} SELECT ?a ?b {{ {where} }}", use_default_graph_as_union=True)
    return {(row["a"].value, row["b"].value) for row in found}  # type: ignore[union-attr]


def test_every_unit_of_an_indicator_is_described_and_fits_its_quantity_kind(store: Store) -> None:
    unverified = {row["iri"] for row in rows(ROOT, "terms.csv") if row["state"] == "unverified"}
    allowed = pairs(store, "?i qudt:applicableUnit ?a ; qudt:hasQuantityKind ?b")
    stated = pairs(store, "?a a qudt:Unit ; qudt:hasQuantityKind ?b")
    assert len(allowed) > 10

    assert {pair for pair in allowed - stated if pair[0] not in unverified} == set()


def test_each_kind_has_one_canonical_unit_of_that_kind(store: Store) -> None:
    canonical = pairs(store, "?a ref:canonicalUnit ?b")
    stated = pairs(store, "?b a qudt:Unit ; qudt:hasQuantityKind ?a")
    kinds = {kind for _, kind in pairs(store, "?a a qudt:Unit ; qudt:hasQuantityKind ?b")}
    assert canonical == {(KIND + kind, UNIT + unit) for kind, unit in CANONICAL.items()}
    assert canonical <= stated
    assert kinds == {kind for kind, _ in canonical}


def test_each_unit_but_money_has_a_multiplier_that_is_a_decimal(store: Store) -> None:
    described = pairs(store, "?a a qudt:Unit . BIND(?a AS ?b)")
    multiplied = pairs(store, "?a qudt:conversionMultiplier ?b FILTER(DATATYPE(?b) = xsd:decimal)")
    assert {unit for unit, _ in described} == {UNIT + name for name in UNITS}
    assert {unit for unit, _ in described} - {unit for unit, _ in multiplied} == {UNIT + "CCY_EUR"}
    assert len(multiplied) == len(UNITS) - 1
    assert (UNIT + "MegaW-HR", "3600000000") in multiplied
    assert (UNIT + "PERCENT", "0.01") in multiplied


def test_a_unit_is_written_with_what_is_stated_only() -> None:
    said: set[tuple[str, NamedNode | Literal]] = {
        (LABEL, Literal("Hectare", language="en")),
        (LABEL, Literal("Hektar", language="de")),
        (QUDT + "hasQuantityKind", NamedNode(KIND + "Area")),
        (QUDT + "hasQuantityKind", NamedNode(KIND + "Absement")),
    }
    assert block("HA", said) == (
        'unit:HA a qudt:Unit ;\n    rdfs:label "Hectare"@en ;\n    qudt:hasQuantityKind quantitykind:Area .\n'
    )
    with pytest.raises(LookupError, match=r"^unit:HA: labels \[\], kinds \['Area'\]$"):
        block("HA", {(QUDT + "hasQuantityKind", NamedNode(KIND + "Area"))})
