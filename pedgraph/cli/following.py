"""Following another installation from the command line."""

from __future__ import annotations

import time
from pathlib import Path  # noqa: TC003 (read by typer at run time)
from typing import TYPE_CHECKING, Annotated

import typer

from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from pedgraph.intake.following.following import Followed, Follower
    from pedgraph.settings import Settings


def follow(
    address: Annotated[str, typer.Argument(help="Feed of the other installation: https://example.org/feed")],
    every: Annotated[
        float | None,
        typer.Option("--every", help="Look again after so many seconds, until stopped; default: once.", min=1.0),
    ] = None,
    home: Annotated[Path | None, typer.Option("--home", help="Folder of the versions (PEDGRAPH_HOME).")] = None,
) -> None:
    """Replay the change feed of another installation: each of its changes becomes a version here."""
    from pedgraph.errors import FeedRefused
    from pedgraph.intake.following.following import Follower
    from pedgraph.store.versions import Versions

    settings = load_settings(home=home)
    follower = Follower(Versions(settings.home), settings, address)
    while True:
        try:
            _catch_up(follower, settings, address)
        except FeedRefused as error:
            # Whoever follows for long outlives a server that is away for a while.
            if every is None:
                raise
            typer.echo(f"{error.detail} ({address})", err=True)
        if every is None:
            return
        time.sleep(every)


def _catch_up(follower: Follower, settings: Settings, address: str) -> None:
    from pedgraph.cli.acting import recorded

    with recorded(settings, "follow", address) as deed:
        followed: Followed = follower.catch_up()
        deed.version = followed.version
    if followed.changes:
        number = f"{followed.changes} change{'' if followed.changes == 1 else 's'}"
        typer.echo(
            f"{number} replayed. Version {followed.version} is current; it is version {followed.version_there} there.",
            err=True,
        )
    else:
        typer.echo(f"Nothing new. Version {followed.version} is current.", err=True)
