"""Load from wrk: how many requests a server answers in some seconds, and how long each takes."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from benchmarks.queries import NO_LIMIT, limited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.queries import Kind

_SCRIPT: Final = Path(__file__).with_name("request.lua")
# A request that takes longer than the run counts as late, not as lost.
_TIMEOUT_SECONDS: Final = 60
_NUMBER: Final = "%NUMBER%"


@dataclass(frozen=True)
class Load:
    """How a server is loaded: for how long, in whole seconds, over how many connections."""

    seconds: int
    connections: int


@dataclass(frozen=True)
class Result:
    """What came of a run. ``failed`` counts requests without a good answer; latencies are in milliseconds."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    failed: int

    @property
    def per_second(self) -> float:
        """Requests with an answer per second."""
        return self.requests / self.seconds if self.seconds else 0.0


def together(results: Sequence[Result]) -> Result:
    """Several runs of the same as one: all requests over all seconds; of the latencies, those in the middle."""
    return Result(
        requests=sum(each.requests for each in results),
        seconds=sum(each.seconds for each in results),
        bytes=sum(each.bytes for each in results),
        p50_ms=median(each.p50_ms for each in results),
        p99_ms=median(each.p99_ms for each in results),
        failed=sum(each.failed for each in results),
    )


def repeated_paths(kind: Kind) -> list[str]:
    """Query strings of the few texts that are asked again and again."""
    return ["?query=" + quote(limited(text, 0), safe="") for text in kind.repeated]


def first_time_paths(kind: Kind) -> list[str]:
    """Query strings of texts that no server has seen, with a place for a number that makes each the only one."""
    cut = len(str(NO_LIMIT))
    return ["?query=" + quote(limited(text, 0)[:-cut], safe="") + _NUMBER for text in kind.first_time]


def run(url: str, paths: Iterable[str], accept: str, load: Load, *, first_number: int = NO_LIMIT) -> Result:
    """Loads the endpoint at ``url`` with requests; raises :class:`RuntimeError` where wrk does not run."""
    path = "/" + url.split("/", 3)[3]
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.writelines(f"{path}{each}\n" for each in paths)
        file.flush()
        command = [
            "wrk", "--threads", "1", "--connections", str(load.connections), "--duration", f"{load.seconds}s",
            "--timeout", f"{_TIMEOUT_SECONDS}s", "--script", str(_SCRIPT), url, "--",
            file.name, accept, str(first_number),
        ]  # fmt: skip
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"wrk failed: {ended.stderr or ended.stdout}")
    figures = json.loads(ended.stdout.splitlines()[-1])
    lost = figures["broken"] + figures["timeouts"]
    return Result(
        requests=figures["requests"] - figures["bad_status"],
        seconds=figures["seconds"],
        bytes=figures["bytes"],
        p50_ms=figures["p50_ms"],
        p99_ms=figures["p99_ms"],
        failed=figures["bad_status"] + lost,
    )
