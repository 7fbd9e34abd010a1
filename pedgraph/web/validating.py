"""``POST /validate``: anybody may have a file checked; nothing of it is kept.

The answer is 200 whatever the verdict is, for the check was carried out; 4xx is for what is no file that could be
checked at all: too large, none, in a content coding.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response

from pedgraph.delivery.findings.files import told_file
from pedgraph.errors import UploadCut
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.languages import asked_language
from pedgraph.web.receiving import NewFile
from pedgraph.web.requests import negotiated
from pedgraph.web.telling import FORMS, CheckedFile, tell
from pedgraph.wiring import Check

if TYPE_CHECKING:
    from pedgraph.wiring import Checked, Graph

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "POST, OPTIONS"
FIELDS: Final = ("language",)


@router.options("/validate")
async def options() -> Response:
    """The method."""
    return Response(status_code=204, headers={"Allow": ALLOWED})


@router.post("/validate")
async def validate(request: Request) -> Response:
    """Checks a file; gives the findings and a receipt."""
    graph: Graph = request.app.state.graph
    choice = negotiated(request, FORMS)
    language = asked_language(request)
    started = time.monotonic()
    with graph.inbox.place() as folder:
        path = folder / "upload"
        try:
            with NewFile(path) as target:
                received = await request.app.state.uploads.receive(request, target, FIELDS)
            language = asked_language(request, received.fields.get("language", "")) if received.fields else language
            check = Check(path, received.file_name or "upload", received.media_type, languages=(language,))
            checked: Checked = await unless_gone(request.scope, request.receive, graph.checks.run(check))
        except UploadCut as error:
            log.info("a file to check did not come in: %s", error.detail)
            raise
        except ClientGone:
            return nobody_listens()
        log.info(
            "checked %d bytes of %s in %.3f s: %s",
            checked.size_bytes, checked.media_type, time.monotonic() - started, json.dumps(checked.counts),
        )  # fmt: skip
        told = told_file(checked.as_json(), language, check.file_name)
        return await tell(graph, CheckedFile(path, check.file_name, folder), told, choice)
