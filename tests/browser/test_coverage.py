"""The coverage page in a real browser: readable at any width and in any light, and nothing leaves the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Chromium, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

pytestmark = NEEDS_CHROMIUM

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BAR = "document.querySelector('#City tbody .bar .fill')"


@pytest.fixture
def page(chromium: Chromium, server: RunningServer) -> Iterator[Page]:
    """A tab with the page; in the end nothing may have been asked of another server, and nothing gone wrong."""
    with chromium.page() as tab:
        yield tab
        assert [url for url in tab.requests if not url.startswith((f"{server.url}/", "about:", "data:"))] == []
        assert tab.complaints == []


@NEEDS_AXE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_everybody_can_read_it(page: Page, server: RunningServer, width: int, scheme: str) -> None:
    page.look_like(width=width, scheme=scheme)
    page.open(f"{server.url}/coverage")

    assert page.lacks(*RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@NEEDS_AXE
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_everybody_can_read_the_catalogue(page: Page, server: RunningServer, width: int, scheme: str) -> None:
    page.look_like(width=width, scheme=scheme)
    page.open(f"{server.url}/catalog?format=html")

    assert page.lacks(*RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_bar_is_as_wide_as_its_share_and_seen(page: Page, server: RunningServer) -> None:
    page.look_like(width=375)
    page.open(f"{server.url}/coverage")

    # All cities of the two texts have a role in a project.
    shares = page.evaluate(f"[{BAR}, {BAR}.previousElementSibling].map((each) => each.getBoundingClientRect().width)")
    colours = page.evaluate(f"[{BAR}, {BAR}.previousElementSibling].map((each) => getComputedStyle(each).fill)")
    assert shares[0] == shares[1] > 60
    assert len({*colours, page.evaluate("getComputedStyle(document.body).backgroundColor")}) == 3


def test_what_is_wider_than_the_screen_is_reached_by_keys(page: Page, server: RunningServer) -> None:
    page.look_like(width=375)
    page.open(f"{server.url}/coverage")

    page.evaluate("document.querySelector('[role=region]').focus()")
    assert page.evaluate("document.activeElement.scrollWidth > document.activeElement.clientWidth")
    page.press("ArrowRight", code=39)
    assert page.wait_for("document.activeElement.scrollLeft > 0")
