"""The figures as tables: on the terminal with rich, and as Markdown in ``results.md``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.table import Table

from benchmarks.figures import AIMS, RDFLIB, STOCK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from benchmarks.figures import Figures, Run

_RATIO_COLUMNS: Final = (
    "kind", "mode", "connections", "server", "requests/s", "to oxigraph", "aim", "to rdflib-endpoint", "aim",
)  # fmt: skip
_RUN_COLUMNS: Final = (
    "kind", "mode", "connections", "server", "requests/s", "p50 ms", "p99 ms", "failed", "to oxigraph",
)  # fmt: skip
_FOOTPRINT_COLUMNS: Final = ("server", "seconds to start", "memory MiB")
_SINGLE_COLUMNS: Final = ("what", "value", "aim")
_MISSED: Final = " (missed)"


def tables(figures: Figures) -> list[tuple[str, Sequence[str], list[list[str]]]]:
    """All tables: title, column names, rows."""
    found: list[tuple[str, Sequence[str], list[list[str]]]] = []
    for quads in sorted({run.quads for run in figures.runs}):
        size = f"{quads:,} quads"
        ratios = [_ratio_row(figures, run) for run in figures.of_ours() if run.quads == quads]
        found.append((f"Ratios, {size}", _RATIO_COLUMNS, ratios))
        runs = [_run_row(figures, run) for run in figures.runs if run.quads == quads]
        found.append((f"Throughput and latency, {size}", _RUN_COLUMNS, runs))
        footprints = [
            [each.server, f"{each.start_seconds:.1f}", f"{each.memory_mebibytes:.0f}"]
            for each in figures.footprints
            if each.quads == quads
        ]
        found.append((f"Start and memory, {size}", _FOOTPRINT_COLUMNS, footprints))
    if figures.singles:
        singles = [[each.what, f"{_short(each.value)} {each.unit}".strip(), each.aim] for each in figures.singles]
        found.append(("Other figures", _SINGLE_COLUMNS, singles))
    return found


def show(figures: Figures, console: Console) -> None:
    """Prints all tables."""
    for title, columns, rows in tables(figures):
        table = Table(title=title, title_justify="left", header_style="bold")
        for index, column in enumerate(columns):
            table.add_column(column, justify="right" if index and _is_number(rows, index) else "left")
        for _, same_kind in groupby(rows, key=lambda row: row[:2]):
            for row in same_kind:
                table.add_row(*row, style="red" if any(cell.endswith(_MISSED) for cell in row) else None)
        console.print(table)
    console.print(agreement(figures), markup=False)


def write_markdown(figures: Figures, path: Path, plot: str) -> None:
    """Writes the tables as a Markdown file that shows the plot of that name."""
    lines = ["# Benchmarks", "", "Written by `make bench`; do not edit.", ""]
    lines += [f"- {name}: {value}" for name, value in figures.about.items()]
    lines += ["", agreement(figures), "", f"![Requests per second of each server]({plot})", ""]
    for title, columns, rows in tables(figures):
        lines += [f"## {title}", "", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")


def agreement(figures: Figures) -> str:
    """One paragraph on whether all servers answered alike."""
    if not figures.differences:
        return "Before the runs, all servers gave the same rows for a sample of all queries."
    return "\n".join(["The servers did not answer alike:", *(f"- {each}" for each in figures.differences)])


def _ratio_row(figures: Figures, run: Run) -> list[str]:
    cells = [run.kind, run.mode, str(run.connections), run.server, f"{run.per_second:,.0f}"]
    for server in (STOCK, RDFLIB):
        ratio, aim = figures.ratio(run, server), AIMS.get((server, run.kind, run.mode))
        missed = _MISSED if ratio is not None and aim is not None and ratio < aim else ""
        cells += ["-" if ratio is None else _short(ratio) + missed, "-" if aim is None else _short(aim)]
    return cells


def _run_row(figures: Figures, run: Run) -> list[str]:
    ratio = figures.ratio(run, STOCK)
    return [
        run.kind,
        run.mode,
        str(run.connections),
        run.server,
        f"{run.per_second:,.1f}" if run.per_second < 100 else f"{run.per_second:,.0f}",  # noqa: PLR2004
        f"{run.p50_ms:,.2f}",
        f"{run.p99_ms:,.2f}",
        str(run.failed),
        "-" if ratio is None else _short(ratio),
    ]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004


def _is_number(rows: list[list[str]], index: int) -> bool:
    return all(row[index][:1].isdigit() or row[index] == "-" for row in rows)
