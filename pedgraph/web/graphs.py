"""``/data``: the SPARQL 1.1 Graph Store HTTP Protocol, for whoever has a key with the role admin."""

from __future__ import annotations

import logging
import re
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pedgraph.errors import BadRequest, NotFound
from pedgraph.query.running import QueryRequest
from pedgraph.store.manifest import graph_tag, read_manifest
from pedgraph.vocabulary.iris import PREFIXES, is_absolute
from pedgraph.vocabulary.media import GRAPH_FORMATS
from pedgraph.web.answering import nobody_listens
from pedgraph.web.conditions import known_tags
from pedgraph.web.keys import require
from pedgraph.web.payloads import read_payloads
from pedgraph.web.requests import accepted, at_most_one, negotiated, read_parameters
from pedgraph.web.sparql import VERSION_HEADER, respond
from pedgraph.web.writing import carry_out, who_and_why
from pedgraph.wiring import ADMIN, Write

if TYPE_CHECKING:
    from pedgraph.wiring import Graph, Who

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_WHOLE_GRAPH: Final = (
    "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    + "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
)
# Tags that are not weak, and the content coding that they end with (RFC 9110, section 8.8.3.2).
_STRONG_TAG: Final = re.compile(r'(?<!W/)"([^"]*?)(?:-(?:zstd|br|gzip))?"|(\*)')


@dataclass(frozen=True)
class _Target:
    """The graph that a request is about (empty: the default graph), and whether the server has just named it."""

    graph: str
    is_named_here: bool = False


@router.api_route("/data", methods=ALLOWED.split(", "))
@router.api_route("/data/{path:path}", methods=ALLOWED.split(", "))
async def data(request: Request) -> Response:
    """Reads, replaces, extends or removes one graph."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    who = await require(request, ADMIN)
    target = _target(request)
    if request.method in {"GET", "HEAD"}:
        return await _read(request, target)
    return await _write(request, who, target)


def _target(request: Request) -> _Target:
    """Which graph a request is about (Graph Store HTTP Protocol, section 4); raises :class:`BadRequest`."""
    parameters = read_parameters(request.scope["query_string"], "The address")
    graph, default = at_most_one(parameters, "graph"), at_most_one(parameters, "default")
    # What the client wrote: in the decoded path, escapes would be lost that are part of the IRI.
    path = bytes(request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii", "replace")
    own_address = f"{request.url.scheme}://{request.url.netloc}{path}"
    is_direct = bool(request.path_params.get("path"))
    if sum((graph is not None, default is not None, is_direct)) > 1:
        raise BadRequest("The graph is named in more than one way: by the address, 'graph' and 'default' is only one.")
    if default is not None:
        return _Target("")
    if graph is None and not is_direct:
        if request.method != "POST":
            raise BadRequest("Which graph? Add ?graph= with its IRI, or ?default.")
        return _Target(f"{own_address.rstrip('/')}/{uuid.uuid4()}", is_named_here=True)
    name = own_address if graph is None else graph
    if not is_absolute(name):
        raise BadRequest(f"A graph is named by an absolute IRI; '{name}' is none.")
    return _Target(name)


async def _read(request: Request, target: _Target) -> Response:
    graph: Graph = request.app.state.graph
    manifest = read_manifest(graph.versions.store_directory().parent)
    if target.graph and target.graph not in manifest.graphs:
        raise NotFound(f"There is no graph <{target.graph}>.")
    tag = graph_tag(manifest, target.graph, negotiated(request, GRAPH_FORMATS).format.name)
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if {tag, "*"} & known_tags(request):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    asked = QueryRequest(
        _WHOLE_GRAPH,
        accepted(request),
        request.query_params.get("format"),
        default_graphs=(target.graph,) if target.graph else (),
        version=manifest.version,
    )
    return await respond(request, asked, headers=headers)


async def _write(request: Request, who: Who, target: _Target) -> Response:
    graph: Graph = request.app.state.graph
    payloads = []
    if request.method != "DELETE":
        try:
            payloads = await read_payloads(request, graph.settings)
        except ClientDisconnect:
            log.info("the client went away before its graph was complete")
            return nobody_listens()
    author, reason = who_and_why(request, who, f"{request.method} {target.graph or 'the default graph'}")
    conditions = _STRONG_TAG.finditer(", ".join(request.headers.getlist("if-match")))
    write = Write(
        request.method,
        author,
        reason,
        graph=target.graph,
        media_types=tuple(payload.media_type for payload in payloads),
        if_match=tuple(found[2] or found[1] for found in conditions) or _never(request),
        must_be_new=request.headers.get("if-none-match", "").strip() == "*",
    )
    outcome = await carry_out(request, who, write, [payload.content for payload in payloads])
    if isinstance(outcome, Response):
        return outcome
    headers = {VERSION_HEADER: str(outcome.version)}
    if target.is_named_here:
        headers["Location"] = target.graph
    return Response(status_code=HTTPStatus.CREATED if outcome.is_new else HTTPStatus.NO_CONTENT, headers=headers)


def _never(request: Request) -> tuple[str, ...]:
    """A tag that nothing has, where there are weak tags only, which never match (RFC 9110, section 13.1.1)."""
    return ("",) if "if-match" in request.headers else ()
