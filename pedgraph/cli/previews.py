"""Previews on the terminal: what a submission would change, in plain words."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from pedgraph.cli.output import progress, show
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.delivery.preview_words import words
from pedgraph.errors import EXIT_DOES_NOT_CONFORM
from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from pedgraph.settings import Settings

_COUNTS = ("added", "removed", "changed", "derived", "repeated", "kept", "derived_elsewhere")
_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}

Json = dict[str, Any]


def preview(
    file: Annotated[Path, typer.Argument(help="A file in any form that is accepted.")],
    graph: Annotated[str, typer.Option("--graph", "-g", help="IRI of the graph that the file would become.")],
    replaces: Annotated[list[str] | None, typer.Option(help="IRI of a graph that would go; may be repeated.")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Language: en, nl, de, fr, es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Write the preview as JSON.")] = False,  # noqa: FBT002
    home: Annotated[Path | None, typer.Option("--home", help="Folder of the versions (PEDGRAPH_HOME).")] = None,
) -> None:
    """Show what a file would change in the current version, without publishing or keeping anything.

    Exit code 0: it conforms, 1: it does not, 2: it cannot be tried.
    """
    settings = load_settings(home=home)
    with progress() as report:
        report(f"Trying {file.name}", 0, 1)
        found, does_conform = asyncio.run(_preview_file(settings, file, graph, replaces or [], language))
        report(f"Tried {file.name}", 1, 1)
    with until_nobody_reads():
        if as_json:
            show(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            show_preview(found)
    if not does_conform:
        raise typer.Exit(EXIT_DOES_NOT_CONFORM)


def show_preview(found: Mapping[str, Any]) -> None:
    """Shows a preview, given as its JSON object."""
    show(Group(*_parts(found)))


async def _preview_file(
    settings: Settings, file: Path, graph: str, replaces: Sequence[str], language: str
) -> tuple[Json, bool]:
    from pedgraph.errors import InputError
    from pedgraph.intake.checking.checks import Check
    from pedgraph.intake.checking.service import CheckService
    from pedgraph.intake.submissions.impact.service import PreviewService

    with tempfile.TemporaryDirectory() as folder:
        data_path = Path(folder) / "data.nt"
        check = Check(file, file.name, graph=graph, replaces=next(iter(replaces), ""), data_path=data_path)
        async with CheckService(settings) as checks:
            checked = await checks.run(check)
        if not data_path.is_file():
            raise InputError(
                "It cannot be read, so there is nothing to try; see 'pedgraph validate'.", source=str(file)
            )
        service = PreviewService(settings, language)
        return await service.of_file(data_path, graph, checked.findings, replaces), checked.conforms


def _parts(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    said = words(found["language"])
    yield Text(said["title"], style="bold")
    yield Text(said["compared"].format(version=found["version"]), style="dim")
    if found["changes_nothing"]:
        yield Text(said["nothing"])
    numbers = [f"{found['counts'][name]:,} {said[name]}" for name in _COUNTS if found["counts"].get(name)]
    yield Text("; ".join(numbers))
    for each in found["answers"]["broken"]:
        yield _heading(said["broken"])
        yield Text.assemble((f"  {each['query']} ", "bold red"), each["detail"])
    for name in ("conflicts", "settled"):
        if found[name]:
            yield _heading(said[name], found["counts"][name])
            yield _conflicts(found[name], said)
    if found["statuses"]:
        yield _heading(said["statuses"], found["counts"]["statuses"])
        yield _statuses(found["statuses"], said)
    yield from _duplicates(found["duplicates"], said)
    yield from _findings(found["findings"], said)
    yield from _facts(found, said)
    yield from _answers(found, said)


def _heading(text: str, count: int | None = None) -> Text:
    number = "" if count is None else f" {count:,}"
    return Text.assemble("\n", (text, "bold"), (number, "dim"))


def _table(said: Mapping[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for name in ("about", "now", "with"):
        table.add_column(said[name], overflow="fold")
    return table


def _conflicts(conflicts: Sequence[Json], said: Mapping[str, str]) -> Table:
    table = _table(said)
    for each in conflicts:
        sides = [_said_by(each[side]) for side in ("now", "submitted")]
        table.add_row(Text.assemble(each["entity"]["label"], "\n", (each["aspect"], "dim")), *sides)
    return table


def _said_by(side: Json) -> Text:
    who = ", ".join(part for part in (side["source"], side["stated"]) if part)
    return Text.assemble(side["value"], "\n", (who, "dim"))


def _statuses(statuses: Sequence[Json], said: Mapping[str, str]) -> Table:
    table = _table(said)
    for each in statuses:
        values = [Text(each[side] or said["none"]) for side in ("before", "after")]
        table.add_row(Text(f"{each['entity']['label']}, {each['year']}"), *values)
    return table


def _duplicates(duplicates: Sequence[Json], said: Mapping[str, str]) -> Iterator[Text]:
    if duplicates:
        yield _heading(said["duplicates"])
    for each in duplicates:
        words_between = said["same name" if each["is_same_name"] else "like name"]
        yield Text(f"  {each['entity']['label']} {words_between} {each['other']['label']} ({each['other']['iri']})")


def _findings(findings: Json, said: Mapping[str, str]) -> Iterator[Text]:
    for kind in ("new", "gone", "known"):
        if findings[kind]:
            yield _heading(f"{said['findings']}: {said['findings ' + kind]}", findings["counts"][kind])
        for each in findings[kind]:
            severity = each["severity"]
            yield Text.assemble((f"  {said[severity]} ", _STYLES[severity]), f"{each['entity']}  {each['message']}")
        yield from _more(findings["counts"][kind] - len(findings[kind]), said)


def _facts(found: Mapping[str, Any], said: Mapping[str, str]) -> Iterator[Text]:
    if found["entities"]:
        yield _heading(said["facts"])
    for each in found["entities"]:
        marks = [said[name] for name in ("new", "gone") if each[f"is_{name}"]]
        yield Text.assemble((f"  {each['entity']['label']}", "bold"), (f" {' '.join(marks)}", "dim"))
        for fact in each["facts"]:
            sign, style = _SIGNS[fact["effect"]]
            values = " → ".join(value for value in (fact["before"], fact["after"]) if value)
            note = f"  ({said['derived']})" if fact["is_derived"] else ""
            yield Text.assemble((f"    {sign} ", style), f"{fact['subject']}: {values}", (note, "dim"))
        yield from _more(each["count"] - len(each["facts"]), said, "    ")
    yield from _more(found["counts"]["entities"] - len(found["entities"]), said)


def _answers(found: Mapping[str, Any], said: Mapping[str, str]) -> Iterator[Text]:
    answers = found["answers"]
    if answers["changed"]:
        yield _heading(said["answers"], len(answers["changed"]))
    for each in answers["changed"]:
        rows = f"{each['rows_before']:,} → {each['rows_after']:,} {said['rows']}"
        yield Text.assemble((f"  {each['title']} ", "bold"), (f"{each['query']}: {rows}", "dim"))
        for effect in ("removed", "added"):
            sign, style = _SIGNS[effect]
            for row in each[effect]:
                yield Text.assemble((f"    {sign} ", style), " · ".join(cell for cell in row if cell))
            yield from _more(each[f"{effect}_count"] - len(each[effect]), said, "    ")
    yield Text("\n" + said["unchanged"].format(count=answers["unchanged"]), style="dim")
    late = [*found["not_compared"], *answers["not_compared"]]
    if late:
        yield Text(said["not compared"].format(names=", ".join(late)), style="yellow")


def _more(count: int, said: Mapping[str, str], indent: str = "  ") -> Iterator[Text]:
    if count > 0:
        yield Text(indent + said["more"].format(count=f"{count:,}"), style="dim")
