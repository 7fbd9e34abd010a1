"""The stewards' queue, and their decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.errors import BadRequest, Forbidden, NotFound, PedgraphError, Withdrawn
from pedgraph.web.addressing import root_of
from pedgraph.web.contributing.sending import number_in, page, paged, problem, read_form
from pedgraph.web.contributing.session import require_form, require_session
from pedgraph.web.contributing.submitting import values_of
from pedgraph.web.reviewing import DECISIONS, text
from pedgraph.web.submissions import actor_of
from pedgraph.wiring import STEWARD, Decision, State, Waiver

if TYPE_CHECKING:
    from pedgraph.wiring import DecisionName, Graph

router = APIRouter(include_in_schema=False)

_WAIVE: Final = "waive-"
_LISTED: Final = 500


@router.api_route("/contribute/review", methods=["GET", "HEAD"])
@paged
async def queue(request: Request) -> Response:
    """What waits for a decision, the oldest first."""
    graph: Graph = request.app.state.graph
    session = await require_session(request, STEWARD)
    listed = await graph.submissions.list(actor_of(session.who), (State.IN_REVIEW,), limit=_LISTED)
    return page(request, "review", session, submissions=listed["submissions"][::-1], total=listed["total"])


@router.post("/contribute/submissions/{identifier}/decision")
@paged
async def decide(request: Request, identifier: str) -> Response:
    """Accepts, sends back or rejects a submission, and leads back to the queue; where that cannot be done, to the page
    about it as it is now, with what was written.
    """
    graph: Graph = request.app.state.graph
    session = await require_session(request, STEWARD)
    fields = await read_form(request)
    await require_form(request, session, fields)
    chosen = fields.get("decision", "")
    if chosen not in DECISIONS:
        raise BadRequest(f"A decision is one of {', '.join(DECISIONS)}.")
    try:
        async with graph.audit.recording(session.who, chosen, identifier) as deed:
            shown = await graph.submissions.decide(identifier, actor_of(session.who), _decision(chosen, fields))
            deed.note_version(shown)
    except (Forbidden, NotFound, Withdrawn):
        raise
    except PedgraphError as error:
        typed = {name: text for name, text in fields.items() if name == "comment" or name.startswith(_WAIVE)}
        values = await values_of(request, session, identifier)
        return await problem(request, error, "submission", **values, typed=typed)
    return RedirectResponse(f"{root_of(request)}contribute/review", status_code=303)


def _decision(chosen: str, fields: dict[str, str]) -> Decision:
    """What a form says. Notes are for warnings that pass, so they count with an acceptance only."""
    waivers = tuple(
        Waiver(name.removeprefix(_WAIVE), text(fields, name))
        for name in fields
        if chosen == "accept" and name.startswith(_WAIVE) and fields[name].strip()
    )
    return Decision(cast("DecisionName", chosen), text(fields, "comment"), waivers, number_in(fields, "expected"))
