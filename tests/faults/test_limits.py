"""Each limit by its name: it holds, it is told as a typed problem, and what was cut never looks complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pedgraph.query.limits import header_value
from pedgraph.settings import load_settings
from tests.faults.test_clients import ENDLESS, LONG_ANSWER, SMALL, read_to_the_end, send_query, wait_until
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

MEBIBYTE = 2**20
KEY = {"Authorization": "Bearer key"}
LIMITS = {
    "query_deadline_seconds": 1.5,
    "reader_memory_bytes": 256 * MEBIBYTE,
    "answer_max_bytes": 3 * MEBIBYTE,
    "query_max_bytes": 2000,
    "query_max_depth": 9,
    "queries_per_client": 3,
    "queue_max_queries": 4,
    "queue_wait_seconds": 9.5,
}


@pytest.fixture(scope="module")
def limited(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server with narrow limits and one reader."""
    with running_server(built[0], readers=1, admin_key="key", **LIMITS) as running:
        yield running


@pytest.fixture(scope="module")
def crowded(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server with one reader, where few may wait, but long."""
    settings = {"queries_per_client": 3, "queue_max_queries": 4, "queue_wait_seconds": 60}
    with running_server(built[0], readers=1, admin_key="key", query_deadline_seconds=60, **settings) as running:
        yield running


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def under_way(server: RunningServer) -> list[dict[str, Any]]:
    """The queries under way, the oldest first."""
    answer = httpx.get(f"{server.url}/queries/running", headers=KEY)
    queries: list[dict[str, Any]] = answer.json()["queries"]
    return queries


def states(server: RunningServer) -> list[str]:
    return [query["state"] for query in under_way(server)]


def is_well(server: RunningServer) -> bool:
    """Whether a reader soon answers again, and nothing else is under way."""
    return wait_until(lambda: server.get(SMALL).text == "true" and states(server) == [])


def with_timeout(server: RunningServer, timeout: str, query: str = ENDLESS) -> httpx.Response:
    return httpx.get(f"{server.url}/sparql", params={"query": query, "timeout": timeout}, timeout=60)


def test_limit_deadline(limited: RunningServer) -> None:
    answer = limited.get(ENDLESS)

    assert problem(answer) == (503, "time-limit")
    assert answer.json()["limit_seconds"] == 1.5


@pytest.mark.parametrize(("asked", "held"), [("0.3", 0.3), ("1.50000", 1.5), ("86400", 1.5), ("9" * 20, 1.5)])
def test_limit_deadline_of_the_client(asked: str, held: float, limited: RunningServer) -> None:
    answer = with_timeout(limited, asked)

    assert problem(answer) == (503, "time-limit")
    assert answer.json()["limit_seconds"] == held
    assert f"{held:g} seconds" in answer.json()["detail"]
    assert ("that you gave it" in answer.json()["detail"]) is (held < 1.5)


@pytest.mark.parametrize("where", ["the form", "the address beside a form", "the address beside a body"])
def test_limit_deadline_of_the_client_in_a_post(where: str, limited: RunningServer) -> None:
    address = {} if where == "the form" else {"timeout": "0.3"}
    form = {"query": ENDLESS} | ({"timeout": "0.3"} if where == "the form" else {})
    if where == "the address beside a body":
        headers = {"Content-Type": "application/sparql-query"}
        answer = httpx.post(f"{limited.url}/sparql", params=address, content=ENDLESS, headers=headers, timeout=60)
    else:
        answer = httpx.post(f"{limited.url}/sparql", params=address, data=form, timeout=60)

    assert (problem(answer), answer.json()["limit_seconds"]) == ((503, "time-limit"), 0.3)


@pytest.mark.parametrize(
    "asked", ["0", "0.0", "-1", "", "soon", "1e3", "inf", "nan", " 1", "1,5", "0x1", "٣", "9" * 30]
)
def test_a_time_that_is_none_is_refused(asked: str, limited: RunningServer) -> None:
    answer = with_timeout(limited, asked, SMALL)
    twice = httpx.get(f"{limited.url}/sparql?query=ASK%7B%7D&timeout=1&timeout=2")

    assert problem(answer) == problem(twice) == (400, "bad-request")


def test_limit_deadline_in_the_middle_of_an_answer(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1, admin_key="key", query_deadline_seconds=1.0) as server:
        with send_query(server, LONG_ANSWER) as connection:
            received, is_reset = read_to_the_end(connection)
        assert (received > MEBIBYTE, is_reset) == (True, True)
        assert is_well(server)


def test_limit_memory(limited: RunningServer) -> None:
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))

    assert problem(limited.get(f"SELECT * {{ BIND('{'a' * 64}' AS ?x0) {doubled} }}")) == (503, "memory-limit")
    assert is_well(limited)


def test_limit_answer_before_it_begins(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1, admin_key="key", answer_max_bytes=1000) as server:
        whole = server.get("SELECT * { ?s ?p ?o } LIMIT 3")
        answer = server.get("SELECT * { ?s ?p ?o }")

        assert (whole.status_code, len(whole.content) < 1000) == (200, True)
        assert problem(answer) == (503, "answer-too-large")
        assert answer.json()["limit_bytes"] == 1000
        assert is_well(server)


def test_limit_answer_is_exact(built: tuple[Path, Built]) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100"
    with running_server(built[0], readers=1) as server:
        size = len(server.get(query).content)
    with running_server(built[0], readers=1, answer_max_bytes=size) as server:
        assert len(server.get(query).content) == size
    with running_server(built[0], readers=1, answer_max_bytes=size - 1) as server:
        assert problem(server.get(query)) == (503, "answer-too-large")


def test_limit_answer_in_the_middle_of_it(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1, admin_key="key", answer_max_bytes=20 * MEBIBYTE) as server:
        with send_query(server, LONG_ANSWER) as connection:
            received, is_reset = read_to_the_end(connection)

        assert is_reset
        assert 0 < received < 21 * MEBIBYTE
        assert wait_until(lambda: "cut short: answer-too-large" in server.logged())
        assert is_well(server)


def test_limit_query(limited: RunningServer) -> None:
    answer = limited.post("ASK {} #" + "x" * 2000)

    assert (problem(answer), answer.json()["limit_bytes"]) == ((413, "too-large"), 2000)
    assert limited.post(("ASK {} #" + "x" * 2000)[:2000]).text == "true"


def test_limit_depth(limited: RunningServer) -> None:
    assert limited.get("ASK " + "{" * 9 + "}" * 9).text == "true"
    assert problem(limited.get("ASK " + "{" * 10 + "}" * 10)) == (400, "query-too-deep")


def test_limit_concurrency(crowded: RunningServer) -> None:
    """Three may be under way, whether they run or wait; another address is not concerned, nor is a kept answer."""
    kept = crowded.get("ASK { ?kept ?p ?o }")
    others = [send_query(crowded, f"{ENDLESS} # {number}") for number in range(3)]
    assert wait_until(lambda: states(crowded) == ["running", "waiting", "waiting"])
    refused = crowded.get("ASK { ?s a ?type }")
    again = crowded.get("ASK { ?kept ?p ?o }")
    # A proxy on the same host is trusted to say who asks.
    with send_query(crowded, "ASK { ?x a ?type }", headers="X-Forwarded-For: 192.0.2.7\r\n") as elsewhere:
        assert wait_until(lambda: states(crowded) == ["running", "waiting", "waiting", "waiting"])
        for connection in others:
            connection.close()
        assert elsewhere.recv(12) == b"HTTP/1.1 200"

    assert problem(refused) == (429, "too-many-queries")
    assert refused.json()["limit"] == 3
    assert int(refused.headers["retry-after"]) >= 1
    assert (kept.text, again.text) == ("true", "true")
    assert crowded.get("ASK { ?s a ?type }").text == "true"


def test_limit_queue(crowded: RunningServer) -> None:
    """One runs and four wait; who comes then is told to come back."""
    others = [
        send_query(crowded, f"{ENDLESS} # {number}", headers=f"X-Forwarded-For: 192.0.2.{number}\r\n")
        for number in range(5)
    ]
    assert wait_until(lambda: states(crowded) == ["running", *["waiting"] * 4])
    refused = crowded.get("ASK { ?s ?p 'refused' }")
    for connection in others:
        connection.close()

    assert problem(refused) == (503, "busy")
    assert "the queue is full" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) >= 1
    assert wait_until(lambda: states(crowded) == [])
    assert crowded.get("ASK { ?s ?p 'refused' }").text == "false"


def test_limit_queue_wait(built: tuple[Path, Built]) -> None:
    settings = {"readers": 1, "admin_key": "key", "query_deadline_seconds": 60, "queue_wait_seconds": 0.3}
    with running_server(built[0], **settings) as server, send_query(server, ENDLESS):
        assert wait_until(lambda: states(server) == ["running"])
        refused = server.get(SMALL)

        assert problem(refused) == (503, "busy")
        assert "longer queries" in refused.json()["detail"]
        assert "retry-after" in refused.headers
        assert states(server) == ["running"]


def test_who_came_first_is_served_first(crowded: RunningServer) -> None:
    def running() -> list[str]:
        return [query["text"] for query in under_way(crowded) if query["state"] == "running"]

    def is_over() -> bool:
        return not set(served) & set(running())

    served: list[str] = []
    order = [f"{ENDLESS} # {number}" for number in range(3)]
    connections = []
    for query in order:
        connections.append(send_query(crowded, query))
        assert wait_until(lambda: len(states(crowded)) == len(connections))
    for connection in connections:
        assert wait_until(lambda: len(running()) == 1)
        served += running()
        connection.close()
        assert wait_until(is_over)

    assert served == order


def test_a_client_with_fewer_queries_at_work_is_served_before_one_with_more(built: tuple[Path, Built]) -> None:
    def served() -> set[str]:
        return {query["text"].rpartition(" ")[2] for query in under_way(server) if query["state"] == "running"}

    settings = {"readers": 2, "admin_key": "key", "query_deadline_seconds": 60, "queue_wait_seconds": 60}
    with running_server(built[0], **settings) as server:
        asked = []
        for mark, client in (("greedy1", 1), ("greedy2", 1), ("greedy3", 1), ("modest", 2)):
            headers = f"X-Forwarded-For: 192.0.2.{client}\r\n"
            asked.append(send_query(server, f"{ENDLESS} # {mark}", headers=headers))
            assert wait_until(lambda: len(states(server)) == len(asked))
        assert served() == {"greedy1", "greedy2"}
        asked[0].close()

        assert wait_until(lambda: served() == {"greedy2", "modest"})
        for connection in asked:
            connection.close()


@pytest.mark.parametrize("query", [SMALL, "ASK {", ENDLESS, "ASK " + "{" * 20, "ASK { SERVICE <urn:x> {} }"])
def test_every_answer_says_the_limits(query: str, limited: RunningServer) -> None:
    expected = header_value(load_settings({}, **LIMITS))

    assert limited.get(query).headers["pedgraph-limits"] == expected
    assert httpx.options(f"{limited.url}/sparql/").headers["pedgraph-limits"] == expected


@pytest.mark.parametrize("limit", ["deadline", "answer", "cancelled", "client"])
def test_what_is_ended_leaves_no_process_and_no_descriptor(limit: str, limited: RunningServer) -> None:
    def end_one() -> None:
        if limit == "deadline":
            with_timeout(limited, "0.05")
        elif limit == "answer":
            with send_query(limited, LONG_ANSWER) as connection:
                read_to_the_end(connection)
        elif limit == "cancelled":
            with send_query(limited, ENDLESS):
                assert wait_until(lambda: states(limited) == ["running"])
                (query,) = under_way(limited)
                httpx.delete(f"{limited.url}/queries/running/{query['id']}", headers=KEY)
        else:
            with send_query(limited, LONG_ANSWER) as connection:
                assert connection.recv(1) == b"H"

    def descriptors() -> int:
        return limited.processes()[0].num_fds()

    end_one()
    assert is_well(limited)
    opened = descriptors()
    for _ in range(5):
        end_one()
        assert is_well(limited)

    assert wait_until(lambda: states(limited) == [] and len(limited.readers()) == 1)
    assert wait_until(lambda: descriptors() <= opened)
