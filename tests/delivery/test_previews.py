"""Previews as shown: all that is told is there, and what is hostile stays text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.preview_words import LANGUAGES, words
from pedgraph.delivery.previews import preview_fragment, preview_page
from pedgraph.intake.submissions.impact.asked import put
from pedgraph.intake.submissions.impact.wording import LANGUAGES as WORDING_LANGUAGES
from tests.intake.submissions.worlds import build_world, graph, look, triples

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }} {braces} javascript:x"
TURTLE_HOSTILE = HOSTILE.replace('"', '\\"')
ACCEPTED = """
project:p a pedg:Project ; rdfs:label "P"@en ; schema:endDate "2026"^^xsd:gYear .
ped:d a pedg:PositiveEnergyDistrict ; rdfs:label "District"@en .
"""
SUBMITTED = f"""
project:p schema:endDate "2027"^^xsd:gYear ; dcterms:description "{TURTLE_HOSTILE}"@en .
ped:e a pedg:PositiveEnergyDistrict ; rdfs:label "{TURTLE_HOSTILE}"@en .
ped:f a pedg:PositiveEnergyDistrict ; rdfs:label "District"@en ; rdfs:label "{TURTLE_HOSTILE}"@nl .
ped:d rdfs:label "{TURTLE_HOSTILE}"@en .
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A preview with conflicts, statuses, duplicates and changed answers, as JSON."""
    home: Path = tmp_path_factory.mktemp("shown")
    build_world(home, accepted=ACCEPTED)
    found = look(home, put(graph("new"), triples(SUBMITTED))).as_json()
    hostile = {"severity": "violation", "rule": "S01", "message": HOSTILE, "entity": HOSTILE}
    findings = {"new": [hostile], "known": [], "gone": [], "counts": {"new": 12, "known": 0, "gone": 0}}
    return {**found, "findings": findings, "not_compared": [HOSTILE]}


class _Elements(HTMLParser):
    """Counts elements, and keeps attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> _Elements:
    elements = _Elements()
    elements.feed(html)
    elements.close()
    assert elements.open == []
    return elements


def test_everything_is_told(shown: dict[str, Any]) -> None:
    elements = read(preview_fragment(shown))

    for heading in ("title", "conflicts", "statuses", "duplicates", "findings", "facts", "answers", "touched"):
        assert words("en")[heading] in elements.text, heading
    assert "and 11 more" in elements.text
    assert "2026" in elements.text
    assert "2027" in elements.text
    assert "almost" not in elements.text
    assert "has the same name as" in elements.text


def test_what_is_hostile_stays_text(shown: dict[str, Any]) -> None:
    elements = read(preview_page(shown, root="../").content.decode())

    assert set(elements.tags).isdisjoint({"script", "img", "iframe", "style"})
    assert elements.attributes <= {
        "lang", "charset", "name", "content", "rel", "href", "class", "id", "aria-labelledby", "aria-hidden", "role",
        "tabindex", "scope", "data-side", "open",
    }  # fmt: skip
    assert elements.text.count(HOSTILE) >= 6
    assert "49" not in elements.text


def test_a_preview_that_changes_nothing_says_so(tmp_path: Path) -> None:
    build_world(tmp_path, accepted=ACCEPTED)
    found = look(tmp_path, put(graph("new"), triples(ACCEPTED)), language="de").as_json()

    # So small a world keeps few promises.
    found["answers"]["broken"] = []

    elements = read(preview_fragment(found))

    assert words("de")["nothing"] in elements.text
    assert {"h3", "table", "details"}.isdisjoint(elements.tags)


def test_there_are_words_in_every_language() -> None:
    assert LANGUAGES == WORDING_LANGUAGES
    english = words("en")
    for language in LANGUAGES:
        said = words(language)
        assert all(said.values())
        assert {key for key in said if "{" in said[key]} == {key for key in english if "{" in english[key]}
    assert words("xx") == english


def test_its_style_is_served_with_the_others() -> None:
    files = BrowserFiles()

    assert files.file(files.digest, "preview.css").content_type == "text/css; charset=utf-8"
