"""What the comparison of SHACL engines finds out, as plain data that goes into ``results-shacl.json``."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OURS: Final = "pedgraph"
WHOLE: Final = "pedgraph validate"
PLAIN: Final = "pyshacl"
TURBO: Final = "pyshacl-turbo"
RUDOF: Final = "pyrudof"
# How many times the speed of plain pySHACL is aimed at.
AIM: Final = 20.0
_SHOWN: Final = 12


@dataclass(frozen=True)
class Measured:
    """One engine on one data set. Without results where it was ended after its limit of processor time.

    ``missing`` and ``additional`` are against the reference: plain pySHACL where it ended, else pedgraph. The last two
    say the same where numbers are compared by value.
    """

    triples: int
    engine: str
    is_done: bool
    cpu_seconds: float
    load_seconds: float = 0.0
    validate_seconds: float = 0.0
    memory_mebibytes: float = 0.0
    results: int = 0
    is_kept: bool = False
    reference: str = ""
    missing: int = 0
    additional: int = 0
    missing_by_value: int = 0
    additional_by_value: int = 0


@dataclass
class Figures:
    """All figures of one comparison, with examples of where engines differ."""

    about: dict[str, str] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def add(self, triples: int, outcomes: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes in what the engines said of one data set."""
        done = {engine: outcome for engine, outcome in outcomes.items() if outcome["is_done"] and "results" in outcome}
        reference = PLAIN if PLAIN in done else OURS
        wanted = set(done[reference]["results"]) if reference in done else set()
        for engine, outcome in outcomes.items():
            results = set(outcome.get("results", []))
            counts = {}
            if engine in done and engine != reference and wanted:
                counts = self._compared(f"{triples:,} triples, {engine}", results, wanted) | {"reference": reference}
            names = ("cpu_seconds", "load_seconds", "validate_seconds", "memory_mebibytes", "is_done", "is_kept")
            known = {name: outcome[name] for name in names if name in outcome}
            self.measured.append(Measured(triples, engine, results=len(results), **known, **counts))

    def _compared(self, where: str, results: set[str], wanted: set[str]) -> dict[str, Any]:
        by_value, wanted_by_value = {_by_value(each) for each in results}, {_by_value(each) for each in wanted}
        for what, several in (("lacks", wanted_by_value - by_value), ("adds", by_value - wanted_by_value)):
            self.differences += [f"{where} {what}: {each}" for each in sorted(several)[:_SHOWN]]
        return {
            "missing": len(wanted - results),
            "additional": len(results - wanted),
            "missing_by_value": len(wanted_by_value - by_value),
            "additional_by_value": len(by_value - wanted_by_value),
        }

    def of(self, triples: int, engine: str) -> Measured | None:
        """An engine on data of a size."""
        found = (each for each in self.measured if (each.triples, each.engine) == (triples, engine))
        return next(found, None)

    def times(self, one: Measured) -> float | None:
        """How many times faster pedgraph is, in processor time."""
        ours = self.of(one.triples, OURS)
        return one.cpu_seconds / ours.cpu_seconds if ours and ours.is_done and ours.cpu_seconds else None

    def growth(self, engine: str) -> tuple[float, float] | None:
        """The factors of data and of processor time from the last data set but one to the last."""
        done = [each for each in self.measured if each.engine == engine and each.is_done]
        if len(done) < 2:  # noqa: PLR2004
            return None
        small, large = sorted(done, key=lambda each: each.triples)[-2:]
        return large.triples / small.triples, large.cpu_seconds / small.cpu_seconds

    def write(self, path: Path) -> None:
        """Writes the figures as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_figures(path: Path) -> Figures:
    """Reads what :meth:`Figures.write` wrote."""
    members: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Figures(members["about"], [Measured(**each) for each in members["measured"]], members["differences"])


def _by_value(result: str) -> str:
    """A result with its value, where that is a number, in its shortest form."""
    focus_node, path, *value, component, severity = result.split(" ")
    if len(value) == 1:
        with suppress(InvalidOperation):
            value = [f"{Decimal(value[0]).normalize():f}"]
    return " ".join([focus_node, path, *value, component, severity])
