"""The comparison of SHACL engines as tables: on the terminal, and as Markdown in ``results-shacl.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from benchmarks.shacl_figures import AIM, PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from benchmarks.shacl_figures import Figures, Measured

_COLUMNS: Final = (
    "triples", "engine", "processor s", "load s", "check s", "memory MiB", "results", "set", "times pedgraph",
)  # fmt: skip


def rows(figures: Figures) -> list[list[str]]:
    """One row for each engine and data set."""
    return [_row(figures, each) for each in figures.measured]


def _row(figures: Figures, one: Measured) -> list[str]:
    times = figures.times(one)
    ratio = "-" if times is None else f"{times:.3g}" if times < 100 else f"{times:,.0f}"  # noqa: PLR2004
    more = "" if one.is_done else "more than "
    kept = " (kept)" if one.is_kept else ""
    if one.engine == PLAIN and times is not None and one.is_done:
        ratio += "" if times >= AIM else f" (missed: {AIM:.0f})"
    if not one.is_done:
        return [f"{one.triples:,}", one.engine, f"{more}{one.cpu_seconds:.0f}", "-", "-", "-", "-", "-", more + ratio]
    return [
        f"{one.triples:,}", one.engine, f"{one.cpu_seconds:.1f}{kept}", f"{one.load_seconds:.1f}",
        f"{one.validate_seconds:.1f}", f"{one.memory_mebibytes:.0f}", f"{one.results:,}" if one.results else "-",
        _set(one), ratio,
    ]  # fmt: skip


def _set(one: Measured) -> str:
    if not one.reference:
        return "-"
    if not one.missing and not one.additional:
        return f"that of {one.reference}"
    if not one.missing_by_value and not one.additional_by_value:
        return f"that of {one.reference}, numbers written otherwise"
    return f"{one.missing_by_value} missing, {one.additional_by_value} more than {one.reference}"


def growths(figures: Figures) -> list[str]:
    """How the time grows with the data, for each engine that ended on the two largest data sets."""
    engines = dict.fromkeys(each.engine for each in figures.measured)
    found = [(engine, figures.growth(engine)) for engine in engines]
    return [
        f"{engine}: {growth[0]:.1f} times the data, {growth[1]:.1f} times the time"
        for engine, growth in found
        if growth
    ]


def show(figures: Figures, console: Console) -> None:
    """Prints all figures."""
    table = Table(title="SHACL engines", title_justify="left", header_style="bold")
    for index, column in enumerate(_COLUMNS):
        table.add_column(column, justify="left" if index in {1, 7} else "right")
    for row in rows(figures):
        table.add_row(*row, style="red" if "missed" in row[-1] else None)
    console.print(table)
    for line in [*growths(figures), *figures.differences]:
        console.print(line, markup=False, highlight=False)


def write_markdown(figures: Figures, path: Path, plot: str) -> None:
    """Writes the figures as a Markdown file that shows the plot of that name."""
    lines = ["# SHACL engines", "", 'Written by `make bench ARGS="--only shacl"`; do not edit.', ""]
    lines += [f"- {name}: {value}" for name, value in figures.about.items()]
    lines += ["", f"![Processor time of each engine by size of the data]({plot})", ""]
    lines += [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows(figures)]
    lines += ["", "## From the smaller to the larger of the two last data sets", ""]
    lines += [f"- {each}" for each in growths(figures)]
    lines += ["", "## Where engines differ, numbers compared by value", ""]
    lines += [f"- `{each}`" for each in figures.differences] or ["Nowhere."]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
