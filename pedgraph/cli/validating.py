"""The command that checks files, and what it writes about them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pedgraph.cli.streams import STDIN, complain, open_output, source_name, until_nobody_reads
from pedgraph.errors import EXIT_DOES_NOT_CONFORM, EXIT_ERROR, InputError, PedgraphError
from pedgraph.settings import load_settings
from pedgraph.vocabulary.media import RDF_FORMATS, TURTLE, find_format

if TYPE_CHECKING:
    from collections.abc import Sequence

Output = Literal["table", "json", "html", "sarif", "turtle", "jsonld", "ntriples", "xlsx"]


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files of data, or - for stdin.")],
    output_format: Annotated[
        Output, typer.Option("--format", "-f", help="In what form to write what was found.")
    ] = "table",
    input_format: Annotated[
        str | None, typer.Option("--input-format", help="Format of the files; default: by suffix, Turtle for stdin.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of the messages: en, nl, de, fr, es.")
    ] = "en",
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = STDIN,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,  # noqa: FBT002
) -> None:
    """Check files against the rules. Exit code 0: all conform, 1: one does not, 2: one cannot be read.

    Warnings do not keep a file from conforming.
    """
    from pedgraph.intake.messages import read_catalogue

    read_catalogue(language)
    chosen: Output = "json" if as_json else output_format
    if chosen == "xlsx" and len(files) > 1:
        raise InputError("One workbook holds the findings about one file. Name one.")
    told, has_failed = _check_all(files, input_format, language)
    if told or not has_failed:
        _write(chosen, told, files[0], output)
    if has_failed:
        raise typer.Exit(EXIT_ERROR)
    if not all(each["conforms"] for each in told):
        raise typer.Exit(EXIT_DOES_NOT_CONFORM)


def _check_all(files: Sequence[str], input_format: str | None, language: str) -> tuple[list[dict[str, Any]], bool]:
    """What is told about each file that can be checked, and whether there is one that cannot."""
    from pedgraph.cli.checking import check_inputs
    from pedgraph.cli.output import progress
    from pedgraph.delivery.findings.files import told_file

    inputs = [(file, _media_type(input_format, file)) for file in files]
    told, has_failed = [], False
    with progress() as report:
        report(f"Checking {source_name(files[0])}", 0, len(files))
        outcomes = zip(files, check_inputs(inputs, load_settings(), language), strict=True)
        for number, (file, checked) in enumerate(outcomes, start=1):
            report(f"Checked {source_name(file)}", number, len(files))
            if isinstance(checked, PedgraphError):
                complain(checked)
                has_failed = True
            else:
                told.append(told_file(checked.as_json(), language, source_name(file)))
    return told, has_failed


def _media_type(name: str | None, file: str) -> str:
    """The media type that a file is said to be of; empty where its suffix has to say it."""
    if name is None:
        return TURTLE.media_type if file == STDIN else ""
    found = find_format(name, RDF_FORMATS)
    if found is None:
        known = ", ".join(each.name for each in RDF_FORMATS)
        raise InputError(f"Its format is not known. Name one with --input-format: {known}.", source=source_name(file))
    return found.media_type


def _write(chosen: Output, told: Sequence[dict[str, Any]], file: str, output: str) -> None:
    if chosen == "table" and output == STDIN:
        from pedgraph.cli.findings import show_told

        with until_nobody_reads():
            show_told(told)
        return
    content = _content(chosen, told, file)
    if output == STDIN:
        with until_nobody_reads():
            sys.stdout.buffer.write(content)
        return
    with open_output(output) as opened:
        opened.write(content)


def _content(chosen: Output, told: Sequence[dict[str, Any]], file: str) -> bytes:
    """What was found, in a form for files."""
    if chosen == "table":
        from pedgraph.cli.findings import plain_table

        return plain_table(told).encode()
    if chosen == "json":
        return _json(told[0] if len(told) == 1 else list(told))
    if chosen == "sarif":
        from pedgraph.delivery.findings.sarif import sarif

        return _json(sarif(told))
    if chosen == "html":
        from pedgraph.delivery.findings.page import findings_page

        return findings_page([(each, _text(each["source"])) for each in told])
    if chosen == "xlsx":
        return _marked(told[0], file)
    from pedgraph.delivery.findings.files import shown_findings
    from pedgraph.delivery.reports import report

    rdf_format = find_format(chosen, RDF_FORMATS)
    assert rdf_format is not None
    findings = [finding for each in told for finding in shown_findings(each)]
    return report(findings, rdf_format, told[0]["language"])


def _marked(told: dict[str, Any], file: str) -> bytes:
    from pedgraph.delivery.findings.files import shown_findings
    from pedgraph.intake.tables.marking import mark

    if file == STDIN:
        raise InputError("Only a file can be marked.", source=source_name(file))
    return mark(Path(file), shown_findings(told), told["language"])


def _text(source: str) -> str:
    """The text of a file, as far as it is one; nothing of standard input, which can be read only once."""
    try:
        return Path(source).read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _json(members: object) -> bytes:
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")
