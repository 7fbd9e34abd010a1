"""Small worlds that the tests of derivations start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from pedgraph.intake.bundle import read_data, read_vocabulary
from pedgraph.vocabulary.iris import GRAPHS, VOCABULARY_GRAPH
from tests.folders import TEXTS

if TYPE_CHECKING:
    from pyoxigraph import Triple

_PREFIXES = """
PREFIX : <https://w3id.org/pedgraph/ont#>
PREFIX balance: <https://w3id.org/pedgraph/id/balance/>
PREFIX code: <https://w3id.org/pedgraph/code/>
PREFIX indicator: <https://w3id.org/pedgraph/indicator/>
PREFIX obs: <https://w3id.org/pedgraph/id/obs/>
PREFIX ped: <https://w3id.org/pedgraph/id/ped/>
PREFIX unit: <http://qudt.org/vocab/unit/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_YEAR = ':referenceYear "2024"^^xsd:gYear'


def district_with_balances() -> dict[str, list[Triple]]:
    """Graphs: vocabulary, reference data, and invented districts, one for each status that the rule can give."""
    text = _PREFIXES + "ped:silent a :PositiveEnergyDistrict .\n"
    text += _district("positive", _balance("positive", generation=2.7, use=2600))
    text += _district("even", _balance("even", generation=2.61, use=2600))
    text += _district("deficit", _balance("deficit", generation=2.5, use=2600))
    text += _district("designed", _balance("designed", generation=2.7, use=2600, role="design", origin="simulated"))
    text += _district("undated", _balance("undated", generation=2.7, use=2600, year=""))
    both = _balance("conflicting", generation=2.7, use=2600) + _balance("conflicting", 2, generation=2.5, use=2600)
    text += _district("conflicting", both)
    claims = [quad.triple for quad in parse(input=text.encode(), format=RdfFormat.TURTLE)]
    reference = read_data(TEXTS).reference
    return {GRAPHS + "example/1": claims, VOCABULARY_GRAPH: read_vocabulary(), **reference}


def _district(name: str, balances: str) -> str:
    return f"ped:{name} a :PositiveEnergyDistrict .\n{balances}"


def _balance(  # noqa: PLR0913 (the facts of one balance)
    district: str,
    number: int = 1,
    *,
    generation: float,
    use: float,
    role: str = "actual",
    origin: str = "metered",
    year: str = _YEAR,
) -> str:
    """Generation in gigawatt hours, use in megawatt hours."""
    name = f"{district}-{number}"
    common = f"""
        :about ped:{district} ; {_YEAR} ; :energyMetric <https://w3id.org/pedgraph/code/energy-metric/final> ;
        :valueRole <https://w3id.org/pedgraph/code/value-role/{role}> ;
        :valueOrigin <https://w3id.org/pedgraph/code/value-origin/{origin}> ;"""
    return f"""
    balance:{name} a :EnergyBalance ; :about ped:{district} ; {year} ;
        :method <https://w3id.org/pedgraph/code/calculation-method/best-table> ;
        :boundaryMode <https://w3id.org/pedgraph/code/boundary-mode/geographical> ;
        :energyMetric <https://w3id.org/pedgraph/code/energy-metric/final> ;
        :usesIncluded <https://w3id.org/pedgraph/code/use-scope/building-operation> ;
        :hasComponent obs:{name}-generation , obs:{name}-use .
    obs:{name}-generation a :IndicatorObservation ; {common}
        :indicator indicator:renewable-generation ; :value {generation:.2f} ; :unit unit:GigaW-HR .
    obs:{name}-use a :IndicatorObservation ; {common}
        :indicator indicator:energy-use ; :value {use:.1f} ; :unit unit:MegaW-HR .
    """
