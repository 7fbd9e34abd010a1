"""Real servers in processes of their own, started the way users start them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_SECONDS = 90.0
STOP_SECONDS = 30.0
_LISTENING = re.compile(rb"listening on (http://[^ ]+)/sparql")
_READY = b"is served by"


def command_of(process: psutil.Process) -> str:
    """What a process runs; nothing where it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def is_engine(process: psutil.Process) -> bool:
    """Whether it is the engine's own command, which makes plans."""
    return command_of(process).partition(" ")[0].endswith("oxigraph")


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """The processes that a process has started; none where it has just ended."""
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []


@dataclass
class RunningServer:
    """A server: its address, its process, and what it has logged so far."""

    url: str
    process: subprocess.Popen[bytes]
    log: list[bytes]

    def get(self, query: str, *, accept: str = "text/csv", timeout: float = 60.0, **parameters: str) -> httpx.Response:
        """Sends a query by GET."""
        return httpx.get(
            f"{self.url}/sparql", params={"query": query, **parameters}, headers={"Accept": accept}, timeout=timeout
        )

    def post(
        self, content: bytes | str, *, content_type: str = "application/sparql-query", accept: str = "text/csv"
    ) -> httpx.Response:
        """Sends a body by POST."""
        headers = {"Content-Type": content_type, "Accept": accept}
        return httpx.post(f"{self.url}/sparql", content=content, headers=headers, timeout=60.0)

    def processes(self) -> list[psutil.Process]:
        """The server's process and all below it."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def readers(self) -> list[psutil.Process]:
        """The processes below the server's."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def resident_bytes(self) -> int:
        """Memory of all its processes."""
        return sum(process.memory_info().rss for process in self.processes())

    def logged(self) -> str:
        """The log so far."""
        return b"".join(self.log).decode(errors="replace")


@contextmanager
def running_server(home: Path, **settings: object) -> Iterator[RunningServer]:
    """Starts ``pedgraph serve`` on a home folder; settings by their field names. Ends it with SIGTERM."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEDGRAPH_")}
    environment |= {"HOST": "127.0.0.1", "PORT": "0", "PEDGRAPH_HOME": str(home)}
    environment |= {f"PEDGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "pedgraph", "serve"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    log: list[bytes] = []
    ready = threading.Event()
    collector = threading.Thread(target=_collect, args=(process, log, ready))
    collector.start()
    try:
        assert ready.wait(START_SECONDS), b"".join(log).decode()
        listening = _LISTENING.search(b"".join(log))
        assert listening is not None, b"".join(log).decode()
        yield RunningServer(listening[1].decode(), process, log)
    finally:
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        collector.join()
        assert process.stderr is not None
        process.stderr.close()
        _, alive = psutil.wait_procs(below, timeout=STOP_SECONDS)
        assert alive == [], "readers are left over"


def _collect(process: subprocess.Popen[bytes], log: list[bytes], ready: threading.Event) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        log.append(line)
        if _READY in line:
            ready.set()
    ready.set()
