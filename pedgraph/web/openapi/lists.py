"""The lists of things: one operation each, with a parameter per filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.answers import FORMATS
from pedgraph.delivery.collections.asking import MOST_ROWS
from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.collections.model import CODE, COUNTRY, YEAR
from pedgraph.delivery.rows import GEO_JSON, ROWS_JSON_LD
from pedgraph.vocabulary.media import PLAIN_JSON
from pedgraph.web.openapi import parts
from pedgraph.web.openapi.getting import VERSION, format_parameter

if TYPE_CHECKING:
    from pedgraph.delivery.collections.model import Collection, Filter
    from pedgraph.delivery.stored import StoredQueries

_TAG: Final = "lists"
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_MAY_BE_EMPTY: Final = {"type": ["string", "null"]}
_HEADERS: Final = ("X-Total-Count",)
# Parameter → its schema, with what people are told.
_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "q": {
        **_TEXT,
        "maxLength": 500,
        "description": "Words to be found as by the search; the best comes first unless sort says otherwise.",
        "example": "amsterdam",
    },
    "bbox": {
        **_TEXT,
        "description": "West, south, east and north of an area, in degrees; west is the greater one across the "
        "antimeridian. What has no place is left out.",
        "example": "3.3,50.7,7.3,53.6",
    },
    "approximate": {
        "enum": ["city"],
        "description": "What has no place of its own is taken to be where its city is, and says so.",
        "example": "city",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST_ROWS,
        "description": "The most items to give. JSON gives 100 by default and at most 1,000; CSV and GeoJSON give "
        "10,000.",
        "example": 2,
    },
    "cursor": {**_TEXT, "description": "Where a page begins, as the links of another page say."},
    "facets": {"type": "boolean", "default": True, "description": "Whether JSON counts values.", "example": True},
    "bom": {
        "type": "boolean",
        "default": False,
        "description": "Whether CSV begins with a byte order mark, for spreadsheets.",
        "example": True,
    },
}


def paths(queries: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of the lists."""
    return {f"/{each.name}": {"get": _operation(each, queries)} for each in COLLECTIONS.values()}


def schemas() -> dict[str, parts.Schema]:
    """The schemas of what lists answer with."""
    return {"List": _list(), "ListItem": _item(), "Features": _features()}


def _item() -> parts.Schema:
    return {
        "type": "object",
        "description": "A thing in short, with the keys of the JSON-LD context",
        "required": ["id", "type", "plain"],
        "properties": {
            "id": {"type": "string", "format": "iri", "description": "Its IRI, which leads to its description"},
            "type": parts.array(_TEXT),
            "label": {"type": "object", "description": "Its names by language"},
            "sources": parts.array({"type": "object", "required": ["id"], "properties": {"id": _TEXT}}),
            "plain": {
                "type": "object",
                "required": ["label"],
                "properties": {"label": _TEXT},
                "description": "The same as native values: of each filter its values as it takes them",
            },
        },
    }


def _list() -> parts.Schema:
    count = parts.record({"value": _TEXT, "label": _TEXT, "count": _COUNT})
    members: dict[str, parts.Schema] = {
        "@context": _TEXT,
        "id": _TEXT,
        "type": {"const": "Collection"},
        "title": {"type": "object"},
        "version": {"type": "integer", "description": "The version of the graph"},
        "total": {**_COUNT, "description": "How many items pass the filters, on all pages"},
        "of": {**_COUNT, "description": "How many there are without any filter"},
        "offset": _COUNT,
        "limit": _COUNT,
        "first": {**_TEXT, "description": "The address of the first page, relative to this one"},
        "previous": _MAY_BE_EMPTY,
        "next": _MAY_BE_EMPTY,
        "items": parts.array(parts.reference("schemas", "ListItem")),
        "facets": {
            "type": "object",
            "additionalProperties": parts.array(count),
            "description": "Of each filter its values, and how many items would be there with each",
        },
    }
    return parts.record(members, "@context", "facets")


def _operation(collection: Collection, queries: StoredQueries) -> dict[str, Any]:
    contents = {
        PLAIN_JSON.name: parts.reference("schemas", "List"),
        ROWS_JSON_LD.name: parts.reference("schemas", "List"),
        GEO_JSON.name: parts.reference("schemas", "Features"),
    }
    content = {each.media_type: {"schema": contents.get(each.name, {})} for each in FORMATS}
    return {
        "operationId": collection.name,
        "summary": f"List: {collection.title}",
        "description": f"{collection.introduction} All filters narrow the list down; one that is given several times "
        "takes any of its values. Pages stay those of one version: follow the links `next` and `prev`.",
        "tags": [_TAG],
        "parameters": [
            *(_filter(each, queries) for each in collection.filters),
            *_common(collection),
            format_parameter([each.name for each in FORMATS]),
            VERSION,
        ],
        "responses": {
            "200": parts.answer(content, "A part of the list, in an order that is the same each time", *_HEADERS),
            **parts.not_modified(),
            **parts.problems(*parts.ASKING),
        },
    }


def _filter(asked: Filter, queries: StoredQueries) -> dict[str, Any]:
    value: dict[str, Any] = {"type": "string", "minLength": 1}
    if asked.kind == CODE:
        slugs = sorted({slug for scheme in asked.schemes for slug in queries.codes.members(scheme)})
        value = {"anyOf": [{"type": "string", "enum": slugs}, {"type": "string", "format": "iri"}]}
    if asked.kind == YEAR:
        value = {"type": "string", "pattern": "^[0-9]{4}$"}
    written = {
        CODE: f"a member of the code list {' or '.join(asked.schemes)}",
        COUNTRY: "two letters, or the IRI in the EU table of countries",
        YEAR: "four digits",
    }.get(asked.kind, "the end of its IRI, or the whole of it")
    return {
        "name": asked.name,
        "in": "query",
        "description": f"{asked.meaning} Written as {written}.",
        "schema": parts.array(value),
        "style": "form",
        "explode": True,
        "example": [asked.example],
    }


def _common(collection: Collection) -> list[dict[str, Any]]:
    orders = [each.name for each in collection.orders]
    sort = {
        "enum": [sign + name for name in [*orders, "relevance"] for sign in ("", "-")],
        "default": orders[0],
        "description": "What to go by, with a minus in front for the other way round; relevance needs q.",
        "example": orders[0],
    }
    return [parts.query_parameter(name, schema) for name, schema in {**_PARAMETERS, "sort": sort}.items()]


def _features() -> parts.Schema:
    feature = parts.record(
        {
            "type": {"const": "Feature"},
            "id": {"type": "string", "format": "iri"},
            "geometry": {"type": ["object", "null"], "description": "`null` where no place is known"},
            "properties": {"type": "object"},
        }
    )
    link = parts.record({"rel": _TEXT, "href": _TEXT, "type": _TEXT})
    members: dict[str, parts.Schema] = {
        "type": {"const": "FeatureCollection"},
        "numberMatched": _COUNT,
        "numberReturned": _COUNT,
        "attribution": {**_TEXT, "description": "What the sources of the places want to be said"},
        "links": parts.array(link),
        "features": parts.array(feature),
    }
    return parts.record(members, "attribution")
