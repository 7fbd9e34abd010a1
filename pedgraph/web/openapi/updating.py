"""The operation of the SPARQL protocol for updates, and what all writes have in common."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pedgraph.web.openapi import parts
from pedgraph.web.problems import MEDIA_TYPE
from pedgraph.web.requests import FORM, SPARQL_UPDATE
from pedgraph.web.writing import AUTHOR_HEADER, REASON_HEADER, REPORTS

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

TAG: Final = "writing"
# The graph of the examples, which the example of an update describes as a graph that there is.
GRAPH: Final = "https://w3id.org/pedgraph/graph/example/1"
_EXAMPLE: Final = f"""\
PREFIX graph: <https://w3id.org/pedgraph/graph/>
INSERT {{ GRAPH graph:meta {{ <{GRAPH}> ?property ?value }} }}
WHERE {{ GRAPH graph:meta {{ <https://w3id.org/pedgraph/graph/s1/1> ?property ?value }} }}
"""
_SPECIFICATION: Final = {
    "description": "SPARQL 1.1 Protocol, update operation",
    "url": "https://www.w3.org/TR/sparql11-protocol/#update-operation",
}
_IRIS: Final = {"type": "array", "items": {"type": "string", "format": "iri"}}
_USING: Final[dict[str, parts.Schema]] = {
    "using-graph-uri": {**_IRIS, "description": "Graphs to merge into the default graph of all patterns"},
    "using-named-graph-uri": {**_IRIS, "description": "Graphs that patterns have under their names"},
}
_UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY.value


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/update``."""
    fields = {"update": {"type": "string", "description": "The update"}, **_USING}
    form = {"type": "object", "required": ["update"], "properties": fields}
    encoding = {name: {"explode": True} for name in _USING}
    operation = {
        "operationId": "update",
        "summary": "Carry out a SPARQL update",
        "description": "All of its operations or none of them, as one version. What changes nothing makes none.",
        "tags": [TAG],
        "externalDocs": _SPECIFICATION,
        "security": parts.GUARD,
        "parameters": [*(parts.query_parameter(name, schema) for name, schema in _USING.items()), *who_and_why()],
        "requestBody": {
            "required": True,
            "content": {
                SPARQL_UPDATE: {"schema": {"type": "string"}, "example": _EXAMPLE},
                FORM: {"schema": form, "encoding": encoding, "example": {"update": _EXAMPLE}},
            },
        },
        "responses": {"204": done("It is carried out"), **problems(400, 413, 415)},
    }
    return {"/update": {"post": operation}}


def who_and_why() -> list[dict[str, Any]]:
    """The header fields that say who writes, and why."""
    told = {AUTHOR_HEADER: "Who writes, as the version will say", REASON_HEADER: "Why, as the version will say"}
    schema = {"type": "string", "maxLength": 1000}
    return [{"name": name, "in": "header", "description": text, "schema": schema} for name, text in told.items()]


def done(description: str, *more: str) -> dict[str, Any]:
    """The response to a write that is carried out."""
    return {"description": description, "headers": parts.headers("Pedgraph-Version", *more)}


def problems(*more: int) -> dict[str, Any]:
    """The responses to writes that are not carried out, by status."""
    problem = {"schema": parts.reference("schemas", "Problem")}
    reports: dict[str, Any] = {each.media_type: {"schema": {}} for each in REPORTS if each.media_type != MEDIA_TYPE}
    described = parts.problems(*parts.GUARDED, 409, _UNPROCESSABLE, 503, 507, *more)
    described[str(_UNPROCESSABLE)] = {
        "description": "The data would not conform to the shapes, or a stored query would break its promise: the "
        "findings as a problem document, or as a SHACL validation report in RDF",
        "headers": parts.headers("Cache-Control"),
        "content": {MEDIA_TYPE: problem, **reports},
    }
    return described
