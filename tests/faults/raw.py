"""Bytes sent to a server as they are, and what comes back, looked at closely."""

from __future__ import annotations

import gzip
import http.client
import select
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import brotli
import zstandard

from tests.problems import read_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

WAIT_SECONDS = 30.0
PATIENCE_SECONDS = 0.1
LONGEST_READ_BYTES = 1024 * 1024


@dataclass(frozen=True)
class RawAnswer:
    """An answer: its status, its header fields by names in lower case, and the beginning of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(address: str, request: bytes, *, method: str = "GET", may_be_incomplete: bool = False) -> RawAnswer | None:
    """Sends bytes and gives the first answer to them; none where the server hangs up or waits for more.

    Where the request may be incomplete, the client says after a while that nothing more will come. Raises
    ``AssertionError`` where what comes back is no HTTP.
    """
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_SECONDS) as connection:
        # A server may say no before it has read all; what it said may still be there then.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        if may_be_incomplete and not select.select([connection], [], [], PATIENCE_SECONDS)[0]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection, method=method)
        try:
            answer.begin()
            body = answer.read(LONGEST_READ_BYTES)
        except (http.client.RemoteDisconnected, ConnectionResetError, TimeoutError):
            return None
        except http.client.HTTPException as error:
            raise AssertionError(f"no HTTP came back: {error!r}") from error
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return RawAnswer(answer.status, headers, body)


def _from_zstd(content: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(content)


_CODINGS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": _from_zstd}


def refusal(answer: RawAnswer, method: str) -> str:
    """What is wrong with an answer, or an empty text: it must be no 500, and a problem document if it is an error."""
    if answer.status < 400:
        return ""
    if answer.status == 500:
        return f"500: {answer.body!r}"
    if method == "HEAD":
        return ""
    media_type = answer.headers.get("content-type", "")
    decode = _CODINGS.get(answer.headers.get("content-encoding", ""), bytes)
    problem = read_problem(media_type, decode(answer.body).decode())
    if problem is None:
        return f"{answer.status} of the type '{media_type}'"
    if problem.get("status") != answer.status or not problem.get("type") or not problem.get("title"):
        return f"{answer.status} with the problem {problem}"
    return ""
