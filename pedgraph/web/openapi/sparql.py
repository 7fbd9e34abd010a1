"""The operation of the SPARQL protocol for queries, and the list of versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.query.running import EXPLANATIONS
from pedgraph.vocabulary.media import GRAPH_FORMATS, JSON_LD_PROFILES, PROFILES, RESULT_FORMATS
from pedgraph.web.openapi import parts
from pedgraph.web.openapi.explaining import explanation
from pedgraph.web.openapi.getting import format_parameter
from pedgraph.web.requests import FORM, SPARQL_QUERY

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

_EXAMPLE: Final = "SELECT ?class (COUNT(*) AS ?count) { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?count) LIMIT 5"
_GRAPH: Final = "https://w3id.org/pedgraph/graph/s1/1"
_SPECIFICATION: Final = {"description": "SPARQL 1.1 Protocol", "url": "https://www.w3.org/TR/sparql11-protocol/"}
_IRIS: Final = {"type": "array", "items": {"type": "string", "format": "iri"}, "example": [_GRAPH]}
_FORMAT: Final = "Short name or media type of a format; wins over Accept"
_PROFILES: Final = [each.removeprefix(JSON_LD_PROFILES) for each in PROFILES]
_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "query": {"type": "string", "description": "The query", "example": _EXAMPLE},
    "default-graph-uri": {**_IRIS, "description": "Graphs to merge into the default graph"},
    "named-graph-uri": {**_IRIS, "description": "Graphs to have under their names"},
    "format": {"type": "string", "description": _FORMAT, "example": "csv"},
    "output": {"type": "string", "description": "The same as 'format', which other servers call so", "example": "csv"},
    "explain": {
        "type": "string",
        "enum": list(EXPLANATIONS),
        "description": "Instead of the answer: 'empty', why it is empty; 'plan', how it would be found",
        "example": "empty",
    },
    "statistics": {
        "type": "string",
        "enum": ["true", "false"],
        "description": "Whether a plan has the numbers of a real run, which takes the time of the query",
        "example": "true",
    },
    "_profile": {
        "type": "string",
        "enum": [*_PROFILES, *PROFILES],
        "description": "The profile of JSON-LD, for graphs; asks for JSON-LD where no format is named",
        "example": _PROFILES[0],
    },
    "bom": {
        "type": "string",
        "enum": ["1", "true", "0", "false"],
        "description": "Whether CSV begins with a byte order mark, which some spreadsheets need",
        "example": "1",
    },
}
_FORM_ENCODING: Final = {"default-graph-uri": {"explode": True}, "named-graph-uri": {"explode": True}}
_COMMON: Final = ("version", "timeout")
# A call to another endpoint may be refused (403) or fail (502), a text may be too long (413), or the engine may lack
# what it asks for (422).
_PROBLEMS: Final = (*parts.ASKING, 403, 413, 422, 502)


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/sparql`` and ``/versions``."""
    return {"/sparql": {"get": _get(), "post": _post()}, "/versions": {"get": _versions()}}


def _get() -> dict[str, Any]:
    return {
        "operationId": "query",
        "summary": "Answer a SPARQL query",
        "description": "Without a query, the description of the service or, in a browser, the query page.",
        "tags": ["SPARQL"],
        "externalDocs": _SPECIFICATION,
        "parameters": _query_parameters(),
        "responses": {"200": _answer(), **parts.not_modified(), **parts.problems(*_PROBLEMS)},
    }


def _post() -> dict[str, Any]:
    fields = {**_FIELDS, **{name: parts.PARAMETERS[name]["schema"] for name in _COMMON}}
    form = {"type": "object", "required": ["query"], "properties": fields}
    return {
        "operationId": "query-by-post",
        "summary": "Answer a SPARQL query that may be long",
        "description": "What else is said of the query may stand in the address, or in a form beside it.",
        "tags": ["SPARQL"],
        "externalDocs": _SPECIFICATION,
        "parameters": _query_parameters("query"),
        "requestBody": {
            "required": True,
            "content": {
                SPARQL_QUERY: {"schema": {"type": "string"}, "example": _EXAMPLE},
                FORM: {"schema": form, "encoding": _FORM_ENCODING, "example": {"query": _EXAMPLE}},
            },
        },
        "responses": {"200": _answer(), **parts.problems(*_PROBLEMS, 415)},
    }


def _query_parameters(*elsewhere: str) -> list[dict[str, Any]]:
    """All parameters of the address but those that stand ``elsewhere``."""
    fields = {name: schema for name, schema in _FIELDS.items() if name not in elsewhere}
    own = [parts.query_parameter(name, schema, is_required=name == "query") for name, schema in fields.items()]
    return [*own, *(parts.reference("parameters", name) for name in _COMMON)]


def _answer() -> dict[str, Any]:
    results: dict[str, Any] = {each.media_type: {"schema": {}} for each in RESULT_FORMATS}
    graphs: dict[str, Any] = {each.media_type: {"schema": {}} for each in GRAPH_FORMATS}
    explained = {"application/json": {"schema": explanation()}}
    what = "Solutions or a boolean, or a graph for CONSTRUCT and DESCRIBE; an explanation for 'explain'"
    return parts.answer(results | graphs | explained, what)


def _versions() -> dict[str, Any]:
    text, nothing = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
    item = parts.record(
        {
            "number": {"type": "integer"},
            "current": {"type": "boolean"},
            "created": {**text, "format": "date-time"},
            "author": text,
            "reason": text,
            "release": text,
            "quads": nothing,
        }
    )
    listed = parts.document(parts.array(item), "The versions, oldest first")
    listed["content"]["text/html"] = {"schema": {}}
    return {
        "operationId": "versions",
        "summary": "List the versions that are kept",
        "tags": ["versions"],
        "parameters": [format_parameter(["json", "html"])],
        "responses": {
            "200": listed,
            **parts.not_modified(),
            **parts.problems(),
        },
    }
