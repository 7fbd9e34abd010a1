"""Files that come in: large ones, cut ones, slow ones, strangely named ones; nothing of what is refused stays."""

from __future__ import annotations

import gzip
import http.client
import resource
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from pedgraph.web.uploads import clean_name
from tests.servers import running_server
from tests.staff import Staff, district, files_of, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE = 2**20
LARGE_BYTES = 200 * MEBIBYTE
PATIENCE_SECONDS = 60.0
MOST_AT_ONE_TIME = 32


def zeros(size_bytes: int) -> Iterator[bytes]:
    """Many bytes, made as they are sent."""
    chunk = bytes(MEBIBYTE)
    for _ in range(size_bytes // MEBIBYTE):
        yield chunk


def address(staff: Staff) -> tuple[str, int]:
    host, port = staff.server.url.removeprefix("http://").split(":")
    return host, int(port)


def incoming(home: Path) -> set[str]:
    """What there is of files that came in and are not kept."""
    return {name for name in files_of(home) if name.startswith(("inbox/", "submissions/incoming/"))}


def is_soon_empty(home: Path) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while incoming(home) and time.monotonic() < end:
        time.sleep(0.01)
    return not incoming(home)


@pytest.mark.parametrize("is_chunked", [True, False])
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("path", ["/validate", "/submissions"])
def test_200_mib_are_refused_and_the_client_sees_it(staff: Staff, path: str, *, keeps: bool, is_chunked: bool) -> None:
    process = psutil.Process(staff.server.process.pid)
    before_bytes = process.memory_info().rss
    connection = http.client.HTTPConnection(*address(staff), timeout=60)
    headers = {"Authorization": f"Bearer {staff.tokens['Ann']}", "Content-Type": "text/turtle"}
    headers |= {} if is_chunked else {"Content-Length": str(LARGE_BYTES)}
    headers |= {} if keeps else {"Connection": "close"}
    # This client sends to the end before it reads, as the simplest do.
    connection.request("POST", path, zeros(LARGE_BYTES), headers, encode_chunked=is_chunked)
    answer = connection.getresponse()

    assert (answer.status, answer.getheader("content-type")) == (413, "application/problem+json")
    assert b"too-large" in answer.read()
    connection.close()
    assert process.memory_info().rss - before_bytes < 30 * MEBIBYTE
    assert is_soon_empty(staff.home)


def test_a_form_is_held_to_the_same_limit(staff: Staff) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.ttl"\r\n\r\n'

    def form() -> Iterator[bytes]:
        yield head
        yield from zeros(LARGE_BYTES)
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert problem(staff.client().post("/validate", content=form(), headers=headers)) == (413, "too-large")
    assert is_soon_empty(staff.home)


@pytest.mark.parametrize("path", ["/validate", "/submissions"])
def test_a_connection_that_is_cut_leaves_nothing(staff: Staff, path: str) -> None:
    before = len(staff.client("Ann").get("/submissions", params={"limit": 1000}).json()["submissions"])
    with socket.create_connection(address(staff), timeout=30) as connection:
        key = staff.tokens["Ann"]
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 9000000\r\n\r\n"
        connection.sendall(head.encode() + bytes(3 * MEBIBYTE))
        end = time.monotonic() + PATIENCE_SECONDS
        while not incoming(staff.home) and time.monotonic() < end:
            time.sleep(0.01)
        assert incoming(staff.home)
    assert is_soon_empty(staff.home)
    after = staff.client("Ann").get("/submissions", params={"limit": 1000}).json()["submissions"]
    assert len(after) == before


def test_a_client_that_stalls_is_not_waited_for(staff: Staff) -> None:
    with socket.create_connection(address(staff), timeout=30) as connection:
        connection.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nbeginning")
        answer = http.client.HTTPResponse(connection, method="POST")
        answer.begin()
        assert (answer.status, b"upload-cut" in answer.read()) == (400, True)
    assert is_soon_empty(staff.home)


def test_only_so_many_files_come_in_at_a_time(staff: Staff) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_AT_ONE_TIME):
            connection = stack.enter_context(socket.create_connection(address(staff), timeout=30))
            connection.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nbegin")
        end = time.monotonic() + PATIENCE_SECONDS
        while len(incoming(staff.home)) < MOST_AT_ONE_TIME and time.monotonic() < end:
            time.sleep(0.01)
        answer = staff.client().post("/validate", content=b"x")
        assert problem(answer) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
    assert is_soon_empty(staff.home)
    assert staff.client().post("/validate", content=b"x").status_code == 200


def test_a_full_disk_is_told(staff: Staff) -> None:
    process = staff.server.process.pid
    soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (2 * MEBIBYTE, hard))
    try:
        answer = staff.client().post("/validate", content=zeros(8 * MEBIBYTE))
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))
    assert problem(answer) == (507, "disk-full")
    assert is_soon_empty(staff.home)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "x, gzip"])
def test_packed_bodies_are_refused(staff: Staff, coding: str) -> None:
    answer = staff.client().post(
        "/validate", content=gzip.compress(bytes(MEBIBYTE)), headers={"Content-Encoding": coding}
    )
    assert problem(answer) == (415, "unsupported-media-type")


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.ttl"\r\n\r\n<a:a> <a:b> 1 .\r\n'


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        (FORM, PART + b"--x--\r\n", 200),
        (FORM, PART, 400),
        (FORM, b"", 400),
        (FORM, b"--x--\r\n", 400),
        (FORM, b"--y--\r\n", 400),
        (FORM, PART + PART + b"--x--\r\n", 400),
        (FORM, PART.replace(b'"a.ttl"', b'""') + b"--x--\r\n", 400),
        (FORM, PART.replace(b'"file"', b'"other"') + b"--x--\r\n", 400),
        (FORM, PART.replace(b'; filename="a.ttl"', b"") + b"--x--\r\n", 400),
        (FORM, PART + b'--x\r\nContent-Disposition: form-data; name="what"\r\n\r\nx\r\n--x--\r\n', 400),
        (FORM, PART + b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nxx\r\n--x--\r\n', 400),
        (FORM, PART + b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\n\xff\r\n--x--\r\n', 400),
        (FORM, PART + b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\n' + b"y" * 300_000, 413),
        ({"Content-Type": "multipart/form-data"}, PART, 400),
        ({"Content-Type": f"multipart/form-data; boundary={'x' * 5000}"}, PART, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"file=x", 415),
    ],
)
def test_forms_that_are_none(staff: Staff, headers: dict[str, str], content: bytes, status: int) -> None:
    answer = staff.client().post("/validate", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert status == 200 or problem(answer)[1] in {"bad-request", "too-large", "unsupported-media-type"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\my file.xlsx", "my file.xlsx"),
        ("a\x00b\nc\u202e.ttl", "abc.ttl"),
        ("x" * 300 + ".xlsx", "x" * 145 + ".xlsx"),
        ("x" * 300, "x" * 150),
        ("Prag\u0308.ttl", "Prag\u0308.ttl"),
        (" .. ", ""),
        ("", ""),
    ],
)
def test_names_of_files_become_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(clean_name(given)) <= 150


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"params": {"filename": "../a.ttl"}}, "a.ttl"),
        ({"headers": {"Content-Disposition": 'attachment; filename="b.ttl"'}}, "b.ttl"),
        ({"headers": {"Content-Disposition": "attachment; filename=c; filename*=UTF-8''%C3%A9.ttl"}}, "é.ttl"),
        ({"files": {"file": ("é.ttl", district("named"))}}, "é.ttl"),
        ({}, "upload"),
    ],
)
def test_a_name_comes_in_several_ways(staff: Staff, given: dict[str, dict[str, str]], kept: str) -> None:
    body = {} if "files" in given else {"content": district("named")}
    headers = {} if "files" in given else {"Content-Type": "text/turtle", **given.get("headers", {})}
    answer = staff.client().post("/validate", **{**given, **body, "headers": headers})  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["source"]) == (200, kept)


def test_what_a_killed_server_was_receiving_is_gone_after_the_next_start(home: Path) -> None:
    with running_server(home, readers=1) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(
                b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + bytes(MEBIBYTE)
            )
            end = time.monotonic() + PATIENCE_SECONDS
            while not incoming(home) and time.monotonic() < end:
                time.sleep(0.01)
            server.process.kill()
            server.process.wait()
    assert incoming(home)
    with running_server(home, readers=1) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert incoming(home) == set()
