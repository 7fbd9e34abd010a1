"""Changing the graph from the command line, through the same service as the web."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from pedgraph import open_graph
from pedgraph.cli.acting import local_who, recorded, user
from pedgraph.cli.output import show_findings
from pedgraph.errors import DoesNotConform
from pedgraph.intake.findings import Finding
from pedgraph.wiring import UPDATE, Write

if TYPE_CHECKING:
    from pedgraph.settings import Settings


def run_update(settings: Settings, text: str, *, author: str | None, reason: str) -> None:
    """Carries out an update, and says on standard error which version is current with it, or what does not conform."""
    try:
        version = asyncio.run(_run(settings, text, Write(UPDATE, author or user(), reason)))
    except DoesNotConform as error:
        show_findings("update", [Finding.from_json(members) for members in error.findings], to_stderr=True)
        raise
    typer.echo(f"Version {version} is current.", err=True)


async def _run(settings: Settings, text: str, write: Write) -> int:
    # No readers are started: nothing is asked.
    with recorded(settings, "update", who=local_who(write.author)) as deed:
        async with open_graph(settings).writes as writes:
            outcome = await writes.run(write, [text.encode("utf-8", "surrogatepass")])
        deed.version = outcome.version
        return outcome.version
