"""``make bench ARGS="--only shacl"``: engines of SHACL on invented data with planted faults, each in its process."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat, serialize
from rich.console import Console

from benchmarks.shacl_data import invented
from benchmarks.shacl_engines import TOO_LONG
from benchmarks.shacl_figures import OURS, PLAIN, RUDOF, TURBO, WHOLE, Figures
from benchmarks.shacl_report import show, write_markdown
from pedgraph import __version__
from pedgraph.intake.bundle import read_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HERE: Final = Path(__file__).parent
_PEERS: Final = Path(sys.prefix) / "bench"
_KEPT: Final = _HERE / "kept"
_SIZES: Final = (10_000, 24_000, 104_000, 1_100_000)
_QUICK_SIZES: Final = 2
_ENGINES: Final = (OURS, WHOLE, PLAIN, TURBO, RUDOF)
_PYTHON: Final = {TURBO: _PEERS / "bin" / "python", RUDOF: _PEERS / "bin" / "python"}
_BLANK: Final = re.compile(rb"_:\w+")


class Bench:
    """One comparison of the engines on data of one size after the other."""

    def __init__(self, given: argparse.Namespace, console: Console, work: Path) -> None:
        self._given = given
        self._console = console
        self._work = work
        self.figures = Figures(about=_about(given))

    def run(self) -> Figures:
        """Measures all that was asked for."""
        for size in self._given.sizes:
            folder = self._work / str(size)
            folder.mkdir()
            triples = invented(size)
            serialize(triples, str(folder / "data.nt"), RdfFormat.N_TRIPLES)
            serialize(read_shapes(), str(folder / "shapes.nt"), RdfFormat.N_TRIPLES)
            outcomes = {}
            for engine in self._given.engines:
                self._console.print(f"{len(triples):,} triples, {engine} …", markup=False)
                outcomes[engine] = self._outcome(engine, size, folder)
            self.figures.add(len(triples), outcomes)
        return self.figures

    def _outcome(self, engine: str, size: int, folder: Path) -> dict[str, Any]:
        kept = _KEPT / f"{engine}-{size}.json"
        if engine == PLAIN and self._given.kept and kept.is_file():
            outcome: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
            if outcome["of"] == fingerprint(folder):
                return {**outcome, "is_kept": True}
            self._console.print(f"{kept.name} is about other data or shapes, and is not used.", markup=False)
        limit = self._given.plain_seconds if engine == PLAIN else self._given.seconds
        outcome = run_engine(engine, folder, limit)
        if engine == PLAIN and self._given.keep and outcome["is_done"]:
            _KEPT.mkdir(exist_ok=True)
            kept.write_text(json.dumps({**outcome, "of": fingerprint(folder)}, indent=0) + "\n", encoding="utf-8")
        return outcome


def run_engine(engine: str, folder: Path, limit_seconds: int) -> dict[str, Any]:
    """What an engine says of the data in a folder, or that it took more than so many seconds of processor time.

    Raises :class:`RuntimeError` where it fails.
    """
    command = [
        str(_PYTHON.get(engine, sys.executable)), "-m", "benchmarks.shacl_engines", engine, str(folder),
        str(limit_seconds),
    ]  # fmt: skip
    ended = subprocess.run(command, cwd=_HERE.parent, capture_output=True, text=True, check=False)
    if ended.returncode in {TOO_LONG, -signal.SIGXCPU, -signal.SIGKILL}:
        return {"is_done": False, "cpu_seconds": float(limit_seconds)}
    if ended.returncode:
        raise RuntimeError(f"{engine} failed: {ended.stderr[-2000:]}")
    outcome: dict[str, Any] = json.loads((folder / f"{engine}.json").read_text(encoding="utf-8"))
    return {**outcome, "is_done": True}


def fingerprint(folder: Path) -> str:
    """The same for the same data and shapes, whatever their blank nodes are called."""
    lines = b"".join((folder / name).read_bytes() for name in ("data.nt", "shapes.nt")).splitlines()
    return hashlib.sha256(b"\n".join(sorted(_BLANK.sub(b"_:", line) for line in lines))).hexdigest()


def _about(given: argparse.Namespace) -> dict[str, str]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load of the machine before the run": f"{os.getloadavg()[0]:.1f}",
        "engines": ", ".join([f"Python {platform.python_version()}", f"pedgraph {__version__}", *_versions()]),
        "limits": f"{given.plain_seconds} s of processor time for {PLAIN}, {given.seconds} s for the others",
    }


def _versions() -> Iterator[str]:
    for python, names in ((sys.executable, {"pyshacl", "rdflib"}), (_PEERS / "bin" / "python", {TURBO, RUDOF})):
        listed = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True)
        yield from (each for each in listed.stdout.split() if each.split("==")[0] in names)


def _given(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two small sizes only")
    parser.add_argument("--sizes", default=",".join(map(str, _SIZES)), help="triples, with commas between them")
    parser.add_argument("--engines", default=",".join(_ENGINES), help="names, with commas between them")
    parser.add_argument("--seconds", type=int, default=120, help="of processor time for an engine on one data set")
    parser.add_argument("--plain-seconds", type=int, default=60, help="the same for pySHACL by itself")
    parser.add_argument(
        "--kept", action="store_true", help="take pySHACL's results from benchmarks/kept where they fit"
    )
    parser.add_argument("--keep", action="store_true", help="write pySHACL's results to benchmarks/kept")
    given = parser.parse_args(arguments)
    given.is_whole = not given.quick and all(
        getattr(given, name) == parser.get_default(name) for name in ("sizes", "engines")
    )
    given.sizes = [int(each) for each in given.sizes.split(",")][: _QUICK_SIZES if given.quick else None]
    given.engines = given.engines.split(",")
    return given


def main(arguments: Sequence[str]) -> None:
    """Runs the comparison and writes the figures down; in the repository where the run was a whole one."""
    given = _given(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=140)
    with tempfile.TemporaryDirectory(prefix="pedgraph-shacl-") as work:
        figures = Bench(given, console, Path(work)).run()
    output = _HERE if given.is_whole else _PEERS / "results"
    output.mkdir(exist_ok=True)
    figures.write(output / "results-shacl.json")
    write_markdown(figures, output / "results-shacl.md", "results-shacl.svg")
    subprocess.run([_PEERS / "bin" / "python", "-m", "benchmarks.shacl_plot", output], check=True, cwd=_HERE.parent)
    show(figures, console)
    console.print(f"Written to {output}: results-shacl.md, results-shacl.json, results-shacl.svg", markup=False)


if __name__ == "__main__":
    main(sys.argv[1:])
