"""The query page in a real browser: a click on Run, what answers look like, and that nothing leaves the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.query_page import query_body
from pedgraph.query.library import read_library
from pedgraph.vocabulary.iris import TERMS
from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Chromium, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import RunningServer

pytestmark = [
    NEEDS_CHROMIUM,
    pytest.mark.skipif(not BrowserFiles().is_complete, reason="the editor is not installed: npm is missing"),
]

SHOWN = """document.querySelector('#run').textContent === 'Run'
  && (!document.querySelector('#answer').hidden || !document.querySelector('#problem').hidden)"""
EDITOR = "document.querySelector('.CodeMirror').CodeMirror"
WIDTHS = {"desk": 1280, "phone": 375}
PLACES = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT ?name ?where WHERE {
  VALUES (?name ?where) {
    ("Amsterdam" "POINT(4.9 52.37)"^^geo:wktLiteral)
    ("Bilbao" "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(43.26 -2.93)"^^geo:wktLiteral)
    ("Tartu" "POLYGON((26.6 58.3, 26.8 58.3, 26.8 58.4, 26.6 58.3))"^^geo:wktLiteral)
    ("Nowhere" "<http://www.opengis.net/def/crs/EPSG/0/3857> POINT(1 2)"^^geo:wktLiteral)
  }
}"""


@pytest.fixture
def page(chromium: Chromium, server: RunningServer) -> Iterator[Page]:
    """The query page; in the end nothing may have been asked of another server, and nothing gone wrong in a script."""
    with chromium.page() as tab:
        tab.look_like(width=WIDTHS["desk"])
        tab.open(f"{server.url}/sparql")
        tab.wait_for("document.querySelector('.yasqe .CodeMirror') && document.body.classList.contains('scripted')")
        yield tab
        assert [url for url in tab.requests if not url.startswith((f"{server.url}/", "about:", "data:"))] == []
        assert [
            complaint for complaint in tab.complaints if "the server responded with a status of" not in complaint
        ] == []


def write(page: Page, query: str) -> None:
    page.evaluate(f"location.hash = {json.dumps('query=' + quote(query, safe=''))}")
    page.wait_for(f"{EDITOR}.getValue() === {json.dumps(query)}")


def run(page: Page, query: str) -> None:
    write(page, query)
    page.click("#run")
    page.wait_for(SHOWN)


def table(page: Page) -> list[list[str]]:
    """The rows of the table, without the column of numbers."""
    page.wait_for("document.querySelector('.yasr tbody tr td')")
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.yasr tbody tr')]"
        ".map((row) => [...row.cells].slice(1).map((cell) => cell.innerText))"
    )
    return rows


def test_an_example_is_one_click_and_run_another(page: Page, server: RunningServer) -> None:
    example = read_library()["list-cities"]
    page.click(f"a.example[data-name='{example.name}']")
    written = page.evaluate(f"{EDITOR}.getValue()")
    page.click("#run")
    page.wait_for(SHOWN)
    answer = server.get(query_body(example), accept="application/sparql-results+json").json()

    assert written == query_body(example)
    expected = answer["results"]["bindings"]
    variables = answer["head"]["vars"]
    assert page.evaluate("document.querySelector('#facts').textContent").startswith(
        f"{len(expected)} rows · version 1 "
    )
    shown = table(page)
    assert len(shown) == min(len(expected), 50)
    assert len(shown[0]) == len(variables)
    label = expected[0]["label"]
    assert shown[0][variables.index("label")] == f'"{label["value"]}"@{label["xml:lang"]}'
    sent = [url for url in page.requests if "/sparql?" in url]
    assert [httpx.URL(url).params["query"] for url in sent] == [written]


def test_what_is_shown_is_what_was_answered(page: Page) -> None:
    query = r'SELECT * { VALUES (?a ?b) { ("{{b}}" "<img src=x onerror=alert(1)>") (UNDEF "line\ntwo"@en) } }'
    run(page, query)
    rows = table(page)
    page.click(".select_response")
    raw = page.wait_for("document.querySelector('.yasr .CodeMirror')?.CodeMirror.getValue()")

    assert sorted(cell for row in rows for cell in row) == sorted(
        ["{{b}}", "<img src=x onerror=alert(1)>", "", '"line two"@en']
    )
    assert json.loads(raw)["results"]["bindings"][0]["a"]["value"] == "{{b}}"
    assert page.evaluate("document.querySelectorAll('.yasr img').length") == 0
    # The table makes text safe in a document of its own; Chromium says that it runs nothing there either.
    page.complaints = [each for each in page.complaints if "inline event handler" not in each]


def test_keys_run_a_query_and_lead_out_of_the_editor(page: Page) -> None:
    write(page, "ASK { ?a ?b ?c }")
    page.evaluate(f"{EDITOR}.focus()")
    page.press("Enter", "Control", code=13)
    page.wait_for(SHOWN)
    page.press("Tab", code=9)

    assert page.wait_for("document.querySelector('.booleanResult')?.innerText") == "True"
    assert page.evaluate("document.activeElement.id") == "run"
    assert page.evaluate(f"{EDITOR}.getValue()") == "ASK { ?a ?b ?c }"


def test_an_error_says_what_is_wrong_and_where(page: Page) -> None:
    run(page, "SELECT ?a\nWHERE {\n  ?a ?b\n}")
    said = page.evaluate("document.querySelector('#problem').innerText")
    page.click("#problem button")

    assert said.startswith("The query is not valid SPARQL\n")
    assert "Expected here" in said
    assert page.evaluate(f"{EDITOR}.getCursor().line") == 3
    assert page.evaluate("document.querySelectorAll('.marked-line').length") == 1


def test_a_graph_is_shown_and_offered_in_its_formats(page: Page) -> None:
    run(page, "CONSTRUCT { <http://e/s> <http://e/p> ?c } WHERE { VALUES ?c { 1 2 } }")
    links = page.evaluate(
        "[...document.querySelectorAll('#downloads p:not([hidden]) a')].map((a) => [a.textContent, a.href])"
    )

    assert sorted(table(page)) == [
        ["<http://e/s>", "<http://e/p>", '"1"^^xsd:integer'],
        ["<http://e/s>", "<http://e/p>", '"2"^^xsd:integer'],
    ]
    assert [name for name, _ in links] == ["Turtle", "JSON-LD", "N-Triples", "RDF/XML", "N-Quads", "TriG"]
    for _, address in links:
        assert httpx.get(address).status_code == 200


def test_places_are_on_a_map(page: Page) -> None:
    run(page, PLACES)
    page.wait_for(
        "document.querySelector('.select_map') && !document.querySelector('.select_map').closest('li').hidden"
    )
    page.click(".select_map")
    page.wait_for("document.querySelectorAll('path.place').length === 3")
    page.wait_for("document.querySelectorAll('path.country').length > 200")
    page.click("path.place")

    assert "Amsterdam" in page.wait_for("document.querySelector('.leaflet-popup-content')?.innerText")
    note = page.wait_for("document.querySelector('.map-note')?.innerText")
    assert "3 places. 1 could not be read" in note
    assert note.endswith("Points of cities: GeoNames (geonames.org), CC BY 4.0.")


def test_a_map_names_whoever_its_rows_credit(page: Page) -> None:
    row = '"An atlas, CC0." 52.37 4.9'
    run(page, f"SELECT ?credit ?latitude ?longitude {{ VALUES (?credit ?latitude ?longitude) {{ ({row}) ({row}) }} }}")
    page.click(".select_map")
    note = page.wait_for("document.querySelector('.map-note')?.innerText")

    assert note.endswith("Points of cities: GeoNames (geonames.org), CC BY 4.0. An atlas, CC0.")


def test_latitude_and_longitude_are_places_too(page: Page) -> None:
    run(page, "SELECT ?cityLat ?cityLong { VALUES (?cityLat ?cityLong) { (52.37 4.9) (91 0) } }")
    page.click(".select_map")
    page.wait_for("document.querySelectorAll('path.place').length === 1")
    run(page, "SELECT ?lat { VALUES ?lat { 52.37 } }")
    table(page)

    assert page.wait_for("document.querySelector('.select_map').closest('li').hidden")


def test_terms_are_offered_by_prefix_and_by_label(page: Page) -> None:
    write(page, "SELECT * WHERE { ?x a  }")
    page.evaluate(f"{EDITOR}.focus(); {EDITOR}.setCursor(0, 22)")
    page.type("pedg:Posi")
    first = "document.querySelector('.CodeMirror-hint')?.innerText"
    offered = page.wait_for(f"({first} || '').startsWith('pedg:Posi') && {first}")
    page.press("Enter", code=13)
    page.wait_for("document.querySelector('.CodeMirror-hint') === null")

    assert offered.startswith("pedg:PositiveEnergyDistrict")
    assert "positive energy district · class" in offered
    assert page.evaluate(f"{EDITOR}.getValue()") == (
        "PREFIX pedg: <https://w3id.org/pedgraph/ont#>\nSELECT * WHERE { ?x a pedg:PositiveEnergyDistrict }"
    )
    assert "Added to the query: PREFIX pedg:" in page.evaluate("document.querySelector('#status').textContent")
    for before, after, expected in [
        ("SELECT * WHERE { ?x pedg:in", " }", "property"),
        ("SELECT * WHERE { ?x a pedg:City ; pedg:in", " }", "property"),
        ("SELECT * WHERE { ?x rdf:type pedg:in", " }", "class"),
    ]:
        write(page, f"PREFIX pedg: <{TERMS}> {before[:-1]}{after}")
        page.evaluate(f"{EDITOR}.focus(); {EDITOR}.setCursor(0, {EDITOR}.getValue().length - {len(after)})")
        page.type(before[-1])
        assert expected in page.wait_for("document.querySelector('.CodeMirror-hint span')?.innerText")
        page.press("Escape", code=27)
        page.wait_for("document.querySelector('.CodeMirror-hint') === null")
    write(page, "SELECT * WHERE { ?x a atelier }")
    page.evaluate(f"{EDITOR}.focus(); {EDITOR}.setCursor(0, 29)")
    page.press(" ", "Control", code=32)
    assert page.wait_for("document.querySelector('.CodeMirror-hint b')?.innerText") == "pedg:InnovationAtelier"


def test_an_empty_answer_offers_its_reasons(page: Page) -> None:
    run(page, "SELECT * { ?a <http://nowhere.example/x> ?b }")
    page.click("#empty button")

    assert page.wait_for("document.querySelector('#empty ul, #empty p + p')?.innerText")
    asked = httpx.URL([url for url in page.requests if "explain=" in url][-1])
    assert asked.params["explain"] == "empty"


def test_a_long_query_runs_and_a_running_one_stops(page: Page) -> None:
    run(page, f"# {'long ' * 4000}\nASK {{}}")
    assert page.wait_for("document.querySelector('.booleanResult')?.innerText") == "True"
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.click("#run")
    page.wait_for("document.querySelector('#run').textContent === 'Stop'")
    page.click("#run")
    page.wait_for("document.querySelector('#run').textContent === 'Run'")

    assert page.evaluate("document.querySelector('#status').textContent") == "Stopped."


def test_the_examples_can_be_searched(page: Page) -> None:
    page.click("#example-search")
    page.type("cities role")
    found = page.wait_for(
        "(() => { const left = [...document.querySelectorAll('a.example')].filter((a) => a.getClientRects().length);"
        " return left.length < 8 && left.map((a) => a.textContent); })()"
    )

    assert "Cities with a role in a project" in found
    assert "Positive Energy Districts" not in found


@NEEDS_AXE
@pytest.mark.parametrize(
    ("kind", "scheme"), [("desk", "light"), ("desk", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_everybody_can_use_it_on_every_screen(page: Page, tmp_path: Path, kind: str, scheme: str) -> None:
    """Each state fits its screen and passes axe: contrast, names and roles of what can be used (WCAG 2.1 A and AA)."""
    page.look_like(width=WIDTHS[kind], scheme=scheme)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] if kind == "desk" else ["wcag2aa"]
    for query, click in [
        ("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 60", ".select_table"),
        ("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 60", ".select_response"),
        (PLACES, ".select_map"),
        ("SELECT", "#problem button"),
    ]:
        run(page, query)
        page.click(click)
        page.wait_for("document.querySelector('.yasr .CodeMirror, .yasr td, path.place, #problem button')")
        page.screenshot(tmp_path / f"{kind}-{scheme}.png")
        assert page.lacks(*rules) == []
        assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[kind]


def test_without_the_editor_the_page_still_answers(chromium: Chromium, server: RunningServer) -> None:
    with chromium.page() as tab:
        tab.call("Network.setBlockedURLs", urls=["*yasgui.min.js"])
        tab.open(f"{server.url}/sparql")
        tab.wait_for("document.body.classList.contains('scripted')")
        tab.evaluate("document.querySelector('#query').value = 'SELECT ?n { VALUES ?n { 1 2 } } ORDER BY ?n'")
        tab.click("#run")
        tab.wait_for(SHOWN)

        rows = "[...document.querySelectorAll('#results tr')].map((row) => row.innerText)"
        assert tab.evaluate(rows) == ["n", "1", "2"]
