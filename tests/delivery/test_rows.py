"""Rows for apps: native values in JSON, terms in JSON-LD, places in GeoJSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pedgraph.delivery.geometries import geometry_of, point
from pedgraph.delivery.rows import GEO_JSON, ROWS_JSON_LD, convert, plain_value, row_formats
from pedgraph.query.library import Column, StoredQuery
from pedgraph.vocabulary.media import PLAIN_JSON

XSD = "http://www.w3.org/2001/XMLSchema#"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
CRS = "http://www.opengis.net/def/crs"


def query(*columns: tuple[str, str]) -> StoredQuery:
    slots = tuple(Column(name, kind, "", is_optional=True) for name, kind in columns)
    return StoredQuery("things", "test", "", "", (), slots, (), "", never_empty=False, text="")


def literal(value: str, datatype: str = "string") -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": datatype if "://" in datatype else XSD + datatype}


def results(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"head": {"vars": []}, "results": {"bindings": rows}}).encode()


PLACES = query(("thing", "iri"), ("latitude", "decimal"), ("longitude", "decimal"), ("outline", "geometry"))
THING = {"type": "uri", "value": "urn:x:a"}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (THING, "urn:x:a"),
        ({"type": "bnode", "value": "b0"}, "b0"),
        ({"type": "literal", "value": "12"}, "12"),
        ({"type": "literal", "value": "stad", "xml:lang": "nl"}, "stad"),
        (literal("12", "integer"), 12),
        (literal("-7", "nonPositiveInteger"), -7),
        (literal("12345678901234567890", "integer"), 12345678901234567890),
        (literal("12.0", "decimal"), 12),
        (literal("0.1", "decimal"), 0.1),
        (literal("1.5E3", "double"), 1500.0),
        (literal("INF", "double"), "INF"),
        (literal("NaN", "double"), "NaN"),
        (literal("many", "integer"), "many"),
        (literal("true", "boolean"), True),
        (literal("0", "boolean"), False),
        (literal("maybe", "boolean"), "maybe"),
        (literal("2025-06-11", "date"), "2025-06-11"),
        (literal("2025", "gYear"), "2025"),
    ],
)
def test_a_term_becomes_a_native_value(term: dict[str, Any] | None, value: object) -> None:
    given = plain_value(term)

    assert (given, type(given)) == (value, type(value))


def test_plain_json_has_every_column_in_every_row() -> None:
    given = convert(results({"thing": THING}, {}), PLACES, PLAIN_JSON)

    nothing = {"thing": None, "latitude": None, "longitude": None, "outline": None}
    assert given.decode() == json.dumps([nothing | {"thing": "urn:x:a"}, nothing], separators=(",", ":"))


def test_json_ld_keeps_what_the_context_does_not_say() -> None:
    asked = query(("thing", "iri"), ("when", "date"), ("name", "text"), ("any", "term"))
    row = {
        "thing": THING,
        "when": literal("2025", "gYear"),
        "name": {"type": "literal", "value": "stad", "xml:lang": "nl"},
        "any": THING,
    }

    document = json.loads(convert(results(row, {"when": literal("2025-06-11", "date")}), asked, ROWS_JSON_LD))

    assert document["rows"] == [
        {
            "thing": "urn:x:a",
            "when": {"@value": "2025", "@type": XSD + "gYear"},
            "name": {"@value": "stad", "@language": "nl"},
            "any": {"@id": "urn:x:a"},
        },
        {"when": "2025-06-11"},
    ]
    namespace = "https://w3id.org/pedgraph/queries/things#"
    assert document["@context"] == {
        "rows": {"@id": namespace + "rows", "@container": "@list"},
        "thing": {"@id": namespace + "thing", "@type": "@id"},
        "when": {"@id": namespace + "when", "@type": XSD + "date"},
        "name": {"@id": namespace + "name"},
        "any": {"@id": namespace + "any"},
    }


def test_geojson_has_a_feature_per_row() -> None:
    outline = literal("POLYGON((0 0, 0 1, 1 1, 0 0))", WKT)
    rows = (
        {"thing": THING, "latitude": literal("52.4", "decimal"), "longitude": literal("4.9", "decimal")},
        {"thing": THING, "outline": outline},
        {"latitude": literal("52.4", "decimal")},
    )

    document = json.loads(convert(results(*rows), PLACES, GEO_JSON))

    drawn = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [0, 0]]]}
    assert document == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [4.9, 52.4]},
                "properties": {"thing": "urn:x:a"},
                "id": "urn:x:a",
            },
            {"type": "Feature", "geometry": drawn, "properties": {"thing": "urn:x:a"}, "id": "urn:x:a"},
            {
                "type": "Feature",
                "geometry": None,
                "properties": {"thing": None, "latitude": 52.4, "longitude": None},
            },
        ],
    }


def test_formats_are_offered_where_they_fit() -> None:
    offered = {
        columns: {"jsonld", "geojson"} & {each.name for each in row_formats(query(*columns))}
        for columns in (
            (("name", "text"),),
            (("name", "iri"),),
            (("latitude", "decimal"), ("longitude", "decimal")),
            (("latitude", "decimal"),),
            (("outline", "geometry"), ("thing", "iri")),
        )
    }

    assert list(offered.values()) == [set(), {"jsonld"}, {"geojson"}, set(), {"jsonld", "geojson"}]


@pytest.mark.parametrize(
    ("text", "geometry"),
    [
        ("POINT(4.9 52.4)", {"type": "Point", "coordinates": [4.9, 52.4]}),
        ("Point Z (4.9 52.4 7)", {"type": "Point", "coordinates": [4.9, 52.4]}),
        (f"<{CRS}/OGC/1.3/CRS84> POINT(4.9 52.4)", {"type": "Point", "coordinates": [4.9, 52.4]}),
        (f"<{CRS}/EPSG/0/4326> POINT(52.4 4.9)", {"type": "Point", "coordinates": [4.9, 52.4]}),
        (f"<{CRS}/EPSG/0/28992> POINT(1 2)", None),
        ("MULTIPOINT((1 2), (3 4))", {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}),
        ("LINESTRING(1 2,\n3 4)", {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        (
            "POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,2 1,2 2,1 1))",
            {
                "type": "Polygon",
                "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[1, 1], [2, 2], [2, 1], [1, 1]]],
            },
        ),
        (
            "MULTIPOLYGON(((0 0,0 1,1 1,0 0)))",
            {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 1], [0, 1], [0, 0]]]]},
        ),
        (
            "GEOMETRYCOLLECTION(POINT(1 2))",
            {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
        ),
        ("POINT EMPTY", None),
        ("POINT(181 0)", None),
        ("POINT(0 91)", None),
        ("POINT(NaN 1)", None),
        ("POINT(1)", None),
        ("CIRCLE(1 2)", None),
        ("", None),
    ],
)
def test_an_outline_becomes_a_geometry_or_nothing(text: str, geometry: dict[str, Any] | None) -> None:
    assert geometry_of(text) == geometry


def test_a_point_needs_two_numbers_on_the_globe() -> None:
    assert point(4.9, 52) == {"type": "Point", "coordinates": [4.9, 52]}
    assert [point(4.9, None), point("4.9", 52), point(181, 0), point(0, 91)] == [None] * 4
