"""The operations for whoever has data: templates to fill in, and having a file checked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.media import GRAPH_FORMATS
from pedgraph.web.multipart import FILE_FIELD, MULTIPART
from pedgraph.web.openapi import parts
from pedgraph.web.telling import FORMS, JSON, WORKBOOK
from pedgraph.wiring import LANGUAGES

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

TAG: Final = "contributing"
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
LANGUAGE: Final = parts.query_parameter(
    "language",
    {
        "enum": list(LANGUAGES),
        "description": "The language of what is told; otherwise that of Accept-Language, or English",
        "example": "en",
    },
)
FORM_OF_FINDINGS: Final = parts.query_parameter(
    "format",
    {
        "enum": [each.name for each in FORMS],
        "description": "In what form findings are told; wins over Accept",
        "example": JSON.name,
    },
)
_FILE_NAME: Final = parts.query_parameter(
    "filename", {"type": "string", "description": "What the file is called, where Content-Disposition does not say so"}
)
_FILE_TYPES: Final = (*(each.media_type for each in GRAPH_FORMATS), "text/csv", "application/zip", WORKBOOK.media_type)
_EXAMPLE: Final = """\
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://w3id.org/pedgraph/id/ped/an-example-of-a-file> a pedg:PositiveEnergyDistrict ;
    rdfs:label "An example of a district"@en ;
    pedg:inCity <https://w3id.org/pedgraph/id/city/cz-prague> .
"""
_TOO_MUCH: Final = (400, 406, 413, 415, 503, 507)


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/templates/`` and of ``/validate``."""
    name = {
        "name": "file_name",
        "in": "path",
        "required": True,
        "description": "The name of a template and of one of its forms: xlsx, csv, zip",
        "schema": _TEXT,
        "example": "pedgraph.xlsx",
    }
    return {
        "/templates/": {"get": _templates()},
        "/templates/{file_name}": {"parameters": [name], "get": _template()},
        "/validate": {"post": _validating()},
    }


def schemas() -> dict[str, Any]:
    """The schemas of what checks say, by name."""
    receipt = parts.record(
        {
            "conforms": {"type": "boolean"},
            "data_hash": {**_TEXT, "description": "SHA-256 of the data in canonical form (RDFC-1.0); empty if unread"},
            "file_hash": {**_TEXT, "description": "SHA-256 of the bytes"},
            "shapes": {**_TEXT, "description": "The version of the shapes"},
            "engine": {**_TEXT, "description": "The engine whose verdict it is"},
            "version": {**_COUNT, "description": "The version of the graph that it was judged with"},
            "checked": {**_TEXT, "format": "date-time"},
        }
    )
    return {"Receipt": {**receipt, "description": "What a check vouches for"}, "Findings": _findings()}


def findings_answer(description: str) -> dict[str, Any]:
    """The response with findings, in all forms."""
    content: dict[str, Any] = {each.media_type: {"schema": {}} for each in FORMS}
    content[JSON.media_type] = {"schema": parts.reference("schemas", "Findings")}
    return {
        "description": description,
        "headers": parts.headers("Cache-Control", "Content-Language"),
        "content": content,
    }


def file_body(fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """A form with a file and fields."""
    properties = {FILE_FIELD: {"type": "string", "contentMediaType": "application/octet-stream"}, **fields}
    form = {"type": "object", "required": [FILE_FIELD, *required], "properties": properties}
    return {MULTIPART: {"schema": {**form, "additionalProperties": False}}}


def _findings() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "What was found in a file, grouped and in the order of the file",
        "required": ["source", "language", "conforms", "counts", "groups", "statements", "sha256", "bytes", "receipt"],
        "properties": {
            "source": {**_TEXT, "description": "What the file is called"},
            "conforms": {"type": "boolean", "description": "Whether it may be taken in: no violation"},
            "counts": parts.record({"violation": _COUNT, "warning": _COUNT, "info": _COUNT}),
            "groups": {"type": "array", "items": {"type": "object"}, "description": "The findings that are shown"},
            "statements": _COUNT,
            "bytes": _COUNT,
            "sha256": _TEXT,
            "media_type": _TEXT,
            "receipt": parts.reference("schemas", "Receipt"),
        },
    }


def _templates() -> dict[str, Any]:
    listed = parts.record({"templates": parts.array({"type": "object"})})
    return {
        "operationId": "list-templates",
        "summary": "List the templates",
        "tags": [TAG],
        "parameters": [LANGUAGE],
        "responses": {"200": parts.document(listed, "The templates"), **parts.not_modified(), **parts.problems(400)},
    }


def _template() -> dict[str, Any]:
    types = (WORKBOOK.media_type, "text/csv", "application/zip")
    fetched = {
        "description": "The template",
        "headers": parts.headers("ETag", "Cache-Control", "Content-Disposition"),
        "content": {each: {"schema": {}} for each in types},
    }
    example = {"type": "boolean", "description": "Filled in with a worked example", "example": True}
    return {
        "operationId": "get-template",
        "summary": "Get a template to fill in",
        "tags": [TAG],
        "parameters": [LANGUAGE, parts.query_parameter("example", example)],
        "responses": {"200": fetched, **parts.not_modified(), **parts.problems(400, 404)},
    }


def _validating() -> dict[str, Any]:
    content: dict[str, Any] = {each: {"schema": {}} for each in _FILE_TYPES}
    content["text/turtle"] = {"schema": _TEXT, "example": _EXAMPLE}
    content |= file_body({"language": {"enum": list(LANGUAGES)}}, [])
    return {
        "operationId": "validate",
        "summary": "Have a file checked",
        "description": "Anybody may; nothing is kept. The status is 200 whatever the verdict is: see `conforms`.",
        "tags": [TAG],
        "parameters": [FORM_OF_FINDINGS, LANGUAGE, _FILE_NAME],
        "requestBody": {"required": True, "content": content},
        "responses": {
            str(HTTPStatus.OK.value): findings_answer("It was checked"),
            **parts.problems(*_TOO_MUCH),
        },
    }
