"""The start page, templates to download, and the check of a file that leaves nothing behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.findings.files import told_file
from pedgraph.delivery.findings.page import findings_fragment
from pedgraph.errors import BadRequest, InputError, NotAcceptable, PedgraphError, TooLarge, UnsupportedMediaType
from pedgraph.vocabulary.media import Choice
from pedgraph.web.addressing import path_of, root_of
from pedgraph.web.contributing.sending import page, paged, problem
from pedgraph.web.contributing.session import signed_in
from pedgraph.web.languages import asked_language
from pedgraph.web.receiving import NewFile
from pedgraph.web.telling import WORKBOOK as MARKED
from pedgraph.web.telling import CheckedFile, tell, text_of
from pedgraph.wiring import Check

if TYPE_CHECKING:
    from pedgraph.wiring import Checked, Graph

router = APIRouter(include_in_schema=False)

WORKBOOK: Final = "pedgraph"
_FORMATS: Final = frozenset({"xlsx", "zip"})
_NO_FILE: Final = "Choose a file first."


@router.api_route("/contribute", methods=["GET", "HEAD"])
@paged
async def start(request: Request) -> Response:
    """How to contribute, in three steps."""
    return page(request, "start", await signed_in(request), language=asked_language(request))


@router.api_route("/contribute/", methods=["GET", "HEAD"])
@router.api_route("/contribute/review/", methods=["GET", "HEAD"])
@router.api_route("/contribute/sign-in/", methods=["GET", "HEAD"])
@router.api_route("/contribute/submissions/", methods=["GET", "HEAD"])
@router.api_route("/contribute/submissions/{identifier}/", methods=["GET", "HEAD"])
async def without_slash(request: Request) -> Response:
    """Leads to the address without the slash, which the framework would do with an address that no proxy knows."""
    return RedirectResponse(f"{root_of(request)}{path_of(request).strip('/')}", status_code=308)


@router.api_route("/contribute/template", methods=["GET", "HEAD"])
@paged
async def template(request: Request) -> Response:
    """Leads to the template that was chosen on the start page."""
    chosen = request.query_params
    language = asked_language(request)
    form = chosen.get("format", "xlsx")
    query = {"language": language} | ({"example": "1"} if chosen.get("example") else {})
    name = f"{WORKBOOK}.{form if form in _FORMATS else 'xlsx'}"
    return RedirectResponse(f"{root_of(request)}templates/{name}?{urlencode(query)}", status_code=303)


@router.post("/contribute/check")
@paged
async def check(request: Request) -> Response:
    """Checks a file and shows what was found. Nothing of it is kept."""
    graph: Graph = request.app.state.graph
    session = await signed_in(request)
    with graph.inbox.place() as folder:
        path = folder / "upload"
        try:
            with NewFile(path) as target:
                received = await request.app.state.uploads.receive(request, target, ("language", "as"))
            if not received.file_name and not path.stat().st_size:
                raise InputError(_NO_FILE)
        except (BadRequest, InputError, TooLarge, UnsupportedMediaType) as error:
            return await problem(request, error, "start")
        language = asked_language(request, received.fields.get("language", ""))
        asked = Check(path, received.file_name or "upload", received.media_type, languages=(language,))
        try:
            checked: Checked = await graph.checks.run(asked)
        except PedgraphError as error:
            return await problem(request, error, "start")
        told = told_file(checked.as_json(), language, asked.file_name)
        if received.fields.get("as") == "workbook":
            return await _marked(request, CheckedFile(path, asked.file_name, folder), told)
        findings = await asyncio.to_thread(lambda: findings_fragment(told, text_of(path), root=root_of(request)))
    receipt = checked.receipt
    shown = [
        ("verdict", "conforms" if receipt.conforms else "does not conform"),
        ("hash of the data", receipt.data_hash or "none, as not all of it could be read"),
        ("hash of the file", receipt.file_hash),
        ("rules", f"version {receipt.shapes}"),
        ("engine", receipt.engine),
        ("judged with", f"version {receipt.version} of the graph"),
        ("checked", receipt.checked),
    ]
    return page(
        request, "check", session, language=language, file_name=asked.file_name, conforms=checked.conforms,
        counts=checked.counts, statements=f"{checked.statements:,}", findings=findings, receipt=shown,
    )  # fmt: skip


async def _marked(request: Request, file: CheckedFile, told: dict[str, Any]) -> Response:
    """The workbook or table with its cells marked; a page that says so where the file is neither."""
    graph: Graph = request.app.state.graph
    try:
        return await tell(graph, file, told, Choice(MARKED, MARKED.content_type()))
    except NotAcceptable as error:
        return await problem(request, error, "start")
