"""``/submissions/{id}/decisions`` and ``/withdrawal``: what a steward decides, and how a submission is taken back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from pedgraph.errors import BadRequest, Conflict, PreconditionFailed, UnsupportedMediaType, UploadCut
from pedgraph.web.keys import require
from pedgraph.web.requests import FORM, at_most_one, content_type, read_body, read_parameters
from pedgraph.web.sparql import VERSION_HEADER
from pedgraph.web.submissions import NOT_KEPT, actor_of, tag_number
from pedgraph.wiring import STEWARD, SUBMITTER, Decision, Waiver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

DECISIONS: Final = ("accept", "reject", "request-changes")
_BODY_BYTES: Final = 256 * 1024
_LONGEST_COMMENT: Final = 10_000
_MOST_WAIVERS: Final = 1000
# No text holds them: control characters but for tabs and line ends, and halves of characters.
_UNWRITTEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@router.post("/submissions/{identifier}/decisions")
async def decide(request: Request, identifier: str) -> Response:
    """Accepts, rejects or sends back a submission."""
    who = await require(request, STEWARD)
    graph: Graph = request.app.state.graph
    given = await _members(request)
    action, comment = given.get("decision"), text(given, "comment")
    if action not in DECISIONS:
        raise BadRequest(f"The decision is one of {', '.join(DECISIONS)}.", field="decision")
    waivers = tuple(_waivers(given.get("waivers", [])))
    actor = actor_of(who)
    async with graph.audit.recording(who, action, identifier) as deed:
        expected = tag_number(request, await graph.submissions.get(identifier, actor))
        decision = Decision(action, comment, waivers, expected)
        try:
            shown = await graph.submissions.decide(identifier, actor, decision)
        except Conflict as error:
            raise _precise(error) from error
        deed.note_version(shown)
    return _shown(shown)


@router.post("/submissions/{identifier}/withdrawal")
async def withdraw(request: Request, identifier: str) -> Response:
    """Takes a submission back: its submitter may, and stewards."""
    who = await require(request, SUBMITTER, STEWARD)
    graph: Graph = request.app.state.graph
    given = await _members(request)
    actor = actor_of(who)
    async with graph.audit.recording(who, "withdraw", identifier) as deed:
        expected = tag_number(request, await graph.submissions.get(identifier, actor))
        try:
            shown = await graph.submissions.withdraw(identifier, actor, text(given, "comment"), expected)
        except Conflict as error:
            raise _precise(error) from error
        deed.note_version(shown)
    return _shown(shown)


@router.options("/submissions/{identifier}/decisions")
@router.options("/submissions/{identifier}/withdrawal")
async def options() -> Response:
    """The method."""
    return Response(status_code=204, headers={"Allow": "POST, OPTIONS"})


def _shown(submission: dict[str, Any]) -> Response:
    version = {VERSION_HEADER: str(submission["version"])} if submission.get("version") else {}
    tag = f'"{submission["id"]}.{submission["tag"]}"'
    return JSONResponse(submission, headers={"ETag": tag, **version, **NOT_KEPT})


def _precise(error: Conflict) -> Conflict | PreconditionFailed:
    """Where only the tag was another one, what the client asked to hold did not hold."""
    return PreconditionFailed(error.detail) if "tag" in error.extensions else error


async def _members(request: Request) -> dict[str, Any]:
    """The members of a body in JSON, or the fields of a form; raises :class:`BadRequest`, :class:`TooLarge`."""
    try:
        body = await read_body(request, _BODY_BYTES)
    except ClientDisconnect:
        raise UploadCut("The connection ended before the request did.") from None
    media_type, _ = content_type(request.headers)
    if media_type == FORM:
        parameters = read_parameters(body, "The form")
        return {name: at_most_one(parameters, name) for name, _ in parameters}
    if media_type not in {"application/json", ""}:
        raise UnsupportedMediaType(f"Send application/json or {FORM}; this is '{media_type}'.")
    try:
        members = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadRequest("The body is no JSON.") from None
    if not isinstance(members, dict):
        raise BadRequest("The body is no JSON object.")
    return members


def text(given: Mapping[str, object], name: str) -> str:
    """A text that somebody has written, empty where there is none; raises :class:`BadRequest`."""
    written = given.get(name, "")
    if not isinstance(written, str) or len(written) > _LONGEST_COMMENT:
        raise BadRequest(f"The {name} is a text of at most {_LONGEST_COMMENT:,} characters.", field=name)
    if _UNWRITTEN.search(written):
        raise BadRequest(f"The {name} holds characters that cannot be shown.", field=name)
    return written.strip()


def _waivers(given: object) -> Iterator[Waiver]:
    if not isinstance(given, list) or len(given) > _MOST_WAIVERS:
        raise BadRequest(f"Waivers are a list of at most {_MOST_WAIVERS}.", field="waivers")
    for each in given:
        known = isinstance(each, dict) and set(each) <= {"rule", "note", "focus_node"}
        if not known or not all(isinstance(text, str) for text in each.values()) or not each.get("rule"):
            raise BadRequest(
                "A waiver is an object with rule, note and, for one entity only, focus_node.", field="waivers"
            )
        yield Waiver(text(each, "rule"), text(each, "note"), text(each, "focus_node"))
