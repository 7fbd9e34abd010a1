"""What a server holds: processes, descriptors and memory, looked at all the while by a thread."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import RunningServer

MEBIBYTE = 1024 * 1024
LOOK_SECONDS = 2.0
READER_MODULE = "pedgraph.store.reader"
WRITER_MODULE = "pedgraph.intake.writer"


@dataclass(frozen=True)
class Look:
    """The figures of one moment. ``web`` are the processes that neither read nor write versions."""

    seconds: float
    processes: int
    web_descriptors: int
    reader_descriptors: int
    writer_descriptors: int
    web_mebibytes: float
    reader_mebibytes: float
    writer_mebibytes: float
    versions: int
    work_folders: int


def look(server: RunningServer, home: Path, started: float) -> Look:
    """Counts what there is now; processes that end meanwhile are left out."""
    descriptors: Counter[str] = Counter()
    memory: dict[str, float] = defaultdict(float)
    processes = 0
    for process in server.processes():
        try:
            part = _part(process.cmdline())
            found = process.num_fds(), process.memory_full_info().pss / MEBIBYTE
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        processes += 1
        descriptors[part] += found[0]
        memory[part] += found[1]
    folders = list((home / "versions").iterdir())
    return Look(
        seconds=time.monotonic() - started,
        processes=processes,
        web_descriptors=descriptors["web"],
        reader_descriptors=descriptors[READER_MODULE],
        writer_descriptors=descriptors[WRITER_MODULE],
        web_mebibytes=memory["web"],
        reader_mebibytes=memory[READER_MODULE],
        writer_mebibytes=memory[WRITER_MODULE],
        versions=sum(1 for folder in folders if folder.name.isdecimal()),
        work_folders=sum(1 for folder in folders if not folder.name.isdecimal()),
    )


def _part(command: list[str]) -> str:
    """What a process does: its module where it reads or writes versions, else ``web``."""
    return next((module for module in (READER_MODULE, WRITER_MODULE) if module in command), "web")


class Watcher(threading.Thread):
    """Looks at a server every two seconds until told to stop."""

    def __init__(self, server: RunningServer, home: Path, stop: threading.Event) -> None:
        super().__init__()
        self.looks: list[Look] = []
        self._watched = server
        self._home = home
        self._stopped = stop
        self._began = time.monotonic()

    def run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            self.looks.append(look(self._watched, self._home, self._began))

    def lowest_of(self, first_second: float, last_second: float) -> Look:
        """The lowest of each figure in a span of time: what load adds for a moment is not what leaks."""
        looks = [each for each in self.looks if first_second <= each.seconds <= last_second]
        lowest = {name: min(asdict(each)[name] for each in looks) for name in asdict(looks[0])}
        return Look(**{**lowest, "seconds": last_second})
