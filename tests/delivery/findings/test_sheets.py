"""The view of a table: cells to jump to, what is said at them, and nothing that a file could do with it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pedgraph.delivery.findings.page import findings_fragment, findings_page
from tests.delivery.findings.outline import Outline
from tests.delivery.findings.told import HOSTILE, finding, group, told, warning


def place(sheet: str, line: int, column: int, cell: str = "", source: str = "a.xlsx") -> dict[str, Any]:
    return {"source": source, "sheet": sheet, "line": line, "column": column, "cell": cell, "pointer": ""}


def table(sheet: str, *rows: list[str], source: str = "a.xlsx") -> dict[str, Any]:
    """A sheet with its header in row 1 and the rows from 4 on."""
    header = {"line": 1, "values": ["Name", "Topic"]}
    numbered = [{"line": line, "values": values} for line, values in enumerate(rows, start=4)]
    return {"source": source, "sheet": sheet, "header": header, "rows": numbered}


def test_cells_are_shown_with_what_is_said_about_them() -> None:
    cell, row, whole = place("Districts", 4, 2, "B4"), place("Districts", 5, 0), place("Districts", 0, 0)
    file = told(
        group(finding(position=cell, place="Districts!B4")),
        group(warning(position=cell, place="Districts!B4"), warning(position=row, place="Districts:5")),
        group(warning(position=whole, place="Districts", rule="T02")),
        sheets=[table("Districts", ["Noord", "helth"], ["=1+1", "", "beyond"])],
        rows_left_out=1200,
    )

    part = findings_fragment(file, "a text that is not shown")

    outline = Outline(part)
    words = " ".join(outline.text)
    assert words.endswith(
        "The cells with findings Only the header, the rows with findings and the row before each are shown. "
        "Rows with findings that are not shown: 1,200. "
        "Districts warning T02 A B C 1 Name Topic 4 Noord helth error S09 warning T01 5 warning T01 =1+1 beyond"
    )
    assert '<a href="#cell-Districts-B4"><span class="unseen-word">Jump to </span>Districts!B4</a>' in part
    assert '<td id="cell-Districts-B4" class="marked violation">helth' in part
    assert '<th scope="row" id="row-Districts-5" class="marked warning">5' in part
    assert '<h3 id="sheet-Districts">' in part
    assert 'title="This is no member of the code list topic."' in part
    assert [attributes["class"] for _, attributes in outline.elements if attributes.get("class") == "heads"] == [
        "heads"
    ]
    assert part.count('class="after-gap"') == 1
    assert 'class="source-view"' not in part


def test_a_marked_column_beyond_the_values_has_a_cell() -> None:
    file = told(
        group(finding(position=place("", 4, 4, source="a.csv"), place="a.csv:4:4")),
        sheets=[table("", ["Noord"], source="a.csv")],
        rows_left_out=0,
    )

    part = findings_fragment(file)

    assert '<a href="#cell-a-csv-D4">' in part
    assert '<td id="cell-a-csv-D4" class="marked violation">' in part
    assert "Rows with findings" not in part


@pytest.mark.parametrize("prefix", ["", "file-2-"])
def test_every_link_leads_to_one_place_whatever_sheets_are_called(prefix: str) -> None:
    names = ["A B", "A-B", "A-B-2", "É", "日本", HOSTILE, '"><b id="x">', "cell-A-B", "x" * 60, "x" * 61, "", "1"]
    sheets = [table(name, ["Noord", "helth"]) for name in names]
    found = [finding(position=place(name, line, 2, f"B{line}"), place="B") for name in names for line in (1, 4)]
    file = told(group(*found), group(warning(position=place("gone", 4, 2, "B4"), place="gone!B4")), sheets=sheets)
    file["rows_left_out"] = 1

    part = findings_fragment(file, prefix=prefix)

    outline = Outline(part)
    identifiers = outline.values("id")
    links = [link for link in outline.values("href") if link.startswith("#")]
    places = [link for link in links if link.startswith(f"#{prefix}cell-")]
    assert len(identifiers) == len(set(identifiers))
    assert len(places) == len(set(places)) == 2 * len(names)
    assert {link.removeprefix("#") for link in links} <= set(identifiers)
    assert set(outline.values("aria-labelledby")) <= set(identifiers)
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", each) for each in identifiers)
    assert "<b>gone!B4</b>" in part


def test_values_of_others_are_shown_and_do_nothing() -> None:
    file = told(
        group(finding(position=place(HOSTILE, 4, 2, "B4"), problem=HOSTILE)),
        sheets=[table(HOSTILE, [HOSTILE, f"=HYPERLINK({HOSTILE})\n\t"])],
        rows_left_out=0,
    )

    page = findings_page([(file, "")]).decode()

    shown = "&lt;script&gt;alert(1)&lt;/script&gt;␛[31m[red]\N{REPLACEMENT CHARACTER}␇{{ 7*7 }}&amp;"
    assert f"=HYPERLINK({shown})␊␉" in page
    assert f">{shown}</h3>" in page
    assert "<script" not in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", page)
    Outline(page)
