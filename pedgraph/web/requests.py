"""What a SPARQL protocol request says (SPARQL 1.1 Protocol, section 2.1), read with limits and without guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pedgraph.errors import BadRequest, TooLarge, UnsupportedMediaType, UpdateNotAllowed
from pedgraph.query.running import QueryRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from pedgraph.settings import Settings

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
SPARQL_UPDATE = "application/sparql-update"

_MOST_PARAMETERS = 1000
# A percent-encoded byte takes three.
_ENCODED_SIZE = 3
# What is sent beyond the limit is read and thrown away up to here, so that the client gets to see the refusal.
DRAINED_BYTES = 256 * 1024 * 1024

Parameters = list[tuple[str, str]]


async def read_query_request(request: Request, settings: Settings) -> QueryRequest:
    """Reads a query from any of the three forms of the protocol.

    Raises :class:`BadRequest`, :class:`UpdateNotAllowed`, :class:`UnsupportedMediaType`, :class:`TooLarge`.
    """
    parameters = _parameters(request.scope["query_string"], "The address")
    body = None
    if request.method == "POST":
        body_parameters, body = await _read_post(request, settings)
        if body is not None and any(name == "query" for name, _ in parameters):
            raise BadRequest("The query is given twice: in the address and as the body.")
        parameters += body_parameters
    return QueryRequest(
        text=_one(parameters, "query") if body is None else body,
        accept=", ".join(request.headers.getlist("accept")) or None,
        format_name=_at_most_one(parameters, "format"),
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
    )


async def _read_post(request: Request, settings: Settings) -> tuple[Parameters, str | None]:
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type == FORM:
        body = await _read_body(request, settings.query_max_bytes * _ENCODED_SIZE)
        return _parameters(body, "The form"), None
    if media_type == SPARQL_QUERY:
        charset = rest.partition("charset=")[2].strip(' "').lower() or "utf-8"
        if charset not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(f"A query is read as UTF-8 only, not as {charset}.")
        return [], _decode(await _read_body(request, settings.query_max_bytes), "The query")
    if media_type == SPARQL_UPDATE:
        raise UnsupportedMediaType("This is an update, and this endpoint only answers queries.")
    given = f"'{media_type}'" if media_type else "no Content-Type"
    raise UnsupportedMediaType(f"A POST holds {SPARQL_QUERY} or {FORM}; this one has {given}.")


async def _read_body(request: Request, limit_bytes: int) -> bytes:
    declared = request.headers.get("content-length", "")
    too_large = TooLarge(
        f"The body of the request is larger than the {limit_bytes:,} bytes that are read.",
        limit_bytes=limit_bytes,
    )
    if declared.isdecimal() and int(declared) > limit_bytes and "expect" in request.headers:
        raise too_large
    body = bytearray()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= limit_bytes:
            body += chunk
        elif received > DRAINED_BYTES:
            break
        else:
            body.clear()
    if received > limit_bytes:
        raise too_large
    return bytes(body)


def _parameters(encoded: bytes, what: str) -> Parameters:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is not valid UTF-8 ({error.reason}).") from None
    except ValueError:
        raise BadRequest(f"{what} has more than {_MOST_PARAMETERS} parameters.") from None


def _decode(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise BadRequest(f"{what} is not valid UTF-8: byte {error.start + 1}, {error.reason}.", line=line) from None


def _one(parameters: Sequence[tuple[str, str]], name: str) -> str:
    value = _at_most_one(parameters, name)
    if value is not None:
        return value
    if any(key == "update" for key, _ in parameters):
        raise UpdateNotAllowed("This is an update, and this endpoint only answers queries.")
    raise BadRequest(
        "There is no query here. Send one as the parameter 'query' of a GET or of a form, "
        f"or as the body of a POST of type {SPARQL_QUERY}."
    )


def _at_most_one(parameters: Sequence[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in parameters if key == name]
    if len(values) > 1:
        raise BadRequest(f"The parameter '{name}' is given {len(values)} times; once is allowed.")
    return values[0] if values else None


def _graphs(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in parameters if key == name)
    for graph in graphs:
        if ":" not in graph or any(character in graph for character in ' <>"{}|\\^`'):
            raise BadRequest(f"The parameter '{name}' must hold an absolute IRI; '{graph}' is none.")
    return graphs
