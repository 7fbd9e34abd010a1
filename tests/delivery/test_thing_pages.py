"""The page on a thing: it tells each fact with who states it, rival claims beside each other, and what others wrote
stays text.
"""

from __future__ import annotations

import asyncio
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode, Store

from pedgraph import open_graph
from pedgraph.settings import Settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import INFERRED_GRAPH, THINGS
from tests.queries.rivals import plant

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

ROOT: Final = "../../"
EMPTY: Final = frozenset({"meta", "link", "input", "br", "img", "path", "circle", "rect"})


class Page(HTMLParser):
    """A page taken apart: its text by section, who states what, and its elements, all of which must be closed."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: dict[str, str] = {}
        self.origins: list[str] = []
        self.data = ""
        self._open: list[str] = []
        self._section = ""
        self.feed(content)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in EMPTY:
            self._open.append(tag)
        if tag == "details":
            self.origins.append("")
        if tag == "h2":
            self._section = attributes.get("id", "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.data += data
        elif "details" in self._open:
            self.origins[-1] += data
        else:
            self.text[self._section] = self.text.get(self._section, "") + data

    def words(self, section: str) -> str:
        return " ".join(self.text.get(section, "").split())

    def attributes(self, tag: str, name: str) -> list[str]:
        return [attributes[name] for each, attributes in self.elements if each == tag and name in attributes]


def pages(home: Path, names: list[str]) -> dict[str, Page]:
    async def render() -> dict[str, Page]:
        async with open_graph(Settings(home=home, readers=1)) as graph:
            version = graph.versions.current()
            return {
                name: Page((await graph.things.page(THINGS + name, version, ROOT)).content.decode()) for name in names
            }

    return asyncio.run(render())


@pytest.fixture(scope="module")
def shown(wide: Path) -> dict[str, Page]:
    return pages(wide, ["city/nl-amsterdam", "project/ascend", "source/s1", "involvement/73444d8dce42"])


@pytest.fixture(scope="module")
def hostile(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    plant(home, built[0], "hostile.trig")
    return pages(home, ["city/hostile", "source/hostile", "identifier/hostile", "objective/caf%C3%A9-é"])


def test_facts_are_told_in_the_words_of_the_ontology_each_with_its_sources(shown: dict[str, Page]) -> None:
    page = shown["city/nl-amsterdam"]
    assert page.words("facts") == (
        "Facts Kind city Name Amsterdam In country Netherlands Latitude, longitude 52.37403, 4.88969 "
        "Has objective Amsterdam is climate neutral objective"
    )
    marks = [re.search(r"^Who states this: ([0-9, ]+|derived)", each.strip()) for each in page.origins[1:6]]
    assert [mark and mark[1].strip() for mark in marks] == ["2, 6, 10", "2, 6, 10", "2", "2", "10"]
    assert " ".join(page.origins[3].split()) == (
        "Who states this: 2 Source 2 GeoNames geographical database GeoNames no date, read 2026-11-21 "
        "CC BY 4.0 · accepted 2026-11-21 · stated by others"
    )
    assert page.words("numbers") == ("Numbers 1 Indicator Value Year Note Source number of residents 741 636 record")
    assert page.words("involves").startswith("Takes part in 1 Name Role When Note Source ATELIER lighthouse city")
    assert json.loads(page.data) == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [4.88969, 52.37403]},
        "properties": {"label": "Amsterdam", "kind": "city"},
    }


def test_everything_that_is_stated_is_there_with_all_who_state_it(wide: Path, shown: dict[str, Page]) -> None:
    store = Store.read_only(str(Versions(wide).store_directory(None)))
    for name, page in shown.items():
        text = " ".join(" ".join(page.text.values()).split())
        own = list(store.quads_for_pattern(NamedNode(THINGS + name), None, None))
        literals = {quad.object.value for quad in own if isinstance(quad.object, Literal)}
        assert [each for each in literals if " ".join(each.split()) not in text] == []
        links = {quad.object.value for quad in own if isinstance(quad.object, NamedNode)}
        targets = set(page.attributes("a", "href"))
        missing = {each for each in links if each.startswith(THINGS)} - {
            THINGS + each.removeprefix(f"{ROOT}doc/") for each in targets
        }
        assert missing == set()
        graphs = {quad.graph_name.value for quad in own if isinstance(quad.graph_name, NamedNode)} - {INFERRED_GRAPH}
        assert {f"{ROOT}graph/{each.partition('/graph/')[2]}" for each in graphs} <= targets


def test_rivals_stand_beside_each_other_the_preferred_first(shown: dict[str, Page]) -> None:
    text = shown["project/ascend"].words("disagreements")
    assert text.startswith("Where sources disagree 7 ")
    assert text.count(" preferred") == 7
    partners = text.index("Number of partners")
    assert partners < text.index("39 preferred", partners) < text.index(" 40 ", partners)
    assert re.search(r"Prague: role in ASCEND .*?multiplier city preferred .*? follower city .*?stated by the op", text)


def test_what_is_disputed_says_so_where_it_stands(shown: dict[str, Page]) -> None:
    page = shown["project/ascend"]
    # One number on top and in the table twice, and the two roles of each of six cities.
    marks = [attributes["href"] for _, attributes in page.elements if attributes.get("class") == "disputed"]
    assert (len(marks), len(set(marks))) == (1 + 2 + 12, 1 + 6)
    assert page.words("numbers").count("sources disagree") == 2
    assert page.words("context").count("sources disagree") == 12
    assert "sources disagree" not in page.words("facts") + page.words("involves")


def test_a_source_tells_what_it_is_about(shown: dict[str, Page]) -> None:
    text = shown["source/s1"].words("stated")
    assert text.startswith("What it is about 45 ")
    assert "ASCEND project 15" in text


def test_every_part_that_is_led_to_is_there(shown: dict[str, Page]) -> None:
    for page in shown.values():
        anchors = {each[1:] for each in page.attributes("a", "href") if each.startswith("#")}
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert anchors <= set(ids)


def test_what_others_wrote_stays_text(hostile: dict[str, Page]) -> None:
    for page in hostile.values():
        assert {tag for tag, _ in page.elements} & {"img", "iframe", "b"} == set()
        assert page.attributes("script", "src") in ([], [page.attributes("script", "src")[0]])
        handlers = [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        assert handlers == []
        addresses = [
            *page.attributes("a", "href"),
            *page.attributes("link", "href"),
            *page.attributes("form", "action"),
        ]
        assert [each for each in addresses if re.match(r"\s*(?:javascript|data|vbscript):", each, re.IGNORECASE)] == []
    city = hostile["city/hostile"]
    label = "</title></script><script>alert('label')</script>"
    text = " ".join([*city.text.values(), *city.origins])
    for each in (label, "onerror=alert('description')>", "{{ 7 * 7 }}", "<svg onload=alert(1)>", "' onmouseover='"):
        assert each in text
    assert json.loads(city.data)["properties"]["label"] == label
    assert set(text).isdisjoint("\u202e\x07\x00")
    assert f"{ROOT}doc/objective/caf%25C3%25A9-%C3%A9" in city.attributes("a", "href")
