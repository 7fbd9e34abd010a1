"""What all requests that write have in common: who asks and why, the wait for the outcome, and refusals as RDF."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from pedgraph.delivery.reports import report
from pedgraph.errors import BadRequest, DoesNotConform, NotAcceptable, PedgraphError
from pedgraph.vocabulary.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format, negotiate
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.problems import MEDIA_TYPE, problem_response
from pedgraph.web.requests import accepted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from pedgraph.wiring import Graph, Outcome, Who, Write

log = logging.getLogger(__name__)

AUTHOR_HEADER: Final = "Pedgraph-Author"
REASON_HEADER: Final = "Pedgraph-Reason"
_LONGEST_REASON: Final = 1000
_PROBLEM: Final = Format("problem", MEDIA_TYPE, ("application/json",))
REPORTS: Final = (_PROBLEM, TURTLE, JSON_LD, N_TRIPLES, RDF_XML)


def who_and_why(request: Request, who: Who, reason: str) -> tuple[str, str]:
    """The author and the reason of a write, as the request names them; by default the author is whose key it is.

    Raises :class:`BadRequest`.
    """
    return _text(request, AUTHOR_HEADER) or who.name, _text(request, REASON_HEADER) or reason


async def carry_out(request: Request, who: Who, write: Write, contents: Sequence[bytes]) -> Outcome | Response:
    """Carries out a write while the client waits for it: the outcome, or the response that there is instead of one.

    Raises the errors of :meth:`pedgraph.intake.writing.WriteService.run`.
    """
    graph: Graph = request.app.state.graph
    started = time.monotonic()
    outcome = "failed"
    try:
        async with graph.audit.recording(who, write.action, write.graph) as deed:
            done = await unless_gone(request.scope, request.receive, graph.writes.run(write, contents))
            deed.version = done.version
        outcome = f"is version {done.version}"
    except ClientGone:
        outcome = "ended, as the client went away"
        return nobody_listens()
    except DoesNotConform as error:
        outcome = error.code
        return _refusal(request, error)
    except PedgraphError as error:
        outcome = error.code
        raise
    finally:
        log.info("%s by %s: %s after %.3f s", write.reason, write.author, outcome, time.monotonic() - started)
    return done


def _refusal(request: Request, error: DoesNotConform) -> Response:
    try:
        choice = negotiate(accepted(request), REPORTS)
    except NotAcceptable:
        return problem_response(error)
    if choice.format == _PROBLEM:
        return problem_response(error, headers={"Vary": "Accept"})
    headers = {"Content-Type": choice.content_type, "Cache-Control": "no-store", "Vary": "Accept"}
    return Response(report(error.findings, choice.format), status_code=error.status, headers=headers)


def _text(request: Request, name: str) -> str:
    try:
        # Header fields are read as Latin-1; this gives back the bytes that were sent.
        text = request.headers.get(name, "").encode("latin-1").decode()
    except UnicodeDecodeError:
        raise BadRequest(f"The header field {name} is not valid UTF-8.") from None
    if len(text) > _LONGEST_REASON:
        raise BadRequest(f"The header field {name} is longer than {_LONGEST_REASON} characters.")
    return text.strip()
