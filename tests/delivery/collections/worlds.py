"""A small world for lists: cities and districts around the antimeridian, with texts that mean harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.delivery.collections.asking import read
from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.gathering import Name, Place, World
from pedgraph.delivery.collections.reading import Part, opened, part, resolved
from pedgraph.delivery.geometries import point
from pedgraph.query.codes import CodeLists
from pedgraph.vocabulary.iris import CODES, PREFIXES, TERMS, THINGS

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.delivery.collections.gathering import Term

CITY = THINGS + "city/"
COUNTRY = PREFIXES["country"]
HARM = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("https://example.org")'
CODE_LISTS = CodeLists()
# Slug of a city → its longitude and latitude, or none.
PLACES: dict[str, tuple[float, float] | None] = {
    "fj-labasa": (179.38, -16.42),
    "fj-taveuni": (-179.99, -16.9),
    "fr-lyon": (4.83, 45.76),
    "nl-nowhere": None,
}


def iri(value: str) -> Term:
    """A term of an answer."""
    return {"type": "uri", "value": value}


def text(value: str, language: str = "en") -> Term:
    return {"type": "literal", "value": value, "xml:lang": language}


def small_world() -> World:
    """Four cities, and a district without a place in one of them."""
    world = World(facts={name: {} for name in COLLECTIONS})
    for slug, place in PLACES.items():
        city = CITY + slug
        country = COUNTRY + {"fj": "FJI", "fr": "FRA", "nl": "NLD"}[slug[:2]]
        world.names[city] = Name(slug.partition("-")[2].capitalize(), "en", "")
        world.names[country] = Name(country[-3:], "en", slug[:2].upper())
        world.facts["cities"][city] = {"country": [iri(country)]}
        world.types[city] = [TERMS + "City"]
        if place is not None:
            drawn = point(*place)
            assert drawn is not None
            world.places[city] = Place(drawn, f"credit of {slug}")
    district = THINGS + "ped/fj-harm"
    world.names[district] = Name(HARM, "en", "")
    world.facts["peds"][district] = {
        "inCity": [iri(CITY + "fj-labasa")],
        "country": [iri(COUNTRY + "FJI")],
        "stage": [iri(CODES + "ped-stage/implementation")],
    }
    world.common[district] = {"label": [text(HARM)], "description": [text(FORMULA)]}
    world.types[district] = [TERMS + "PositiveEnergyDistrict"]
    return world


def asked(path: Path, name: str, *given: tuple[str, str], ranked: list[str] | None = None) -> Part:
    """The first hundred items of a list."""
    question = read(COLLECTIONS[name], given)
    with opened(path) as database:
        return part(database, question, resolved(database, question, CODE_LISTS), ranked, (0, 100))


def slugs(found: Part) -> list[str]:
    return [item.iri.rpartition("/")[2] for item in found.items]
