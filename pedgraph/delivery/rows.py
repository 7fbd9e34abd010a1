"""The rows of a stored query as apps take them: plain JSON, JSON-LD, and GeoJSON where there are places.

Rows come in as SPARQL 1.1 Query Results JSON, section 3. In plain JSON numbers are numbers, booleans booleans, what is
unbound is ``null``, and all else is text. JSON-LD says the same as RDF: each row is a node, each column a property. In
GeoJSON (RFC 7946) each row is a feature.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from pedgraph.query.kinds import DATATYPES, XSD
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import CSV, JSON_RESULTS, PLAIN_JSON, TSV, XML_RESULTS, Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pedgraph.query.library import StoredQuery

Row = dict[str, Any]

# At these addresses a name and its media type mean the same: ``json`` is application/json, which apps ask for.
ROWS_JSON_LD: Final = Format("jsonld", "application/ld+json", (), ("json-ld",), ".jsonld")
GEO_JSON: Final = Format("geojson", "application/geo+json", (), (), ".geojson")
_JSON_RESULTS: Final = Format("srj", JSON_RESULTS.media_type, (), (), ".srj")
_XML_RESULTS: Final = Format("xml", XML_RESULTS.media_type, (), ("srx",), ".srx")

ROW_FORMATS: Final = (PLAIN_JSON, CSV, TSV, _JSON_RESULTS, _XML_RESULTS, ROWS_JSON_LD, GEO_JSON)

_LATITUDE: Final = "latitude"
_LONGITUDE: Final = "longitude"
# To whom a row is to be attributed.
_CREDIT: Final = "credit"
_EXACT_DATATYPES: Final = {
    "integer": XSD + "integer",
    "decimal": XSD + "decimal",
    "boolean": XSD + "boolean",
    "date": XSD + "date",
    "year": XSD + "gYear",
    "url": XSD + "anyURI",
}
_STRING: Final = XSD + "string"


def row_formats(query: StoredQuery) -> tuple[Format, ...]:
    """The formats that the rows of a query can be had in, the preferred one first."""
    has_iris = any(column.kind == "iri" for column in query.columns)
    unfit = set() if has_iris else {ROWS_JSON_LD}
    unfit |= set() if has_places(query) else {GEO_JSON}
    return tuple(each for each in ROW_FORMATS if each not in unfit)


def is_converted(chosen: Format) -> bool:
    """Whether a format is made here; the engine writes the others."""
    return chosen in {PLAIN_JSON, ROWS_JSON_LD, GEO_JSON}


def convert(results: bytes, query: StoredQuery, chosen: Format) -> bytes:
    """Rows in SPARQL Query Results JSON as one of the formats that :func:`is_converted`."""
    rows = json.loads(results)["results"]["bindings"]
    document = _CONVERSIONS[chosen.name](rows, query)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def has_places(query: StoredQuery) -> bool:
    """Whether a query says where things are: by a geometry, or by latitude and longitude."""
    return any(column.kind == "geometry" for column in query.columns) or (
        {_LATITUDE, _LONGITUDE} <= {column.name for column in query.columns}
    )


def plain_rows(rows: Iterable[Row], query: StoredQuery) -> list[dict[str, Any]]:
    """Each row as an object of native values, with a member per column."""
    return [{column.name: plain_value(row.get(column.name)) for column in query.columns} for row in rows]


def plain_value(term: Row | None) -> str | int | float | bool | None:
    """A term as a native value of JSON; a number that JSON has not, such as infinity, stays a text."""
    if term is None:
        return None
    text: str = term["value"]
    datatype = term.get("datatype", "")
    if datatype in DATATYPES["boolean"] and text in {"true", "false", "1", "0"}:
        return text in {"true", "1"}
    if datatype not in DATATYPES["decimal"]:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    is_whole = datatype in DATATYPES["integer"] or (number == number.to_integral_value() and "E" not in text.upper())
    return int(number) if is_whole else float(number)


def linked_rows(rows: Iterable[Row], query: StoredQuery) -> dict[str, Any]:
    """The rows as a JSON-LD document, whose context is made from the columns."""
    kinds = {column.name: column.kind for column in query.columns}
    nodes = [{name: _linked(term, kinds[name]) for name, term in row.items()} for row in rows]
    return {"@context": context_of(query), "rows": nodes}


def context_of(query: StoredQuery) -> dict[str, Any]:
    """The context of :func:`linked_rows`: a property per column, named after it within the query's address."""
    namespace = f"{ROOT}queries/{query.name}#"
    context: dict[str, Any] = {"rows": {"@id": f"{namespace}rows", "@container": "@list"}}
    for column in query.columns:
        term = {"@id": namespace + column.name}
        if column.kind == "iri":
            term["@type"] = "@id"
        elif column.kind in _EXACT_DATATYPES:
            term["@type"] = _EXACT_DATATYPES[column.kind]
        context[column.name] = term
    return context


def features(rows: Iterable[Row], query: StoredQuery) -> dict[str, Any]:
    """The rows as a GeoJSON feature collection; a row without a place that can be drawn has no geometry.

    The first IRI of a row identifies its feature (RFC 7946, section 3.2). Where rows have a credit, the collection has
    all of them as ``attribution``, a foreign member (section 6.1), for maps that show one line for a layer.
    """
    geometry = next((column.name for column in query.columns if column.kind == "geometry"), None)
    identity = next((column.name for column in query.columns if column.kind == "iri"), None)
    found: list[dict[str, Any]] = []
    named: dict[str, None] = {}
    for row in rows:
        found.append(_feature(row, query, geometry, identity))
        if _CREDIT in row:
            named[row[_CREDIT]["value"]] = None
    attribution = {"attribution": " ".join(named)} if named else {}
    return {"type": "FeatureCollection", **attribution, "features": found}


def _linked(term: Row, kind: str) -> str | dict[str, str]:
    """A term as the value of its column: a text where the context says the rest."""
    value: str = term["value"]
    if term["type"] == "uri":
        return value if kind == "iri" else {"@id": value}
    if term["type"] == "bnode":
        return {"@id": f"_:{value}"}
    if "xml:lang" in term:
        return {"@value": value, "@language": term["xml:lang"]}
    datatype = term.get("datatype", _STRING)
    return value if datatype == _EXACT_DATATYPES.get(kind, _STRING) else {"@value": value, "@type": datatype}


def _feature(row: Row, query: StoredQuery, geometry: str | None, identity: str | None) -> dict[str, Any]:
    drawn = _geometry(row, geometry)
    left_out = {geometry, *((_LATITUDE, _LONGITUDE) if drawn is not None else ())}
    properties = plain_rows([row], query)[0]
    feature = {
        "type": "Feature",
        "geometry": drawn,
        "properties": {name: value for name, value in properties.items() if name not in left_out},
    }
    if identity is not None and identity in row:
        feature["id"] = row[identity]["value"]
    return feature


def _geometry(row: Row, geometry: str | None) -> dict[str, Any] | None:
    from pedgraph.delivery.geometries import geometry_of, point

    drawn = geometry_of(row[geometry]["value"]) if geometry is not None and geometry in row else None
    if drawn is not None:
        return drawn
    latitude, longitude = (plain_value(row.get(name)) for name in (_LATITUDE, _LONGITUDE))
    return point(longitude, latitude)


_CONVERSIONS: Final[dict[str, Callable[[list[Row], StoredQuery], Any]]] = {
    PLAIN_JSON.name: plain_rows,
    ROWS_JSON_LD.name: linked_rows,
    GEO_JSON.name: features,
}
