"""The start of the site and its sources: what they show is what lists and stored queries answer."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.places import as_geojson, by_country, gathered
from pedgraph.delivery.report_pages import ReportPages
from tests.http.test_protocol import problem_code

if TYPE_CHECKING:
    from tests.servers import RunningServer

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LISTS = ("peds", "sites", "projects", "cities", "organisations", "events")
ID = "https://w3id.org/pedgraph/id/"
EVIL = '</script><img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def page(wide_server: RunningServer) -> httpx.Response:
    return httpx.get(f"{wide_server.url}/", headers=BROWSER, timeout=60)


def places(page: httpx.Response) -> list[dict[str, Any]]:
    """The features on the map of the page."""
    found: list[dict[str, Any]] = json.loads(
        page.text.partition('<script type="application/json">')[2].partition("</script>")[0]
    )["features"]
    return found


def without_scripts(text: str) -> str:
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def items(server: RunningServer, name: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.url}/{name}", params={"format": "json", "limit": 500}).json()
    return found


def sources(server: RunningServer, order: str = "statements", part: int = 1) -> httpx.Response:
    return httpx.get(f"{server.url}/sources", params={"sort": order, "page": part}, headers=BROWSER)


def listed(answer: httpx.Response) -> list[tuple[str, ...]]:
    """The title, the two days and the number of statements of each row in the table of sources."""
    rows = re.findall(
        r'<tr><th scope="row"><a href="[^"]*">(.*?)</a>.*?'
        r'<td class="day"[^>]*>(.*?)</td><td class="day"[^>]*>(.*?)</td>.*?amount"[^>]*>([0-9,]+)<svg',
        answer.text,
    )
    return [tuple(map(html.unescape, row)) for row in rows]


def test_its_numbers_are_those_of_the_lists(wide_server: RunningServer, page: httpx.Response) -> None:
    shown = dict(re.findall(r'<li><a href="([a-z]+)"><strong>([0-9,]+)</strong>', page.text))

    assert {name: shown[name] for name in LISTS} == {name: f"{items(wide_server, name)['total']:,}" for name in LISTS}


def test_every_district_stands_on_it_without_any_script(wide_server: RunningServer, page: httpx.Response) -> None:
    wanted = {"doc/" + each["id"].removeprefix(ID) for each in items(wide_server, "peds")["items"]}

    linked = set(re.findall(r'href="(doc/ped/[^"]+)"', without_scripts(page.text)))
    assert linked == wanted
    assert len(wanted) > 15


def test_the_map_has_all_places_that_are_known(wide_server: RunningServer, page: httpx.Response) -> None:
    cities = httpx.get(f"{wide_server.url}/cities", params={"format": "geojson", "limit": 500}).json()["features"]
    known = {each["id"].removeprefix(ID) for each in cities if each["geometry"]}

    features = places(page)
    addresses = [each["properties"]["address"].removeprefix("doc/") for each in features]
    assert {each for each in addresses if each.startswith("city/")} == known
    held = {place["address"] for each in features for place in each["properties"].get("holds", ())}
    own = {f"doc/{each}" for each in addresses if each.startswith("ped/")}
    assert held | own == set(re.findall(r'href="(doc/ped/[^"]+)"', page.text))
    assert [each["properties"]["kind"] for each in features] == sorted(each["properties"]["kind"] for each in features)


def test_search_engines_read_of_a_dataset(wide_server: RunningServer, page: httpx.Response) -> None:
    found = json.loads(page.text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])

    assert found["@type"] == "Dataset"
    assert wide_server.url in json.dumps(found)


def test_what_others_wrote_ends_no_script_and_starts_none() -> None:
    rows = [
        {"city": f"{ID}city/x", "cityName": EVIL, "country": EVIL, "latitude": 1, "longitude": 2,
         "district": f"{ID}ped/y", "districtName": EVIL, "districtLatitude": 3, "districtLongitude": 4},
    ]  # fmt: skip
    cities = gathered(rows)
    event = {"name": EVIL, "address": "doc/ped/y", "word": EVIL}
    version = {"number": 1, "day": "", "reason": EVIL, "statements": 1, "counts": [], "things": [event], "since": None}

    text = ReportPages(BrowserFiles()).render(
        "home", graph_version=1, has_search=False, figures=[], places=as_geojson(cities, ""), dataset="{}",
        countries=by_country(cities), newest=[version], numbers=[1],
    ).content.decode()  # fmt: skip

    assert "<img" not in text
    assert text.count("&lt;img src=x onerror=") == 5


def test_the_first_of_rivals_says_where_a_city_is_and_what_is_not_on_earth_is_not_drawn() -> None:
    row: dict[str, Any] = {
        "cityName": "X",
        "country": None,
        "district": None,
        "districtLatitude": None,
        "districtLongitude": None,
    }
    points = [("a", 1, 2), ("a", 9, 9), ("b", 91, 2), ("c", None, None)]
    rows = [row | {"city": city, "latitude": latitude, "longitude": longitude} for city, latitude, longitude in points]

    cities = gathered(rows)

    assert [each.country for each in cities] == ["Country not stated"] * 3
    geometries = [each["geometry"] for each in as_geojson(cities, "../")["features"]]
    assert geometries == [{"type": "Point", "coordinates": [2, 1]}]


def test_the_sources_are_those_of_the_stored_query(wide_server: RunningServer) -> None:
    rows = httpx.get(f"{wide_server.url}/queries/count-by-source", params={"format": "json"}).json()

    parts = [sources(wide_server, part=part) for part in (1, 2)]
    shown = [row for part in parts for row in listed(part)]
    assert sorted(shown) == sorted(
        (row["title"], row["issued"] or "no date", row["dateRead"], f"{row['statements']:,}") for row in rows
    )
    assert [row[-1] for row in shown] == [f"{row['statements']:,}" for row in rows]
    assert problem_code(sources(wide_server, part=3)) == "not-found"
    assert f"<strong>{len(rows)}</strong> <span>sources</span>" in parts[0].text


@pytest.mark.parametrize(("order", "column"), [("title", 0), ("issued", 1), ("read", 2)])
def test_sources_come_in_the_order_asked_for(wide_server: RunningServer, order: str, column: int) -> None:
    values = [
        row[column].replace("no date", "") for part in (1, 2) for row in listed(sources(wide_server, order, part))
    ]

    assert values == sorted(values, key=str.casefold, reverse=order != "title")
    assert len(set(values)) > 1


def test_programs_are_led_to_the_stored_query(wide_server: RunningServer) -> None:
    answer = httpx.get(f"{wide_server.url}/sources", headers={"Accept": "text/csv"})
    pinned = httpx.get(f"{wide_server.url}/sources?format=json&version=1", headers=BROWSER)

    assert (answer.status_code, answer.headers["location"]) == (303, "queries/count-by-source?format=csv")
    assert pinned.headers["location"] == "queries/count-by-source?format=json&version=1"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/?kind=ped", "bad-request"), ("/?format=exe", "bad-request"), ("/?format=json&format=html", "bad-request"),
        ("/?version=99", "version-not-found"), ("/?x=%FF", "bad-request"), ("/sources?sort=size", "bad-request"),
        ("/sources?page=0", "bad-request"), ("/sources?page=-1", "bad-request"), ("/sources?page=1e3", "bad-request"),
        ("/sources?page=999999", "not-found"), ("/sources?order=title", "bad-request"),
        ("/sources?sort=title&sort=title", "bad-request"),
    ],
)  # fmt: skip
def test_what_they_do_not_know_is_refused(wide_server: RunningServer, address: str, code: str) -> None:
    assert problem_code(httpx.get(f"{wide_server.url}{address}", headers=BROWSER)) == code


@pytest.mark.parametrize("address", ["/", "/sources", "/sources?sort=title&page=2", "/?version=1"])
def test_a_page_that_is_known_is_not_sent_again(wide_server: RunningServer, address: str) -> None:
    first = httpx.get(f"{wide_server.url}{address}", headers=BROWSER)
    again = httpx.get(f"{wide_server.url}{address}", headers=BROWSER | {"If-None-Match": first.headers["etag"]})
    head = httpx.head(f"{wide_server.url}{address}", headers=BROWSER)

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (head.headers["etag"], head.content) == (first.headers["etag"], b"")
    assert "'unsafe-inline'" not in first.headers["content-security-policy"]
    assert "Accept" in first.headers["vary"]
