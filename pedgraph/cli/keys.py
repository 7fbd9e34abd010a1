"""The commands for those who run a server: keys, and the audit log of all writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pedgraph.cli.acting import recorded
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.keys import Keys
    from pedgraph.settings import Settings

app = typer.Typer(name="keys", help="Make, list and revoke keys for the server.", no_args_is_help=True)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Folder of the versions (PEDGRAPH_HOME).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write it as JSON.")]
_ROLE_HELP = "submitter sends files, steward reviews them, admin may do everything."


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Who holds the key: a person or a program.")],
    role: Annotated[Literal["submitter", "steward", "admin"], typer.Option(help=_ROLE_HELP)],
    organisation: Annotated[str, typer.Option(help="The organisation that they speak for.")] = "",
    days: Annotated[
        float | None, typer.Option(help="For how many days it holds; default: until revoked.", min=0)
    ] = None,
    home: HomeOption = None,
) -> None:
    """Make a key and write it to stdout. This is the only time that it is shown."""
    settings = load_settings(home=home)
    with recorded(settings, "add key", name) as deed:
        key, token = _keys(settings).add(name, role, organisation, days=days)
        deed.object = f"{name} {key.id}"
    typer.echo(f"Key {key.id} for {key.name} ({key.role}). Keep it safe: it cannot be shown again.", err=True)
    with until_nobody_reads():
        typer.echo(token)


@app.command("list")
def list_keys(as_json: JsonOption = False, home: HomeOption = None) -> None:  # noqa: FBT002
    """List all keys, without their secrets."""
    listed = _keys(load_settings(home=home)).listing()
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps([key.as_json() for key in listed], ensure_ascii=False, indent=2))
        else:
            _show(
                ("id", "name", "role", "organisation", "state", "created", "expires", "last used"),
                [
                    (
                        each.id,
                        each.name,
                        each.role,
                        each.organisation,
                        each.state,
                        each.created,
                        each.expires,
                        each.last_used,
                    )
                    for each in listed
                ],
            )


@app.command()
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of the key, as in the list.")],
    home: HomeOption = None,
) -> None:
    """End a key at once, in all processes of the server."""
    settings = load_settings(home=home)
    with recorded(settings, "revoke key", identifier):
        key = _keys(settings).revoke(identifier)
    typer.echo(f"Key {key.id} of {key.name} is revoked.", err=True)


def audit_log(
    limit: Annotated[int, typer.Option(help="How many of the newest entries.", min=1)] = 100,
    as_json: JsonOption = False,  # noqa: FBT002
    home: HomeOption = None,
) -> None:
    """Show who wrote what, when, and what came of it; the newest first."""
    from pedgraph.intake.audit import Audit

    entries = Audit(load_settings(home=home).home).entries(limit)
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        else:
            columns = ("number", "time", "name", "role", "action", "object", "outcome", "version")
            _show(
                columns, [tuple("" if each[name] is None else str(each[name]) for name in columns) for each in entries]
            )


def _keys(settings: Settings) -> Keys:
    from pedgraph.intake.keys import Keys

    return Keys(settings.home)


def _show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from pedgraph.cli.output import show

    table = Table(*columns, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    show(table)
