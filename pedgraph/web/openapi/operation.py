"""The operations for those who run the server: what runs at this moment, and whether the server is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.web.openapi import parts

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

_TAG: Final = "operation"
_TEXT: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_SECONDS: Final = {"type": "number", "minimum": 0}
_NAME: Final = {
    "name": "identifier",
    "in": "path",
    "required": True,
    "description": "The id of a query in the list",
    "schema": _TEXT,
}


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/queries/running`` and below it, of ``/healthz`` and of ``/readyz``."""
    return {
        "/queries/running": {"get": _running()},
        "/queries/running/{identifier}": {"parameters": [_NAME], "delete": _cancelling("cancel-running-query")},
        "/queries/running/{identifier}/cancel": {
            "parameters": [_NAME],
            "post": _cancelling("cancel-running-query-by-post"),
        },
        "/healthz": {"get": _health()},
        "/readyz": {"get": _readiness()},
    }


def _running() -> dict[str, Any]:
    query = parts.record(
        {
            "id": {**_TEXT, "description": "By which it is ended"},
            "digest": {**_TEXT, "description": "The query in short, as in the log"},
            "text": {**_TEXT, "description": "The beginning of the query"},
            "client": {**_TEXT, "description": "The address that asks; empty for the server itself"},
            "version": {"type": ["integer", "null"]},
            "state": {"enum": ["running", "waiting"]},
            "started": {**_TEXT, "format": "date-time"},
            "seconds": _SECONDS,
            "deadline_seconds": _SECONDS,
            "reader": {"type": ["integer", "null"], "description": "The process at work on it"},
            "resident_bytes": {"type": ["integer", "null"], "description": "The memory of that process"},
        }
    )
    listed = parts.document(parts.record({"queries": parts.array(query)}), "The oldest first")
    listed["headers"] = parts.headers("Cache-Control", "Pedgraph-Limits")
    return {
        "operationId": "list-running-queries",
        "summary": "List the queries that run or wait",
        "tags": [_TAG],
        "security": parts.GUARD,
        "responses": {"200": listed, **parts.problems(*parts.GUARDED)},
    }


def _cancelling(name: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": "End a query",
        "description": "Its client gets 503 (`query-cancelled`), or an answer that breaks off.",
        "tags": [_TAG],
        "security": parts.GUARD,
        "responses": {
            "204": {"description": "It is ended", "headers": parts.headers("Cache-Control", "Pedgraph-Limits")},
            **parts.problems(*parts.GUARDED, 404),
        },
    }


def _health() -> dict[str, Any]:
    content = {"application/json": {"schema": parts.record({"status": {"const": "ok"}})}}
    return {
        "operationId": "health",
        "summary": "Say that the process lives",
        "tags": [_TAG],
        "responses": {"200": {"description": "It does", "content": content}, **parts.problems()},
    }


def _readiness() -> dict[str, Any]:
    members: dict[str, parts.Schema] = {
        "status": {"const": "ready"},
        "version": {**_INTEGER, "description": "The current version"},
        "readers": _COUNT,
        "network_barriers": {**parts.array(_TEXT), "description": "What keeps readers from the network"},
        "service_readers": {**_COUNT, "description": "Readers for queries with SERVICE, where it is allowed"},
        "service_barriers": parts.array(_TEXT),
    }
    content = {"application/json": {"schema": parts.record(members, "service_readers", "service_barriers")}}
    return {
        "operationId": "readiness",
        "summary": "Say which version is served, and by how many readers",
        "tags": [_TAG],
        "responses": {"200": {"description": "Queries are answered", "content": content}, **parts.problems(503)},
    }
