"""``/queries``: the stored queries as an API. Each is an address of its own, with typed parameters and pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response

from pedgraph.delivery.stored import (
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    choose_format,
    engine_format,
    needs_conversion,
)
from pedgraph.errors import BadRequest
from pedgraph.query.library import COMMON_PARAMETERS
from pedgraph.query.running import QueryRequest
from pedgraph.web.answering import ClientGone, nobody_listens, unless_gone
from pedgraph.web.conditions import known_tags
from pedgraph.web.permalinks import reference, with_links
from pedgraph.web.requests import (
    accepted,
    asked_timeout,
    asked_version,
    at_most_one,
    client_of,
    read_parameters,
    version_may_move,
)
from pedgraph.web.sending import HOUR_SECONDS, send_json
from pedgraph.web.sparql import answer_headers, respond

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries
    from pedgraph.query.library import StoredQuery
    from pedgraph.vocabulary.media import Choice
    from pedgraph.web.requests import Parameters
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

ALLOWED: Final = "GET, HEAD, OPTIONS"
TOTAL_HEADER: Final = "X-Total-Count"
_METHODS: Final = ALLOWED.split(", ")
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,10}")


@router.api_route("/queries", methods=_METHODS)
@router.api_route("/queries/", methods=_METHODS)
def catalogue(request: Request) -> Response:
    """Lists the stored queries with what they take and give."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    base = "" if request.url.path.endswith("/") else "queries/"
    return send_json(request, _stored(request).catalogue(base), keep=f"public, max-age={HOUR_SECONDS}")


@router.api_route("/queries/{name}", methods=_METHODS)
@router.api_route("/queries/{name}/", methods=_METHODS)
async def stored_query(request: Request, name: str) -> Response:
    """Answers a stored query, with the values and in the format asked for."""
    stored = _stored(request)
    query = stored.find(name)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    parameters = read_parameters(request.scope["query_string"], "The address")
    choice = choose_format(query, accepted(request), at_most_one(parameters, "format"))
    base = QueryRequest(
        text="",
        format_name=engine_format(query, choice.format).media_type,
        version=asked_version(request, parameters),
        version_may_move=version_may_move(request, parameters),
        timeout_seconds=asked_timeout(parameters),
        client=client_of(request),
    )
    own = [(key, value) for key, value in parameters if not _is_common(key, query)]
    headers: dict[str, str] = {}
    try:
        if query.gives_graph or not {"limit", "offset"} & {key for key, _ in parameters}:
            asked = replace(base, text=stored.bind(query, own))
        else:
            asked, headers = await unless_gone(request.scope, request.receive, _page(request, query, own, base))
        if needs_conversion(query, choice.format):
            return await unless_gone(
                request.scope, request.receive, _respond_converted(request, query, choice, asked, headers)
            )
    except ClientGone:
        return nobody_listens()
    return await respond(request, asked, headers=headers, pairs=parameters)


async def _page(
    request: Request, query: StoredQuery, own: Parameters, base: QueryRequest
) -> tuple[QueryRequest, dict[str, str]]:
    """The request for one page, and the header fields that lead to the others (RFC 8288; relations of RFC 5005).

    All pages are of one version, whatever is published while somebody turns them.
    """
    graph: Graph = request.app.state.graph
    parameters = read_parameters(request.scope["query_string"], "The address")
    limit = _number(parameters, "limit", lowest=1, highest=LARGEST_LIMIT)
    offset = _number(parameters, "offset", lowest=0, highest=LARGEST_OFFSET) or 0
    text = graph.stored.page(query, own, limit=limit, offset=offset)
    if base.version is None:
        base = replace(base, version=graph.versions.current(), version_is_implied=True)
    total = await graph.stored.count(query, own, base)
    headers = {TOTAL_HEADER: str(total)}
    if limit is not None:
        offsets = {"first": 0}
        if offset > 0:
            offsets["prev"] = max(0, min(offset, total) - limit)
        if offset + limit < total:
            offsets["next"] = offset + limit
        kept = [(key, value) for key, value in parameters if key not in {"offset", "version"}]
        links = [
            f'<{reference([*kept, ("offset", str(at)), ("version", str(base.version))])}>; rel="{relation}"'
            for relation, at in offsets.items()
        ]
        headers["Link"] = ", ".join(links)
    return replace(base, text=text), headers


async def _respond_converted(
    request: Request, query: StoredQuery, choice: Choice, asked: QueryRequest, headers: dict[str, str]
) -> Response:
    """The response in a format that is made here from what the engine gives."""
    graph: Graph = request.app.state.graph
    parameters = read_parameters(request.scope["query_string"], "The address")
    known = known_tags(request)
    prepared = await graph.queries.prepare(asked)
    content = None
    if prepared.tag is None or not known & {f"{prepared.tag}.{choice.format.name}", "*"}:
        response = await graph.queries.respond(asked)
        prepared = response.prepared
        content = await graph.stored.convert(query, response, choice.format)
    all_headers = with_links(answer_headers(request, prepared, asked, parameters), headers)
    all_headers["Content-Type"] = choice.content_type
    if prepared.tag is not None:
        all_headers["ETag"] = f'"{prepared.tag}.{choice.format.name}"'
    return Response(content, status_code=304 if content is None else 200, headers=all_headers)


def _stored(request: Request) -> StoredQueries:
    graph: Graph = request.app.state.graph
    return graph.stored


def _is_common(name: str, query: StoredQuery) -> bool:
    return name in COMMON_PARAMETERS and not (query.gives_graph and name in {"limit", "offset"})


def _number(parameters: Parameters, name: str, *, lowest: int, highest: int) -> int | None:
    text = at_most_one(parameters, name)
    if text is None:
        return None
    if not _WHOLE_NUMBER.fullmatch(text) or not lowest <= int(text) <= highest:
        raise BadRequest(
            f"The parameter '{name}' takes a whole number from {lowest:,} to {highest:,}, and '{text[:50]}' is none.",
            parameter=name,
            expected=f"a whole number from {lowest} to {highest}",
            example=str(lowest),
        )
    return int(text)
