"""Writes ``data/reference/units.trig``: what QUDT states of the units that pedgraph allows, and our canonical units.

``python -m ontology.pinned.units FOLDER`` reads the same packages as ``ontology.pinned.extract``; ``make pinned`` runs
both.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from ontology.pinned.sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE: Final = Path(__file__).parents[2] / "data/reference/units.trig"
LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
QUDT: Final = "http://qudt.org/schema/qudt/"
UNIT: Final = "http://qudt.org/vocab/unit/"
KIND: Final = "http://qudt.org/vocab/quantitykind/"

UNITS: Final = (
    "CCY_EUR", "FRACTION", "GigaJ", "GigaW-HR", "HA", "K-DAY", "KiloGM", "KiloGM-PER-GigaJ", "KiloW", "KiloW-HR",
    "KiloW-HR-PER-M2", "M2", "MO_MeanJulian", "MegaW", "MegaW-HR", "NUM", "PERCENT", "TONNE", "YR",
)  # fmt: skip
CANONICAL: Final = {
    "Area": "M2",
    "CO2Equivalent": "TONNE",
    "Count": "NUM",
    "Currency": "CCY_EUR",
    "DimensionlessRatio": "PERCENT",
    "Energy": "MegaW-HR",
    "EnergyPerArea": "KiloW-HR-PER-M2",
    "Mass": "TONNE",
    "MassPerEnergy": "KiloGM-PER-GigaJ",
    "Population": "NUM",
    "Power": "KiloW",
    "Time": "YR",
    "TimeTemperature": "K-DAY",
}
# QUDT gives no factor for the month that is a twelfth of its year; its plain "Month" is that of the moon, 29.5 days.
OWN_MULTIPLIERS: Final = {"MO_MeanJulian": "2629800.0"}
_HEAD: Final = """\
# Units that numbers may have, as QUDT (source:qudt) states them, with those of their quantity kinds that indicators
# have. pedgraph's own are the unit of each kind that values are compared in, and the factor of the month, a twelfth of
# QUDT's year. Written by `make pinned`.

@prefix quantitykind: <http://qudt.org/vocab/quantitykind/> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ref: <https://w3id.org/pedgraph/ref#> .
@prefix unit: <http://qudt.org/vocab/unit/> .

<https://w3id.org/pedgraph/graph/reference> {
"""


def block(name: str, said: set[tuple[str, NamedNode | Literal]]) -> str:
    """The statements about one unit; raises :class:`LookupError` where QUDT gives it no English label or no kind."""
    labels = sorted(value.value for key, value in said if key == LABEL and _language(value) == "en")
    kinds = sorted(value.value.removeprefix(KIND) for key, value in said if key == QUDT + "hasQuantityKind")
    kinds = [kind for kind in kinds if kind in CANONICAL]
    if len(labels) != 1 or not kinds:
        raise LookupError(f"unit:{name}: labels {labels}, kinds {kinds}")
    lines = [f"unit:{name} a qudt:Unit", f'    rdfs:label "{labels[0]}"@en']
    lines += [f'    qudt:symbol "{each}"' for each in _values(said, "symbol")]
    multipliers = _values(said, "conversionMultiplier") or [OWN_MULTIPLIERS.get(name, "")]
    lines += [f"    qudt:conversionMultiplier {each}" for each in multipliers if each]
    lines.append(f"    qudt:hasQuantityKind {' , '.join('quantitykind:' + kind for kind in kinds)}")
    return " ;\n".join(lines) + " .\n"


def _language(value: NamedNode | Literal) -> str | None:
    return value.language if isinstance(value, Literal) else None


def _values(said: set[tuple[str, NamedNode | Literal]], key: str) -> list[str]:
    return sorted(value.value for name, value in said if name == QUDT + key)


def main(arguments: Sequence[str]) -> None:
    """See the head of the module."""
    packages = Path(arguments[0])
    units = next(each for each in read_sources() if each.prefix == "unit")
    said: dict[str, set[tuple[str, NamedNode | Literal]]] = {name: set() for name in UNITS}
    for triple in units.triples(packages):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            facts = said.get(triple.subject.value.removeprefix(UNIT))
            if facts is not None:
                facts.add((triple.predicate.value, triple.object))
    blocks = [block(name, facts) for name, facts in said.items()]
    blocks += [f"quantitykind:{kind} ref:canonicalUnit unit:{unit} .\n" for kind, unit in CANONICAL.items()]
    FILE.write_text(_HEAD + "\n" + "\n".join(blocks) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
