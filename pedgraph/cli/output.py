"""What people see on the terminal: progress, findings, versions. Results go to stdout, all else to stderr.

Whoever writes to stdout through this module does so within :func:`pedgraph.cli.streams.until_nobody_reads`.
"""

from __future__ import annotations

import csv
import io
import logging
import sys
import time
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pedgraph.intake.findings import Finding, Severity, count
from pedgraph.vocabulary.iris import compact
from pedgraph.vocabulary.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from pedgraph.store.manifest import Manifest

_QUIET_SECONDS = 1.0
_UNSEEN_WIDTH = 250
_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NAMES = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "hint"}


def set_up_logging(*, verbose: bool) -> None:
    """Logs go to stderr, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])
    logging.getLogger("asyncio").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


class _OneLine(logging.Formatter):
    """Names and addresses that others chose neither begin a line of the log nor steer a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (a name of the library)
        """The line, before what it says of an exception."""
        return visible(super().formatMessage(record))


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


def show_findings(source: str, findings: Sequence[Finding], *, to_stderr: bool = False) -> None:
    """Shows findings grouped by the thing that they are about, worst first."""
    console = _Console(stderr=to_stderr, highlight=False, soft_wrap=True)
    console.print(Text(f"{source}: {count(findings)}"))
    worst: dict[str, Severity] = {}
    for finding in findings:
        worst[finding.focus_node] = min(finding.severity, worst.get(finding.focus_node, finding.severity))
    by_node = sorted(findings, key=lambda finding: (worst[finding.focus_node], finding.focus_node, finding))
    for node, group in groupby(by_node, key=lambda finding: finding.focus_node):
        console.print(Text(f"\n{node}", style="bold"))
        for finding in group:
            console.print(_two_lines(finding))


def show_broken(broken: Sequence[Mapping[str, object]]) -> None:
    """Shows on stderr which promises of stored queries do not hold."""
    console = _Console(stderr=True, highlight=False, soft_wrap=True)
    for each in broken:
        console.print(Text.assemble((str(each["query"]), "bold"), f"  {each['problem']}: {each['detail']}"))


def show_versions(listed: Mapping[int, Manifest | None], current: int | None) -> None:
    """Shows versions by their numbers as a table, newest last; those without a manifest as damaged."""
    table = Table("", "version", "created", "quads", "graphs", "author", "reason", "release", box=SIMPLE_HEAD)
    for number, manifest in listed.items():
        mark = "→" if number == current else ""
        if manifest is None:
            table.add_row(mark, str(number), "damaged")
            continue
        table.add_row(
            mark,
            str(number),
            manifest.created.replace("T", " ").replace("+00:00", " UTC"),
            f"{manifest.quads:,}",
            str(len(manifest.graphs)),
            # What people wrote is no markup.
            Text(manifest.author),
            Text(manifest.reason),
            Text(manifest.release or ""),
        )
    stdout_console().print(table)


def show_submissions(listed: Sequence[Mapping[str, Any]]) -> None:
    """Shows submissions as a table; of those that were withdrawn only that they were."""
    table = Table("id", "state", "changed", "submitter", "file", "title", "version", box=SIMPLE_HEAD)
    for each in listed:
        sender = each.get("submitter", {}).get("name", "")
        changed = each["changed_at"][:16].replace("T", " ")
        cells = (each["id"], each["state"], changed, sender, each.get("file_name"), each.get("title"))
        table.add_row(*(Text(str(cell or "")) for cell in cells), str(each.get("version") or ""))
    stdout_console().print(table)


def show_submission(
    submission: Mapping[str, Any], events: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]]
) -> None:
    """Shows a submission, what happened to it, and what was found in it."""
    console = stdout_console()
    for name, value in submission.items():
        if isinstance(value, str | int) and value != "":
            console.print(Text.assemble((f"{name:<18}", "bold"), str(value)), soft_wrap=True)
    table = Table("when", "who", "what", "state", "why", box=SIMPLE_HEAD)
    for event in events:
        cells = (event["at"][:19].replace("T", " "), *(event[name] for name in ("who", "kind", "state", "comment")))
        table.add_row(*(Text(str(cell)) for cell in cells))
    console.print(table)
    show_findings(submission["file_name"], [Finding.from_json(dict(members)) for members in findings])


def show_solutions(content: bytes) -> None:
    """Shows solutions, given as CSV, as a table."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for column in rows[0] if rows else ():
        table.add_column(column, overflow="fold")
    for row in rows[1:]:
        table.add_row(*(compact(cell).strip("<>") if "://" in cell else cell for cell in row))
    stdout_console().print(table)


def show(what: RenderableType) -> None:
    """Shows a text as it is, or anything else that can be drawn."""
    stdout_console().print(what, markup=False, highlight=False, soft_wrap=isinstance(what, str))


class _Console(Console):
    """A console that leaves it to its caller what a reader who has had enough means."""

    def on_broken_pipe(self) -> None:
        # rich would end the process with exit code 1, which says here that data do not conform.
        raise  # noqa: PLE0704


def stdout_console() -> Console:
    """The console on stdout. Where nobody looks at the width, lines are not wrapped to one."""
    return _Console() if sys.stdout.isatty() else _Console(width=_UNSEEN_WIDTH)


def _two_lines(finding: Finding) -> Text:
    place = " ".join(compact(part) for part in finding.path.split(" | ") if part)
    value = f" = {finding.value}" if finding.value and finding.value != finding.focus_node else ""
    message = finding.message.removeprefix(finding.rule + ": ")
    severity = (f"  {_NAMES[finding.severity]:<9}", _STYLES[finding.severity])
    return Text.assemble(severity, f" {finding.rule}  {place}{value}\n            {message}")
