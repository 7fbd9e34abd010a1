"""``/dumps/``: whole versions as files, with sizes and checksums, to be fetched in parts if need be."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import RedirectResponse, Response

from pedgraph.delivery.describing import Document
from pedgraph.delivery.dumps.names import CRATE_METADATA, DISTRIBUTIONS, GZIP, TABLES_FOLDER, ZIP, folder_of
from pedgraph.delivery.versions.listing import listed
from pedgraph.vocabulary.media import HTML, PLAIN_JSON
from pedgraph.web.addressing import root_of, site_of
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.headers import attachment, merged
from pedgraph.web.requests import known_parameters, negotiated
from pedgraph.web.sending import send_document, send_file

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

CURRENT: Final = "current"
OFFERED: Final = (PLAIN_JSON, HTML)
_DAY: Final = "public, max-age=86400"
_ASK_AGAIN: Final = "public, no-cache"
_PACKED: Final = (GZIP, ZIP)


@router.api_route("/dumps", methods=["GET", "HEAD"])
@router.api_route("/dumps/", methods=["GET", "HEAD"])
async def dumps(request: Request) -> Response:
    """All versions of which there are files, newest first."""
    known_parameters(request, ("format",))
    graph: Graph = request.app.state.graph
    kept = await asyncio.to_thread(listed, graph.versions)
    found = [each for each in reversed(kept) if each["created"]]
    if negotiated(request, OFFERED).format == HTML:
        page = graph.report_pages.render(
            "dumps", graph_version=graph.versions.current(), root=root_of(request), kept=found, kinds=DISTRIBUTIONS
        )
        return send_document(request, page, {"Vary": "Accept"}, keep=_ASK_AGAIN)
    site = site_of(request)
    members = [{**each, "files": site + folder_of(each["number"])} for each in found]
    return send_members(request, members, {"Vary": "Accept"}, keep=_ASK_AGAIN)


@router.api_route("/dumps/{version}", methods=["GET", "HEAD"])
@router.api_route("/dumps/{version}/", methods=["GET", "HEAD"])
async def dump(request: Request, version: str) -> Response:
    """The files of a version; they are made when they are asked for first."""
    known_parameters(request, ("format",))
    chosen = negotiated(request, OFFERED).format
    number = number_of(request, version)
    if version != str(number):
        return _led_to(request, folder_of(number))
    graph: Graph = request.app.state.graph
    try:
        found = await unless_gone(request.scope, request.receive, graph.dumps.listed(number))
    except ClientGone:
        return nobody_listens()
    headers = merged(licence_links(found["licences"]), _described_by(request, number), {"Vary": "Accept"})
    if chosen == HTML:
        values = {"number": number, "dump": found, "kinds": DISTRIBUTIONS, "tables": f"{TABLES_FOLDER}/"}
        page = graph.report_pages.render("dump", graph_version=number, root=root_of(request), **values)
        return send_document(request, page, headers, keep=_ASK_AGAIN)
    folder = site_of(request) + folder_of(number)
    files = [{**each, "address": folder + each["name"]} for each in found["files"]]
    return send_members(request, {**found, "files": files}, headers, keep=_ASK_AGAIN)


@router.api_route("/dumps/{version}/{name:path}", methods=["GET", "HEAD"])
async def file(request: Request, version: str, name: str) -> Response:
    """A file of a version, or a part of it."""
    known_parameters(request, ())
    number = number_of(request, version)
    if version != str(number):
        return _led_to(request, folder_of(number) + name)
    graph: Graph = request.app.state.graph
    try:
        path, said = await unless_gone(request.scope, request.receive, graph.dumps.file(number, name))
    except ClientGone:
        return nobody_listens()
    digest = base64.b64encode(bytes.fromhex(said["sha256"])).decode()
    headers = {
        "Content-Type": said["media_type"],
        "ETag": f'"{said["sha256"]}"',
        "Cache-Control": _DAY,
        # RFC 9530, section 3: of the whole file, whatever part is sent.
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    if said["media_type"] in _PACKED:
        headers["Content-Disposition"] = attachment(f"version-{number}-{name}")
    links = merged(licence_links(said["licences"]), _described_by(request, number))
    return send_file(request, path, merged(headers, links), graph.settings.client_stall_seconds)


def number_of(request: Request, text: str) -> int:
    """The number of the version that a part of an address means: a number, ``current``, a release, a date or a time.

    Raises :class:`BadRequest`, :class:`VersionNotFound`, :class:`VersionGone`.
    """
    graph: Graph = request.app.state.graph
    return graph.versions.current() if text == CURRENT else graph.versions.resolve(text)


def licence_links(licences: list[str]) -> dict[str, str]:
    """The field that says under which terms something is (RFC 4946)."""
    return {"Link": ", ".join(f'<{each}>; rel="license"' for each in licences)} if licences else {}


def send_members(request: Request, members: object, headers: dict[str, str], *, keep: str) -> Response:
    """Sends JSON that people may look at, too."""
    content = json.dumps(members, ensure_ascii=False, indent=1).encode() + b"\n"
    return send_document(request, Document(content, PLAIN_JSON.media_type), headers, keep=keep)


def _described_by(request: Request, number: int) -> dict[str, Any]:
    described = root_of(request) + folder_of(number) + CRATE_METADATA
    return {"Link": f'<{described}>; rel="describedby"; type="application/ld+json"'}


def _led_to(request: Request, address: str) -> Response:
    """Names of versions move on, numbers do not."""
    query = request.scope["query_string"].decode("ascii", "replace")
    return RedirectResponse(root_of(request) + address + (f"?{query}" if query else ""), status_code=307)
