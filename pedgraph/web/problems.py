"""Every error as an RFC 9457 problem document; the only place that builds one. Browsers get it as a page."""

from __future__ import annotations

import json
import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from pedgraph.errors import BadRequest, MethodNotAllowed, NotFound, PedgraphError, StoreError, StoreLocked
from pedgraph.web.problem_pages import prefers_page, problem_page

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)

_SHOWN_CHARACTERS = 100
_LOG_KNOWS = "the log of the server knows more of it."

MEDIA_TYPE = "application/problem+json"
# Whatever is raised is one of these; the framework looks for the nearest.
KINDS = (PedgraphError, HTTPException, RequestValidationError, Exception)


def problem_response(error: PedgraphError, *, headers: dict[str, str] | None = None) -> Response:
    """The HTTP answer for an error."""
    body = json.dumps(error.as_problem(), ensure_ascii=False).encode()
    all_headers = {"Cache-Control": "no-store", **error.headers, **(headers or {})}
    return Response(body, status_code=error.status, media_type=MEDIA_TYPE, headers=all_headers)


def install(app: FastAPI) -> None:
    """Makes the application answer every kind of error with a problem document."""
    for kind in KINDS:
        app.add_exception_handler(kind, response_to)


async def response_to(request: Request, error: Exception) -> Response:
    """The HTTP answer for any exception: a page where the client prefers one."""
    answer, headers = told(request, error), headers_of(request, error)
    page = _page(request, answer) if prefers_page(request) else None
    if page is None:
        return problem_response(answer, headers=headers)
    page.headers.update({"Cache-Control": "no-store", "Vary": "Accept", **answer.headers, **headers})
    return page


def _page(request: Request, error: PedgraphError) -> Response | None:
    """The page for an error; ``None`` where making it fails as well, so that the error itself is told all the same."""
    try:
        return problem_page(request, error)
    except Exception:
        log.exception("there is no page for the problem %s at %s", error.code, request.url.path)
        return None


def headers_of(request: Request, error: Exception) -> dict[str, str]:
    """Header fields that the framework gives to an answer. It names the methods of one route only, where there may be
    several at one address (RFC 9110, section 15.5.6).
    """
    if not isinstance(error, HTTPException):
        return {}
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return dict(error.headers or {})
    here = [each for each in request.app.state.routes if each.matches(request.scope)[0] is not Match.NONE]
    return {"Allow": ", ".join(sorted({method for each in here for method in each.methods}))}


def told(request: Request, error: Exception) -> PedgraphError:
    """What a client is told about any exception; what is nobody else's business goes into the log."""
    if isinstance(error, StoreLocked):
        return StoreLocked("Somebody else is publishing at this moment. Try again when that is done.")
    if isinstance(error, StoreError):
        # Its detail names files of the server.
        incident = _incident()
        log.error("incident %s: %s: %s", incident, error.code, error.detail)
        return StoreError(f"{error.title}; {_LOG_KNOWS}", incident=incident)
    if isinstance(error, PedgraphError):
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("%s: %s", error.code, error.detail)
        return error
    if isinstance(error, HTTPException):
        return _of_the_framework(request, error)
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return BadRequest(f"{place}: {first['msg']}")
    incident = _incident()
    log.error("incident %s at %s %s", incident, request.method, request.url.path, exc_info=error)
    return PedgraphError(f"An unforeseen error; {_LOG_KNOWS}", incident=incident)


def _of_the_framework(request: Request, error: HTTPException) -> PedgraphError:
    path = request.url.path
    shown = path if len(path) <= _SHOWN_CHARACTERS else f"{path[:_SHOWN_CHARACTERS]}…"
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(f"There is nothing at {shown}. Queries are answered at /sparql.")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(f"{request.method} is not offered at {shown}.")
    return BadRequest(str(error.detail))


def _incident() -> str:
    return uuid.uuid4().hex[:12]
