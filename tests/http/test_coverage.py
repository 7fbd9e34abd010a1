"""The coverage page: what it shows is what the stored queries answer, once per version."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.servers import running_server
from tests.writing import KEY, done, update

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import RunningServer

ID = "https://w3id.org/pedgraph/id/"
PREFIXES = "PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"


class Tables(HTMLParser):
    """The tables of a page by their caption: the texts of the cells of each row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        if tag in {"td", "th", "caption", "title"}:
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        text = " ".join(self._text.split())
        if tag == "caption":
            self.tables[text] = self._rows
        elif tag in {"td", "th"}:
            self._rows[-1].append(text)


@pytest.fixture(scope="module")
def page(server: RunningServer) -> httpx.Response:
    return httpx.get(f"{server.url}/coverage")


def answer(server: RunningServer, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = httpx.get(f"{server.url}/queries/{name}", params={"format": "json"}).json()
    return found


def test_kinds_stand_there_with_their_numbers(server: RunningServer, page: httpx.Response) -> None:
    rows = Tables(page.text).tables["Things, oldest source, disagreements and missing links by kind"]

    shown = {row[0]: (row[2], row[3], row[4], row[5]) for row in rows[1:] if len(row) > 1}
    assert shown == {
        row["kind"]: (
            f"{row['entities']:,}",
            row["oldestDate"],
            str(row["disagreements"]),
            "\u2013" if row["unlinked"] is None else str(row["unlinked"]),
        )
        for row in answer(server, "count-coverage")
        if row["entities"]
    }


def test_each_kind_says_how_many_have_what_is_recommended(server: RunningServer, page: httpx.Response) -> None:
    tables = Tables(page.text).tables
    wanted: dict[str, dict[str, str]] = {}
    for row in answer(server, "count-recommended"):
        entities, filled = int(str(row["entities"])), int(str(row["filled"]))
        caption = f"{str(row['kind']).capitalize()} {entities:,} in all"
        wanted.setdefault(caption, {})[str(row["aspect"])] = f"{filled:,} {round(100 * filled / entities)} %"

    assert {caption: {row[0]: row[2] for row in tables[caption][1:]} for caption in wanted} == wanted


def test_bars_are_as_long_as_the_numbers_beside_them(page: httpx.Response) -> None:
    bars = re.findall(
        r'class="fill" width="([\d.]+)" height="8"/></svg>\s*</td><td class="number">\d+ <span class="note">(\d+) %',
        page.text,
    )

    assert len(bars) > 100
    assert all(round(float(width)) == int(percent) for width, percent in bars)


def test_ages_are_pictures_that_say_in_words_what_they_show(page: httpx.Response) -> None:
    rows = Tables(page.text).tables["Things by the year of their newest source"]

    assert rows[0] == ["Kind", "Share", "2024 to 2025", "2022 to 2023", "2019 to 2021", "before 2019", "no date"]
    assert ["8", "0", "0", "0", "2"] in [row[2:] for row in rows if row[0] == "city"]
    assert re.search(
        r'role="img" aria-labelledby="age-\d+ age-\d+-text"><title id="age-\d+">Age of the sources: city</title>'
        r'<desc id="age-\d+-text">2024 to 2025: 8 of 10; no date: 2 of 10</desc>'
        r'<rect class="part-0" x="0.0" y="0.5" width="80.0" height="7"/>'
        r'<rect class="part-undated" x="80.0" y="0.5" width="20.0" height="7"/></svg>',
        page.text,
    )


def test_what_is_unlinked_and_the_sources_stand_there(server: RunningServer, page: httpx.Response) -> None:
    tables = Tables(page.text).tables
    unlinked = answer(server, "list-unlinked")

    rows = tables["Things that lack an identifier elsewhere, by kind and missing link"]
    assert sum(int(row[3]) for row in rows[1:]) == len(unlinked)
    assert ["city", "GeoNames number", "", "10", "10"] in rows
    sources = answer(server, "count-by-source")
    listed = tables[f"{len(sources)} sources, that with the most statements first"]
    assert [row[-1] for row in listed[1:]] == [f"{row['statements']:,}" for row in sources]
    assert all(str(row["address"]).replace("&", "&amp;") in page.text for row in sources)


def test_the_page_leads_to_the_queries_as_data(server: RunningServer, page: httpx.Response) -> None:
    links = set(re.findall(r'href="(queries/[^"]+)"', page.text))

    assert {link.partition("?")[0] for link in links} == {
        f"queries/{name}"
        for name in ("count-coverage", "count-recommended", "count-by-year", "list-unlinked", "count-by-source")
    }
    assert {httpx.get(f"{server.url}/{link}").status_code for link in links} == {200}


def test_the_page_runs_no_script_but_that_of_all_pages_and_loads_nothing_from_others(page: httpx.Response) -> None:
    policy = page.headers["content-security-policy"]

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "unsafe-inline" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'")
    (script,) = re.findall(r"<script[^>]*>", page.text)
    assert re.fullmatch(r'<script type="module" src="assets/[0-9a-f]+/site.js">', script)
    assert "style=" not in page.text
    assert set(re.findall(r'(?:src|href)="(https?://[^/"]+)[^"]*" rel="(?:stylesheet|icon)', page.text)) == set()


def test_a_page_that_is_known_is_not_sent_again(server: RunningServer, page: httpx.Response) -> None:
    again = httpx.get(f"{server.url}/coverage", headers={"If-None-Match": page.headers["etag"]})
    head = httpx.head(f"{server.url}/coverage")

    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", page.headers["etag"])


@pytest.mark.parametrize("parameter", ["version=1", "kind=city", "x"])
def test_parameters_are_errors(parameter: str, server: RunningServer) -> None:
    response = httpx.get(f"{server.url}/coverage?{parameter}")

    assert response.status_code == 400
    assert response.json()["parameter"] == parameter.partition("=")[0]


def test_a_new_version_has_a_page_of_its_own(home: Path) -> None:
    graph = "https://w3id.org/pedgraph/graph/s1/1"
    site = f"<{ID}site/somewhere> a pedg:DemonstrationSite ; rdfs:label 'Somewhere'@en ; pedg:inCity <{ID}city/fr-lyon>"
    with running_server(home, admin_key=KEY) as server:
        before = httpx.get(f"{server.url}/coverage")
        done(
            update(
                server,
                f"{PREFIXES} INSERT DATA {{ GRAPH <{graph}> {{ {site} }} }}",
            )
        )
        after = httpx.get(f"{server.url}/coverage", headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert tuple(re.findall(r"Version \d+ of the graph", each.text)[0] for each in (before, after)) == (
        "Version 1 of the graph",
        "Version 2 of the graph",
    )
    assert "<strong>3</strong> <span>demonstration sites" in before.text
    assert "<strong>4</strong> <span>demonstration sites" in after.text
