"""The schemas of explanations: why an answer is empty, and the plan of a query."""

from __future__ import annotations

from typing import Any, Final

from pedgraph.web.openapi import parts

_TEXT: Final = {"type": "string"}
_TEXTS: Final = parts.array(_TEXT)
_INTEGER: Final = {"type": "integer"}
_SECONDS: Final = {"type": "number", "minimum": 0}
_PLACE: Final = parts.record({"line": _INTEGER, "column": _INTEGER})
_COUNT: Final = {"type": ["integer", "string", "null"], "description": "Null where it is not known"}


def explanation() -> dict[str, Any]:
    """The schema of what ``explain`` gives, or of results where these are asked for as plain JSON."""
    results = {"type": "object", "required": ["head"]}
    return {"anyOf": [parts.reference("schemas", "Diagnosis"), parts.reference("schemas", "Plan"), results]}


def schemas() -> dict[str, Any]:
    """The schemas of explanations by name."""
    return {"Diagnosis": _diagnosis(), "Plan": _plan(), "PlanStep": _step()}


def _diagnosis() -> dict[str, Any]:
    finding = parts.record(
        {
            "kind": _TEXT,
            "where": _or_nothing(_PLACE),
            "term": {"type": ["string", "null"]},
            "message": _TEXT,
            "suggestions": _TEXTS,
        }
    )
    counted = parts.record({"pattern": _TEXT, "where": _PLACE, "solutions": _COUNT, "joined_solutions": _COUNT})
    described = parts.record(
        {
            "query": {**_TEXT, "description": "The query in short, as in the log"},
            "version": _INTEGER,
            "is_empty": {"type": ["boolean", "null"], "description": "Null where the time was too short to know"},
            "findings": parts.array(finding),
            "patterns": parts.array(counted),
            "culprit": {**_or_nothing(counted), "description": "What nothing is left after"},
            "note": {"type": ["string", "null"], "description": "What could not be looked at"},
            "complete": {"type": "boolean", "description": "Whether the time was enough"},
            "seconds": _SECONDS,
        }
    )
    return {**described, "description": "Why an answer is empty"}


def _plan() -> dict[str, Any]:
    described = parts.record(
        {
            "query": _TEXT,
            "version": _INTEGER,
            "engine": parts.record({"name": _TEXT, "version": _TEXT}),
            "planning_seconds": {**_SECONDS, "type": ["number", "null"]},
            "plan": parts.reference("schemas", "PlanStep"),
            "notes": _TEXTS,
        }
    )
    return {**described, "description": "The plan of a query"}


def _step() -> dict[str, Any]:
    described = parts.record(
        {
            "operator": _TEXT,
            "detail": _TEXT,
            "results": {"type": ["integer", "null"]},
            "seconds": {"type": ["number", "null"]},
            "children": parts.array(parts.reference("schemas", "PlanStep")),
        },
        "results",
        "seconds",
    )
    return {**described, "description": "One step; its numbers come with 'statistics'"}


def _or_nothing(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
