"""Who has a part in a place is on its card; who is based in a city is no place of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Store, parse

from pedgraph.delivery.cards import card, card_query, kind_of
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from pedgraph.vocabulary.contexts import Json

WORLD: Final = """
@base <https://w3id.org/pedgraph/id/> .
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/pedgraph/code/involvement-role/> .

<city/xx-town> a pedg:City ; rdfs:label "Town"@en .
<ped/xx-quarter> a pedg:PositiveEnergyDistrict ; rdfs:label "Quarter"@en ; pedg:inCity <city/xx-town> .
<site/xx-house> a pedg:DemonstrationSite ; rdfs:label "House"@en ; pedg:inCity <city/xx-town> .
<organisation/office> a pedg:Organisation ; rdfs:label "Office"@en ; pedg:inCity <city/xx-town> .
<involvement/1> a pedg:PlaceInvolvement ;
    pedg:involves <organisation/office> ; pedg:context <ped/xx-quarter> ; pedg:role role:architect .
<involvement/2> a pedg:PlaceInvolvement ;
    pedg:involves <organisation/office> ; pedg:context <site/xx-house> ; pedg:role role:occupant .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    """The world in a graph of its own and in the merge of all."""
    store = Store()
    for each in parse(WORLD, format=RdfFormat.TURTLE):
        store.add(each)
        store.add(Quad(each.subject, each.predicate, each.object, NamedNode("https://w3id.org/pedgraph/graph/world/1")))
    return store


def card_of(store: Store, thing: str) -> Json:
    found = store.query(card_query(THINGS + thing))
    assert isinstance(found, QueryTriples)
    return card(list(found), kind_of(THINGS + thing), THINGS + thing)


@pytest.mark.parametrize(
    ("place", "number", "role"), [("ped/xx-quarter", 1, "architect"), ("site/xx-house", 2, "occupant")]
)
def test_a_place_tells_who_has_a_part_in_it(store: Store, place: str, number: int, role: str) -> None:
    office = {"id": f"{THINGS}organisation/office", "type": "Organisation", "label": {"en": "Office"}}

    assert card_of(store, place)["involvements"] == [
        {
            "id": f"{THINGS}involvement/{number}",
            "type": "PlaceInvolvement",
            "role": f"involvement-role/{role}",
            "involves": office,
        }
    ]


def test_a_city_tells_its_places_and_an_organisation_its_city(store: Store) -> None:
    places = card_of(store, "city/xx-town")["places"]
    city = card_of(store, "organisation/office")["inCity"]

    assert sorted(each["id"].removeprefix(THINGS) for each in places) == ["ped/xx-quarter", "site/xx-house"]
    assert city == {"id": f"{THINGS}city/xx-town", "type": "City", "label": {"en": "Town"}}
