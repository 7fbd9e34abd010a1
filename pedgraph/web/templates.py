"""``/templates/``: workbooks and CSV files to fill in, made from the shapes and the code lists."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound
from pedgraph.web.headers import attachment
from pedgraph.web.languages import asked_language
from pedgraph.web.sending import send_document, send_json

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "GET, HEAD, OPTIONS"
FORMATS: Final = ("xlsx", "csv", "zip")
_HOUR: Final = "public, max-age=3600"
_LANGUAGE: Final = {"Vary": "Accept-Language"}


@router.options("/templates")
@router.options("/templates/")
@router.options("/templates/{file_name}")
async def options() -> Response:
    """The methods."""
    return Response(status_code=204, headers={"Allow": ALLOWED})


@router.api_route("/templates", methods=["GET", "HEAD"])
@router.api_route("/templates/", methods=["GET", "HEAD"])
async def listing(request: Request) -> Response:
    """What templates there are, and what each has columns for."""
    graph: Graph = request.app.state.graph
    listed = await asyncio.to_thread(graph.templates.list, asked_language(request))
    return send_json(request, {"templates": listed}, keep=_HOUR, headers=_LANGUAGE)


@router.api_route("/templates/{file_name}", methods=["GET", "HEAD"])
async def template(request: Request, file_name: str) -> Response:
    """A template by its name and form, such as ``pedgraph.xlsx``; with ``example`` it is filled in."""
    graph: Graph = request.app.state.graph
    name, _, form = file_name.rpartition(".")
    if form not in FORMATS:
        raise NotFound(f"There is no template '{file_name[:100]}'. Its name ends in one of {', '.join(FORMATS)}.")
    made = await asyncio.to_thread(
        graph.templates.file,
        name,
        form,
        asked_language(request),
        is_example=request.query_params.get("example", "") in {"1", "true"},
        # A browser hands a CSV file to whatever opens it, which is Excel more often than not.
        has_byte_order_mark=form != "xlsx",
    )
    headers = {**_LANGUAGE, "Content-Disposition": attachment(made.file_name)}
    return send_document(request, Document(made.content, made.media_type), headers, keep=_HOUR)
