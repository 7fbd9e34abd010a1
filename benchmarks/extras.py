"""Figures of pedgraph alone: look-ups beside runaway queries, several web processes, and how soon a version is seen."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx
from pyoxigraph import Literal, NamedNode, Triple

from benchmarks import servers
from benchmarks.figures import FIRST_TIME, REPEATED, Single
from benchmarks.load import Load, first_time_paths, repeated_paths, run
from benchmarks.queries import NO_LIMIT, read_kinds
from pedgraph.settings import Settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.figures import Figures
    from benchmarks.queries import Kind
    from benchmarks.servers import Server

RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_SEED: Final = 11
_LONG_SECONDS: Final = 3600
_SETTLE_SECONDS: Final = 1.0
_LOOK_UP_SECONDS: Final = 3
_THROUGHPUT_SECONDS: Final = 3
_CONNECTIONS: Final = 16
_WATCH_SECONDS: Final = 1.5
_PUBLICATIONS: Final = 5
_ASKING_THREADS: Final = 4
_GRAPH: Final = "https://w3id.org/pedgraph/graph/benchmark-round/1"
_VERSION_HEADER: Final = "Pedgraph-Version"


def measure(home: Path, figures: Figures, *, is_quick: bool) -> Iterator[str]:
    """Adds the figures of pedgraph alone to ``figures``; yields what is being measured."""
    kinds = {kind.name: kind for kind in read_kinds(Versions(home).store_directory(), seed=_SEED)}
    numbers = itertools.count(2 * NO_LIMIT, NO_LIMIT)
    yield "Look-ups beside runaway queries"
    for connections in (1,) if is_quick else (1, 8):
        figures.singles += _beside_runaways(home, kinds["point"], numbers, connections, rounds=1 if is_quick else 3)
    yield "Several web processes on one and two cores"
    for workers, cores in ((1, "0"), (2, "0,1")) if is_quick else ((1, "0"), (2, "0"), (1, "0,1"), (2, "0,1")):
        figures.singles += _with_workers(home, kinds, numbers, workers, cores)
    yield "Publications until all see them"
    figures.singles += _until_seen(home)


def _beside_runaways(home: Path, kind: Kind, numbers: Iterator[int], connections: int, rounds: int) -> list[Single]:
    """The p99 of look-ups alone and beside runaways in turn; of several rounds, the one in the middle."""
    readers = Settings().readers
    paths, load = first_time_paths(kind), Load(_LOOK_UP_SECONDS, connections)
    alone, beside, failed = [], [], 0
    with servers.ours(home, query_deadline_seconds=_LONG_SECONDS, readers=readers) as server:
        run(server.url, paths, kind.accept, load, first_number=next(numbers))
        for _ in range(rounds):
            alone.append(run(server.url, paths, kind.accept, load, first_number=next(numbers)).p99_ms)
            with _runaways(server, readers - 1):
                result = run(server.url, paths, kind.accept, load, first_number=next(numbers))
            beside.append(result.p99_ms)
            failed += result.failed
    where = f"first-time point look-ups, {connections} connection{'s' if connections > 1 else ''}"
    return [
        Single(f"p99 of {where}, undisturbed", median(alone), "ms"),
        Single(f"p99 of {where}, {readers - 1} of {readers} readers run away", median(beside), "ms"),
        Single(f"ratio of both p99 of {where}", median(beside) / median(alone), "", "at most 3"),
        Single(f"failed {where}, beside runaways", failed, "", "0"),
    ]


@contextmanager
def _runaways(server: Server, count: int) -> Iterator[None]:
    """Keeps some readers at work with queries that do not end; lets go of them afterwards."""
    address = urlsplit(server.url)
    body = RUNAWAY.encode()
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with ExitStack() as connections:
        for _ in range(count):
            connection = socket.create_connection((str(address.hostname), int(address.port or 0)))
            connections.enter_context(connection)
            connection.sendall(head.encode() + body)
        time.sleep(_SETTLE_SECONDS)
        yield
    time.sleep(_SETTLE_SECONDS)


def _with_workers(
    home: Path, kinds: dict[str, Kind], numbers: Iterator[int], workers: int, cores: str
) -> Iterator[Single]:
    """Throughput of a server whose processes are all pinned to some cores; wrk runs where it likes."""
    with servers.ours(home, cores=cores, workers=workers) as server:
        for name, mode in (("point", REPEATED), ("point", FIRST_TIME), ("aggregate", FIRST_TIME)):
            kind = kinds[name]
            paths = repeated_paths(kind) if mode == REPEATED else first_time_paths(kind)
            run(server.url, paths, kind.accept, Load(1, _CONNECTIONS), first_number=next(numbers))
            load = Load(_THROUGHPUT_SECONDS, _CONNECTIONS)
            result = run(server.url, paths, kind.accept, load, first_number=next(numbers))
            where = f"{name}, {mode}: --workers {workers}, pinned to core{'s' if ',' in cores else ''} {cores}"
            yield Single(where, result.per_second, "requests/s")


def _until_seen(home: Path) -> list[Single]:
    with servers.ours(home, workers=2) as server:
        slowest = max(_publish_and_watch(home, server, number) for number in range(_PUBLICATIONS))
    what = f"publication until no request gets an older version, slowest of {_PUBLICATIONS}, --workers 2"
    return [Single(what, slowest * 1000, "ms", "at most 200")]


def _publish_and_watch(home: Path, server: Server, number: int) -> float:
    """Seconds after the pointer moved in which the last request was sent that was answered from an older version."""
    stop = threading.Event()
    with ThreadPoolExecutor(_ASKING_THREADS) as threads:
        asking = [threads.submit(_ask_until, server, stop) for _ in range(_ASKING_THREADS)]
        time.sleep(0.2)
        triple = Triple(NamedNode("urn:x:round"), NamedNode("urn:x:number"), Literal(time.time_ns()))
        changes = ChangeSet({_GRAPH: [triple]})
        version = publish(Versions(home), changes, Publication("benchmarks", f"round {number}", keep=3)).version
        moved = (home / "pointer.json").stat().st_mtime
        time.sleep(_WATCH_SECONDS)
        stop.set()
        seen = [answer for each in asking for answer in each.result()]
    if not any(answered == version for _, answered in seen):
        raise RuntimeError(f"Nobody saw version {version}.")
    return max([0.0, *(sent - moved for sent, answered in seen if answered < version)])


def _ask_until(server: Server, stop: threading.Event) -> list[tuple[float, int]]:
    """Asks over a new connection each time, so that every web process is asked; when, and which version answered."""
    seen = []
    while not stop.is_set():
        sent = time.time()
        with httpx.Client() as client:
            answer = client.get(server.url, params={"query": "ASK { <urn:x:round> ?p ?o }"})
        seen.append((sent, int(answer.headers[_VERSION_HEADER])))
    return seen
