"""What people see on the terminal: progress, findings, versions. Results go to stdout, all else to stderr."""

from __future__ import annotations

import csv
import io
import logging
import os
import sys
import time
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pedgraph.intake.findings import Finding, Severity, count
from pedgraph.vocabulary.iris import compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pedgraph.store.manifest import Manifest

_QUIET_SECONDS = 1.0
_UNSEEN_WIDTH = 250
_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NAMES = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "hint"}


def set_up_logging(*, verbose: bool) -> None:
    """Logs go to stderr, one line each."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("asyncio").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Gives a function that shows what is being done, and how many steps of how many are behind.

    On a terminal as a bar; otherwise as a line per step, and only for work that takes longer than a second.
    """
    if sys.stderr.isatty():
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda text, done, total: bar.update(task, description=text, completed=done, total=total)
    else:
        started = time.monotonic()

        def line(text: str, done: int, total: int) -> None:
            if time.monotonic() - started > _QUIET_SECONDS:
                print(f"[{done}/{total}] {text}", file=sys.stderr, flush=True)  # noqa: T201

        yield line


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """Ends the writing to standard output without a fuss when its reader, such as ``head``, has had enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python still holds for the closed pipe goes nowhere when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show_findings(source: str, findings: Sequence[Finding], *, to_stderr: bool = False) -> None:
    """Shows findings grouped by the thing that they are about, worst first."""
    console = Console(stderr=to_stderr, highlight=False, soft_wrap=True)
    console.print(f"{source}: {count(findings)}", markup=False)
    by_node = sorted(findings, key=lambda finding: (_worst(finding, findings), finding.focus_node, finding))
    for node, group in groupby(by_node, key=lambda finding: finding.focus_node):
        console.print(f"\n{node}", style="bold", markup=False)
        for finding in group:
            place = " ".join(compact(part) for part in finding.path.split(" | ") if part)
            value = f" = {finding.value}" if finding.value and finding.value != node else ""
            console.print(f"  {_NAMES[finding.severity]:<9}", style=_STYLES[finding.severity], end=" ", markup=False)
            console.print(f"{finding.rule}  {place}{value}", markup=False)
            console.print(f"            {finding.message.removeprefix(finding.rule + ': ')}", markup=False)


def show_versions(manifests: Sequence[Manifest], current: int | None) -> None:
    """Shows versions as a table, newest last."""
    table = Table("", "version", "created", "quads", "graphs", "author", "reason", "release", box=SIMPLE_HEAD)
    for each in manifests:
        mark = "→" if each.version == current else ""
        table.add_row(
            mark,
            str(each.version),
            each.created.replace("T", " ").replace("+00:00", " UTC"),
            f"{each.quads:,}",
            str(len(each.graphs)),
            each.author,
            each.reason,
            each.release or "",
        )
    _stdout().print(table)


def show_solutions(content: bytes) -> None:
    """Shows solutions, given as CSV, as a table."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for column in rows[0] if rows else ():
        table.add_column(column, overflow="fold")
    for row in rows[1:]:
        table.add_row(*(compact(cell).strip("<>") if "://" in cell else cell for cell in row))
    _stdout().print(table)


def _stdout() -> Console:
    """Where nobody looks at the width, lines are not wrapped to one."""
    return Console() if sys.stdout.isatty() else Console(width=_UNSEEN_WIDTH)


def _worst(finding: Finding, findings: Sequence[Finding]) -> Severity:
    return min(each.severity for each in findings if each.focus_node == finding.focus_node)
