"""Several web processes on one port."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import httpx
import psutil
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from tests.servers import RunningServer, children_of, command_of, running_server

if TYPE_CHECKING:
    from pathlib import Path

WORKERS = 2
PATIENCE_SECONDS = 60.0
ROUND = "SELECT (MAX(?n) AS ?max) { ?s <urn:x:round> ?n }"


def web_processes(server: RunningServer) -> dict[int, int]:
    """Of each web process: how many readers it has."""
    readers = {
        child.pid: sum("pedgraph.store.reader" in command_of(each) for each in children_of(child))
        for child in children_of(psutil.Process(server.process.pid))
    }
    return {pid: count for pid, count in readers.items() if count}


def wait_for_workers(server: RunningServer, gone: frozenset[int] = frozenset()) -> dict[int, int]:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = web_processes(server)
        if (
            len(found) == WORKERS
            and not gone & set(found)
            and server.logged().count("is served by") >= WORKERS + len(gone)
        ):
            return found
        time.sleep(0.05)
    raise AssertionError(server.logged())


def ask_all(server: RunningServer) -> set[tuple[str, str]]:
    """Answers over so many new connections that each worker has had some."""
    answers = [server.get(ROUND) for _ in range(40)]
    return {(answer.headers["pedgraph-version"], answer.text) for answer in answers}


def test_all_see_a_publication_and_share_the_readers(home: Path) -> None:
    graph = "https://w3id.org/pedgraph/graph/rounds/1"
    with running_server(home, workers=WORKERS, readers=4) as server:
        assert list(wait_for_workers(server).values()) == [2, 2]
        for number in range(3):
            triple = Triple(NamedNode("urn:x:s"), NamedNode("urn:x:round"), Literal(number))
            version = publish(Versions(home), ChangeSet({graph: [triple]}), Publication("test", "a round")).version

            assert ask_all(server) == {(str(version), f"max\r\n{number}\r\n")}


def outliving(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that are still at work when patience ends; who has ended and was not yet asked how is not."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (left := [each for each in processes if is_at_work(each)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def is_at_work(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_that_dies_is_replaced_and_the_end_ends_all(home: Path) -> None:
    with running_server(home, workers=WORKERS, readers=2) as server:
        first = next(iter(wait_for_workers(server)))
        os.kill(first, signal.SIGKILL)
        wait_for_workers(server, frozenset({first}))

        assert httpx.get(f"{server.url}/readyz").json()["status"] == "ready"
        everybody = psutil.Process(server.process.pid).children(recursive=True)
    assert outliving(everybody) == []
    assert server.process.returncode == 0


def test_no_worker_outlives_the_process_that_started_it(home: Path) -> None:
    with running_server(home, workers=WORKERS, readers=2) as server:
        wait_for_workers(server)
        everybody = psutil.Process(server.process.pid).children(recursive=True)
        server.process.kill()

        assert outliving(everybody) == []
