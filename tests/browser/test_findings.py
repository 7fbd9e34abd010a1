"""The page about a file in a browser: as wide as the window, linked into the text, silent, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.findings.page import findings_page
from tests.browser.chromium import NEEDS_CHROMIUM
from tests.delivery.findings.told import HOSTILE, finding, group, told, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.chromium import Chromium, Page

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    """A new tab."""
    with chromium.page() as tab:
        yield tab


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A page with findings of all sorts about a text of long lines."""
    text = "\n".join(f"line {number} " + "word " * 60 for number in range(1, 121))
    wild = finding(9, entity={"iri": "", "label": HOSTILE}, found="x" * 300)
    file = told(group(finding(3), finding(110)), group(wild), group(warning(60), count=2000))
    path = tmp_path / "findings.html"
    path.write_bytes(findings_page([(file, text)]))
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_as_wide_as_the_window_and_complains_of_nothing(
    page: Page, address: str, width: int, scheme: str
) -> None:
    page.look_like(width=width, scheme=scheme)
    page.open(address)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("getComputedStyle(document.querySelector('.group')).borderLeftStyle") == "solid"
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 23, 28)"
    assert is_dark == (scheme == "dark")
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("file:") and url != "about:blank"] == []


def test_a_place_leads_to_its_line_and_the_line_back_to_what_is_said(page: Page, address: str) -> None:
    page.look_like(width=1280)
    page.open(address)

    page.click("td.place a[href='#L110']")
    page.wait_for("location.hash === '#L110'")
    box = page.evaluate("(({top, bottom}) => [top, bottom])(document.querySelector('#L110').getBoundingClientRect())")
    page.click("#L110 .notes a")

    assert 0 <= box[0] < box[1] <= page.evaluate("innerHeight")
    assert page.wait_for("location.hash === '#group-1'")
