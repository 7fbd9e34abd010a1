"""What a version of the graph says of the things in the lists, asked with the queries in ``queries/collections``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.terms import by_language, values_of
from pedgraph.delivery.geometries import geometry_of, point
from pedgraph.delivery.rows import plain_value
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.iris import TERMS

if TYPE_CHECKING:
    from pedgraph.delivery.asking import Asking, Row
    from pedgraph.vocabulary.contexts import Json

    Term = dict[str, str]
    Facts = dict[str, list[Term]]

_ENGLISH: Final = "en"


@dataclass(frozen=True)
class Name:
    """A name that is shown, its language, and the short form of a country."""

    label: str
    language: str
    notation: str


@dataclass(frozen=True)
class Place:
    """Where something is, as GeoJSON, and to whom that is to be attributed."""

    geometry: Json
    credit: str


@dataclass
class World:
    """All of it: ``facts`` by list and thing, ``common`` what is said of things of any list, by thing."""

    names: dict[str, Name] = field(default_factory=dict)
    facts: dict[str, dict[str, Facts]] = field(default_factory=dict)
    common: dict[str, Facts] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def countries(self) -> dict[str, str]:
        """Country → its two letters."""
        return {iri: name.notation for iri, name in self.names.items() if name.notation}

    def link(self, iri: str, key: str = "label") -> Json:
        """Something that is linked to: its IRI and its name."""
        name = self.names.get(iri)
        if name is None:
            return {"id": iri}
        return {"id": iri, key: by_language([_literal(name)], has_lists=False)}


async def gather(asking: Asking, version: int) -> World:
    """Asks a version for everything; raises the errors of :meth:`Asking.rows`."""

    async def rows(name: str) -> list[Row]:
        query = read_stored_query(queries_directory() / "collections" / f"{name}.rq")
        return await asking.rows(query.text, version)

    world = World()
    for row in await rows("names"):
        _add_name(world.names, row)
    members = await rows("types")
    for collection in COLLECTIONS.values():
        of_class = TERMS + collection.of_class
        found = {row["item"]["value"]: dict[str, Any]() for row in members if row["class"]["value"] == of_class}
        world.facts[collection.name] = found
        for row in await rows(collection.name):
            if row["item"]["value"] in found:
                _add_fact(found, row)
    world.types = _by_item(members, "type")
    world.sources = _by_item(await rows("sources"), "source")
    for row in await rows("things"):
        _add_fact(world.common, row)
    for row in await rows("places"):
        _add_place(world.places, row)
    return world


def _add_fact(facts: dict[str, Facts], row: Row) -> None:
    item, key = values_of(row, "item", "key")
    terms = facts.setdefault(item, {}).setdefault(key, [])
    if row["value"] not in terms:
        terms.append(row["value"])


def _add_name(names: dict[str, Name], row: Row) -> None:
    """Adds a name; of several the English one counts, else the first."""
    thing, label, notation = values_of(row, "thing", "label", "notation")
    language = row["label"].get("xml:lang", "")
    if thing not in names or (language == _ENGLISH and names[thing].language != _ENGLISH):
        names[thing] = Name(label, language, notation)


def _add_place(places: dict[str, Place], row: Row) -> None:
    """Adds where something is; of several graphs that say so the first one counts that can be drawn."""
    item, wkt, credit = values_of(row, "item", "geometry", "credit")
    drawn = geometry_of(wkt) if wkt else None
    if drawn is None:
        drawn = point(plain_value(row.get("longitude")), plain_value(row.get("latitude")))
    if drawn is not None:
        places.setdefault(item, Place(drawn, credit))


def _by_item(rows: list[Row], name: str) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row["item"]["value"], {})[row[name]["value"]] = None
    return {item: list(values) for item, values in found.items()}


def _literal(name: Name) -> Term:
    return {"value": name.label} | ({"xml:lang": name.language} if name.language else {})
