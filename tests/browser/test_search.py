"""The search boxes in a browser: suggestions for those who have scripts, by mouse and by keys, and a form for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Page

if TYPE_CHECKING:
    from tests.servers import RunningServer

pytestmark = NEEDS_CHROMIUM

BOX = "#search-words"
LIST = ".suggestions:popover-open"


def typed(page: Page, server: RunningServer, text: str) -> None:
    """Opens the page of the search, types into its box, and waits for suggestions."""
    page.open(f"{server.url}/search")
    page.wait_for(f"document.querySelector('{BOX}[role=combobox]')")
    page.evaluate(f"document.querySelector('{BOX}').focus()")
    page.type(text)
    page.wait_for(f"document.querySelector('{LIST} li')")


def active(page: Page) -> str | None:
    """What a screen reader is told to be at."""
    name: str | None = page.evaluate(
        f"document.getElementById(document.querySelector('{BOX}').getAttribute('aria-activedescendant'))"
        "?.querySelector('.name').textContent"
    )
    return name


@NEEDS_AXE
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")])
def test_the_page_fits_and_is_accessible(page: Page, wide_server: RunningServer, width: int, scheme: str) -> None:
    page.look_like(width=width, scheme=scheme)
    for question in ("?q=amsterdm", "?q=xyzzyqq", "?kind=code"):
        page.open(f"{wide_server.url}/search{question}")
        assert page.lacks() == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    typed(page, wide_server, "buik")

    assert page.lacks() == []
    assert page.complaints == []


def test_keys_go_through_the_suggestions(page: Page, wide_server: RunningServer) -> None:
    typed(page, wide_server, "grön")
    assert page.evaluate(f"document.querySelector('{BOX}').getAttribute('aria-expanded')") == "true"
    assert active(page) is None
    page.press("ArrowDown", code=40)
    assert active(page) == "Groningen"
    page.press("ArrowUp", code=38)
    assert active(page) is None
    page.press("Escape", code=27)

    assert page.evaluate(f"document.querySelector('{LIST}')") is None
    assert page.evaluate(f"document.querySelector('{BOX}').getAttribute('aria-expanded')") == "false"
    assert page.evaluate(f"document.querySelector('{BOX}').value") == "grön"


def test_a_suggestion_leads_to_its_thing(page: Page, wide_server: RunningServer) -> None:
    typed(page, wide_server, "waste he")
    page.press("ArrowDown", code=40)
    page.press("Enter", code=13)
    page.wait_for("location.hash === '#waste-heat'")
    typed(page, wide_server, "waste he")
    page.click(f"{LIST} li:first-child .name")

    page.wait_for("location.hash === '#waste-heat'")


def test_without_a_choice_the_form_is_sent(page: Page, wide_server: RunningServer) -> None:
    typed(page, wide_server, "buik")
    page.press("Escape", code=27)
    page.click(".search-form button")
    page.wait_for("location.search === '?q=buik&language=' && document.readyState === 'complete'")

    assert page.evaluate("document.querySelector('.search-results a').textContent") == "PED Buiksloterham"
