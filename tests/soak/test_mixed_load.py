"""Mixed load for ten minutes, with a publication every five seconds: no wrong answer, and nothing leaks.

``SOAK_SECONDS`` sets another length, ``SOAK_WORKERS`` another number of web processes; ``SOAK_FIGURES`` names a file
for the figures, as Markdown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from tests.faults.test_clients import wait_until
from tests.servers import RunningServer, running_server
from tests.soak.clients import Asker, Attacker, Client, Dawdler, Historian, Leaver, Record, Writer
from tests.soak.publisher import KEPT
from tests.soak.resources import Look, Watcher, look
from tests.soak.rounds import QUESTIONS, State, graphs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
WORKERS = int(os.environ.get("SOAK_WORKERS", "2"))
FIGURES = os.environ.get("SOAK_FIGURES", "")
PUBLICATION_SECONDS = 5.0
STEADY_LOOKS = 5
WARM_UP_SHARE = 0.25
SETTINGS = {
    "workers": WORKERS,
    "readers": 4,
    "query_deadline_seconds": 2.0,
    "queue_wait_seconds": 5.0,
    "admin_key": Writer.key,
    "versions_kept": KEPT,
    # Full within the warm-up, so that what grows after it is no cache.
    "cache_max_bytes": 2 * 1024 * 1024,
}
EXPECTED_WARNINGS = re.compile(rb"(problems|cut short): (time-limit|memory-limit|busy|too-many-queries)")


def offers_writes(server: RunningServer) -> bool:
    return httpx.post(f"{server.url}/update").status_code != httpx.codes.NOT_FOUND


def offers_versions(server: RunningServer) -> bool:
    return server.get("ASK {}", version="999999").status_code != httpx.codes.OK


@pytest.fixture
def first_round(home: Path) -> Path:
    """A home folder whose current version holds the round of its own number, after the shipped data."""
    versions = Versions(home)
    number = versions.current() + 1
    publish(versions, ChangeSet(graphs_of(number)), Publication("test", f"round {number}", keep=KEPT))
    return home


def clients(server: RunningServer, record: Record, stop: threading.Event) -> list[Client]:
    kinds: list[type[Client]] = [Asker] * 4 + [Attacker, Leaver] + [Dawdler] * 5
    if offers_writes(server):
        kinds.append(Writer)
    if offers_versions(server):
        kinds.append(Historian)
    return [kind(server, record, stop, seed) for seed, kind in enumerate(kinds)]


def published(lines: list[str]) -> dict[int, tuple[int, float]]:
    """What the publisher says: version → round and time."""
    found = {}
    for line in lines:
        version, round_number, moment = line.split()
        found[int(version)] = (int(round_number), float(moment))
    return found


def states(first: int, rounds: dict[int, tuple[int, float]], notes: dict[int, int]) -> Iterator[tuple[int, State]]:
    """What each version says, from the first on; fails where nobody knows where a version comes from."""
    state = State(round=first)
    yield first, state
    for version in range(first + 1, max([first, *rounds, *notes]) + 1):
        assert (version in rounds) != (version in notes), f"who published version {version}?"
        state = State(rounds[version][0], state.note) if version in rounds else State(state.round, notes[version])
        yield version, state


def wrong_answers(record: Record, known: dict[int, State]) -> list[str]:
    """One sentence per question and version that was not answered as that version must be, every time."""
    found = []
    for (kind, version), bodies in sorted(record.answers.items()):
        right = QUESTIONS[kind].answer(known[version]) if version in known else "a version that nobody published"
        found += [f"{kind}, version {version}: {body!r} instead of {right!r}" for body in bodies if body != right]
    return found


def slowest_sight(record: Record, rounds: dict[int, tuple[int, float]]) -> float:
    """Longest time after a publication at which a request was sent that was answered from an older version."""
    latest = 0.0
    moments = sorted((moment, version) for version, (_, moment) in rounds.items())
    for sent, answered in record.sent:
        older = [moment for moment, version in moments if version > answered and moment < sent]
        latest = max(latest, sent - older[0] if older else 0.0)
    return latest


def unforeseen(log: list[bytes]) -> list[bytes]:
    """Lines of a log that should not be there."""
    return [
        line
        for line in log
        if b"ERROR" in line
        or b"CRITICAL" in line
        or b"Traceback" in line
        or (b"WARNING" in line and not EXPECTED_WARNINGS.search(line))
    ]


def table(rows: list[tuple[str, Look]]) -> str:
    names = [name for name in asdict(rows[0][1]) if name != "seconds"]
    lines = [
        "| When | " + " | ".join(name.replace("_", " ") for name in names) + " |",
        "|" + " --- |" * (len(names) + 1),
    ]
    for when, each in rows:
        cells = [f"{asdict(each)[name]:.0f}" for name in names]
        lines.append(f"| {when} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def warm_up(server: RunningServer, record: Record) -> None:
    """Has each process that there will be started once, and waits until none comes or goes any more."""
    for _ in range(20):
        server.get(QUESTIONS["sum"].text)
    if offers_writes(server):
        once = threading.Event()
        once.set()
        Writer(server, record, once, seed=0).act()
    counts = [0, 1]
    while len(set(counts[-STEADY_LOOKS:])) > 1:
        time.sleep(0.5)
        counts.append(len(server.processes()))


def has_come_to_rest(now: Look, at_rest: Look) -> bool:
    """Whether there are as many processes as before; each web process may have started its writer since."""
    return at_rest.processes <= now.processes <= at_rest.processes + WORKERS - 1


@dataclass(frozen=True)
class Outcome:
    """What came of a run: what the clients saw, what the publisher says, and what the server held and logged."""

    record: Record
    rounds: dict[int, tuple[int, float]]
    at_rest: Look
    at_end: Look
    watcher: Watcher
    last_version: int
    writes: bool
    log: list[bytes]


def run_load(home: Path) -> Outcome:
    """Loads a server on a home folder for as long as is set, and lets it come to rest."""
    record, stop = Record(), threading.Event()
    with running_server(home, **SETTINGS) as server:
        warm_up(server, record)
        at_rest = look(server, home, time.monotonic())
        watcher = Watcher(server, home, stop)
        command = [sys.executable, "-m", "tests.soak.publisher", str(home), str(PUBLICATION_SECONDS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as publisher:
            threads = [watcher, *clients(server, record, stop)]
            for thread in threads:
                thread.start()
            time.sleep(SECONDS)
            lines, _ = publisher.communicate()
        stop.set()
        for thread in threads:
            thread.join()
        wait_until(lambda: has_come_to_rest(look(server, home, 0.0), at_rest), seconds=30)
        at_end = look(server, home, time.monotonic())
        last = server.get(QUESTIONS["sum"].text)
        last_version = int(last.headers["pedgraph-version"])
        record.answer("sum", last_version, last.text, time.time())
        writes = offers_writes(server)
    return Outcome(record, published(lines.splitlines()), at_rest, at_end, watcher, last_version, writes, server.log)


def report(outcome: Outcome, versions: int) -> str:
    """The figures of a run as Markdown."""
    record, watcher = outcome.record, outcome.watcher
    minutes = [
        (f"minute {minute + 1}", watcher.lowest_of(60 * minute, min(SECONDS, 60 * (minute + 1))))
        for minute in range(max(1, round(SECONDS / 60)))
    ]
    rows = [("at rest, before", outcome.at_rest), *minutes, ("at rest, after", outcome.at_end)]
    counts = "\n".join(f"- {what}: {number:,}" for what, number in sorted(record.counts.items()))
    facts = f"- seconds: {SECONDS:.0f}\n- web processes: {WORKERS}\n- versions published: {versions}\n"
    sight = slowest_sight(record, outcome.rounds) * 1000
    return f"{table(rows)}\n\n{facts}- longest time until a publication was seen: {sight:.0f} ms\n{counts}\n"


@pytest.mark.soak
@pytest.mark.timeout(SECONDS + 300)
def test_mixed_load_with_publications(first_round: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = Versions(first_round).current()
    outcome = run_load(first_round)
    record = outcome.record
    known = dict(states(first, outcome.rounds, record.notes))
    text = report(outcome, len(known) - 1)
    with capsys.disabled():
        print(f"\n{text}")  # noqa: T201
    if FIGURES:
        Path(FIGURES).write_text(text, encoding="utf-8")

    assert record.failures == []
    assert wrong_answers(record, known) == []
    assert outcome.last_version == max(known)
    assert len(outcome.rounds) >= SECONDS / PUBLICATION_SECONDS * 0.5
    assert all(record.counts[f"answers: {kind}"] > SECONDS for kind in QUESTIONS), record.counts
    assert record.counts["not modified"] > 0
    assert not outcome.writes or record.counts["writes"] > 0
    assert unforeseen(outcome.log) == [], b"".join(outcome.log).decode()[:20_000]
    assert has_come_to_rest(outcome.at_end, outcome.at_rest)
    assert outcome.at_end.work_folders == 0
    assert outcome.at_end.versions <= KEPT + 1
    assert_level(outcome.watcher, outcome.at_rest, outcome.at_end)


def assert_level(watcher: Watcher, at_rest: Look, at_end: Look) -> None:
    """After the warm-up nothing grows: neither under load nor at rest."""
    warm = watcher.lowest_of(SECONDS * WARM_UP_SHARE, SECONDS * (0.5 + WARM_UP_SHARE / 2))
    late = watcher.lowest_of(SECONDS * (0.5 + WARM_UP_SHARE / 2), SECONDS)
    assert late.processes <= warm.processes + 1
    assert late.web_descriptors <= warm.web_descriptors * 1.1 + 5
    assert late.web_mebibytes <= warm.web_mebibytes * 1.1 + 10
    assert late.reader_mebibytes <= warm.reader_mebibytes * 1.2 + 20
    assert at_end.web_descriptors <= at_rest.web_descriptors + 5
