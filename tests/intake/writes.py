"""Writes as the service carries them out, and the whole of what is published to compare."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pyoxigraph import Store

from pedgraph.intake.writes import UPDATE, Outcome, Write
from pedgraph.intake.writing import WriteService
from pedgraph.settings import load_settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS, PREFIXES
from tests.store.worlds import contents

if TYPE_CHECKING:
    from pathlib import Path

S1 = f"{GRAPHS}s1/1"
S2 = f"{GRAPHS}s2/1"
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
HUB = "<https://w3id.org/pedgraph/id/ped/a-new-district>"
CITY = "<https://w3id.org/pedgraph/id/city/cz-prague>"
DISTRICT = f'{HUB} a pedg:PositiveEnergyDistrict ; rdfs:label "A new district"@en ; pedg:inCity {CITY} .'


def insert(triples: str, graph: str = S1) -> str:
    return f"{PROLOGUE}INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}"


def write(home: Path, *texts: str, **given: object) -> list[Outcome]:
    """Carries out updates, one after the other, by a service of their own."""
    settings = load_settings({}, home=home, **given)

    async def run() -> list[Outcome]:
        async with WriteService(settings) as service:
            return [await service.run(Write(UPDATE, "somebody", "to see"), [text.encode()]) for text in texts]

    return asyncio.run(run())


def whole(home: Path) -> dict[str, set[str]]:
    """All graphs of the current version."""
    return contents(Store.read_only(str(Versions(home).store_directory())))
