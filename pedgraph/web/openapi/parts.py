"""What several operations have in common: parameters, problems, and the schemas of the kinds of values."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from pedgraph import errors
from pedgraph.delivery.stored import LARGEST_LIMIT, LARGEST_OFFSET
from pedgraph.errors import PedgraphError
from pedgraph.web.problems import MEDIA_TYPE

Schema = dict[str, Any]

# What asking anything may end in, and what only those meet who need a key.
ASKING: Final = (400, 404, 406, 410, 429, 503)
GUARDED: Final = (401, 403)
# What all other problems are described by.
OTHERWISE: Final = "default"
# The security scheme of those operations.
ADMIN_KEY: Final = "adminKey"
GUARD: Final[list[dict[str, list[str]]]] = [{ADMIN_KEY: []}]

PARAMETERS: Final[dict[str, Schema]] = {
    "version": {
        "description": "The version to ask: its number, a date (the end of that day, UTC), a date and time, or a "
        "release by its name. By default the current one.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "example": "1",
    },
    "timeout": {
        "description": "The most seconds that the answer may take; the server may allow less.",
        "schema": {"type": "number", "exclusiveMinimum": 0},
        "example": 10,
    },
    "limit": {
        "description": "The most rows to give. The header field Link then leads to the other pages.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT},
        "example": 2,
    },
    "offset": {
        "description": "How many rows to leave out at the beginning.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
        "example": 1,
    },
}

# Kind → schema of a value in a parameter; what JSON has no type for is text.
_TEXT: Final[Schema] = {"type": "string"}
_IRI: Final[Schema] = {"type": "string", "format": "iri"}
_INTEGER: Final[Schema] = {"type": "integer"}
_NUMBER: Final[Schema] = {"type": "number"}
_BOOLEAN: Final[Schema] = {"type": "boolean"}
VALUES: Final[dict[str, Schema]] = {
    "iri": _TEXT,
    "code": _TEXT,
    "text": _TEXT,
    "integer": _INTEGER,
    "decimal": _NUMBER,
    "boolean": _BOOLEAN,
    "date": {"type": "string", "format": "date"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
}
# Kind → schema of a value in a row of plain JSON.
CELLS: Final[dict[str, Schema]] = {
    "iri": _IRI,
    "text": _TEXT,
    "integer": _INTEGER,
    "decimal": _NUMBER,
    "boolean": _BOOLEAN,
    "date": {"type": "string", "description": "A date, or a month or year where nothing more exact is known"},
    "year": _TEXT,
    "url": {"type": "string", "format": "iri-reference"},
    "geometry": {"type": "string", "description": "Well-known text, longitude first"},
    "term": {"type": ["string", "number", "boolean"]},
}


# Status → header fields that say more about it.
_HEADERS_OF_PROBLEMS: Final = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
_HEADERS: Final[dict[str, Schema]] = {
    "Allow": {"description": "The methods that are offered", "schema": _TEXT},
    "Cache-Control": {"description": "For how long the answer holds", "schema": _TEXT},
    "Content-Disposition": {"description": "The name to save it under (RFC 6266)", "schema": _TEXT},
    "Content-Language": {"description": "The language of what is told", "schema": _TEXT},
    "ETag": {"description": "Strong tag of the answer, for If-None-Match", "schema": _TEXT},
    "Link": {"description": "Permalink (bookmark), and other pages (first, prev, next)", "schema": _TEXT},
    "Location": {"description": "The address of what is new, or to go on to", "schema": _TEXT},
    "Memento-Datetime": {"description": "When the version was published, if one was asked for", "schema": _TEXT},
    "Pedgraph-Limits": {"description": "The limits that the question was held to (RFC 9651)", "schema": _TEXT},
    "Pedgraph-Version": {"description": "The version that was asked, or made", "schema": _INTEGER},
    "Retry-After": {"description": "After how many seconds to come back, if that is known", "schema": _INTEGER},
    "WWW-Authenticate": {"description": "How to send the key", "schema": _TEXT},
    "X-Total-Count": {"description": "Rows on all pages, where one was asked for", "schema": _INTEGER},
}


def components() -> dict[str, dict[str, Any]]:
    """The *Components Object*: parameters, responses, schemas and header fields by name, and the admin key."""
    return {
        "parameters": {name: {"name": name, "in": "query", **each} for name, each in PARAMETERS.items()},
        "responses": {
            **{str(status): _problem_response(status) for status in _statuses()},
            OTHERWISE: _problem("Any other problem"),
        },
        "schemas": {"Problem": _problem_schema()},
        "headers": _HEADERS,
        "securitySchemes": {
            ADMIN_KEY: {
                "type": "http",
                "scheme": "bearer",
                "description": "A key of the role that the operation needs ('pedgraph keys add'), or the admin key of "
                "the server (PEDGRAPH_ADMIN_KEY), which may do everything. Where there are no keys, this is off (403).",
            }
        },
    }


def reference(kind: str, name: str) -> dict[str, str]:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def problems(*statuses: int) -> dict[str, Any]:
    """The responses to what goes wrong, by status; any other is described as well."""
    names = [str(status) for status in sorted(set(statuses))]
    return {name: reference("responses", name) for name in [*names, OTHERWISE]}


def answer(content: dict[str, Any], description: str, *more: str) -> dict[str, Any]:
    """The response to a question: media types with their schemas, and the header fields that come with them."""
    names = ("Pedgraph-Version", "Pedgraph-Limits", "Memento-Datetime", "Link", "ETag", "Cache-Control", *more)
    return {"description": description, "headers": headers(*names), "content": content}


def document(schema: Schema, description: str, *more: str) -> dict[str, Any]:
    """The response with a JSON document, and the header fields that come with it."""
    content = {"application/json": {"schema": schema}}
    return {"description": description, "headers": headers("ETag", "Cache-Control", *more), "content": content}


def not_modified() -> dict[str, Any]:
    """The response to a client that has the answer already, by its status."""
    return {"304": {"description": "The client has it already", "headers": headers("ETag", "Cache-Control")}}


def query_parameter(name: str, schema: Schema, *, is_required: bool = False) -> dict[str, Any]:
    """A parameter of the address; what a schema says to people, and its example, become those of the parameter."""
    told: Schema = {key: schema[key] for key in ("description", "example") if key in schema}
    bare = {key: value for key, value in schema.items() if key not in told}
    return {"name": name, "in": "query", "required": is_required, **told, "schema": bare}


def headers(*names: str) -> dict[str, Any]:
    """References to header fields."""
    return {name: reference("headers", name) for name in names}


def array(items: Schema) -> Schema:
    """The schema of an array."""
    return {"type": "array", "items": items}


def record(properties: dict[str, Schema], *optional: str) -> Schema:
    """The schema of an object that has these members and no others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _statuses() -> dict[int, list[str]]:
    """Status → the titles of the problems that have it; what goes wrong inside the server is left out."""
    found: dict[int, list[str]] = {}
    for name in errors.__all__:
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, PedgraphError) and kind.status != PedgraphError.status:
            found.setdefault(kind.status, []).append(f"{kind.title} (`{kind.code}`)")
    return {status: sorted(set(titles)) for status, titles in sorted(found.items())}


def _problem_response(status: int) -> dict[str, Any]:
    more = [_HEADERS_OF_PROBLEMS[status]] if status in _HEADERS_OF_PROBLEMS else []
    return _problem(f"{HTTPStatus(status).phrase}: {'; '.join(_statuses()[status])}", *more)


def _problem(description: str, *more: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": reference("schemas", "Problem")}}
    return {"description": description, "headers": headers("Pedgraph-Limits", *more), "content": content}


def _problem_schema() -> Schema:
    return {
        "type": "object",
        "description": "A problem document (RFC 9457)",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "Which kind of problem it is"},
            "title": {"type": "string", "description": "The kind of problem in words"},
            "status": {"type": "integer", "description": "The status of the response"},
            "detail": {"type": "string", "description": "What is wrong here, and what to do about it"},
            "parameter": {"type": "string", "description": "The parameter that is wrong"},
            "line": {"type": "integer", "description": "Where the text is wrong; lines count from 1"},
            "column": {"type": "integer", "description": "Where in the line; columns count from 1"},
            "findings": {"type": "array", "items": {"type": "object"}, "description": "What violates which rule"},
        },
    }
