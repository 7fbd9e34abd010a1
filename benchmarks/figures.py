"""What a run of the benchmarks finds out, as plain data that goes into ``results.json`` and comes back from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS: Final = "pedgraph"
OURS_TWICE: Final = "pedgraph --workers 2"
STOCK: Final = "oxigraph"
RDFLIB: Final = "rdflib-endpoint"
WRAPPER: Final = "wrapper"
SERVERS: Final = (OURS, OURS_TWICE, STOCK, WRAPPER, RDFLIB)

REPEATED: Final = "repeated"
FIRST_TIME: Final = "first-time"

# How many times the throughput of another server is aimed at: (server, kind, mode) → factor.
AIMS: Final = {
    (STOCK, "point", REPEATED): 2.0,
    (STOCK, "join", REPEATED): 10.0,
    (STOCK, "aggregate", REPEATED): 10.0,
    (STOCK, "point", FIRST_TIME): 0.6,
    (STOCK, "join", FIRST_TIME): 0.9,
    (STOCK, "aggregate", FIRST_TIME): 0.9,
    **{(RDFLIB, kind, REPEATED): 20.0 for kind in ("point", "join", "aggregate", "construct")},
    **{(RDFLIB, kind, FIRST_TIME): 10.0 for kind in ("point", "join", "aggregate", "construct")},
}


@dataclass(frozen=True)
class Run:
    """One run of wrk against one server."""

    quads: int
    kind: str
    mode: str
    connections: int
    server: str
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


@dataclass(frozen=True)
class Footprint:
    """How long a server took to start on the data, and the most memory of all its processes."""

    quads: int
    server: str
    start_seconds: float
    memory_mebibytes: float


@dataclass(frozen=True)
class Single:
    """A figure of its own: what was measured, how, the value in its unit, and what is aimed at, if anything is."""

    what: str
    value: float
    unit: str
    aim: str = ""


@dataclass
class Figures:
    """All figures of one run of the benchmarks."""

    about: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    footprints: list[Footprint] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Writes the figures as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def ratio(self, run: Run, to: str) -> float | None:
        """The throughput of a run divided by that of another server in the same place; ``None`` where it has none."""
        for other in self.runs:
            if (other.quads, other.kind, other.mode, other.connections, other.server) == (
                run.quads,
                run.kind,
                run.mode,
                run.connections,
                to,
            ):
                return run.per_second / other.per_second if other.per_second else None
        return None

    def of_ours(self) -> Iterator[Run]:
        """The runs against pedgraph, with one web process and with two."""
        return (run for run in self.runs if run.server in {OURS, OURS_TWICE})


def read_figures(path: Path) -> Figures:
    """Reads what :meth:`Figures.write` wrote."""
    members: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Figures(
        about=members["about"],
        runs=[Run(**each) for each in members["runs"]],
        footprints=[Footprint(**each) for each in members["footprints"]],
        singles=[Single(**each) for each in members["singles"]],
        differences=members["differences"],
    )
