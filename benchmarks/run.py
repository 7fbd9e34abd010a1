"""``make bench``: builds the data, starts the servers, compares their answers, loads them, writes the figures down."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks import extras, servers, shacl, shacl_shapes
from benchmarks.equality import differences
from benchmarks.figures import (
    FIRST_TIME,
    OURS,
    OURS_TWICE,
    RDFLIB,
    REPEATED,
    SERVERS,
    STOCK,
    WRAPPER,
    Figures,
    Footprint,
    Run,
)
from benchmarks.generate import LARGE_QUADS, SMALL_QUADS, build_home
from benchmarks.load import Load, first_time_paths, repeated_paths, together
from benchmarks.load import run as run_load
from benchmarks.queries import NO_LIMIT, read_kinds
from benchmarks.report import show, write_markdown
from pedgraph import __version__
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from benchmarks.load import Result
    from benchmarks.queries import Kind
    from benchmarks.servers import Server

_HERE: Final = Path(__file__).parent
_PEERS: Final = Path(sys.prefix) / "bench"
_SIZES: Final = {"small": SMALL_QUADS, "large": LARGE_QUADS}
_QUERY_SEED: Final = 7
_WARM_UP_SECONDS: Final = 1
_RUN_SECONDS: Final = 2
_NUMBERS_PER_RUN: Final = 1_000_000
# A server without a time limit may be at work with the last queries of a run for long.
_DRAIN_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Plan:
    """What is measured: on which sizes, for how long, over how many connections, which kinds and servers."""

    sizes: tuple[int, ...]
    seconds: int
    rounds: int
    connections: tuple[int, ...]
    kinds: tuple[str, ...]
    servers: tuple[str, ...]
    with_extras: bool
    is_quick: bool

    @property
    def steps(self) -> int:
        """Number of runs of wrk that count."""
        of_many = len([name for name in self.servers if name not in {WRAPPER, RDFLIB}])
        runs = self.rounds * len(self.servers) + (len(self.connections) - 1) * of_many
        return len(self.sizes) * len(self.kinds) * 2 * runs


class Bench:
    """One run of the benchmarks, with its progress on the terminal."""

    def __init__(self, plan: Plan, console: Console, work: Path) -> None:
        self._plan = plan
        self._console = console
        self._work = work
        self._next_number = NO_LIMIT
        self.figures = Figures(about=_about(plan))

    def run(self) -> Figures:
        """Measures all that the plan says."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task("Starting", total=self._plan.steps)
            for size in self._plan.sizes:
                progress.update(task, description=f"Building {size:,} quads")
                home = self._work / f"home-{size}"
                quads = build_home(home, size).quads
                for step in self._compare_all(home, quads):
                    self._say(progress, task, step)
                    progress.advance(task, 0 if step.endswith("…") else 1)
            if self._plan.with_extras:
                for step in extras.measure(home, self.figures, is_quick=self._plan.is_quick):
                    self._say(progress, task, f"{step} …")
        return self.figures

    def _say(self, progress: Progress, task: TaskID, step: str) -> None:
        """Shows a step; where nobody sees the bar move, the longer ones as lines."""
        progress.update(task, description=step)
        if not self._console.is_terminal and step.endswith("…"):
            self._console.print(step, markup=False)

    def _compare_all(self, home: Path, quads: int) -> Iterator[str]:
        kinds = read_kinds(Versions(home).store_directory(), seed=_QUERY_SEED)
        with ExitStack() as open_servers:
            running: list[Server] = []
            for name in self._plan.servers:
                yield f"Starting {name} …"
                running.append(open_servers.enter_context(_start(name, home, self._work)))
            for kind in kinds:
                if kind.name in self._plan.kinds:
                    yield f"Comparing answers, {kind.name} …"
                    self.figures.differences += differences(kind, running[0], running[1:])
                    yield from self._load_all(kind, running, quads)
            self.figures.footprints += [
                Footprint(quads, each.name, each.start_seconds, each.memory_mebibytes) for each in running
            ]

    def _load_all(self, kind: Kind, running: Sequence[Server], quads: int) -> Iterator[str]:
        for mode, paths in ((REPEATED, repeated_paths(kind)), (FIRST_TIME, first_time_paths(kind))):
            for connections in self._plan.connections:
                is_first = connections == self._plan.connections[0]
                if is_first and mode == REPEATED:
                    for server in running:
                        self._load(server, kind, paths, Load(_WARM_UP_SECONDS, connections))
                results: dict[str, list[Result]] = {server.name: [] for server in running}
                # The servers take turns, so that what else the machine does meets all of them.
                for _ in range(self._plan.rounds if is_first else 1):
                    for server in running if is_first else _of_many_clients(running):
                        yield f"{quads:,} quads, {kind.name}, {mode}, {server.name}"
                        results[server.name].append(
                            self._load(server, kind, paths, Load(self._plan.seconds, connections))
                        )
                for name, several in results.items():
                    if not several:
                        continue
                    result = together(several)
                    figures = (result.per_second, result.p50_ms, result.p99_ms, result.failed)
                    self.figures.runs.append(Run(quads, kind.name, mode, connections, name, *figures))

    def _load(self, server: Server, kind: Kind, paths: Sequence[str], load: Load) -> Result:
        self._next_number += _NUMBERS_PER_RUN
        result = run_load(server.url, paths, kind.accept, load, first_number=self._next_number)
        server.look_at_memory()
        if not server.is_idle(_DRAIN_SECONDS):
            raise RuntimeError(f"{server.name} does not answer any more after {kind.name} queries.")
        return result


def _of_many_clients(running: Sequence[Server]) -> list[Server]:
    """The servers that are also loaded over more connections; the others answer one request at a time as it is."""
    return [server for server in running if server.name not in {WRAPPER, RDFLIB}]


def _start(name: str, home: Path, work: Path) -> AbstractContextManager[Server]:
    if name in {OURS, OURS_TWICE}:
        return servers.ours(home, workers=1 if name == OURS else 2)
    if name == STOCK:
        return servers.stock(home, work)
    return servers.wrapper(home) if name == WRAPPER else servers.rdflib_endpoint(home, work)


def _about(plan: Plan) -> dict[str, str]:
    versions = subprocess.run(
        [_PEERS / "bin" / "python", "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout.split()
    peers = [
        each for each in versions if each.split("==")[0] in {"oxigraph", "rdflib-endpoint", "pyoxigraph", "rdflib"}
    ]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load of the machine before the run": f"{os.getloadavg()[0]:.1f}",
        "servers": ", ".join([f"Python {platform.python_version()}", f"pedgraph {__version__}", *peers]),
        "runs": f"wrk with one thread, {plan.seconds} s each, on the same machine as the servers; "
        f"with {plan.connections[0]} connections {plan.rounds} in turn, with more connections one",
    }


def _plan(arguments: Sequence[str]) -> tuple[Plan, Path]:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small data and short runs only")
    parser.add_argument("--kinds", default="point,join,aggregate,construct")
    parser.add_argument("--sizes", default="small,large")
    parser.add_argument("--servers", default=",".join(SERVERS), help="names, with commas between them")
    parser.add_argument("--no-extras", action="store_true", help="without the figures besides throughput")
    given = parser.parse_args(arguments)
    is_whole = all(getattr(given, name) == parser.get_default(name) for name in ("kinds", "sizes", "servers"))
    sizes = tuple(_SIZES[name] for name in given.sizes.split(","))
    plan = Plan(
        sizes=sizes[:1] if given.quick else sizes,
        seconds=_RUN_SECONDS,
        rounds=1 if given.quick else 2,
        connections=(8,) if given.quick else (8, 32),
        kinds=tuple(given.kinds.split(",")),
        servers=tuple(
            name for name in given.servers.split(",") if not (given.quick and is_whole and name == OURS_TWICE)
        ),
        with_extras=not given.no_extras,
        is_quick=given.quick,
    )
    # What is kept in the repository comes from whole runs only.
    return plan, _HERE if is_whole and not given.quick else _PEERS / "results"


def main(arguments: Sequence[str]) -> None:
    """Runs both comparisons, or the one that is asked for by ``--only``, the arguments of which are its own."""
    parser = argparse.ArgumentParser(prog="make bench", add_help=False)
    parser.add_argument("--only", choices=("servers", "shacl", "shapes"))
    parser.add_argument("--quick", action="store_true")
    known, others = parser.parse_known_args(arguments)
    of_both = ["--quick"] if known.quick else []
    if known.only == "shapes":
        shacl_shapes.main(others)
        return
    if known.only != "shacl":
        compare_servers([*of_both, *others])
    if known.only == "shacl" or not (known.only or others):
        shacl.main([*of_both, *others])


def compare_servers(arguments: Sequence[str]) -> None:
    """Compares the servers; ends with status 2 where wrk is missing."""
    plan, output = _plan(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=120)
    if shutil.which("wrk") is None:
        Console(stderr=True).print("wrk is missing, and could not be installed. Install the Debian package 'wrk'.")
        sys.exit(2)
    with tempfile.TemporaryDirectory(prefix="pedgraph-bench-") as work:
        figures = Bench(plan, console, Path(work)).run()
    output.mkdir(exist_ok=True)
    figures.write(output / "results.json")
    write_markdown(figures, output / "results.md", "results.svg")
    subprocess.run([_PEERS / "bin" / "python", "-m", "benchmarks.plot", output], check=True, cwd=_HERE.parent)
    show(figures, console)
    console.print(f"Written to {output}: results.md, results.json, results.svg", markup=False)


if __name__ == "__main__":
    main(sys.argv[1:])
