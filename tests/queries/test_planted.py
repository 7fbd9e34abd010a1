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
GEONAMES = "GeoNames geographical database"
CREDIT = '"Attribution is due to GeoNames (geonames.org), CC BY 4.0."'
ROOT = "https://w3id.org/pedgraph/"
ID = f"{ROOT}id/"
ONT = f"{ROOT}ont#"
GRAPH = f"{ROOT}graph/"
NUM = "http://qudt.org/vocab/unit/NUM"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
ROLE = "https://w3id.org/pedgraph/code/city-role/"
EXPECTED = {
    "list-cities-in-several-projects": [
        f"{ID}city/hu-budapest,Budapest,ASCEND,follower city",
        f"{ID}city/hu-budapest,Budapest,ATELIER,fellow city",
    ],
    "list-numbers": [
        f"{ID}obs/p2,number of participants,,12,http://qudt.org/vocab/unit/NUM,2024,,Planted,",
        f"{ID}obs/p3,number of residents,,1000,http://qudt.org/vocab/unit/NUM,2024,,{GEONAMES},{CREDIT}",
    ],
    "list-cordis-numbers": [f"{ID}project/ascend,ASCEND,000000000"],
    "list-disagreements": [
        f"{ID}city/cz-prague,country,{COUNTRY}CZE,GeoNames geographical database,{COUNTRY}SVK,Planted,value",
        f"{ID}city/pt-porto,role in a project,{ROLE}multiplier,Planted,{ROLE}follower,{S1},otherValue",
        f"{ID}network/scalable-cities,number of member projects,30,Planted,28,{S1},otherValue",
    ],
    "list-preferred-values": [
        f"{ID}city/cz-prague,{ONT}inCountry,,,{COUNTRY}CZE,,{GRAPH}geonames/1,GeoNames geographical database,,"
        "2026-11-21,1",
        f"{ID}city/pt-porto,{ONT}role,{ID}project/ascend,,{ROLE}follower,,{GRAPH}s1/1,{S1},2025,2026-11-21,1",
        f"{ID}network/scalable-cities,{ONT}value,{ROOT}indicator/member-projects,2025,28,{NUM},{GRAPH}s1/1,{S1},2025,"
        "2026-11-21,1",
    ],
    "list-places": [
        f"{ID}city/nl-amsterdam,Amsterdam,city,,52.37,4.89,,Planted,",
        f"{ID}city/hu-budapest,Budapest,city,,47.5,19.04,,{GEONAMES},{CREDIT}",
        f"{ID}ped/nl-amsterdam-buiksloterham,PED Buiksloterham,positive energy district,Amsterdam,,,"
        '"POLYGON((4.88 52.39, 4.88 52.4, 4.9 52.4, 4.88 52.39))",Planted,',
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
    assert answer.json()["attribution"] == CREDIT.strip('"')
    assert [each["properties"].get("credit") for each in answer.json()["features"]] == [None, CREDIT.strip('"'), None]
    assert [(each["id"], each["geometry"]) for each in answer.json()["features"]] == [
        (f"{ID}city/nl-amsterdam", {"type": "Point", "coordinates": [4.89, 52.37]}),
        (f"{ID}city/hu-budapest", {"type": "Point", "coordinates": [19.04, 47.5]}),
        (
            f"{ID}ped/nl-amsterdam-buiksloterham",
            {"type": "Polygon", "coordinates": [[[4.88, 52.39], [4.9, 52.4], [4.88, 52.4], [4.88, 52.39]]]},
        ),
    ]
