"""``/submissions``: sending files, and seeing what becomes of them. Those of others are for stewards only (403)."""

from __future__ import annotations

import logging
import re
from dataclasses import fields
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import JSONResponse, Response

from pedgraph.delivery.findings.files import told_file
from pedgraph.errors import BadRequest, PedgraphError, PreconditionFailed
from pedgraph.web.conditions import known_tags
from pedgraph.web.headers import attachment
from pedgraph.web.keys import require
from pedgraph.web.languages import asked_language
from pedgraph.web.requests import at_most_one, negotiated, read_parameters
from pedgraph.web.sending import WholeFile
from pedgraph.web.telling import FORMS, CheckedFile, tell
from pedgraph.wiring import STEWARD, SUBMITTER, Actor, Delivery, State

if TYPE_CHECKING:
    from pedgraph.wiring import Graph, Who

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

# What a form may say beside the file: the members of a delivery, and which submission it is to replace.
_OWN: Final = frozenset({"file_name", "media_type"})
FIELDS: Final = (*(each.name for each in fields(Delivery) if each.name not in _OWN), "revises")
MOST_LISTED: Final = 1000
FEW_LISTED: Final = 100
_STRONG_TAG: Final = re.compile(r'^"([^"]*?)(?:-(?:zstd|br|gzip))?"$')
NOT_KEPT: Final = {"Cache-Control": "no-store"}


def actor_of(who: Who) -> Actor:
    """Somebody as the register of submissions knows them: the holder of a key, whichever of theirs it is."""
    assert who.role, "nobody acts without a key"
    return Actor(who.name, who.name, who.role)


@router.post("/submissions")
async def send(request: Request) -> Response:
    """Takes a file in and checks it: 201, or 200 where the same holder has sent the same bytes before."""
    who = await require(request, SUBMITTER)
    graph: Graph = request.app.state.graph
    async with graph.audit.recording(who, "submit") as deed:
        with graph.submissions.open_upload() as upload:
            received = await request.app.state.uploads.receive(request, upload, FIELDS)
            given = dict(received.fields)
            revises = given.pop("revises", "")
            delivery = delivery_of(received.file_name, received.media_type, given)
            actor = actor_of(who)
            if revises:
                made = await graph.submissions.revise(revises, upload, delivery, actor)
            else:
                made = await graph.submissions.receive(upload, delivery, actor)
        submission = made["submission"]
        deed.object = submission["id"]
    # It is on the disk, and stays received where the check cannot be carried out now.
    if submission["state"] == State.RECEIVED:
        submission = await checked(graph, submission, actor)
    status = HTTPStatus.CREATED if made["is_new"] else HTTPStatus.OK
    address = f"{request.url.path.rstrip('/')}/{submission['id']}"
    return JSONResponse(submission, status, {"Location": address, "ETag": _tag(submission), **NOT_KEPT})


@router.api_route("/submissions", methods=["GET", "HEAD"])
async def listing(request: Request) -> Response:
    """Lists submissions, newest first: one's own, for stewards all."""
    who = await require(request, SUBMITTER, STEWARD)
    graph: Graph = request.app.state.graph
    parameters = read_parameters(request.scope["query_string"], "The address")
    states = [value for name, value in parameters if name == "state"]
    unknown = [state for state in states if state not in list(State)]
    if unknown:
        raise BadRequest(f"A state is one of {', '.join(State)}; '{unknown[0][:50]}' is none.", parameter="state")
    limit = number(at_most_one(parameters, "limit"), "limit", FEW_LISTED, MOST_LISTED) or 1
    offset = number(at_most_one(parameters, "offset"), "offset", 0, 10**9)
    listed = await graph.submissions.list(actor_of(who), states, limit=limit, offset=offset)
    return JSONResponse(listed, headers=NOT_KEPT)


@router.api_route("/submissions/{identifier}", methods=["GET", "HEAD"])
async def show(request: Request, identifier: str) -> Response:
    """A submission with all that happened to it."""
    graph, actor = await _asked(request)
    shown = await graph.submissions.get(identifier, actor)
    events = await graph.submissions.events(identifier, actor)
    headers = {"ETag": _tag(shown), "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if known_tags(request) & {_tag(shown).strip('"'), "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return JSONResponse({**shown, "events": events}, headers=headers)


@router.api_route("/submissions/{identifier}/original", methods=["GET", "HEAD"])
async def original(request: Request, identifier: str) -> Response:
    """The bytes as they were sent, to be saved and never shown: nobody has looked at what they hold."""
    graph, actor = await _asked(request)
    path, file_name, _ = await graph.submissions.original(identifier, actor)
    headers = {
        "Content-Disposition": attachment(file_name),
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
    }
    return WholeFile(path, headers, graph.settings.client_stall_seconds)


@router.api_route("/submissions/{identifier}/findings", methods=["GET", "HEAD"])
async def findings(request: Request, identifier: str) -> Response:
    """What the newest check gave, in all forms of ``/validate``."""
    graph, actor = await _asked(request)
    choice, language = negotiated(request, FORMS), asked_language(request)
    checked = await graph.submissions.findings(identifier, actor)
    path, file_name, _ = await graph.submissions.original(identifier, actor)
    with graph.inbox.place() as folder:
        told = told_file(checked, language, file_name)
        return await tell(graph, CheckedFile(path, file_name, folder), told, choice)


@router.api_route("/submissions/{identifier}/receipt", methods=["GET", "HEAD"])
async def receipt(request: Request, identifier: str) -> Response:
    """What the newest check vouches for."""
    graph, actor = await _asked(request)
    checked = await graph.submissions.findings(identifier, actor)
    return JSONResponse({"submission": identifier, **checked["receipt"]}, headers=NOT_KEPT)


@router.api_route("/submissions/{identifier}/preview", methods=["GET", "HEAD"])
async def preview(request: Request, identifier: str) -> Response:
    """What accepting it would change in the current version."""
    graph, actor = await _asked(request)
    return JSONResponse(await graph.submissions.preview(identifier, actor), headers=NOT_KEPT)


@router.options("/submissions")
async def options_of_all() -> Response:
    """The methods of the list."""
    return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})


@router.options("/submissions/{identifier}")
@router.options("/submissions/{identifier}/original")
@router.options("/submissions/{identifier}/findings")
@router.options("/submissions/{identifier}/receipt")
@router.options("/submissions/{identifier}/preview")
async def options_of_one() -> Response:
    """The methods of what there is to see of one."""
    return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS"})


def number(text: str | None, name: str, default: int, largest: int) -> int:
    """A number in a parameter; raises :class:`BadRequest`."""
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and int(text) <= largest):
        raise BadRequest(f"The parameter '{name}' is a number up to {largest}; '{text[:50]}' is none.", parameter=name)
    return int(text)


def tag_number(request: Request, current: dict[str, Any]) -> int:
    """The tag that ``If-Match`` names (RFC 9110, section 13.1.1), 0 where there is no such field.

    Raises :class:`PreconditionFailed` where it is not that of the submission as it is.
    """
    given = ", ".join(request.headers.getlist("if-match"))
    if not given or given.strip() == "*":
        return 0
    # Weak tags never match here; what ends in a content coding is the same submission.
    known = [_STRONG_TAG.sub(r"\1", each.strip()) for each in given.split(",")]
    if _tag(current).strip('"') not in known:
        raise PreconditionFailed("Something has happened to the submission since you saw it. Look at it again.")
    return int(current["tag"])


def delivery_of(file_name: str, media_type: str, given: dict[str, str]) -> Delivery:
    """What a sender says about a file in the fields of a form."""
    return Delivery(file_name, **given, media_type=media_type)


async def checked(graph: Graph, submission: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The submission after its check; it stays received for now where that cannot be carried out at once."""
    try:
        return await graph.submissions.check(submission["id"], actor)
    except PedgraphError as error:
        log.warning("submission %s waits for its check: %s: %s", submission["id"], error.code, error.detail)
        graph.submissions.start_checking()
        return submission


async def _asked(request: Request) -> tuple[Graph, Actor]:
    who = await require(request, SUBMITTER, STEWARD)
    graph: Graph = request.app.state.graph
    return graph, actor_of(who)


def _tag(submission: dict[str, Any]) -> str:
    return f'"{submission["id"]}.{submission["tag"]}"'
