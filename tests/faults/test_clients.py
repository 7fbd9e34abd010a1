"""Clients that leave, crowd, dawdle or are cut off."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG_ANSWER = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
# It needs a reader each time, as its answer is never kept.
SMALL = "ASK { ?s ?p ?o FILTER(RAND() < 2) }"
CLIENTS = 64
PATIENCE_SECONDS = 60.0


def wait_until(condition: object, seconds: float = PATIENCE_SECONDS) -> bool:
    """Waits until a function gives something true; whether it did."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def send_query(
    server: RunningServer, query: str, *, http_version: str = "HTTP/1.1", headers: str = ""
) -> socket.socket:
    """Sends a query over a connection of its own, and returns that without reading the answer."""
    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    body = query.encode()
    head = (
        f"POST /sparql {http_version}\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    connection.sendall(head.encode() + body)
    return connection


def read_to_the_end(connection: socket.socket) -> tuple[int, bool]:
    """How many bytes come, and whether the connection ends with a reset."""
    received = 0
    try:
        while data := connection.recv(65536):
            received += len(data)
    except ConnectionResetError:
        return received, True
    return received, False


@pytest.mark.parametrize("query", [ENDLESS, LONG_ANSWER], ids=["before the answer begins", "in the middle of it"])
def test_a_client_that_leaves_frees_its_reader(query: str, built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1, query_deadline_seconds=600, queue_wait_seconds=20) as server:
        (reader,) = server.readers()
        idle_seconds = reader.cpu_times().user
        with send_query(server, query):
            assert wait_until(lambda: reader.cpu_times().user > idle_seconds + 0.05)
        # Were the reader not free, this would end with "busy" long before the query does.
        answer = server.get(SMALL)

        assert (answer.status_code, answer.text) == (200, "true")
        assert wait_until(lambda: not reader.is_running())
        assert wait_until(lambda: len(server.readers()) == 1)


def test_sixty_four_clients_at_once_get_the_right_answers(built: tuple[Path, Built]) -> None:
    def ask(number: int) -> list[tuple[int, str]]:
        query = f"SELECT ?n ?count {{ {{ SELECT (COUNT(*) AS ?count) {{ ?s ?p ?o }} }} BIND({number} AS ?n) }}"
        with httpx.Client(timeout=60) as client:
            answers = [
                client.get(f"{server.url}/sparql", params={"query": query}, headers={"Accept": "text/csv"})
                for _ in range(5)
            ]
        return [(answer.status_code, answer.text) for answer in answers]

    # All of them have one address here.
    with (
        running_server(built[0], queries_per_client=CLIENTS) as server,
        ThreadPoolExecutor(CLIENTS) as threads,
    ):
        triples = server.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
        answers = list(threads.map(ask, range(CLIENTS)))

    assert answers == [[(200, f"n,count\r\n{number},{triples}\r\n")] * 5 for number in range(CLIENTS)]


def test_the_busy_server_says_when_to_come_back_and_loses_nobody(built: tuple[Path, Built]) -> None:
    settings = {"readers": 2, "queue_max_queries": 8, "queue_wait_seconds": 1.0, "query_deadline_seconds": 2.0}
    with running_server(built[0], queries_per_client=2 * CLIENTS, **settings) as server:
        # Each asks something of its own, as the same question would be answered once for all.
        occupied = [send_query(server, f"{ENDLESS} # {number}") for number in range(2)]
        time.sleep(0.3)
        with ThreadPoolExecutor(CLIENTS) as threads:
            answers = list(threads.map(lambda _: server.get(SMALL), range(CLIENTS)))
        for connection in occupied:
            connection.close()

        refused = [answer for answer in answers if answer.status_code != 200]
        assert all(answer.text == "true" for answer in answers if answer.status_code == 200)
        assert len(refused) > 0
        for answer in refused:
            assert answer.status_code == 503
            assert answer.json()["type"].endswith("/busy")
            assert int(answer.headers["retry-after"]) >= 1
        assert wait_until(lambda: server.get(SMALL).status_code == 200)


def test_a_new_version_is_served_without_a_failed_request(home: Path) -> None:
    graph = "https://w3id.org/pedgraph/graph/rounds/1"
    property_ = NamedNode("urn:x:round")
    query = "SELECT (COUNT(*) AS ?n) (MIN(?round) AS ?low) (MAX(?round) AS ?high) { ?s <urn:x:round> ?round }"
    failures: list[str] = []
    seen: set[int] = set()
    stop = threading.Event()

    def ask(server: RunningServer) -> None:
        while not stop.is_set():
            answer = server.get(query)
            count, low, high = answer.text.splitlines()[-1].split(",")
            if answer.status_code != 200 or low != high or count != "50":
                failures.append(answer.text)
            seen.add(int(answer.headers["pedgraph-version"]))

    def publish_round(number: int) -> int:
        triples = [Triple(NamedNode(f"urn:x:{i}"), property_, Literal(number)) for i in range(50)]
        return publish(Versions(home), ChangeSet({graph: triples}), Publication("test", "a round", keep=3)).version

    publish_round(0)
    with running_server(home) as server:
        clients = [threading.Thread(target=ask, args=(server,)) for _ in range(4)]
        for client in clients:
            client.start()
        published = set()
        for number in range(1, 13):
            published.add(publish_round(number))
            # Some are served before the next is there, others follow each other at once.
            assert number % 3 or wait_until(lambda: max(published) in seen)
        stop.set()
        for client in clients:
            client.join()

        assert failures == []
        assert len(seen & published) > 3
        assert server.get("SELECT * { ?s ?p ?o } LIMIT 1").headers["pedgraph-version"] == str(max(published))


def test_a_reader_killed_from_outside_costs_one_request_a_typed_error(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=1) as server:
        (reader,) = server.readers()
        outcome: list[httpx.Response] = []
        client = threading.Thread(target=lambda: outcome.append(server.get(ENDLESS)))
        client.start()
        assert wait_until(lambda: reader.cpu_times().user > 0.5)

        reader.kill()
        client.join()

        assert outcome[0].status_code == 503
        assert outcome[0].json()["type"].endswith("/reader-lost")
        assert server.get(SMALL).text == "true"


def test_readers_killed_while_idle_are_replaced_unseen(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=3) as server:
        killed = server.readers()
        for reader in killed:
            reader.kill()
        psutil.wait_procs(killed, timeout=PATIENCE_SECONDS)

        assert [server.get(SMALL).text for _ in range(4)] == ["true"] * 4
        assert wait_until(lambda: len(server.readers()) == 3)


@pytest.mark.parametrize("http_version", ["HTTP/1.0", "HTTP/1.1"])
def test_a_cut_answer_never_looks_complete(http_version: str, built: tuple[Path, Built]) -> None:
    """In HTTP/1.0 the end of the connection is the end of the answer, so it has to be a reset."""
    with running_server(built[0], query_deadline_seconds=1.0) as server:
        connection = send_query(server, LONG_ANSWER, http_version=http_version)
        received, is_reset = read_to_the_end(connection)
        connection.close()

    # All of the log is there only when the server has ended.
    assert is_reset
    assert received > 1_000_000
    assert "cut short: time-limit" in server.logged()
    assert "ERROR" not in server.logged()


def test_an_idle_reader_that_dies_is_replaced_before_anybody_asks(built: tuple[Path, Built]) -> None:
    with running_server(built[0], readers=2) as server:
        before = {reader.pid for reader in server.readers()}
        for reader in server.readers():
            reader.kill()

        assert wait_until(lambda: httpx.get(f"{server.url}/readyz").json().get("readers") == 2)
        assert before & {reader.pid for reader in server.readers()} == set()


def test_a_client_that_leaves_while_it_sends_is_no_incident(built: tuple[Path, Built]) -> None:
    with running_server(built[0]) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: 100\r\n\r\nASK {"
            )
            time.sleep(0.2)

        assert wait_until(lambda: "went away before its query was complete" in server.logged())
    assert "ERROR" not in server.logged()


def test_a_client_that_stops_reading_is_cut_off_and_frees_its_reader(built: tuple[Path, Built]) -> None:
    settings = {"readers": 1, "client_stall_seconds": 1.0, "query_deadline_seconds": 600.0, "queue_wait_seconds": 20.0}
    with running_server(built[0], **settings) as server:
        connection = send_query(server, LONG_ANSWER)
        time.sleep(0.5)

        assert server.get(SMALL).text == "true"
        connection.close()


def test_a_slow_client_with_a_short_answer_holds_no_reader(built: tuple[Path, Built]) -> None:
    """An answer that fits into the buffer leaves its reader at once, however slowly it is read."""
    with running_server(built[0], readers=1, client_stall_seconds=600, queue_wait_seconds=20) as server:
        slow = [send_query(server, "SELECT * { ?s ?p ?o }") for _ in range(10)]
        for connection in slow:
            assert connection.recv(1) == b"H"

        assert server.get(SMALL).text == "true"
        for connection in slow:
            connection.close()


def test_fifty_clients_that_read_a_byte_a_second_stop_nobody(built: tuple[Path, Built]) -> None:
    """Their answers are larger than all buffers together; what they have not read waits on disk, not in readers."""
    # 5 MB each, more than a socket takes; the comments are there so that none is made for several clients at once.
    long_answer = "SELECT ?a ?d { ?a a ?x . ?d a ?y } LIMIT 30000 #"
    stop = threading.Event()

    def read_slowly(connection: socket.socket) -> None:
        while not stop.wait(1):
            connection.recv(1)

    settings = {"readers": 2, "queries_per_client": 60, "queue_wait_seconds": 50, "answer_buffer_bytes": 2**16}
    with running_server(built[0], **settings) as server:
        slow = [send_query(server, f"{long_answer} {number}") for number in range(50)]
        readers = [threading.Thread(target=read_slowly, args=(connection,)) for connection in slow]
        for reader in readers:
            reader.start()
        answers = [server.get(SMALL, timeout=120) for _ in range(20)]
        stop.set()
        for reader in readers:
            reader.join()
        for connection in slow:
            connection.close()

        assert [answer.text for answer in answers] == ["true"] * 20
        assert wait_until(lambda: server.processes()[0].num_fds() < 40)


def test_a_stopped_server_leaves_no_process(built: tuple[Path, Built]) -> None:
    with running_server(built[0]) as server:
        readers = server.readers()
        connection = send_query(server, ENDLESS)
        time.sleep(0.2)
    _, alive = psutil.wait_procs(readers, timeout=PATIENCE_SECONDS)
    connection.close()

    assert alive == []
    assert server.process.returncode in {0, -signal.SIGTERM}


def test_a_killed_server_leaves_no_process(built: tuple[Path, Built]) -> None:
    with running_server(built[0]) as server:
        readers = server.readers()
        connection = send_query(server, ENDLESS)
        time.sleep(0.2)
        server.process.kill()
        _, alive = psutil.wait_procs(readers, timeout=PATIENCE_SECONDS)
        connection.close()

        assert alive == []


def test_readiness_says_what_is_served(server: RunningServer) -> None:
    answer = json.loads(httpx.get(f"{server.url}/readyz").text)

    assert answer == {
        "status": "ready",
        "version": 1,
        "readers": 4,
        "network_barriers": answer["network_barriers"],
    }
    assert set(answer["network_barriers"]) <= {"network-namespace", "seccomp", "landlock"}
