"""Queries that bring stock servers down: each gets its problem document in time, and nobody else notices."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import httpx
import psutil
import pytest

from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

DEADLINE_SECONDS = 2.0
READERS = 4
SETTLING_SECONDS = 60.0
MEBIBYTE = 1024 * 1024
PATTERN = "?s ?p ?o"
DISTRICT = "<https://w3id.org/pedgraph/ont#PositiveEnergyDistrict>"
# It needs a reader each time, as its answer is never kept.
SMALL = f"SELECT (COUNT(*) AS ?districts) {{ ?s a {DISTRICT} FILTER(RAND() < 2) }}"


@dataclass(frozen=True)
class Case:
    """A hostile request, and the problems that may come of it."""

    body: bytes
    problems: frozenset[str]


def case(text: str, *problems: str) -> Case:
    return Case(text.encode(), frozenset(problems))


def triples(number: int) -> str:
    return " ".join(f"?n{i} ?p{i} ?n{i + 1} ." for i in range(number))


CASES = {
    "20,000 nested braces": case("SELECT * " + "{" * 20_000 + "}" * 20_000, "query-too-deep"),
    "20,000 unclosed braces": case("SELECT * " + "{" * 20_000, "query-too-deep"),
    "20,000 nested parentheses": case("ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", "query-too-deep"),
    "20,000 UNIONs": case(f"SELECT * {{ {{ {PATTERN} }}" + f" UNION {{ {PATTERN} }}" * 20_000 + "}", "time-limit"),
    "20,000 ||s": case(f"SELECT * {{ {PATTERN} FILTER(?o = 1" + " || ?o = 1" * 20_000 + ") }", "time-limit"),
    "a path of 20,000 steps": case("SELECT * { ?s <urn:a>" + "/<urn:a>" * 20_000 + " ?o }", "time-limit"),
    "a pattern of 3,000 triples": case(f"SELECT * {{ {triples(3_000)} }}", "time-limit", "memory-limit"),
    "a triple cross product": case("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "time-limit"),
    "an ordered cross product": case(
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g", "time-limit", "memory-limit"
    ),
    "a query of 40 MB": case("SELECT * { ?s ?p '" + "x" * 40_000_000 + "' }", "too-large"),
    "invalid UTF-8": Case(b"SELECT * { ?s ?p '\xff' }", frozenset({"bad-request"})),
    "an empty query": case("", "query-syntax"),
    "an update": case("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "update-not-allowed"),
    "an update after a prologue": case("PREFIX x: <urn:x:> # c\nDELETE WHERE { ?s ?p ?o }", "update-not-allowed"),
    "a LOAD": case("LOAD <http://127.0.0.1:9/x>", "update-not-allowed"),
}


class Bystander:
    """A second client that asks small queries all the while, and keeps what goes wrong."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answered = 0
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            try:
                answer = self._server.get(SMALL)
            except httpx.HTTPError as error:
                self.failures.append(repr(error))
                continue
            if answer.status_code == 200 and answer.text == "districts\r\n1\r\n":
                self.answered += 1
            else:
                self.failures.append(answer.text)


@pytest.fixture(scope="module")
def strict_server(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server with a short deadline."""
    with running_server(built[0], query_deadline_seconds=DEADLINE_SECONDS, readers=READERS) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_query_gets_its_problem_and_nobody_else_notices(name: str, strict_server: RunningServer) -> None:
    hostile = CASES[name]
    with Bystander(strict_server) as bystander:
        answer = strict_server.post(hostile.body)
        time.sleep(0.2)

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"].rpartition("/")[2] in hostile.problems
    assert problem["status"] == answer.status_code
    assert set(problem) >= {"type", "title", "status", "detail"}
    assert bystander.failures == []
    assert bystander.answered > 0


def test_what_only_looks_hostile_is_answered(server: RunningServer) -> None:
    negations = server.post(f"ASK {{ FILTER({'!' * 200_000}true) }}")
    rows = server.post(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {' 1' * 100_000} }} }}")
    groups = server.post("SELECT * " + "{" * 500 + "}" * 500)

    assert (negations.status_code, negations.text) == (200, "true")
    assert (rows.status_code, rows.text) == (200, "n\r\n100000\r\n")
    assert groups.status_code == 200


def test_no_process_is_left_over_and_the_memory_comes_back(built: tuple[Path, Built]) -> None:
    with running_server(built[0], query_deadline_seconds=DEADLINE_SECONDS, readers=READERS) as server:
        for _ in range(2 * READERS):
            server.get(SMALL)
        before = server.resident_bytes()

        for name in ("20,000 UNIONs", "an ordered cross product", "a triple cross product", "a query of 40 MB"):
            server.post(CASES[name].body)
        settled_at = time.monotonic() + SETTLING_SECONDS
        while len(server.readers()) != READERS and time.monotonic() < settled_at:
            time.sleep(0.1)
        time.sleep(1)

        assert len(server.readers()) == READERS
        assert all(reader.status() != psutil.STATUS_ZOMBIE for reader in server.readers())
        assert server.resident_bytes() < before + 100 * MEBIBYTE
