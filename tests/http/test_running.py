"""``/queries/running``: who may see and end what runs, and what becomes of a query that is ended."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from tests.faults.test_clients import (
    ENDLESS,
    LONG_ANSWER,
    PATIENCE_SECONDS,
    SMALL,
    read_to_the_end,
    send_query,
    wait_until,
)
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

KEY = {"Authorization": "Bearer open sesame"}


@pytest.fixture(scope="module")
def guarded(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server with an admin key and one reader."""
    with running_server(built[0], admin_key="open sesame", readers=1, query_deadline_seconds=60) as running:
        yield running


def listed(server: RunningServer) -> list[dict[str, Any]]:
    answer = httpx.get(f"{server.url}/queries/running", headers=KEY)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    queries: list[dict[str, Any]] = answer.json()["queries"]
    return queries


def states(server: RunningServer) -> list[str]:
    return [query["state"] for query in listed(server)]


def one_running(server: RunningServer, query: str) -> socket.socket:
    """Sends a query and waits until the reader is at work on it, so that what is sent next comes after it."""
    connection = send_query(server, query)
    assert wait_until(lambda: states(server) == ["running"])
    return connection


def end(server: RunningServer, query: dict[str, Any]) -> int:
    return httpx.delete(f"{server.url}/queries/running/{query['id']}", headers=KEY).status_code


def answer_of(connection: socket.socket) -> str:
    received = b""
    while b"}" not in received and (data := connection.recv(65536)):
        received += data
    return received.decode()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "running"), ("HEAD", "running"), ("DELETE", "running/1-1"), ("POST", "running/1-1/cancel")],
)
def test_only_the_admin_key_opens_it(method: str, path: str, guarded: RunningServer, server: RunningServer) -> None:
    without = httpx.request(method, f"{guarded.url}/queries/{path}")
    wrong = httpx.request(method, f"{guarded.url}/queries/{path}", headers={"Authorization": "Bearer open"})
    off = httpx.request(method, f"{server.url}/queries/{path}", headers=KEY)

    assert [answer.status_code for answer in (without, wrong, off)] == [401, 401, 403]
    assert without.headers["www-authenticate"] == 'Bearer realm="pedgraph"'


def test_the_list_says_what_runs_and_what_waits(guarded: RunningServer) -> None:
    assert listed(guarded) == []
    (reader,) = guarded.readers()
    long_text = f"{ENDLESS} # {'x' * 3000}"
    with one_running(guarded, long_text) as running, send_query(guarded, SMALL):
        assert wait_until(lambda: states(guarded) == ["running", "waiting"])
        first, second = listed(guarded)
        assert end(guarded, first) == 204
        assert '"status": 503' in answer_of(running)

    started = datetime.fromisoformat(first.pop("started"))
    assert 0 <= (datetime.now(UTC) - started).total_seconds() < 60
    assert 0 <= first.pop("seconds") < 60
    assert first.pop("resident_bytes") > 10_000_000
    assert re.fullmatch(rf"{guarded.process.pid}-\d+", first.pop("id"))
    assert re.fullmatch("[0-9a-f]{12}", first.pop("digest"))
    assert first == {
        "text": long_text[:2000],
        "client": "127.0.0.1",
        "version": int(guarded.get(SMALL).headers["pedgraph-version"]),
        "state": "running",
        "deadline_seconds": 60.0,
        "reader": reader.pid,
    }
    assert (second["text"], second["reader"], second["resident_bytes"]) == (SMALL, None, None)
    assert wait_until(lambda: listed(guarded) == [])


def test_a_cancelled_query_gets_its_problem_and_its_reader_is_replaced(guarded: RunningServer) -> None:
    (reader,) = guarded.readers()
    with send_query(guarded, ENDLESS) as connection:
        assert wait_until(lambda: states(guarded) == ["running"])
        (query,) = listed(guarded)
        answer = httpx.post(f"{guarded.url}/queries/running/{query['id']}/cancel", headers=KEY)
        received = answer_of(connection)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "503 Service Unavailable" in received
    assert "/problem/query-cancelled" in received
    assert wait_until(lambda: not reader.is_running())
    assert guarded.get(SMALL).text == "true"
    assert listed(guarded) == []


def test_a_query_cancelled_in_the_queue_never_runs(guarded: RunningServer) -> None:
    with one_running(guarded, ENDLESS) as running, send_query(guarded, SMALL) as waiting:
        assert wait_until(lambda: states(guarded) == ["running", "waiting"])
        endless, small = listed(guarded)
        assert end(guarded, small) == 204
        received = answer_of(waiting)
        assert wait_until(lambda: states(guarded) == ["running"])
        assert end(guarded, endless) == 204
        assert "/problem/query-cancelled" in answer_of(running)

    assert "/problem/query-cancelled" in received
    assert end(guarded, small) == 404
    assert guarded.get(SMALL).text == "true"


def test_a_query_cancelled_in_the_middle_of_its_answer_breaks_off(guarded: RunningServer) -> None:
    with send_query(guarded, LONG_ANSWER) as connection:
        assert connection.recv(1) == b"H"
        (query,) = listed(guarded)
        assert end(guarded, query) == 204
        _, is_reset = read_to_the_end(connection)

    assert is_reset
    assert listed(guarded) == []
    assert guarded.get(SMALL).text == "true"


@pytest.mark.parametrize("identifier", ["1-1", "x", "-", f"{'9' * 5000}-1", "1-", "%00", "..", "1-1-1"])
def test_an_unknown_identifier_is_not_found(identifier: str, guarded: RunningServer) -> None:
    answer = httpx.delete(f"{guarded.url}/queries/running/{identifier}", headers=KEY)

    assert answer.status_code in {404, 405}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("running", "GET, HEAD, OPTIONS"), ("running/1-1", "DELETE, OPTIONS"), ("running/1-1/cancel", "POST, OPTIONS")],
)
def test_options_and_head(path: str, allowed: str, guarded: RunningServer) -> None:
    answer = httpx.options(f"{guarded.url}/queries/{path}")
    head = httpx.head(f"{guarded.url}/queries/running", headers=KEY)

    assert (answer.status_code, answer.headers["allow"]) == (204, allowed)
    assert (head.status_code, head.content) == (200, b"")


def test_many_ends_at_random_moments_leave_nothing(guarded: RunningServer) -> None:
    guarded.get(SMALL)
    opened = guarded.processes()[0].num_fds()
    stop = threading.Event()

    def end_all() -> None:
        while not stop.is_set():
            for query in listed(guarded):
                end(guarded, query)

    ender = threading.Thread(target=end_all)
    ender.start()
    statuses = []
    for number in range(60):
        query = f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f FILTER(?a = ?d) }}"
        statuses.append(guarded.get(query).status_code)
    stop.set()
    ender.join()

    assert set(statuses) <= {200, 503}
    assert 503 in statuses
    assert guarded.get(SMALL).text == "true"
    assert wait_until(lambda: len(guarded.readers()) == 1)
    assert wait_until(lambda: guarded.processes()[0].num_fds() <= opened)
    assert listed(guarded) == []


def test_several_processes_answer_for_each_other(built: tuple[Path, Built], tmp_path: Path) -> None:
    home = tmp_path / ("a long way down " * 8).strip()
    home.symlink_to(built[0])
    settings = {"admin_key": "open sesame", "workers": 2, "readers": 2}
    with running_server(home, **settings) as one, running_server(home, **settings) as other:
        with send_query(one, ENDLESS) as connection:
            assert wait_until(lambda: states(other) == ["running"])
            (query,) = listed(other)
            assert listed(one)[0]["id"] == query["id"]
            assert end(other, query) == 204
            assert "/problem/query-cancelled" in answer_of(connection)
        assert end(other, query) == 404
        below = one.readers()
        one.process.kill()
        one.process.wait()
        # Only then do their sockets refuse, by which the others know.
        _, alive = psutil.wait_procs(below, timeout=PATIENCE_SECONDS)
        assert alive == []
        assert listed(other) == []

    assert list((home / "running").iterdir()) == []
