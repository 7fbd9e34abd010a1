"""``make bench ARGS="--only shapes"``: shape by shape, plain pySHACL and ours over suspects on the same invented data.

What a graph of shapes finds is what its shapes with targets find one by one, so together they say as much as one run
that would take hours. PySHACL gets a graph that parses each query once only; by itself it takes several times as long.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyshacl
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.shacl_data import invented
from benchmarks.shacl_engines import found
from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.shacl.validator import Validator
from pedgraph.intake.terms import to_rdflib
from pedgraph.store.facts import Facts
from pedgraph.vocabulary.iris import PREFIXES, SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Triple

_SHACL: Final = PREFIXES["sh"]
_TARGETS: Final = frozenset(
    _SHACL + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)


class _TooLongError(BaseException):
    """Not an exception that a library would catch."""


@dataclass(frozen=True)
class Outcome:
    """One shape: what both found (nothing for pySHACL where it was ended), and how long pySHACL took."""

    shape: str
    ours: frozenset[str]
    plain: frozenset[str] | None
    plain_seconds: float


def compare(triples: Sequence[Triple], limit_seconds: float, console: Console) -> list[Outcome]:
    """Holds the data against one shape after the other; ends pySHACL after so much processor time on one."""
    facts, graph = Facts.of(triples), to_rdflib(triples)
    shapes = read_shapes()
    targeted = sorted({str(each.subject) for each in shapes if each.predicate.value in _TARGETS})
    outcomes = []
    for shape in track(targeted, "shapes", console=console):
        only = [each for each in shapes if each.predicate.value not in _TARGETS or str(each.subject) == shape]
        ours = found(Validator(only).report(facts)[0])
        plain, seconds = _plainly(graph, to_rdflib(only), limit_seconds)
        outcomes.append(Outcome(shape.strip("<>").removeprefix(SHAPES), frozenset(ours), plain, seconds))
    return outcomes


def _plainly(graph: Any, shapes: Any, limit_seconds: float) -> tuple[frozenset[str] | None, float]:  # noqa: ANN401
    started = time.process_time()
    results = None
    with suppress(_TooLongError), _limited(limit_seconds):
        report = pyshacl.validate(graph, shacl_graph=shapes, inplace=True, do_owl_imports=False)[1]
        results = frozenset(found(report))
    return results, time.process_time() - started


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise _TooLongError

    signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _show(outcomes: Sequence[Outcome], triples: int, console: Console) -> None:
    table = Table("shape", "pedgraph", "pySHACL", "seconds of pySHACL", "")
    for each in sorted(outcomes, key=lambda outcome: -outcome.plain_seconds):
        is_same = each.plain == each.ours
        word = "not ended" if each.plain is None else "the same" if is_same else "DIFFERENT"
        plain = "" if each.plain is None else str(len(each.plain))
        table.add_row(each.shape, str(len(each.ours)), plain, f"{each.plain_seconds:.1f}", word)
    console.print(table)
    ended = [each for each in outcomes if each.plain is not None]
    same = sum(1 for each in ended if each.plain == each.ours)
    results = len(frozenset().union(*(each.ours for each in ended)))
    console.print(
        f"{triples:,} triples: {len(ended)} of {len(outcomes)} shapes ended, {same} of them with the same results "
        f"({results} in all), in {sum(each.plain_seconds for each in ended):,.0f} s of processor time of pySHACL.",
        markup=False,
    )


def main(arguments: Sequence[str]) -> None:
    """Runs the comparison and shows it; the exit code is 1 where a shape gives something else."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--triples", type=int, default=104_000, help="about so many")
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time for pySHACL on one shape")
    given = parser.parse_args(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=140)
    triples = invented(given.triples)
    outcomes = compare(triples, given.seconds, console)
    _show(outcomes, len(triples), console)
    if any(each.plain not in {None, each.ours} for each in outcomes):
        sys.exit(1)
