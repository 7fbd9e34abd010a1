"""The map of the first page: every city with the districts in it, as GeoJSON (RFC 7946) and as an index by country."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.geometries import point
from pedgraph.delivery.rows import plain_rows
from pedgraph.delivery.search.pages import address_of
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.delivery.asking import Asking

_NO_COUNTRY: Final = "Country not stated"


@dataclass(frozen=True)
class Named:
    """Something with a page: its name, and its address from the start of the site."""

    name: str
    address: str


@dataclass
class CityOfDistricts:
    """A city, where it is if that is known, and the districts in it: those with points of their own apart."""

    named: Named
    country: str
    position: tuple[Any, Any]
    districts: dict[str, Named] = field(default_factory=dict)
    positions: dict[str, tuple[Any, Any]] = field(default_factory=dict)


async def read_places(asking: Asking, version: int) -> list[CityOfDistricts]:
    """Every city of a version, by country and name; raises the errors of :meth:`Asking.rows`."""
    query = read_stored_query(queries_directory() / "pages" / "places.rq")
    return gathered(plain_rows(await asking.rows(query.text, version), query))


def gathered(rows: Iterable[dict[str, Any]]) -> list[CityOfDistricts]:
    """The rows of the stored query as one entry per city. Where rivals say where it is, the first in order counts."""
    found: dict[str, CityOfDistricts] = {}
    for row in rows:
        named = Named(row["cityName"], address_of(row["city"]))
        here = (row["longitude"], row["latitude"])
        city = found.setdefault(row["city"], CityOfDistricts(named, row["country"] or _NO_COUNTRY, here))
        if row["district"]:
            city.districts.setdefault(row["district"], Named(row["districtName"], address_of(row["district"])))
            if row["districtLatitude"] is not None:
                city.positions.setdefault(row["district"], (row["districtLongitude"], row["districtLatitude"]))
    return list(found.values())


def as_geojson(cities: Iterable[CityOfDistricts], root: str) -> dict[str, Any]:
    """A feature per place, those with districts last, so that they are drawn above the others.

    A district without a point of its own is named at that of its city. ``root`` leads to the start of the site.
    """
    features = []
    for city in cities:
        at_city = [each for iri, each in city.districts.items() if iri not in city.positions]
        kind = "ped" if at_city else "city"
        features.append(_feature(city.named, kind, city.position, root, at_city))
        for iri, position in city.positions.items():
            features.append(_feature(city.districts[iri], "ped", position, root, [], f"in {city.named.name}"))
    shown = [each for each in features if each["geometry"] is not None]
    return {"type": "FeatureCollection", "features": sorted(shown, key=lambda each: each["properties"]["kind"])}


def by_country(cities: Iterable[CityOfDistricts]) -> dict[str, list[tuple[Named, Named]]]:
    """Each country with its districts and their cities."""
    found: dict[str, list[tuple[Named, Named]]] = {}
    for city in cities:
        for district in city.districts.values():
            found.setdefault(city.country, []).append((district, city.named))
    return found


def _feature(
    named: Named, kind: str, position: tuple[Any, Any], root: str, districts: list[Named], note: str = ""
) -> dict[str, Any]:
    held = [{"label": each.name, "address": root + each.address} for each in districts]
    properties = {"label": named.name, "address": root + named.address, "kind": kind}
    properties |= {"note": note} if note else {}
    return {
        "type": "Feature",
        "geometry": point(*position),
        "properties": properties | ({"holds": held} if held else {}),
    }
