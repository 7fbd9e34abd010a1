"""Told findings on the terminal: grouped, each with its place as ``file:line:column`` or ``sheet!cell``.

Colour never says anything alone. Where nobody looks at the width there is no colour and no wrapping, so that lines can
be searched. What others wrote is shown without any power over the terminal.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pedgraph.cli.output import stdout_console
from pedgraph.intake.telling.words import Words, read_words
from pedgraph.vocabulary.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

_STYLES: Final = {"violation": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_SIGNS: Final = {"violation": "✖", "warning": "▲", "info": "●"}
_SHOWN_ALLOWED: Final = 12
# Excerpts help with the first ones of a kind; after these, places are enough.
_EXCERPTS_PER_GROUP: Final = 3
_EXCERPT_CHARACTERS: Final = 100
_FILE_WIDTH: Final = 250
# Below this the columns of a table would be too narrow for their words.
_NARROW: Final = 80
_LARGEST_SOURCE_BYTES: Final = 20 * 1024 * 1024


def show_told(files: Sequence[dict[str, Any]], *, to_stderr: bool = False) -> None:
    """Shows on stdout, or on stderr, what is told about some files."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream.isatty():
        print_told(Console(stderr=True) if to_stderr else stdout_console(), files)
    else:
        # What the encoding of a terminal or a pipe lacks must not end the report.
        encoding = stream.encoding or "utf-8"
        stream.write(plain_table(files).encode(encoding, "replace").decode(encoding))


def plain_table(files: Sequence[dict[str, Any]]) -> str:
    """The same as text for a file."""
    content = io.StringIO()
    print_told(Console(file=content, width=_FILE_WIDTH, color_system=None), files)
    return "\n".join(line.rstrip() for line in content.getvalue().split("\n"))


def summary(told: dict[str, Any]) -> str:
    """The true numbers in words, for example ``3 errors, 1 warning``."""
    words = read_words(told["language"])
    numbers = [(number, severity if number == 1 else f"{severity}s") for severity, number in told["counts"].items()]
    return ", ".join(f"{number:,} {words.phrase(name)}" for number, name in numbers if number) or words.phrase("clean")


def print_told(console: Console, files: Sequence[dict[str, Any]]) -> None:
    """Writes what is told about some files to a console."""
    for number, told in enumerate(files):
        if number:
            console.print()
        words, lines = read_words(told["language"]), _lines(told)
        for group in told["groups"]:
            console.print(_group(group, words, lines, is_narrow=console.width < _NARROW), highlight=False)
        console.print(_verdict(told, words), highlight=False, soft_wrap=True)


def _verdict(told: dict[str, Any], words: Words) -> Text:
    sign, style = ("✔", "bold green") if told["conforms"] else ("✖", "bold red")
    verdict = words.phrase("conforms" if told["conforms"] else "conforms_not")
    line = Text.assemble((f"{sign} ", style), f"{visible(told['source'])}: {summary(told)}")
    if told["total"]:
        line.append(f"  {verdict}", style)
    if told["left_out"]:
        line.append("  " + words.phrase("left_out_all", shown=f"{told['shown']:,}", total=f"{told['total']:,}"))
    return line


def _group(group: dict[str, Any], words: Words, lines: dict[str, Sequence[str]], *, is_narrow: bool) -> RenderableType:
    severity = group["severity"]
    head = Text.assemble(
        (f"{_SIGNS[severity]} {words.phrase(severity)}", _STYLES[severity]),
        f" {group['rule']}",
        (f" x {group['count']:,}", "dim"),
    )
    if group["property"]["label"]:
        head.append(f"  {visible(group['property']['label'])}", "bold")
    parts: list[RenderableType] = [head, Padding(Text(visible(group["problem"])), (0, 0, 0, 2))]
    if group["fix"]:
        parts.append(Padding(Text(f"→ {visible(group['fix'])}"), (0, 0, 0, 2)))
    if group["allowed"]:
        parts.append(Padding(Text(_allowed(group, words), style="dim"), (0, 0, 0, 2)))
    parts.append(Padding(_list(group, words) if is_narrow else _table(group, words), (0, 0, 0, 2)))
    parts += [Padding(each, (0, 0, 0, 4)) for each in _excerpts(group["findings"], lines)]
    if group["left_out"]:
        parts.append(Padding(Text(words.phrase("left_out", number=f"{group['left_out']:,}")), (0, 0, 0, 2)))
    return Group(*parts, Text())


def _allowed(group: dict[str, Any], words: Words) -> str:
    labels = [visible(each["label"]) for each in group["allowed"][:_SHOWN_ALLOWED]]
    more = group["findings"][0]["allowed_count"] - len(labels)
    rest = f" {words.phrase('and_more', number=more)}" if more > 0 else ""
    return f"{words.phrase('write')}: {', '.join(labels)}{rest}"


def _table(group: dict[str, Any], words: Words) -> Table:
    findings = group["findings"]
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    table.add_column(words.phrase("place"), overflow="fold", style="bold")
    table.add_column(words.phrase("about"), overflow="fold")
    has_found, has_nearest = any(each["found"] for each in findings), any(each["nearest"] for each in findings)
    if has_found:
        table.add_column(words.phrase("found"), overflow="fold")
    if has_nearest:
        table.add_column(words.phrase("nearest"), overflow="fold", style="green")
    is_alike = len({each["problem"] for each in findings}) == 1
    for each in findings:
        cells = [each["place"] or "-", each["entity"]["label"]]
        cells += [each["found"]] if has_found else []
        cells += [(each["nearest"] or {"label": ""})["label"]] if has_nearest else []
        table.add_row(*(Text(visible(cell)) for cell in cells))
        if not is_alike:
            table.add_row("", Text(visible(each["problem"]), style="dim"))
    return table


def _list(group: dict[str, Any], words: Words) -> RenderableType:
    """The findings one below the other, each part on a line of its own."""
    findings = group["findings"]
    is_alike = len({each["problem"] for each in findings}) == 1
    text = Text()
    for each in findings:
        text.append(f"{visible(each['place']) or '-'}\n", "bold")
        nearest = (each["nearest"] or {"label": ""})["label"]
        parts = [("about", each["entity"]["label"]), ("found", each["found"]), ("nearest", nearest)]
        for name, part in parts:
            if part:
                text.append(f"  {words.phrase(name)}: ", "dim").append(f"{visible(part)}\n")
        if not is_alike:
            text.append(f"  {visible(each['problem'])}\n", "dim")
    text.rstrip()
    return text


def _excerpts(findings: Sequence[dict[str, Any]], lines: dict[str, Sequence[str]]) -> Iterator[Text]:
    """The lines that the first findings stand in, with a caret under the place."""
    shown: set[tuple[str, int]] = set()
    for finding in findings:
        position = finding["position"]
        where = (position["source"], position["line"])
        text = lines.get(position["source"], ())
        if not 0 < position["line"] <= len(text) or position["cell"] or where in shown:
            continue
        if len(shown) == _EXCERPTS_PER_GROUP:
            return
        shown.add(where)
        yield _excerpt(text[position["line"] - 1], position["line"], position["column"])


def _excerpt(line: str, number: int, column: int) -> Text:
    start = max(0, column - 1 - _EXCERPT_CHARACTERS // 2) if len(line) > _EXCERPT_CHARACTERS else 0
    part = visible(line[start : start + _EXCERPT_CHARACTERS].replace("\t", " "))
    margin = f"{number:>5} │ "
    excerpt = Text.assemble((margin, "dim"), part, no_wrap=True, overflow="ellipsis")
    if column:
        before = Text(part[: column - 1 - start]).cell_len
        excerpt.append(f"\n{'│ '.rjust(len(margin))}", "dim").append(" " * before).append("^", "bold red")
    return excerpt


def _lines(told: dict[str, Any]) -> dict[str, Sequence[str]]:
    """The lines of the file that was checked, where it is a text that can be read once more."""
    positions = [finding["position"] for group in told["groups"] for finding in group["findings"]]
    is_text = any(each["line"] and not each["cell"] for each in positions)
    return {told["source"]: _read(Path(told["source"]))} if is_text else {}


def _read(path: Path) -> Sequence[str]:
    try:
        if path.stat().st_size > _LARGEST_SOURCE_BYTES or not path.is_file():
            return ()
        return path.read_bytes().decode(errors="replace").split("\n")
    except (OSError, ValueError):
        return ()
