"""Every error as an RFC 9457 problem document; the only place that builds one."""

from __future__ import annotations

import json
import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pedgraph.errors import BadRequest, MethodNotAllowed, NotFound, PedgraphError, StoreError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)

_LOG_KNOWS = "the log of the server knows more of it."

MEDIA_TYPE = "application/problem+json"


def problem_response(error: PedgraphError, *, headers: dict[str, str] | None = None) -> Response:
    """The HTTP answer for an error."""
    body = json.dumps(error.as_problem(), ensure_ascii=False).encode()
    all_headers = {"Cache-Control": "no-store", **error.headers, **(headers or {})}
    return Response(body, status_code=error.status, media_type=MEDIA_TYPE, headers=all_headers)


def install(app: FastAPI) -> None:
    """Makes the application answer every kind of error with a problem document."""
    app.add_exception_handler(PedgraphError, _ours)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(Exception, _unexpected)


async def response_to(request: Request, error: Exception) -> Response:
    """The HTTP answer for any exception."""
    return await (_ours if isinstance(error, PedgraphError) else _unexpected)(request, error)


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, PedgraphError)
    if isinstance(error, StoreError):
        # Its detail names files of the server, which are nobody else's business.
        incident = _incident()
        log.error("incident %s: %s: %s", incident, error.code, error.detail)
        return problem_response(StoreError(f"{error.title}; {_LOG_KNOWS}", incident=incident))
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("%s: %s", error.code, error.detail)
    return problem_response(error)


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    ours: PedgraphError
    if error.status_code == HTTPStatus.NOT_FOUND:
        ours = NotFound(f"There is nothing at {request.url.path}. Queries are answered at /sparql.")
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        ours = MethodNotAllowed(f"{request.method} is not offered at {request.url.path}.")
    else:
        ours = BadRequest(str(error.detail))
    return problem_response(ours, headers=dict(error.headers or {}))


async def _of_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return problem_response(BadRequest(f"{place}: {first['msg']}"))


async def _unexpected(request: Request, error: Exception) -> Response:
    incident = _incident()
    log.error("incident %s at %s %s", incident, request.method, request.url.path, exc_info=error)
    return problem_response(PedgraphError(f"An unforeseen error; {_LOG_KNOWS}", incident=incident))


def _incident() -> str:
    return uuid.uuid4().hex[:12]
