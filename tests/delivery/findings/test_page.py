"""The page about a file: everything in its place, linked, and without any power."""

from __future__ import annotations

import re
from typing import Final

import pytest

from pedgraph.delivery.findings.page import findings_fragment, findings_page, findings_style, source_view
from pedgraph.intake.messages import LANGUAGES
from tests.delivery.findings.outline import Outline
from tests.delivery.findings.told import HOSTILE, finding, group, told, warning

TEXT: Final = "\n".join(f"line {number}" for number in range(1, 31))


def test_the_part_has_verdict_numbers_groups_and_the_text() -> None:
    part = findings_fragment(told(group(finding(3), count=2), group(warning(9))), TEXT)

    outline = Outline(part)
    assert outline.text[:4] == [
        "The file cannot be taken in yet.",
        "2 errors",
        "1 warning",
        "2 of 3 findings are shown.",
    ]
    words = " ".join(outline.text)
    assert "Errors 2 topic error Rule S09 \N{MULTIPLICATION SIGN} 2 This is no member of the code list topic." in words
    assert "What to do: Take one from the list. Allowed: health Place About Found Did you mean Jump to 3:5" in words
    assert "3:5 Noord helth health 1 more of this kind are not shown." in words
    assert "Warnings 1" in words
    assert "The file, line by line 1 line 1 2 line 2 3 line 3 error S09 This is no member" in words
    assert "30 line 30" in words
    assert "https://w3id.org/pedgraph/documentation/shapes.html#S09" in outline.values("href")


@pytest.mark.parametrize("prefix", ["", "file-2-"])
def test_every_link_inside_leads_somewhere_and_no_id_stands_twice(prefix: str) -> None:
    file = told(group(finding(3), finding(4)), group(warning(9), warning(3)), group(finding(cell="B7")))

    outline = Outline(findings_fragment(file, TEXT, prefix=prefix))

    identifiers = outline.values("id")
    inside = [link.removeprefix("#") for link in outline.values("href") if link.startswith("#")]
    assert len(identifiers) == len(set(identifiers))
    assert {f"{prefix}L3", f"{prefix}L4", f"{prefix}L9", f"{prefix}violation", f"{prefix}group-2"} <= set(inside)
    assert set(inside) <= set(identifiers)
    assert set(outline.values("aria-labelledby")) <= set(identifiers)


def test_of_a_long_text_the_lines_around_findings_are_shown() -> None:
    text = "\n".join(f"line {number}" for number in range(1, 10_001))

    part = source_view(told(group(finding(5000), finding(9999))), text)

    shown = re.findall(r'id="L(\d+)"', part)
    assert shown == [str(number) for number in [*range(4997, 5004), *range(9996, 10_001)]]
    assert part.count('class="gap"') == 2
    assert "Only the lines around findings are shown." in part


def test_the_place_is_marked_and_a_long_line_is_cut() -> None:
    part = source_view(told(group(finding(1))), "a <b> c" + "x" * 5000)

    assert "<code>a &lt;b<mark>&gt; cxxx" in part
    assert len(part) < 3000


def test_cells_are_named_where_there_is_no_text_to_jump_to() -> None:
    cell = {"source": "a.xlsx", "sheet": "Cities", "line": 7, "column": 2, "cell": "B7", "pointer": ""}

    part = findings_fragment(told(group(finding(position=cell, place="Cities!B7"))))

    assert "<b>Cities!B7</b>" in part
    assert "source-view" not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_in_every_language_and_asks_nothing_of_others(language: str) -> None:
    file = told(group(finding(3), count=20), group(warning(9)), language=language)

    page = findings_page([(file, TEXT), (told(language=language, source="b.ttl"), "")]).decode()

    outline = Outline(page)
    assert ("html", {"lang": language}) in outline.elements
    assert "{?" not in page
    assert [tag for tag, _ in outline.elements if tag in {"script", "img", "iframe", "link", "form"}] == []
    assert [tag for tag, _ in outline.elements].count("h1") == 2
    assert "url(" not in page
    assert len(outline.values("id")) == len(set(outline.values("id")))


def test_hostile_values_are_shown_and_do_nothing() -> None:
    wild = {"iri": "", "label": HOSTILE}
    file = told(
        group(
            finding(1, entity=wild, property=wild, found=HOSTILE, problem=HOSTILE, nearest=wild, allowed=[wild]),
            finding(2, place=HOSTILE, problem="other", nearest=None),
        ),
        source=HOSTILE,
    )  # fmt: skip

    page = findings_page([(file, HOSTILE + "\n" + HOSTILE)]).decode()

    shown = "&lt;script&gt;alert(1)&lt;/script&gt;␛[31m[red]\N{REPLACEMENT CHARACTER}␇{{ 7*7 }}&amp;"
    assert page.count(shown) > 8
    assert "<script" not in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", page)
    Outline(page)


def test_a_clean_file_is_said_to_be_clean() -> None:
    outline = Outline(findings_fragment(told(), TEXT))

    assert outline.text == ["The file can be taken in.", "Nothing to complain about."]


def test_the_style_knows_the_classes_of_the_part() -> None:
    part = findings_fragment(told(group(finding(3)), group(warning(9))), TEXT)
    style = findings_style()

    for name in ("findings", "verdict", "tally", "group", "source-view", "noted", "notes", "line-number"):
        assert f".{name}" in style
        assert re.search(rf'class="[^"]*\b{name}\b', part), name
