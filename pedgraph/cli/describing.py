"""Cards on the command line, through the same service as the web."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from pedgraph import open_graph
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.vocabulary.iris import expand

if TYPE_CHECKING:
    from pedgraph.settings import Settings
    from pedgraph.vocabulary.contexts import Json


def run_describe(settings: Settings, name: str, *, version: int | None) -> None:
    """Writes the card of a thing, named by its IRI or a prefixed name, to standard output."""
    found = asyncio.run(_describe(settings, expand(name), version))
    with until_nobody_reads():
        sys.stdout.buffer.write((json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode())


async def _describe(settings: Settings, iri: str, version: int | None) -> Json:
    async with open_graph(settings) as graph:
        return await graph.cards.describe(iri, version=version)
