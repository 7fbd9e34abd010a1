"""What others wrote stays text on every kind of page, and none of it runs in a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from lxml import html  # type: ignore[import-untyped]
from pyoxigraph import NamedNode, Store, parse

from pedgraph.intake.bundle import read_derivations
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import META_GRAPH
from tests.browser.chromium import NEEDS_CHROMIUM, running_chromium
from tests.queries.rivals import plant
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.building import Built

FILES = ("hostile.trig", "hostile-lists.trig")
FOLDER = Path(__file__).parent.parent / "queries"
LABEL = "</title></script><script>alert('label')</script>"
SOURCE = "Source </details><script>alert('source')</script>"
GRAPH = "Graph </summary><script>alert('graph')</script>"
PAPER = "Paper <img src=x onerror=alert('paper')>"
# Each kind of page that shows what is in the graph, and what is to be read on it.
PAGES = {
    "": LABEL,
    "sources": SOURCE,
    "cities": LABEL,
    "peds": "Ped <svg onload=alert('ped')>",
    "projects": "Project <script>alert('project')</script>",
    "organisations": "Org <img src=x onerror=alert('organisation')>",
    "sites": "Site \"><script>alert('site')</script>",
    "ateliers": "Hub ' onfocus='alert(1)' autofocus='",
    "events": "Event <iframe src=javascript:alert('event')>",
    "indicators": "Ped <svg onload=alert('ped')>",
    "peds?city=hostile": LABEL,
    "search?q=alert": LABEL,
    "search?q=%22%3E%3Cscript%3Ealert(%27q%27)%3C/script%3E": "",
    "doc/city/hostile": LABEL,
    "doc/source/hostile": SOURCE,
    "doc/ped/hostile": "Ped <svg onload=alert('ped')>",
    "doc/obs/hostile": "<script>alert('locator')</script>",
    "graph/hostile/1": GRAPH,
    "graph/hostile/2": "Second </summary><script>alert('second')</script>",
    "conflicts": PAPER,
    "coverage": "",
    "feed": "",
    "versions": "",
    "versions/3": "",
    "versions/1..2": "alert(",
    "dumps": "",
    "dumps/3/": "",
    "catalog": "",
    "void": "",
    "doc/city/%3Cscript%3Ealert(1)%3C%2Fscript%3E": "",
}
ASKED_BY_BROWSERS = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.1"}


@pytest.fixture(scope="module")
def hostile_server(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    plant(home, built[0], *FILES)
    _describe_sources(Versions(home))
    with running_server(home) as server:
        yield server


def _describe_sources(versions: Versions) -> None:
    """Adds the descriptions of the sources to those that the page of sources tells of."""
    about = [
        quad.triple for file in FILES for quad in parse(path=FOLDER / file) if quad.graph_name == NamedNode(META_GRAPH)
    ]
    store = Store.read_only(str(versions.store_directory()))
    about += [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(META_GRAPH))]
    publish(versions, ChangeSet({META_GRAPH: about}), Publication("test", "planted", derivations=read_derivations()))


def test_what_others_wrote_stays_text(hostile_server: RunningServer) -> None:
    with httpx.Client(base_url=hostile_server.url, headers=ASKED_BY_BROWSERS, timeout=120) as client:
        answers = {address: client.get(f"/{address}", follow_redirects=True) for address in PAGES}
    wrong = {}
    for address, answer in answers.items():
        assert answer.headers["content-type"] == "text/html; charset=utf-8", address
        policy = answer.headers["content-security-policy"]
        assert re.search(r"(?:default|script)-src 'self'", policy), address
        assert "unsafe" not in policy, address
        tree = html.fromstring(answer.content)
        read = " ".join(" ".join(tree.xpath("//body//text()[not(ancestor::script)]")).split())
        found = [*dangerous(tree), *([] if PAGES[address] in read else [f"does not tell {PAGES[address]}"])]
        if found:
            wrong[address] = found

    assert wrong == {}
    assert "Traceback" not in hostile_server.logged()


def dangerous(tree: html.HtmlElement) -> Iterator[str]:
    """What could run in a page, or lead to what could."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        is_data = element.get("type") in {"application/ld+json", "application/json", "application/geo+json"}
        if element.tag in {"iframe", "object", "embed", "base"} or (
            element.tag == "script" and not is_data and not re.search(r"assets/[0-9a-f]+/", element.get("src", ""))
        ):
            yield f"<{element.tag}>"
        for name, value in element.items():
            if name.startswith("on") or name in {"style", "autofocus", "srcdoc"}:
                yield f"{element.tag} {name}"
            if name in {"href", "src", "action", "formaction"} and re.match(r"\s*[a-z]+script:|\s*data:text", value):
                yield f"{name} {value}"


@NEEDS_CHROMIUM
def test_nothing_that_others_wrote_runs(hostile_server: RunningServer, tmp_path: Path) -> None:
    with running_chromium(tmp_path) as browser, browser.page() as page:
        page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source="window.alerted = []; window.alert = (text) => window.alerted.push(text);",
        )
        ran = {}
        for address in PAGES:
            page.complaints.clear()
            page.open(f"{hostile_server.url}/{address}")
            complaints = [each for each in page.complaints if "404" not in each]
            if page.evaluate("window.alerted") or complaints:
                ran[address] = [page.evaluate("window.alerted"), *complaints]
        assert ran == {}

        # The suggestions of the search box are written by a script.
        page.open(f"{hostile_server.url}/search")
        page.wait_for("document.querySelector('#search-words[role=combobox]')")
        page.evaluate("document.querySelector('#search-words').focus()")
        page.type("alert")
        page.wait_for("document.querySelector('.suggestions:popover-open li')")
        assert "<script>" in page.evaluate("document.querySelector('.suggestions:popover-open').textContent")
        assert page.evaluate("window.alerted") == []
        # It would have been seen.
        assert page.evaluate("(window.alert('seen'), window.alerted)") == ["seen"]
