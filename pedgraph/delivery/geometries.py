"""Geometries of GeoSPARQL as those of GeoJSON (RFC 7946, section 3.1): longitude first, outer rings counter-clockwise.

A ``geo:wktLiteral`` may begin with the IRI of its reference system (GeoSPARQL 1.1, section 8.5.1); without one it is
CRS84, which GeoJSON has as well. EPSG:4326 has latitude first. What stands in another system cannot be drawn here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pygeoif.exceptions import WKTParserError
from pygeoif.factories import from_wkt, mapping
from pygeoif.functions import signed_area

if TYPE_CHECKING:
    from collections.abc import Iterator

_WKT: Final = re.compile(r"\s*(?:<(?P<system>[^>]*)>\s*)?(?P<text>.+)", re.DOTALL)
_LONGITUDE_FIRST: Final = re.compile(r"https?://www\.opengis\.net/def/crs/OGC/[0-9.]+/CRS84")
_LATITUDE_FIRST: Final = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/4326")
_LARGEST_LONGITUDE: Final = 180
_LARGEST_LATITUDE: Final = 90


def geometry_of(literal: str) -> dict[str, Any] | None:
    """The geometry in the text of a ``geo:wktLiteral``; ``None`` where it is empty, malformed or not on this globe."""
    found = _WKT.fullmatch(literal)
    if found is None:
        return None
    is_swapped = found["system"] is not None and _LATITUDE_FIRST.fullmatch(found["system"]) is not None
    if found["system"] is not None and not is_swapped and not _LONGITUDE_FIRST.fullmatch(found["system"]):
        return None
    try:
        shape = from_wkt(found["text"])
        drawn = None if shape is None else _geojson(mapping(shape), is_swapped=is_swapped)
    except (WKTParserError, ValueError, TypeError, IndexError):
        return None
    return drawn if drawn is not None and _is_on_globe(drawn) else None


def point(longitude: object, latitude: object) -> dict[str, Any] | None:
    """The point at a longitude and latitude, ``None`` where these are not two numbers on the globe."""
    if not (isinstance(longitude, int | float) and isinstance(latitude, int | float)):
        return None
    drawn = {"type": "Point", "coordinates": [longitude, latitude]}
    return drawn if _is_on_globe(drawn) else None


def _geojson(geometry: Any, *, is_swapped: bool) -> dict[str, Any]:  # noqa: ANN401
    """A geometry of the library as GeoJSON, without its height."""
    kind: str = geometry["type"]
    if kind == "GeometryCollection":
        parts = [_geojson(each, is_swapped=is_swapped) for each in geometry["geometries"]]
        return {"type": kind, "geometries": parts}
    coordinates = _positions(geometry["coordinates"], is_swapped=is_swapped)
    if kind == "Polygon":
        coordinates = _rings(coordinates)
    elif kind == "MultiPolygon":
        coordinates = [_rings(each) for each in coordinates]
    return {"type": kind, "coordinates": coordinates}


def _positions(coordinates: Any, *, is_swapped: bool) -> list[Any]:  # noqa: ANN401
    if isinstance(coordinates[0], int | float):
        first, second = coordinates[:2]
        return [second, first] if is_swapped else [first, second]
    return [_positions(each, is_swapped=is_swapped) for each in coordinates]


def _rings(rings: list[Any]) -> list[Any]:
    """The rings of a polygon, the outer one counter-clockwise and the holes clockwise (RFC 7946, section 3.1.6)."""
    return [
        ring if (signed_area(ring) >= 0) == (index == 0) else list(reversed(ring)) for index, ring in enumerate(rings)
    ]


def _is_on_globe(drawn: dict[str, Any]) -> bool:
    if "geometries" in drawn:
        return all(_is_on_globe(each) for each in drawn["geometries"])
    return all(
        abs(longitude) <= _LARGEST_LONGITUDE and abs(latitude) <= _LARGEST_LATITUDE
        for longitude, latitude in _flat(drawn["coordinates"])
    )


def _flat(coordinates: list[Any]) -> Iterator[list[float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for each in coordinates:
            yield from _flat(each)
