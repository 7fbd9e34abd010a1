"""The command that hands out templates for data."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pedgraph.cli.streams import STDIN, open_output, until_nobody_reads
from pedgraph.errors import OutputError

if TYPE_CHECKING:
    from pedgraph.intake.tables.templates import TemplateFile


def template(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="A kind of thing, such as districts; default: all kinds together.")
    ] = "pedgraph",
    format_name: Annotated[
        Literal["xlsx", "csv", "zip"],
        typer.Option("--format", "-f", help="A workbook, a lone CSV file, or an archive of CSV files."),
    ] = "xlsx",
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of headers, codes and help: en, nl, de, fr, es.")
    ] = "en",
    example: Annotated[bool, typer.Option("--example", help="Filled in, with invented things.")] = False,  # noqa: FBT002
    bom: Annotated[bool, typer.Option("--bom", help="Mark CSV as UTF-8, which Excel needs for accents.")] = False,  # noqa: FBT002
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File to write, or - for stdout; default: a new one here.")
    ] = None,
) -> None:
    """Write a template to fill in: the workbook of all kinds, or of one, or CSV."""
    from pedgraph.intake.tables.templates import Templates

    made = Templates().file(kind, format_name, language, is_example=example, has_byte_order_mark=bom)
    if output == STDIN:
        with until_nobody_reads():
            sys.stdout.buffer.write(made.content)
        return
    _write(made, output)


def templates(
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of titles, columns and codes: en, nl, de, fr, es.")
    ] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Write all about them, columns too, as JSON.")] = False,  # noqa: FBT002
) -> None:
    """List the templates that there are."""
    from pedgraph.intake.tables.templates import Templates

    listed = Templates().list(language)
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        else:
            width = max(len(each["name"]) for each in listed)
            for each in listed:
                typer.echo(f"{each['name']:{width}}  {each['title']} ({', '.join(each['formats'])})")


def _write(made: TemplateFile, output: str | None) -> None:
    if output is None and Path(made.file_name).exists():
        # It may be filled in already.
        raise OutputError("It is there already. Name another one with --output.", source=made.file_name)
    with open_output(output or made.file_name) as file:
        file.write(made.content)
    typer.echo(f"Written: {output or made.file_name}.", err=True)
