"""What a SPARQL protocol request says (SPARQL 1.1 Protocol, section 2.1), read with limits and without guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pedgraph.errors import BadRequest, TooLarge, UnsupportedMediaType, UpdateNotAllowed
from pedgraph.query.running import EXPLANATIONS, QueryRequest
from pedgraph.store.history import may_move, nearest
from pedgraph.vocabulary.media import negotiate
from pedgraph.web.moments import accepted_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from pedgraph.settings import Settings
    from pedgraph.vocabulary.media import Choice, Format
    from pedgraph.wiring import Graph

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
SPARQL_UPDATE = "application/sparql-update"

_DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{0,20})?")
_MOST_PARAMETERS = 1000
_SHOWN_CHARACTERS = 50
_UTF_8 = frozenset({"utf-8", "utf8"})
# A percent-encoded byte takes three.
_ENCODED_SIZE = 3
# What is sent beyond the limit is read and thrown away up to here, so that the client gets to see the refusal.
DRAINED_BYTES = 256 * 1024 * 1024

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class UpdateRequest:
    """An update as somebody sends it, and the graphs that ``using-graph-uri`` and ``using-named-graph-uri`` name."""

    text: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


async def read_query_request(request: Request, settings: Settings) -> QueryRequest:
    """Reads a query from any of the three forms of the protocol.

    Raises :class:`BadRequest`, :class:`UpdateNotAllowed`, :class:`UnsupportedMediaType`, :class:`TooLarge`,
    :class:`VersionNotFound`, :class:`VersionGone`.
    """
    parameters = read_parameters(request.scope["query_string"], "The address")
    body = None
    if request.method == "POST":
        body_parameters, body = await _read_post(request, settings)
        if body is not None and any(name == "query" for name, _ in parameters):
            raise BadRequest("The query is given twice: in the address and as the body.")
        parameters += body_parameters
    return QueryRequest(
        text=_one(parameters, "query") if body is None else body,
        accept=accepted(request),
        format_name=_format_name(parameters),
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
        version=asked_version(request, parameters),
        version_may_move=version_may_move(request, parameters),
        timeout_seconds=asked_timeout(parameters),
        client=client_of(request),
        profile_name=at_most_one(parameters, "_profile"),
        with_byte_order_mark=at_most_one(parameters, "bom") in {"1", "true"},
        explain=_chosen(parameters, "explain", EXPLANATIONS),
        with_statistics=_chosen(parameters, "statistics", ("true", "false")) == "true",
    )


async def read_update_request(request: Request, settings: Settings) -> UpdateRequest:
    """Reads an update from any of the two forms of the protocol (SPARQL 1.1 Protocol, section 2.2).

    Raises :class:`BadRequest`, :class:`UnsupportedMediaType`, :class:`TooLarge`.
    """
    parameters = read_parameters(request.scope["query_string"], "The address")
    media_type, charset = content_type(request.headers)
    if media_type == FORM:
        form = read_parameters(await read_body(request, settings.file_max_bytes * _ENCODED_SIZE), "The form")
        text = at_most_one(form, "update")
        if text is None:
            detail = "This is a query; queries are answered at /sparql." if any(n == "query" for n, _ in form) else ""
            raise BadRequest(detail or "There is no update here. Send one as the parameter 'update' of the form.")
        parameters += [(name, value) for name, value in form if name != "update"]
    elif media_type == SPARQL_UPDATE:
        if charset not in _UTF_8:
            raise UnsupportedMediaType(f"An update is read as UTF-8 only, not as {charset}.")
        text = _decode(await read_body(request, settings.file_max_bytes), "The update")
    else:
        given = f"'{media_type}'" if media_type else "no Content-Type"
        raise UnsupportedMediaType(f"A POST holds {SPARQL_UPDATE} or {FORM} here; this one has {given}.")
    if any(name == "update" for name, _ in parameters):
        raise BadRequest("The update is part of the body, not of the address.")
    return UpdateRequest(text, _graphs(parameters, "using-graph-uri"), _graphs(parameters, "using-named-graph-uri"))


def content_type(headers: Mapping[str, str]) -> tuple[str, str]:
    """The media type of a body and its charset (UTF-8 where none is named), both in small letters."""
    media_type, _, rest = headers.get("content-type", "").partition(";")
    charset = rest.lower().partition("charset=")[2].partition(";")[0].strip(' "') or "utf-8"
    return media_type.strip().lower(), charset


def known_parameters(request: Request, known: Sequence[str]) -> Parameters:
    """The parameters in the address of a request; raises :class:`BadRequest` for one that is none of the ``known``, and
    for one that is given more than once.
    """
    parameters = read_parameters(request.scope["query_string"], "The address")
    for name in dict(parameters):
        if name not in known:
            there_are = f"There are: {', '.join(known)}." if known else "There are none."
            raise BadRequest(
                f"There is no parameter '{name[:_SHOWN_CHARACTERS]}' here. {there_are}",
                parameter=name[:_SHOWN_CHARACTERS],
                known=list(known),
            )
        at_most_one(parameters, name)
    return parameters


def asked_version(request: Request, parameters: Parameters) -> int | None:
    """The number of the version that a request asks for: with ``version``, or else as the nearest that is kept to the
    moment in ``Accept-Datetime``; ``None`` where it asks for none.

    Raises :class:`BadRequest`, :class:`VersionNotFound`, :class:`VersionGone`.
    """
    text = at_most_one(parameters, "version")
    graph: Graph = request.app.state.graph
    if text is not None:
        return graph.versions.resolve(text)
    moment = accepted_moment(request)
    return None if moment is None else nearest(graph.versions, moment)


def version_may_move(request: Request, parameters: Parameters) -> bool:
    """Whether the version that a request asks for may be another one when it is asked for in the same words later."""
    text = at_most_one(parameters, "version")
    return "accept-datetime" in request.headers if text is None else may_move(text)


def accepted(request: Request) -> str | None:
    """What a client accepts: its ``Accept`` fields as one, ``None`` where it sends none."""
    return ", ".join(request.headers.getlist("accept")) or None


def negotiated(request: Request, offered: Sequence[Format]) -> Choice:
    """What is agreed on by ``Accept`` and the parameter ``format``, which wins; raises as :func:`negotiate`."""
    return negotiate(accepted(request), offered, format_name=request.query_params.get("format"))


def client_of(request: Request) -> str:
    """The address that a request comes from, empty where it is not known."""
    return request.client.host if request.client else ""


async def _read_post(request: Request, settings: Settings) -> tuple[Parameters, str | None]:
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type == FORM:
        body = await read_body(request, settings.query_max_bytes * _ENCODED_SIZE)
        return read_parameters(body, "The form"), None
    if media_type == SPARQL_QUERY:
        charset = rest.partition("charset=")[2].strip(' "').lower() or "utf-8"
        if charset not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(f"A query is read as UTF-8 only, not as {charset}.")
        return [], _decode(await read_body(request, settings.query_max_bytes), "The query")
    if media_type == SPARQL_UPDATE:
        raise UnsupportedMediaType("This is an update, and this endpoint only answers queries.")
    given = f"'{media_type}'" if media_type else "no Content-Type"
    raise UnsupportedMediaType(f"A POST holds {SPARQL_QUERY} or {FORM}; this one has {given}.")


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The body of a request; raises :class:`TooLarge`."""
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


def read_parameters(encoded: bytes, what: str) -> Parameters:
    """The names and values in an encoded query or form, in their order; ``what`` names it in errors.

    Raises :class:`BadRequest` where it is not valid UTF-8 or has too many.
    """
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
    value = at_most_one(parameters, name)
    if value is not None:
        return value
    if any(key == "update" for key, _ in parameters):
        raise UpdateNotAllowed("This is an update, and this endpoint only answers queries.")
    raise BadRequest(
        "There is no query here. Send one as the parameter 'query' of a GET or of a form, "
        f"or as the body of a POST of type {SPARQL_QUERY}."
    )


def at_most_one(parameters: Sequence[tuple[str, str]], name: str) -> str | None:
    """The value of a parameter, ``None`` where it is not given; raises :class:`BadRequest` where it is repeated."""
    values = [value for key, value in parameters if key == name]
    if len(values) > 1:
        raise BadRequest(f"The parameter '{name}' is given {len(values)} times; once is allowed.")
    return values[0] if values else None


def _chosen(parameters: Sequence[tuple[str, str]], name: str, choices: Sequence[str]) -> str | None:
    value = at_most_one(parameters, name)
    if value is not None and value not in choices:
        raise BadRequest(f"The parameter '{name}' is one of {', '.join(choices)}; '{value}' is none of them.")
    return value


def asked_timeout(parameters: Sequence[tuple[str, str]]) -> float | None:
    """The time that the client gives its query; whoever asks for more than the server gives gets that."""
    value = at_most_one(parameters, "timeout")
    if value is None:
        return None
    seconds = float(value) if _DECIMAL.fullmatch(value) else 0.0
    if seconds <= 0:
        raise BadRequest(
            f"The parameter 'timeout' must be a number of seconds above 0, such as 2.5; '{value}' is none."
        )
    return seconds


def _format_name(parameters: Sequence[tuple[str, str]]) -> str | None:
    """The values of ``format`` and of ``output``, its name elsewhere; some clients send one format in several words."""
    names = [value for key, value in parameters if key in {"format", "output"} and value]
    return ",".join(names) or None


def _graphs(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in parameters if key == name)
    for graph in graphs:
        if ":" not in graph or any(character in graph for character in ' <>"{}|\\^`'):
            raise BadRequest(f"The parameter '{name}' must hold an absolute IRI; '{graph}' is none.")
    return graphs
