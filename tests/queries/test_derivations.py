"""What is derived when a version is built, seen over the two texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers import RunningServer

OBSERVED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sosa: <http://www.w3.org/ns/sosa/>
SELECT ?about ?indicator ?value WHERE {
  ?number sosa:hasFeatureOfInterest/rdfs:label ?about ;
    sosa:observedProperty ?observed ;
    sosa:hasSimpleResult ?value .
  BIND (REPLACE(STR(?observed), ".*/", "") AS ?indicator)
}
ORDER BY ?indicator
"""


def test_numbers_are_observations_for_sosa_and_targets_are_not(server: RunningServer) -> None:
    answer = server.get(OBSERVED)

    assert answer.text.splitlines()[1:] == [
        "Scalable Cities,member-cities,130",
        "Scalable Cities,member-projects,28",
        "Kick-off of the Amsterdam PED Innovation Atelier,participants,100",
    ]
