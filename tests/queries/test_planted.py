"""Questions that the two sources answer with nothing are seen to find something where there is something."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from pyoxigraph import parse

from pedgraph.intake.bundle import read_derivations
from pedgraph.query.library import read_library
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.building import Built

S1 = "PED Joint Workshop: five flagship projects collaborate under Scalable Cities"
ID = "https://w3id.org/pedgraph/id/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
ROLE = "https://w3id.org/pedgraph/code/city-role/"
EXPECTED = {
    "list-cities-in-several-projects": [
        f"{ID}city/hu-budapest,Budapest,ASCEND,follower city",
        f"{ID}city/hu-budapest,Budapest,ATELIER,fellow city",
    ],
    "list-numbers": [
        f"{ID}obs/p2,number of participants,,12,http://qudt.org/vocab/unit/NUM,2024,,Planted",
    ],
    "list-cordis-numbers": [f"{ID}project/ascend,ASCEND,000000000"],
    "list-disagreements": [
        f"{ID}city/cz-prague,country,{COUNTRY}CZE,GeoNames geographical database,{COUNTRY}SVK,Planted",
        f"{ID}city/pt-porto,role in a project,{ROLE}multiplier,Planted,{ROLE}follower,{S1}",
        f"{ID}network/scalable-cities,number of member projects,30,Planted,28,{S1}",
    ],
    "list-places": [
        f"{ID}city/nl-amsterdam,Amsterdam,city,,52.37,4.89,",
        f"{ID}ped/nl-amsterdam-buiksloterham,PED Buiksloterham,positive energy district,Amsterdam,,,"
        '"POLYGON((4.88 52.39, 4.88 52.4, 4.9 52.4, 4.88 52.39))"',
    ],
    "list-statements-without-locator": [f"{ID}involvement/p2,involvement,Planted"],
}


@pytest.fixture(scope="module")
def planted_server(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on the shipped data and a graph of invented claims beside them."""
    home = tmp_path_factory.mktemp("planted") / "home"
    shutil.copytree(built[0], home)
    graphs: dict[str, list[object]] = {}
    for quad in parse(path=Path(__file__).with_name("planted.trig")):
        graphs.setdefault(str(quad.graph_name).strip("<>"), []).append(quad.triple)
    changes = ChangeSet(graphs)  # type: ignore[arg-type]
    publish(Versions(home), changes, Publication("test", "planted", derivations=read_derivations()))
    with running_server(home) as server:
        yield server


@pytest.mark.parametrize("name", EXPECTED)
def test_a_question_finds_what_was_planted(name: str, planted_server: RunningServer) -> None:
    answer = planted_server.get(read_library()[name].text)

    assert answer.text.splitlines()[1:] == EXPECTED[name]


def test_places_come_as_geojson(planted_server: RunningServer) -> None:
    answer = httpx.get(f"{planted_server.url}/queries/list-places", headers={"Accept": "application/geo+json"})

    assert answer.headers["content-type"] == "application/geo+json"
    assert [(each["id"], each["geometry"]) for each in answer.json()["features"]] == [
        (f"{ID}city/nl-amsterdam", {"type": "Point", "coordinates": [4.89, 52.37]}),
        (
            f"{ID}ped/nl-amsterdam-buiksloterham",
            {"type": "Polygon", "coordinates": [[[4.88, 52.39], [4.9, 52.4], [4.88, 52.4], [4.88, 52.39]]]},
        ),
    ]
