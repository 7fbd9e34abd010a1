"""The servers that are compared, each started the way its own documentation says, in processes of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import psutil
from pyoxigraph import DefaultGraph, RdfFormat, Store

from benchmarks.figures import OURS, OURS_TWICE, RDFLIB, STOCK, WRAPPER
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PEERS: Final = Path(sys.prefix) / "bench" / "bin"
_CHECKOUT: Final = Path(__file__).resolve().parents[1]
_MEBIBYTE: Final = 1024 * 1024
_STOP_SECONDS: Final = 15.0
_START_SECONDS: Final = 60.0
# rdflib parses all of the data before it listens.
_RDFLIB_START_SECONDS: Final = 600.0


@dataclass
class Server:
    """A server that runs: its name, the address of its endpoint, its process, and the most memory that was seen."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    start_seconds: float = 0.0
    memory_mebibytes: float = field(default=0.0)

    def look_at_memory(self) -> None:
        """Notes the memory of all its processes; pages that several of them share are counted once."""
        top = psutil.Process(self.process.pid)
        total = 0
        for process in (top, *top.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        self.memory_mebibytes = max(self.memory_mebibytes, total / _MEBIBYTE)

    def ask(self, query: str, accept: str, *, timeout: float = 60.0) -> httpx.Response:
        """Sends one query; raises the errors of httpx."""
        return httpx.get(self.url, params={"query": query}, headers={"Accept": accept}, timeout=timeout)

    def is_idle(self, seconds: float) -> bool:
        """Whether it answers a small query within some seconds, so that no earlier query holds it up."""
        try:
            answer = self.ask(
                "ASK { <urn:x:a> <urn:x:b> <urn:x:c> }", "application/sparql-results+json", timeout=seconds
            )
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK


@contextmanager
def ours(home: Path, *, cores: str | None = None, workers: int = 1, **settings: object) -> Iterator[Server]:
    """``pedgraph serve`` with the settings that it has when nobody sets any, but for those given."""
    port = free_port()
    environment = {"HOST": "127.0.0.1", "PORT": str(port), "PEDGRAPH_HOME": str(home)}
    environment |= {f"PEDGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "pedgraph", "serve", "--workers", str(workers)]
    name = OURS if workers == 1 else OURS_TWICE
    with _running(name, f"http://127.0.0.1:{port}/sparql", _pinned(command, cores), environment) as server:
        yield server


@contextmanager
def stock(home: Path, work: Path, *, cores: str | None = None) -> Iterator[Server]:
    """The stock Oxigraph server on a copy of the current version's store."""
    copy = work / "stock-store"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(Versions(home).store_directory(), copy)
    port = free_port()
    command = [str(_PEERS / "oxigraph"), "serve-read-only", "--location", str(copy), "--bind", f"127.0.0.1:{port}"]
    with _running(STOCK, f"http://127.0.0.1:{port}/query", _pinned(command, cores), {}) as server:
        yield server


@contextmanager
def wrapper(home: Path) -> Iterator[Server]:
    """Ten lines of FastAPI around pyoxigraph, on the current version's store."""
    port = free_port()
    command = [str(_PEERS / "uvicorn"), "benchmarks.wrapper:app", "--port", str(port), "--no-access-log"]
    environment = {"STORE_DIRECTORY": str(Versions(home).store_directory())}
    with _running(WRAPPER, f"http://127.0.0.1:{port}/sparql", command, environment) as server:
        yield server


@contextmanager
def rdflib_endpoint(home: Path, work: Path) -> Iterator[Server]:
    """rdflib-endpoint with the merge of all graphs in the store of its own choice, which is in memory."""
    merged = work / "merged.nt"
    Store.read_only(str(Versions(home).store_directory())).dump(
        str(merged), format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()
    )
    port = free_port()
    command = [
        str(_PEERS / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(merged),
    ]  # fmt: skip
    with _running(RDFLIB, f"http://127.0.0.1:{port}/", command, {}, start_seconds=_RDFLIB_START_SECONDS) as server:
        yield server


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _pinned(command: list[str], cores: str | None) -> list[str]:
    return command if cores is None else ["taskset", "--cpu-list", cores, *command]


@contextmanager
def _running(
    name: str, url: str, command: list[str], environment: Mapping[str, str], *, start_seconds: float = _START_SECONDS
) -> Iterator[Server]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PEDGRAPH_")}
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**inherited, **environment},
        cwd=_CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(name, url, process)
    try:
        while not server.is_idle(start_seconds):
            if process.poll() is not None or time.monotonic() - started > start_seconds:
                raise RuntimeError(f"{name} does not answer: {' '.join(command)}")
            time.sleep(0.05)
        server.start_seconds = time.monotonic() - started
        yield server
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
