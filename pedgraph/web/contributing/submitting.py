"""Submissions as pages: the list, sending a file, what became of it, sending a corrected one, taking it back."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.contributing import advice, size
from pedgraph.delivery.findings.files import told_file
from pedgraph.delivery.findings.page import findings_fragment
from pedgraph.delivery.previews import preview_fragment
from pedgraph.errors import (
    BadRequest,
    Conflict,
    NotFound,
    PedgraphError,
    StoreLocked,
    TooLarge,
    UnsupportedMediaType,
)
from pedgraph.vocabulary.media import Choice, find_format
from pedgraph.web.addressing import root_of
from pedgraph.web.contributing.sending import number_in, page, paged, problem, read_form
from pedgraph.web.contributing.session import (
    FORM_FIELD,
    is_steward,
    is_submitter,
    require_form,
    require_session,
    verify_form,
)
from pedgraph.web.headers import attachment
from pedgraph.web.languages import asked_language
from pedgraph.web.reviewing import text
from pedgraph.web.sending import WholeFile
from pedgraph.web.submissions import FIELDS, actor_of, checked, delivery_of
from pedgraph.web.telling import FORMS, CheckedFile, tell, text_of
from pedgraph.wiring import SUBMITTER, State

if TYPE_CHECKING:
    from pedgraph.wiring import Actor, Graph, Session

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

_LISTED: Final = 200
_REFRESH_SECONDS: Final = 2
_TABLES: Final = (".xlsx", ".csv", ".zip")


@router.api_route("/contribute/submissions", methods=["GET", "HEAD"])
@paged
async def listing(request: Request) -> Response:
    """The submissions of whoever is signed in, for stewards all; and a form for another one."""
    session = await require_session(request)
    return page(request, "submissions", session, **await _list_values(request, session))


@router.post("/contribute/submissions")
@paged
async def send(request: Request) -> Response:
    """Takes a file in, and leads to the page about it; where it is not taken, to the form as it was filled in."""
    session = await require_session(request, SUBMITTER)
    try:
        return await _take_in(request, session, "")
    except (BadRequest, Conflict, TooLarge, UnsupportedMediaType) as error:
        values = await _list_values(request, session)
        return await problem(request, error, "submissions", **values, given=_given(request))


@router.api_route("/contribute/submissions/{identifier}", methods=["GET", "HEAD"])
@paged
async def show(request: Request, identifier: str) -> Response:
    """A submission: its state, findings and events; for stewards what it would change, and the decision."""
    session = await require_session(request)
    return page(request, "submission", session, **await values_of(request, session, identifier))


@router.post("/contribute/submissions/{identifier}/revision")
@paged
async def revise(request: Request, identifier: str) -> Response:
    """Takes a corrected file in."""
    session = await require_session(request, SUBMITTER)
    try:
        return await _take_in(request, session, identifier)
    except (BadRequest, Conflict, TooLarge, UnsupportedMediaType) as error:
        values = await values_of(request, session, identifier)
        return await problem(request, error, "submission", **{**values, "given": _given(request)})


@router.post("/contribute/submissions/{identifier}/withdrawal")
@paged
async def withdraw(request: Request, identifier: str) -> Response:
    """Takes a submission back."""
    graph: Graph = request.app.state.graph
    session = await require_session(request)
    fields = await read_form(request)
    await require_form(request, session, fields)
    actor, expected = actor_of(session.who), number_in(fields, "expected")
    try:
        async with graph.audit.recording(session.who, "withdraw", identifier) as deed:
            deed.note_version(await graph.submissions.withdraw(identifier, actor, text(fields, "why"), expected))
    except (BadRequest, Conflict, StoreLocked) as error:
        return await problem(request, error, "submission", **await values_of(request, session, identifier))
    return RedirectResponse(f"{root_of(request)}contribute/submissions", status_code=303)


@router.api_route("/contribute/submissions/{identifier}/original", methods=["GET", "HEAD"])
@paged
async def original(request: Request, identifier: str) -> Response:
    """The bytes as they were sent."""
    graph: Graph = request.app.state.graph
    session = await require_session(request)
    path, file_name, _ = await graph.submissions.original(identifier, actor_of(session.who))
    headers = {
        "Content-Disposition": attachment(file_name),
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return WholeFile(path, headers, graph.settings.client_stall_seconds)


@router.api_route("/contribute/submissions/{identifier}/findings.{suffix}", methods=["GET", "HEAD"])
@paged
async def findings(request: Request, identifier: str, suffix: str) -> Response:
    """What the newest check gave, as a file."""
    graph: Graph = request.app.state.graph
    session = await require_session(request)
    form = find_format(suffix, FORMS)
    if form is None:
        raise NotFound(f"Findings are not written as .{suffix[:20]}.")
    actor = actor_of(session.who)
    outcome = await graph.submissions.findings(identifier, actor)
    path, file_name, _ = await graph.submissions.original(identifier, actor)
    with graph.inbox.place() as folder:
        told = told_file(outcome, asked_language(request), file_name)
        response = await tell(graph, CheckedFile(path, file_name, folder), told, Choice(form, form.content_type()))
    response.headers.setdefault("Content-Disposition", attachment(f"{identifier}.findings.{form.name}"))
    return response


async def _take_in(request: Request, session: Session, revises: str) -> Response:
    graph: Graph = request.app.state.graph
    actor = actor_of(session.who)
    async with graph.audit.recording(session.who, "submit") as deed:
        with graph.submissions.open_upload() as upload:
            received = await request.app.state.uploads.receive(request, upload, (*FIELDS, FORM_FIELD))
            given = dict(received.fields)
            request.state.given = given
            verify_form(session, given.pop(FORM_FIELD, ""))
            given.pop("revises", "")
            if not received.file_name:
                raise BadRequest("Choose a file first.")
            delivery = delivery_of(received.file_name, received.media_type, given)
            if revises:
                made = await graph.submissions.revise(revises, upload, delivery, actor)
            else:
                made = await graph.submissions.receive(upload, delivery, actor)
        deed.object = made["submission"]["id"]
    submission = made["submission"]
    if submission["state"] == State.RECEIVED:
        submission = await checked(graph, submission, actor)
    return RedirectResponse(f"{root_of(request)}contribute/submissions/{submission['id']}", status_code=303)


def _given(request: Request) -> dict[str, str]:
    """What a form said beside its file, as far as it was read."""
    return dict.fromkeys(FIELDS, "") | getattr(request.state, "given", {})


async def _list_values(request: Request, session: Session) -> dict[str, Any]:
    graph: Graph = request.app.state.graph
    listed = await graph.submissions.list(actor_of(session.who), (), limit=_LISTED)
    return {**listed, "action": f"{root_of(request)}contribute/submissions", "here": "submissions"}


async def values_of(request: Request, session: Session, identifier: str) -> dict[str, Any]:
    """What the page about one submission shows."""
    graph: Graph = request.app.state.graph
    actor = actor_of(session.who)
    submission = await graph.submissions.get(identifier, actor)
    told, findings = await _findings(request, submission, actor)
    is_reviewed = is_steward(session) and submission["state"] in {State.IN_REVIEW, State.CHANGES_REQUESTED}
    return {
        "submission": submission,
        "events": await graph.submissions.events(identifier, actor),
        "advice": advice(submission["state"]),
        "findings": findings,
        "warnings": _warnings(told),
        "review": is_reviewed,
        "preview": await _preview(graph, identifier, actor) if is_reviewed else "",
        "is_own": submission["submitter"]["key"] == actor.key and is_submitter(session),
        "size": size(submission["bytes"]),
        "is_table": submission["file_name"].lower().endswith(_TABLES),
        "given": {**submission, "note": ""},
        "action": f"{root_of(request)}contribute/submissions/{identifier}/revision",
        "refresh_seconds": _REFRESH_SECONDS if submission["state"] == State.RECEIVED else 0,
        "here": "submissions",
    }


async def _findings(request: Request, submission: dict[str, Any], actor: Actor) -> tuple[dict[str, Any], str]:
    """What was told about a submission, and that as a part of a page; nothing where it was not checked yet."""
    graph: Graph = request.app.state.graph
    with suppress(Conflict):
        found = await graph.submissions.findings(submission["id"], actor)
        path, file_name, _ = await graph.submissions.original(submission["id"], actor)
        told = told_file(found, asked_language(request), file_name)
        content = await asyncio.to_thread(text_of, path)
        root = root_of(request)
        return told, await asyncio.to_thread(lambda: findings_fragment(told, content, root=root))
    return {"groups": []}, ""


async def _preview(graph: Graph, identifier: str, actor: Actor) -> str:
    try:
        found = await graph.submissions.preview(identifier, actor)
        return await asyncio.to_thread(preview_fragment, found)
    except PedgraphError as error:
        log.warning("no preview of submission %s: %s: %s", identifier, error.code, error.detail)
        return f'<p class="note">What it would change could not be worked out: {error.title}.</p>'


def _warnings(told: dict[str, Any]) -> list[tuple[str, str, int]]:
    """The rules that warn: id, what they say, and how often."""
    groups = [group for group in told["groups"] if group["severity"] == "warning"]
    numbers = Counter[str]()
    for group in groups:
        numbers[group["rule"]] += group["count"]
    texts = {group["rule"]: group["problem"] for group in reversed(groups)}
    return [(rule, texts[rule], number) for rule, number in sorted(numbers.items())]
