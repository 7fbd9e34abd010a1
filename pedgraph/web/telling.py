"""The forms in which findings are told: for programs, pages, editors, SHACL tools, and as a marked workbook."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from pedgraph.delivery.findings.files import shown_findings
from pedgraph.delivery.findings.page import findings_page
from pedgraph.delivery.findings.sarif import MEDIA_TYPE, sarif
from pedgraph.delivery.reports import report
from pedgraph.errors import InputError, NotAcceptable
from pedgraph.vocabulary.media import HTML, JSON_LD, N_TRIPLES, RDF_FORMATS, RDF_XML, TURTLE, Format, find_format
from pedgraph.web.headers import attachment

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.vocabulary.media import Choice
    from pedgraph.wiring import Graph

JSON: Final = Format("json", "application/json")
SARIF: Final = Format("sarif", MEDIA_TYPE)
WORKBOOK: Final = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", suffix=".xlsx")
FORMS: Final = (JSON, HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML, SARIF, WORKBOOK)
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What is said of somebody's file is nobody else's business, and is never taken for a page where it is none.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
}
# The text of a file is shown beside its findings up to here.
_LONGEST_TEXT_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True)
class CheckedFile:
    """A file that was checked: where it lies, what it is called, and a folder for what is made of it."""

    path: Path
    file_name: str
    folder: Path


async def tell(graph: Graph, file: CheckedFile, told: dict[str, Any], choice: Choice) -> Response:
    """What is told about a file, in the form that was agreed on.

    Raises :class:`NotAcceptable` where the file is no table that could be marked, and what marking it does.
    """
    headers = {**_HEADERS, "Content-Type": choice.content_type, "Content-Language": told["language"]}
    if choice.format == WORKBOOK:
        target = file.folder / "marked.xlsx"
        if find_format(told["media_type"], RDF_FORMATS) is not None:
            raise NotAcceptable("Only a workbook or a table can be marked, and this file is neither.")
        try:
            await graph.marking.mark(file.path, file.file_name, told, shown_findings(told), target)
        except InputError as error:
            raise NotAcceptable(f"Only a workbook or a table can be marked. {error.detail}") from None
        stem = file.file_name.rpartition(".")[0] or "findings"
        headers["Content-Disposition"] = attachment(f"{stem}.checked.xlsx")
        return Response(await asyncio.to_thread(target.read_bytes), headers=headers)
    return Response(await asyncio.to_thread(_content, file, told, choice.format), headers=headers)


def _content(file: CheckedFile, told: dict[str, Any], form: Format) -> bytes:
    if form == JSON:
        return json.dumps(told, ensure_ascii=False).encode(errors="backslashreplace")
    if form == SARIF:
        return json.dumps(sarif([told]), ensure_ascii=False).encode(errors="backslashreplace")
    if form == HTML:
        return findings_page([(told, text_of(file.path))])
    return report(shown_findings(told), form, told["language"])


def text_of(path: Path) -> str:
    """The text of a file, as far as it is a short one; empty for one that is no text."""
    with path.open("rb") as opened:
        content = opened.read(_LONGEST_TEXT_BYTES + 1)
    return content.decode(errors="replace") if len(content) <= _LONGEST_TEXT_BYTES and b"\0" not in content else ""
