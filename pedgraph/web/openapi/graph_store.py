"""The operations of the SPARQL 1.1 Graph Store HTTP Protocol, on graphs named by a parameter or by their address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.media import GRAPH_FORMATS, TURTLE
from pedgraph.web.openapi import parts, updating

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

_SPECIFICATION: Final = {
    "description": "SPARQL 1.1 Graph Store HTTP Protocol",
    "url": "https://www.w3.org/TR/sparql11-http-rdf-update/",
}
_EXAMPLE: Final = """\
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://w3id.org/pedgraph/id/ped/an-example> a pedg:PositiveEnergyDistrict ;
    rdfs:label "An example of a district"@en ;
    pedg:inCity <https://w3id.org/pedgraph/id/city/cz-prague> .
"""
_BY_PARAMETER: Final = [
    parts.query_parameter(
        "graph",
        {"type": "string", "format": "iri", "description": "The IRI of a named graph", "example": updating.GRAPH},
    ),
    {
        **parts.query_parameter(
            "default", {"type": "string", "maxLength": 0, "description": "Given without a value: the default graph"}
        ),
        "allowEmptyValue": True,
    },
]
_BY_ADDRESS: Final = [
    {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "The address itself is the IRI of the graph",
        "schema": {"type": "string", "minLength": 1},
        "example": "example/1",
    }
]
_FORMAT: Final = parts.query_parameter(
    "format",
    {"type": "string", "description": "Short name or media type of a format; wins over Accept", "example": TURTLE.name},
)
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "Write only where the graph is still what it was when it was fetched with this tag",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "With *: write only where there is no such graph yet",
    "schema": {"const": "*"},
}


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/data`` and of all below it."""
    return {"/data": _item("", _BY_PARAMETER), "/data/{path}": _item("-by-address", _BY_ADDRESS)}


def _item(suffix: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """The *Path Item Object* of graphs that are named one way; ``suffix`` ends the names of its operations."""
    post = "Add to a graph" if suffix else "Add to a graph; without a name, make one that gets a name here"
    return {
        "parameters": parameters,
        "get": _reading("get", "Fetch a graph", suffix),
        "head": _reading("head", "Ask for the head of a graph", suffix),
        "put": _writing("put", "Replace a graph, or make it", suffix),
        "post": _writing("post", post, suffix),
        "delete": _writing("delete", "Remove a graph", suffix),
    }


def _reading(method: str, summary: str, suffix: str) -> dict[str, Any]:
    content: dict[str, Any] = {each.media_type: {"schema": {}} for each in GRAPH_FORMATS} if method == "get" else {}
    answer = parts.answer(content, "The graph")
    if not content:
        del answer["content"]
    return {
        **_operation(method, summary, suffix),
        "parameters": [_FORMAT],
        "responses": {
            "200": answer,
            **parts.not_modified(),
            **parts.problems(*parts.ASKING, *parts.GUARDED),
        },
    }


def _writing(method: str, summary: str, suffix: str) -> dict[str, Any]:
    is_removal = method == "delete"
    described = {
        **_operation(method, summary, suffix),
        "parameters": [*([] if is_removal else [_IF_NONE_MATCH]), _IF_MATCH, *updating.who_and_why()],
        "responses": {
            "204": updating.done("It is carried out"),
            **updating.problems(400, 412, *((404,) if is_removal else (413, 415))),
        },
    }
    if not is_removal:
        described["requestBody"] = _body()
        described["responses"]["201"] = updating.done("The graph is a new one", *(() if suffix else ("Location",)))
    return described


def _operation(method: str, summary: str, suffix: str) -> dict[str, Any]:
    return {
        "operationId": f"{method}-graph{suffix}",
        "summary": summary,
        "tags": [updating.TAG],
        "externalDocs": _SPECIFICATION,
        "security": parts.GUARD,
    }


def _body() -> dict[str, Any]:
    content: dict[str, Any] = {each.media_type: {"schema": {"type": "string"}} for each in GRAPH_FORMATS}
    content[TURTLE.media_type]["example"] = _EXAMPLE
    files = {"type": "object", "additionalProperties": {"type": "string", "contentMediaType": TURTLE.media_type}}
    content["multipart/form-data"] = {"schema": files}
    return {"required": True, "description": "The graph; several of them, as files of a form", "content": content}
