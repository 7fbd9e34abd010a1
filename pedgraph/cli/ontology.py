"""The commands for those who keep the ontology: what changed between two versions, and writing a release."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 (read by typer at run time)
from typing import TYPE_CHECKING, Annotated

import typer

from pedgraph import __version__
from pedgraph.cli.streams import until_nobody_reads

if TYPE_CHECKING:
    from pedgraph.intake.difference import Difference, Term

OLD_HELP = "Version, or folder or file in Turtle; default: the newest release before this version."


def diff(
    old: Annotated[str | None, typer.Argument(help=OLD_HELP)] = None,
    new: Annotated[str, typer.Argument(help="Version, or folder or file in Turtle.")] = "current",
    as_json: Annotated[bool, typer.Option("--json", help="Write the difference as JSON.")] = False,  # noqa: FBT002
) -> None:
    """Say what changed between two versions of ontology, code lists, alignments and shapes."""
    from pedgraph.intake.difference import difference, read_version
    from pedgraph.intake.headers import prior_version
    from pedgraph.resources import releases_directory

    before = old if old is not None else prior_version(releases_directory(), __version__) or "current"
    found = difference(read_version(before), read_version(new))
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps({"old": before, "new": new, **found.as_json()}, ensure_ascii=False, indent=2))
        else:
            _show(before, new, found)


def release(folder: Annotated[Path, typer.Argument(help="Folder to make; it must not be there yet.")]) -> None:
    """Write the release of this version: one file each for ontology, code lists, alignments, shapes, and the rest."""
    from pedgraph.intake.release import write_release

    written = write_release(folder)
    typer.echo(f"Release {__version__}: {len(written)} files in {folder}.", err=True)


def _show(old: str, new: str, found: Difference) -> None:
    typer.echo(
        f"From {old} to {new}: {len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed."
    )
    for title, terms in (("Added", found.added), ("Removed", found.removed)):
        if terms:
            typer.echo(f"\n{title}")
        for term in terms:
            typer.echo(f"  {_named(term)}")
    if found.changed:
        typer.echo("\nChanged")
    for change in found.changed:
        typer.echo(f"  {_named(change.term)}")
        for sign, statements in (("-", change.removed), ("+", change.added)):
            for name, value in statements:
                typer.echo(f"    {sign} {name} {value}")
    typer.echo(f"\nThis asks for a new {found.level} version." if found.level != "none" else "\nNothing changed.")


def _named(term: Term) -> str:
    from pedgraph.vocabulary.iris import compact

    label = f"  “{term.label}”" if term.label else ""
    return f"{compact(term.iri)}  ({', '.join(term.kinds)}){label}"
