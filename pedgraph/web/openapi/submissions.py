"""The operations of submissions, from a file that is sent to its publication, and of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.web.auditing import FEW_ENTRIES, MOST_ENTRIES
from pedgraph.web.openapi import checking, parts
from pedgraph.web.requests import FORM
from pedgraph.web.reviewing import DECISIONS
from pedgraph.web.submissions import FEW_LISTED, FIELDS, MOST_LISTED
from pedgraph.wiring import State

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

TAG: Final = "submissions"
_TEXT: Final = {"type": "string"}
_NAME: Final = {
    "name": "identifier",
    "in": "path",
    "required": True,
    "description": "The id of a submission",
    "schema": _TEXT,
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "Only where nothing has happened to the submission since it was fetched with this tag",
    "schema": _TEXT,
}
_REQUIRED: Final = ["title", "source_title", "source_address", "source_read_on", "creator"]
_SEEING: Final = (*parts.GUARDED, 404, 410)
_SUBMISSION: Final = parts.reference("schemas", "Submission")


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of ``/submissions`` and below it, and of ``/audit``."""
    one = "/submissions/{identifier}"
    found = checking.findings_answer("What the newest check gave")
    return {
        "/submissions": {"post": _sending(), "get": _listing()},
        one: {"parameters": [_NAME], "get": _showing()},
        f"{one}/original": {"parameters": [_NAME], "get": _original()},
        f"{one}/findings": {
            "parameters": [_NAME],
            "get": _seeing(
                "get-findings", "Get the findings", found, parameters=[checking.FORM_OF_FINDINGS, checking.LANGUAGE]
            ),
        },
        f"{one}/receipt": {"parameters": [_NAME], "get": _seeing("get-receipt", "Get the receipt of the check")},
        f"{one}/preview": {
            "parameters": [_NAME],
            "get": _seeing("preview-submission", "See what accepting it would change"),
        },
        f"{one}/decisions": {"parameters": [_NAME], "post": _deciding()},
        f"{one}/withdrawal": {"parameters": [_NAME], "post": _withdrawing()},
        "/audit": {"get": _audit()},
    }


def schemas() -> dict[str, Any]:
    """The schema of a submission."""
    members: dict[str, Any] = {
        "id": _TEXT,
        "state": {"enum": list(State)},
        "graph": {**_TEXT, "format": "iri", "description": "Where its statements are once it is accepted"},
        "tag": {"type": "integer", "description": "Changes whenever something happens to it"},
        "revision": {"type": "integer", "minimum": 1},
        "changed_at": {**_TEXT, "format": "date-time"},
        "version": {"type": ["integer", "null"], "description": "The version that it came with, or went with"},
    }
    described = {"type": "object", "required": list(members), "properties": members}
    return {"Submission": {**described, "description": "A submission, or what is left of one that was withdrawn"}}


def _sending() -> dict[str, Any]:
    fields = dict.fromkeys(FIELDS, _TEXT)
    sent = _answer(_SUBMISSION, "The submission", "Location", "ETag")
    return {
        **_operation("submit", "Send a file"),
        "description": "Takes a key with the role submitter. The same bytes a second time are the same submission.",
        "requestBody": {"required": True, "content": checking.file_body(fields, _REQUIRED)},
        "responses": {
            "201": {**sent, "description": "It is taken in, and checked"},
            "200": {**sent, "description": "It was sent before"},
            **parts.problems(*parts.GUARDED, 400, 404, 409, 410, 413, 415, 503, 507),
        },
    }


def _listing() -> dict[str, Any]:
    listed = parts.record({"submissions": parts.array(_SUBMISSION), "total": {"type": "integer", "minimum": 0}})
    state = {"type": "array", "items": {"enum": list(State)}, "description": "Those in one of these states only"}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": FEW_LISTED}
    offset = {"type": "integer", "minimum": 0, "default": 0}
    return {
        **_operation("list-submissions", "List submissions"),
        "description": "One's own, newest first; for stewards all.",
        "parameters": [
            parts.query_parameter("state", state),
            parts.query_parameter("limit", limit),
            parts.query_parameter("offset", offset),
        ],
        "responses": {"200": _answer(listed, "Submissions"), **parts.problems(*parts.GUARDED, 400)},
    }


def _showing() -> dict[str, Any]:
    shown = _answer(_SUBMISSION, "The submission, with all that happened to it as `events`", "ETag")
    return {
        **_operation("get-submission", "Get a submission"),
        "responses": {"200": shown, **parts.not_modified(), **parts.problems(*_SEEING)},
    }


def _original() -> dict[str, Any]:
    sent = {
        "description": "The bytes as they were sent",
        "headers": parts.headers("Cache-Control", "Content-Disposition"),
        "content": {"application/octet-stream": {"schema": {}}},
    }
    return _seeing("get-original", "Get the file as it was sent", sent)


def _seeing(
    name: str, summary: str, answer: dict[str, Any] | None = None, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    found = answer or _answer({"type": "object"}, "What there is to see")
    return {
        **_operation(name, summary),
        **({"parameters": parameters} if parameters else {}),
        "responses": {"200": found, **parts.problems(*_SEEING, 400, 406, 409, 503)},
    }


def _deciding() -> dict[str, Any]:
    waiver = parts.record({"rule": _TEXT, "note": _TEXT, "focus_node": _TEXT}, "focus_node")
    members: dict[str, parts.Schema] = {
        "decision": {"enum": list(DECISIONS)},
        "comment": {**_TEXT, "description": "Why; needed unless it is accepted"},
        "waivers": {**parts.array(waiver), "description": "Warnings that may stand, and why"},
    }
    decision = parts.record(members, "comment", "waivers")
    form = parts.record({name: members[name] for name in ("decision", "comment")}, "comment")
    return {
        **_operation("decide", "Accept, reject or send back a submission"),
        "description": "Takes a key with the role steward. Accepting publishes a version, as a whole or not at all.",
        "parameters": [_IF_MATCH],
        "requestBody": _body({"application/json": {"schema": decision}, FORM: {"schema": form}}),
        "responses": {
            "200": _answer(_SUBMISSION, "It is decided", "ETag", "Pedgraph-Version"),
            **parts.problems(*_SEEING, 400, 409, 412, 413, 415, 422, 503, 507),
        },
    }


def _withdrawing() -> dict[str, Any]:
    schema = parts.record({"comment": {**_TEXT, "description": "Why"}}, "comment")
    return {
        **_operation("withdraw", "Take a submission back"),
        "description": "What it stated goes, and what followed from it; a tombstone stays.",
        "parameters": [_IF_MATCH],
        "requestBody": {**_body({"application/json": {"schema": schema}, FORM: {"schema": schema}}), "required": False},
        "responses": {
            "200": _answer(_SUBMISSION, "It is withdrawn", "ETag", "Pedgraph-Version"),
            **parts.problems(*_SEEING, 400, 409, 412, 413, 415, 422, 503, 507),
        },
    }


def _audit() -> dict[str, Any]:
    entry = parts.record(
        {
            "number": {"type": "integer"},
            "time": {**_TEXT, "format": "date-time"},
            "key_id": _TEXT,
            "name": _TEXT,
            "role": _TEXT,
            "action": _TEXT,
            "object": _TEXT,
            "outcome": {"type": ["string", "null"], "description": "done, or the code of the problem; null: not ended"},
            "ended": {"type": ["string", "null"]},
            "version": {"type": ["integer", "null"]},
        }
    )
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": FEW_ENTRIES, "example": 10}
    before = {"type": "integer", "minimum": 1, "description": "Entries with a number below this one only"}
    listed = _answer(parts.record({"entries": parts.array(entry)}), "The newest entries first")
    return {
        "operationId": "audit",
        "summary": "See who wrote what",
        "tags": ["operation"],
        "security": parts.GUARD,
        "parameters": [parts.query_parameter("limit", limit), parts.query_parameter("before", before)],
        "responses": {"200": listed, **parts.problems(*parts.GUARDED, 400)},
    }


def _operation(name: str, summary: str) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "tags": [TAG], "security": parts.GUARD}


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": content}


def _answer(schema: parts.Schema, description: str, *more: str) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "headers": parts.headers("Cache-Control", *more), "content": content}
