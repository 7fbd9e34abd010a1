"""The clients of the mixed load: who ask, attack, leave, dawdle and write. Each is a thread until told to stop."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from tests.faults.test_clients import ENDLESS, LONG_ANSWER, send_query
from tests.faults.test_hostile_queries import CASES
from tests.soak.rounds import NOTE_GRAPH, QUESTIONS, canonical

if TYPE_CHECKING:
    import socket

    from tests.servers import RunningServer

VERSION_HEADER = "pedgraph-version"
BUSY = {"busy", "too-many-queries"}
NOT_KEPT = {"version-gone", "version-not-found"}
MOST_FAILURES_KEPT = 20


@dataclass
class Record:
    """What all clients have seen. Only whole entries are added, so that threads need no lock but this one."""

    answers: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    tags: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    notes: dict[int, int] = field(default_factory=dict)
    sent: list[tuple[float, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def fail(self, what: str) -> None:
        with self.lock:
            self.counts["failures"] += 1
            if len(self.failures) < MOST_FAILURES_KEPT:
                self.failures.append(what)

    def answer(self, kind: str, version: int, body: str, sent: float, *, is_current: bool = True) -> None:
        with self.lock:
            self.counts[f"answers: {kind}"] += 1
            self.answers.setdefault((kind, version), set()).add(canonical(kind, body))
            if is_current:
                self.sent.append((sent, version))


class Client(threading.Thread):
    """A client that does one thing over and over."""

    def __init__(self, server: RunningServer, record: Record, stop: threading.Event, seed: int) -> None:
        super().__init__(name=f"{type(self).__name__}-{seed}")
        self.server = server
        self.record = record
        self.stop = stop
        self.chance = random.Random(seed)

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.act()
        except Exception as error:
            self.record.fail(f"{self.name} ended: {error!r}")
            raise

    def act(self) -> None:
        raise NotImplementedError

    def problem(self, answer: httpx.Response) -> str:
        """The short name of the problem that an answer tells of; a failure where it is no problem document."""
        if answer.headers.get("content-type") != "application/problem+json":
            self.record.fail(f"{self.name}: status {answer.status_code} without a problem: {answer.text[:200]}")
            return "none"
        return str(answer.json()["type"]).rpartition("/")[2]


class Asker(Client):
    """Asks questions, over one connection, the same texts and new ones, with the tags of what it has seen."""

    def __init__(self, server: RunningServer, record: Record, stop: threading.Event, seed: int) -> None:
        super().__init__(server, record, stop, seed)
        self.http = httpx.Client(timeout=60.0)
        self.kept: dict[str, tuple[str, int, str]] = {}

    def run(self) -> None:
        with self.http:
            super().run()

    def act(self) -> None:
        kind = self.chance.choice(list(QUESTIONS))
        question = QUESTIONS[kind]
        if self.chance.random() < 0.3:
            self.ask(kind, f"{question.text} # {self.chance.random()}", is_new=True)
        else:
            self.ask(kind, question.text, is_new=False)

    def ask(self, kind: str, text: str, *, is_new: bool) -> None:
        headers = {"Accept": QUESTIONS[kind].accept}
        kept = None if is_new else self.kept.get(kind)
        if kept is not None and self.chance.random() < 0.5:
            headers["If-None-Match"] = kept[0]
        sent = time.time()
        answer = self.http.get(f"{self.server.url}/sparql", params={"query": text}, headers=headers)
        if answer.status_code == 304:
            self.not_modified(kind, kept, answer, sent)
        elif answer.status_code == 200:
            self.answered(kind, kept, answer, sent, is_new=is_new)
        elif (name := self.problem(answer)) in BUSY:
            self.record.count(f"refused: {name}")
            time.sleep(0.2)
        else:
            self.record.fail(f"{kind}: {answer.status_code} {answer.text[:300]}")

    def not_modified(self, kind: str, kept: tuple[str, int, str] | None, answer: httpx.Response, sent: float) -> None:
        version = int(answer.headers[VERSION_HEADER])
        self.record.count("not modified")
        if kept is None or (answer.headers["etag"], version) != kept[:2] or answer.content:
            self.record.fail(f"{kind}: 304 for {kept} with {answer.headers['etag']} of version {version}")
        else:
            self.record.answer(kind, version, kept[2], sent)

    def answered(
        self, kind: str, kept: tuple[str, int, str] | None, answer: httpx.Response, sent: float, *, is_new: bool
    ) -> None:
        version, body, tag = int(answer.headers[VERSION_HEADER]), answer.text, answer.headers["etag"]
        self.record.answer(kind, version, body, sent)
        if is_new:
            return
        if kept is not None and (kept[0] == tag) != (kept[1] == version):
            self.record.fail(f"{kind}: tag {kept[0]} of version {kept[1]}, tag {tag} of version {version}")
        self.kept[kind] = (tag, version, body)


class Historian(Client):
    """Asks questions of versions that were current a while ago."""

    def act(self) -> None:
        with self.record.lock:
            seen = {version for _, version in self.record.answers}
        if not seen:
            self.stop.wait(0.1)
            return
        version = max(min(seen), max(seen) - self.chance.randrange(12))
        kind = self.chance.choice(list(QUESTIONS))
        answer = self.server.get(QUESTIONS[kind].text, accept=QUESTIONS[kind].accept, version=str(version))
        if answer.status_code == 200 and int(answer.headers[VERSION_HEADER]) == version:
            self.record.count("answers of a named version")
            self.record.answer(kind, version, answer.text, time.time(), is_current=False)
        elif answer.status_code == 200 or self.problem(answer) not in BUSY | NOT_KEPT:
            self.record.fail(f"{kind} of version {version}: {answer.status_code} {answer.headers} {answer.text[:300]}")
        self.stop.wait(0.1)


class Attacker(Client):
    """Sends what brings stock servers down; each request gets one of its problems, or none was free to look at it."""

    def act(self) -> None:
        name = self.chance.choice(list(CASES))
        case = CASES[name]
        answer = self.server.post(case.body)
        problem = self.problem(answer)
        self.record.count("hostile queries")
        if problem not in case.problems | BUSY:
            self.record.fail(f"{name}: {answer.status_code} {problem}")
        self.stop.wait(0.5)


class Leaver(Client):
    """Asks for what takes long, and closes the connection while it is made or sent."""

    def act(self) -> None:
        connection = send_query(self.server, self.chance.choice((ENDLESS, LONG_ANSWER)))
        with connection:
            connection.settimeout(self.chance.uniform(0.05, 1.0))
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                connection.recv(self.chance.choice((1, 65536)))
        self.record.count("clients that left")
        self.stop.wait(0.3)


class Dawdler(Client):
    """Reads an answer byte by byte."""

    def act(self) -> None:
        with send_query(self.server, QUESTIONS["aggregate"].text) as connection:
            received = self.read(connection)
        self.record.count("slow clients")
        if not received.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503", b"HTTP/1.1 429")) and not self.stop.is_set():
            self.record.fail(f"a slow client got {received[:100]!r}")

    def read(self, connection: socket.socket) -> bytes:
        connection.settimeout(60.0)
        received = b""
        for _ in range(60):
            received += connection.recv(1)
            if self.stop.wait(0.05):
                break
        return received


class Writer(Client):
    """Writes notes over HTTP, with the admin key; each that is accepted is a version."""

    key = "a-key-for-this-run-only-0123456789"

    def act(self) -> None:
        note = self.chance.randrange(1_000_000)
        update = (
            f"DELETE WHERE {{ GRAPH <{NOTE_GRAPH}> {{ <urn:x:thing/0> <urn:x:note> ?old }} }} ; "
            f"INSERT DATA {{ GRAPH <{NOTE_GRAPH}> {{ <urn:x:thing/0> <urn:x:note> {note} }} }}"
        )
        headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {self.key}"}
        answer = httpx.post(f"{self.server.url}/update", content=update, headers=headers, timeout=60.0)
        if answer.is_success:
            self.record.count("writes")
            with self.record.lock:
                self.record.notes[int(answer.headers[VERSION_HEADER])] = note
        elif (name := self.problem(answer)) in BUSY | {"store-locked"}:
            self.record.count(f"writes refused: {name}")
        else:
            self.record.fail(f"a write: {answer.status_code} {answer.text[:300]}")
        self.stop.wait(self.chance.uniform(2.0, 6.0))
