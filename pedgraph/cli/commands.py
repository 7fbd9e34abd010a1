"""The commands and their options. Each hands on to the services; nothing is decided here."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pedgraph import __version__
from pedgraph.cli import following, importing, keys, ontology, previews, reviewing, submitting, templates, validating
from pedgraph.cli.building import prepare, run_build
from pedgraph.cli.streams import complain, open_output, until_nobody_reads
from pedgraph.errors import EXIT_DOES_NOT_CONFORM, InputError, StoreError
from pedgraph.settings import Settings, load_settings, table
from pedgraph.store.chronicle import roll_back
from pedgraph.store.manifest import Manifest, read_manifest
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.media import N_QUADS, RDF_FORMATS, TURTLE, Format, find_format, format_of_suffix

_EPILOG = "Settings, as environment variables:\n\n" + "\n\n".join(
    f"{name}: {text} (default {default})" for name, default, text in table()
)

app = typer.Typer(
    name="pedgraph",
    help="The linked-data knowledge graph of Europe's Positive Energy Districts.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(validating.validate)
app.command()(ontology.diff)
app.command()(ontology.release)
app.command()(previews.preview)
app.add_typer(keys.app)
app.command("audit")(keys.audit_log)
app.command()(submitting.submit)
app.add_typer(importing.app, name="import")
app.add_typer(reviewing.app, name="review")
app.command()(templates.template)
app.command()(templates.templates)
app.command()(following.follow)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Folder of the versions (PEDGRAPH_HOME).")]
VersionOption = Annotated[
    str | None,
    typer.Option("--version", help="Version by number, date (2026-11-22), time or release; default: the current."),
]


def _show_version(value: bool) -> None:  # noqa: FBT001
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _common(
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more, including the texts of queries.")] = False,
    _: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    from pedgraph.cli.output import set_up_logging

    set_up_logging(verbose=verbose)


@app.command()
def build(
    data: Annotated[Path | None, typer.Option(help="Folder of the curated data; default: what pedgraph ships.")] = None,
    release: Annotated[str | None, typer.Option(help="Names the version, which keeps it from being pruned.")] = None,
    home: HomeOption = None,
) -> None:
    """Build a version from the curated data, from scratch, and make it the current one."""
    run_build(load_settings(home=home), data, release)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Number of web processes (PEDGRAPH_WORKERS).")] = None,
    home: HomeOption = None,
) -> None:
    """Serve the graph over HTTP; builds it first where there is none."""
    settings = load_settings(host=host, port=port, workers=workers, home=home)
    prepare(settings)
    from pedgraph.cli.serving import serve as run_server

    run_server(settings)


@app.command()
def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY", help="SPARQL, the path of an .rq file, the name of a stored query, or -.")
    ],
    format_name: Annotated[
        str | None,
        typer.Option("--format", "-f", help="json, xml, csv, tsv; ttl, jsonld, nt, nq, trig, rdf."),
    ] = None,
    values: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="A value for a stored query.")
    ] = None,
    explain: Annotated[
        Literal["empty", "plan"] | None,
        typer.Option(help="Instead of answering: say why the answer is empty, or run it and show the plan."),
    ] = None,
    version: VersionOption = None,
    home: HomeOption = None,
) -> None:
    """Answer a query on stdout, or explain it."""
    from pedgraph.cli.querying import bound_text, query_text, run_query

    settings = load_settings(home=home, readers=1)
    asked = bound_text(text, values) if values else query_text(text, max_bytes=settings.query_max_bytes)
    run_query(settings, asked, format_name=format_name, version=_number(settings, version), explain=explain)


@app.command()
def update(
    text: Annotated[str, typer.Argument(metavar="UPDATE", help="SPARQL, the path of an .ru file, or -.")],
    author: Annotated[str | None, typer.Option(help="Who changes something; default: the name of the user.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the version.")] = "SPARQL update",
    home: HomeOption = None,
) -> None:
    """Carry out an update and publish what comes of it. Exit code 1: the data would not conform."""
    from pedgraph.cli.querying import update_text
    from pedgraph.cli.updating import run_update

    settings = load_settings(home=home)
    run_update(settings, update_text(text, max_bytes=settings.file_max_bytes), author=author, reason=reason)


@app.command()
def describe(
    iri: Annotated[
        str, typer.Argument(metavar="IRI", help="A thing, by its IRI or as in id:ped/nl-amsterdam-buiksloterham.")
    ],
    version: VersionOption = None,
    home: HomeOption = None,
) -> None:
    """Write the card of a thing to stdout, as JSON-LD."""
    from pedgraph.cli.describing import run_describe

    settings = load_settings(home=home, readers=1)
    run_describe(settings, iri, version=_number(settings, version))


@app.command()
def versions(
    as_json: Annotated[bool, typer.Option("--json", help="Write the manifests as JSON.")] = False,  # noqa: FBT002
    home: HomeOption = None,
) -> None:
    """List the versions that are kept, and which of them is the current one."""
    kept = Versions(load_settings(home=home).home)
    pointer = kept.pointer()
    current = pointer.current if pointer else None
    listed = {number: _manifest(kept, number) for number in kept.numbers()}
    with until_nobody_reads():
        if as_json:
            members: list[dict[str, Any]] = [
                {"version": number, **(vars(each) if each else {}), "current": number == current, "damaged": not each}
                for number, each in listed.items()
            ]
            typer.echo(json.dumps(members, ensure_ascii=False, indent=2))
        else:
            from pedgraph.cli.output import show_versions

            show_versions(listed, current)


@app.command()
def rollback(
    version: Annotated[int, typer.Argument(help="Number of a version that is kept.")], home: HomeOption = None
) -> None:
    """Make a kept version the current one again."""
    from pedgraph.cli.acting import recorded

    settings = load_settings(home=home)
    kept = Versions(settings.home)
    # Where there is nothing, no log of it is begun either.
    is_there = kept.pointer() is not None
    with recorded(settings, "rollback", f"version {version}") if is_there else nullcontext():
        roll_back(kept, version)
    typer.echo(f"Version {version} is current.", err=True)


@app.command()
def dump(
    rdf_format: Annotated[str | None, typer.Option("--format", "-f", help="nq, trig, ttl, nt, rdf, jsonld.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    version: VersionOption = None,
    home: HomeOption = None,
) -> None:
    """Write out a whole version: its named graphs as quads, or their merge as triples."""
    from pedgraph.store.dump import dump as write_dump

    target = _format(rdf_format, output, default=N_QUADS)
    settings = load_settings(home=home)
    kept = Versions(settings.home)
    number = _number(settings, version)
    if output == "-":
        with until_nobody_reads():
            write_dump(kept, sys.stdout.buffer, target, version=number)
        return
    with open_output(output) as file:
        write_dump(kept, file, target, version=number)


@app.command()
def document(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write to; default: that of the ontology's pages.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say which pages differ from the folder's.")] = False,  # noqa: FBT002
) -> None:
    """Write the pages that explain ontology, code lists and rules. Exit code with --check: 1 where pages differ."""
    from pedgraph.delivery.documentation.building import differences
    from pedgraph.delivery.documentation.building import document as write_pages
    from pedgraph.resources import documentation_directory

    folder = output if output is not None else documentation_directory()
    if not check:
        typer.echo(f"{len(write_pages(folder))} pages are in {folder}.", err=True)
        return
    different = differences(folder)
    with until_nobody_reads():
        for path in different:
            typer.echo(path)
    if different:
        raise typer.Exit(EXIT_DOES_NOT_CONFORM)


def _number(settings: Settings, version: str | None) -> int:
    """The number of the version that is meant, of the current one where none is."""
    kept = Versions(settings.home)
    return kept.current() if version is None else kept.resolve(version)


def _manifest(kept: Versions, number: int) -> Manifest | None:
    """The manifest of a version, or ``None`` and a note on stderr: one that is damaged must not hide the others."""
    try:
        return read_manifest(kept.directory(number))
    except StoreError as error:
        complain(error)
        return None


def _format(name: str | None, file: str, *, default: Format = TURTLE) -> Format:
    found = find_format(name, RDF_FORMATS) if name else format_of_suffix(Path(file).suffix)
    if found is not None:
        return found
    if name is None and file == "-":
        return default
    known = ", ".join(each.name for each in RDF_FORMATS)
    raise InputError(f"Its format is not known. Name one with --format: {known}.", source=file)
