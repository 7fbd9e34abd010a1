"""Publishes, and dies at every step of it in turn: ``python -m tests.faults.dying HOME``.

The acts are a change and a way back, after which a change or a build follows; their steps are what they
do with the names of files and each statement that writes to the ledger. After each death the next publication lives.
Writes a line of JSON for each death: what was to be done in that step, and what the home holds after the publication.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.chronicle import roll_back
from pedgraph.store.ledger import Ledger
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions
from tests.feeds import held, replayed

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH: Final = "https://w3id.org/pedgraph/graph/a/1"
PUBLICATION: Final = Publication(author="publisher", reason="a round", keep=2)
# With so little memory and so much to write, the ledger's file changes before a transaction ends.
THINGS: Final = 60
LITTLE_MEMORY: Final = "PRAGMA cache_size = 1"
STEPS: Final = frozenset({"os.rename", "shutil.rmtree", "fcntl.flock", "sqlite3.connect"})
WRITING: Final = ("BEGIN", "INSERT", "COMMIT")
FILES: Final = ("pointer", "pruned", "ledger", "lock")


def main() -> None:
    """Dies at every step of every act."""
    with pytest.MonkeyPatch.context() as patch:
        # What a process wrote outlives it without that; only the machine may not die.
        patch.setattr(os, "fsync", lambda _: None)
        _die_everywhere(Path(sys.argv[1]))


def _die_everywhere(home: Path) -> None:
    rounds = itertools.count(1)
    _in_a_process(partial(_build, Versions(home), 0))
    for act in (_change, _go_back):
        for step in itertools.count(1):
            number = next(rounds)
            if not _in_a_process(partial(_dying, home, act, step, number)):
                break
            # Sometimes a build follows, which does not look at what is there.
            following = _change if step % 2 else _build
            assert not _in_a_process(partial(following, Versions(home), -number))
            assert not _in_a_process(partial(_tell, home, act.__name__, step))


def _content(number: int) -> ChangeSet:
    value = Literal(f"{number} " + "".join(str((number * 7919 + each) ** 5) for each in range(60)))
    return ChangeSet(
        {GRAPH: [Triple(NamedNode(f"urn:x:{each}"), NamedNode("urn:x:p"), value) for each in range(THINGS)]}
    )


def _change(versions: Versions, number: int) -> None:
    publish(versions, _content(number), PUBLICATION)


def _build(versions: Versions, number: int) -> None:
    build(versions, _content(number), PUBLICATION)


def _go_back(versions: Versions, _: int) -> None:
    roll_back(versions, min(versions.numbers()))


def _dying(home: Path, act: Callable[[Versions, int], None], step: int, number: int) -> None:
    """Carries out an act in which this process ends before the step with this number."""
    taken: set[str] = set()

    def take(name: str) -> None:
        # What is done many times, as one statement that writes many members, is one step.
        taken.add(name)
        if len(taken) == step:
            (home / "step").write_text(name, encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS or (event == "open" and Path(str(arguments[0])).name.startswith(FILES)):
            take(f"{event} {_told(arguments)}")

    def connect(address: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 (those of sqlite3.connect)
        connection = sqlite3.Connection(address, **options)
        connection.execute(LITTLE_MEMORY)
        connection.set_trace_callback(
            lambda text: take(" ".join(text.split()[:3])) if text.startswith(WRITING) else None
        )
        return connection

    sys.addaudithook(hook)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        act(Versions(home), number)


def _told(arguments: tuple[Any, ...]) -> str:
    return " ".join(Path(str(each)).name for each in arguments[:2] if isinstance(each, str | Path))


def _tell(home: Path, act: str, step: int) -> None:
    versions, ledger = Versions(home), Ledger(home)
    told = {
        "death": f"{act} {step}",
        "before": (home / "step").read_text(encoding="utf-8"),
        "stream": ledger.identity()[0],
        "changes": [[each.number, each.previous, each.version] for each in reversed(ledger.changes())],
        "current": versions.current(),
        "kept": versions.numbers(),
        "is replayed": replayed(versions) == held(versions),
    }
    print(json.dumps(told), flush=True)  # noqa: T201


def _in_a_process(act: Callable[[], None]) -> bool:
    """Runs a function in a process of its own; gives whether that was killed. Raises where it fails otherwise."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001 (nothing may go on below in this process)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
        return True
    assert status == 0, "an act failed"
    return False


if __name__ == "__main__":
    main()
