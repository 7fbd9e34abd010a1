"""The items of the lists, made of what a version says: cards in JSON-LD, plain rows, and what they are found by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.model import THING, YEAR
from pedgraph.delivery.collections.terms import (
    context_key,
    last_part,
    members,
    short,
    sort_key,
    unit_name,
)
from pedgraph.delivery.rows import plain_value
from pedgraph.delivery.units import unit_words
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.collections.gathering import Facts, Place, Term, World
    from pedgraph.delivery.collections.model import Collection, Filter
    from pedgraph.vocabulary.contexts import Json

_YEAR_DIGITS: Final = 4
# A project that runs longer has a mistake in its dates.
_MOST_YEARS: Final = 50
_DATES: Final = ("startDate", "referenceYear", "dueDate")
_NUMBERS: Final = ("value", "residents")
_PLACES: Final = ("inCity", "governs", "city", "location", "about")


@dataclass(frozen=True)
class Value:
    """A value by which an item is found: how the filter names it, its name for people, and its IRI if it has one."""

    short: str
    label: str
    iri: str


@dataclass(frozen=True)
class Record:
    """An item of a list as it is kept. ``nearby`` are the places of the cities that it is in or goes with."""

    iri: str
    label: str
    language: str
    card: Json
    plain: Json
    values: dict[str, tuple[Value, ...]]
    sort: dict[str, str | float | None]
    place: Place | None
    nearby: tuple[Place, ...]


def records(collection: Collection, world: World) -> Iterator[Record]:
    """All items of a list, in the order of their IRIs."""
    countries = world.countries()
    for item, facts in sorted(world.facts[collection.name].items()):
        yield _record(item, {**facts, "running": _running(facts)}, collection, world, countries)


def _record(item: str, facts: Facts, collection: Collection, world: World, countries: dict[str, str]) -> Record:
    common = world.common.get(item, {})
    facts = {**facts, "sources": [_iri(source) for source in world.sources.get(item, [])]}
    values = {each.name: _values(facts, each, world, countries) for each in collection.filters}
    label, language = _shown(item, facts, world)
    place = world.places.get(item) or _place_of(facts, world)
    plain = _plain(label, common, facts, values, collection, world)
    if place is not None and place.geometry["type"] == "Point":
        plain["longitude"], plain["latitude"] = place.geometry["coordinates"]
    return Record(
        iri=item,
        label=label,
        language=language,
        card={**_card(item, common, facts, collection, world), "plain": plain},
        plain=plain,
        values=values,
        sort=_sort(label, facts, values),
        place=place,
        nearby=_nearby(facts, world) if place is None else (),
    )


def _shown(item: str, facts: Facts, world: World) -> tuple[str, str]:
    """The name of an item and its language; a number is named after what is stated and of what."""
    if item in world.names:
        return world.names[item].label, world.names[item].language
    parts = [world.names[term["value"]] for key in ("indicator", "about") for term in facts.get(key, [])
             if term["value"] in world.names]  # fmt: skip
    if not parts:
        return last_part(item), ""
    years = [term["value"][:_YEAR_DIGITS] for key in ("referenceYear", "dueDate") for term in facts.get(key, [])]
    return ": ".join(part.label for part in parts) + (f", {years[0]}" if years else ""), parts[0].language


def _card(item: str, common: Facts, facts: Facts, collection: Collection, world: World) -> Json:
    """What is stated of an item, as a node of JSON-LD in our context."""
    card: Json = {"id": item, "type": sorted(map(last_part, world.types.get(item, [])))}
    for key in ("label", "altLabel", "description"):
        if key in common:
            card[key] = members(key, common[key], {})
    for key in collection.shown:
        if key in facts:
            name = context_key(key)
            links = {term["value"]: _link(term["value"], key, world) for term in facts[key] if term["type"] == "uri"}
            card[name] = members(name, facts[key], links)
    if facts["sources"]:
        card["sources"] = [world.link(term["value"], "title") for term in facts["sources"]]
    return card


def _link(iri: str, key: str, world: World) -> Json:
    """A thing that an item is linked to; a city comes with its country."""
    if key in {"country", "inCountry"}:
        notation = world.countries().get(iri)
        return world.link(iri, "prefLabel") | ({"notation": [notation]} if notation else {})
    link = world.link(iri, "title" if key == "statedIn" else "label")
    for term in world.facts["cities"].get(iri, {}).get("country", []):
        link["country"] = _link(term["value"], "country", world)
    return link


def _plain(
    label: str,
    common: Facts,
    facts: Facts,
    values: dict[str, tuple[Value, ...]],
    collection: Collection,
    world: World,
) -> Json:  # fmt: skip
    """The row of an item: native values, and of each filter its values as it names them and as people do."""
    plain: Json = {"label": label, "description": next((each["value"] for each in common.get("description", [])), None)}
    for name in collection.extras:
        plain[name] = _extra(name, facts, world)
    for each in collection.filters:
        found = values[each.name]
        plain[each.name] = [int(value.short) for value in found] if each.kind == YEAR else [v.short for v in found]
        if each.has_labels:
            plain[f"{each.name}Label"] = [value.label for value in found]
    return plain


def _extra(name: str, facts: Facts, world: World) -> Any:  # noqa: ANN401
    terms = facts.get({"qualifier": "valueQualifier", "unitLabel": "unit"}.get(name, name), [])
    if not terms:
        return None
    text = terms[0]["value"]
    if name == "unit":
        return unit_name(text)
    if name == "unitLabel":
        return unit_words(text, world.names[text].label if text in world.names else unit_name(text)) or None
    return last_part(text) if name == "qualifier" else plain_value(terms[0])


def _values(facts: Facts, asked: Filter, world: World, countries: dict[str, str]) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for key in asked.keys:
        for term in facts.get(key, []):
            if asked.kind == THING and not term["value"].startswith(f"{THINGS}{asked.of_kind}"):
                continue
            name = short(term["value"], asked, countries)
            label = world.names[term["value"]].label if term["value"] in world.names else name
            found.setdefault(name, Value(name, label, term["value"] if term["type"] == "uri" else ""))
    return tuple(sorted(found.values(), key=lambda each: (sort_key(each.label), each.short)))


def _running(facts: Facts) -> list[Term]:
    """The years from the first in which something begins to the last in which it ends."""
    begins = [int(term["value"][:_YEAR_DIGITS]) for term in facts.get("startDate", [])]
    ends = [int(term["value"][:_YEAR_DIGITS]) for term in facts.get("endDate", [])]
    if not begins:
        return []
    last = min(max(begins + ends), min(begins) + _MOST_YEARS)
    return [{"type": "literal", "value": f"{year:04d}"} for year in range(min(begins), last + 1)]


def _sort(label: str, facts: Facts, values: dict[str, tuple[Value, ...]]) -> dict[str, str | float | None]:
    def first(name: str) -> str | None:
        return next((sort_key(value.label) for value in values.get(name, ())), None)

    dates = [term["value"] for key in _DATES for term in facts.get(key, [])]
    numbers = [number for key in _NUMBERS for term in facts.get(key, [])
               if isinstance(number := plain_value(term), int | float)]  # fmt: skip
    return {
        "sort_label": sort_key(label),
        "sort_country": first("country"),
        "sort_city": first("city"),
        "sort_date": min(dates, default=None),
        "sort_number": max(numbers, default=None),
    }


def _place_of(facts: Facts, world: World) -> Place | None:
    """The place of what an item is about, or is held at; a city says no more than that it is somewhere in it."""
    for key in ("about", "location"):
        for term in facts.get(key, []):
            is_city = term["value"].startswith(f"{THINGS}city/")
            if term["value"] in world.places and (key == "about" or not is_city):
                return world.places[term["value"]]
    return None


def _nearby(facts: Facts, world: World) -> tuple[Place, ...]:
    cities = {
        term["value"]: None
        for key in _PLACES
        for term in facts.get(key, [])
        if term["value"].startswith(f"{THINGS}city/") and term["value"] in world.places
    }
    return tuple(world.places[city] for city in cities)


def _iri(value: str) -> Term:
    return {"type": "uri", "value": value}
