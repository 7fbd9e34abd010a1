"""One operation for each stored query, made from its header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.rows import GEO_JSON
from pedgraph.delivery.stored import formats
from pedgraph.vocabulary.media import PLAIN_JSON
from pedgraph.web.openapi import parts

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries
    from pedgraph.query.library import Parameter, StoredQuery

_TAG: Final = "stored queries"


def paths(queries: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/queries`` and of all below it."""
    found: dict[str, Any] = {"/queries": {"get": _catalogue()}}
    for query in queries.library.values():
        found[f"/queries/{query.name}"] = {"get": _operation(query, queries)}
    return found


def _operation(query: StoredQuery, queries: StoredQueries) -> dict[str, Any]:
    common = ["version", "timeout", *([] if query.gives_graph else ["limit", "offset"])]
    content = {each.media_type: _content(query, each.media_type) for each in formats(query)}
    headers = () if query.gives_graph else ("X-Total-Count",)
    return {
        "operationId": query.name,
        "summary": query.title,
        "description": query.description,
        "tags": [_TAG],
        "parameters": [
            *(_parameter(each, queries) for each in query.parameters),
            _format(query),
            *(parts.reference("parameters", name) for name in common),
        ],
        "responses": {
            "200": parts.answer(content, _what(query), *headers),
            **parts.not_modified(),
            **parts.problems(*parts.ASKING),
        },
    }


def _parameter(parameter: Parameter, queries: StoredQueries) -> dict[str, Any]:
    schema: dict[str, Any] = dict(parts.VALUES[parameter.kind])
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.scheme is not None:
        slugs = list(queries.codes.members(parameter.scheme))
        schema = {"anyOf": [{"type": "string", "enum": slugs}, {"type": "string", "format": "iri"}]}
    example: Any = parameter.default
    if schema.get("type") in {"integer", "number"} and parameter.default is not None:
        example = float(parameter.default) if "." in parameter.default else int(parameter.default)
    if schema.get("type") == "boolean":
        example = parameter.default == "true"
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": f"{parameter.meaning}{_expected(parameter)}",
        "schema": {**schema, "default": example},
        "example": example,
    }


def _expected(parameter: Parameter) -> str:
    if parameter.kind == "iri":
        return " (an IRI, or a name with a prefix such as id: or one that the query declares)"
    return f" (a member of the code list {parameter.scheme})" if parameter.kind == "code" else ""


def _format(query: StoredQuery) -> dict[str, Any]:
    names = [each.name for each in formats(query)]
    return {
        "name": "format",
        "in": "query",
        "description": "The format to answer in; wins over Accept. A media type does as well.",
        "schema": {"anyOf": [{"type": "string", "enum": names}, {"type": "string"}], "default": names[0]},
        "example": names[0],
    }


def _what(query: StoredQuery) -> str:
    return "A graph" if query.gives_graph else "Rows, in an order that is the same each time"


def _content(query: StoredQuery, media_type: str) -> dict[str, Any]:
    if query.gives_graph or media_type not in {PLAIN_JSON.media_type, GEO_JSON.media_type}:
        return {"schema": {}}
    cells = {
        column.name: {**parts.CELLS[column.kind], "title": column.meaning}
        if not column.is_optional
        else {"anyOf": [parts.CELLS[column.kind], {"type": "null"}], "title": column.meaning}
        for column in query.columns
    }
    row = {"type": "object", "required": list(cells), "properties": cells, "additionalProperties": False}
    if media_type == PLAIN_JSON.media_type:
        return {"schema": {"type": "array", "items": row}}
    return {"schema": _feature_collection()}


def _feature_collection() -> dict[str, Any]:
    feature = {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": {"type": ["object", "null"]},
            "properties": {"type": "object"},
        },
    }
    properties = {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}}
    return {"type": "object", "required": ["type", "features"], "properties": properties}


def _catalogue() -> dict[str, Any]:
    text = {"type": "string"}
    named = {"type": "object", "required": ["name", "type"], "properties": {"name": text, "type": text}}
    item = {
        "type": "object",
        "required": ["name", "title", "description", "topic", "href", "parameters", "columns", "formats", "sparql"],
        "properties": {
            **dict.fromkeys(("name", "title", "description", "topic", "href", "sparql", "since"), text),
            **{key: {"type": "array", "items": named} for key in ("parameters", "columns", "formats")},
            "answers": {"type": "array", "items": text, "description": "Competency questions that it answers"},
            "never_empty": {"type": "boolean", "description": "Whether it promises to find something"},
        },
    }
    return {
        "operationId": "list-queries",
        "summary": "List the stored queries",
        "tags": [_TAG],
        "responses": {
            "200": parts.document(parts.array(item), "The stored queries, by topic", "Pedgraph-Limits"),
            **parts.not_modified(),
            **parts.problems(),
        },
    }
