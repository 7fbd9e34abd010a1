"""The pages of the site in a real browser: readable at any width and in any light, whole without scripts, and maps that
are drawn from this server alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Chromium, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

pytestmark = NEEDS_CHROMIUM

# A page of each kind, each in one of the looks, so that together they stand for all of them.
LOOKS = {
    (1280, "light"): [
        "/", "/doc/project/ascend", "/search?q=lyon", "/versions", "/catalog", "/documentation/classes/City.html",
    ],
    (1280, "dark"): [
        "/peds?country=NL", "/doc/city/nl-amsterdam", "/sources", "/versions/1", "/profile", "/nothing/here",
    ],
    (375, "light"): [
        "/cities?country=FR", "/doc/source/s1", "/graph/s1/1", "/dumps/", "/service", "/documentation/codes/topic.html",
    ],
    (375, "dark"): [
        "/", "/indicators?country=FR", "/doc/ped/de-munich-harthof", "/sources?sort=title", "/feed", "/problem",
    ],
}  # fmt: skip
MAP = "document.querySelectorAll('.map.drawn path.place').length"
WAYS = "document.querySelector('#site-ways')"
IS_SHOWN = f"{WAYS}.getClientRects().length > 0"


@pytest.fixture
def page(chromium: Chromium, wide_server: RunningServer) -> Iterator[Page]:
    """A tab; in the end nothing may have been asked of another server, and nothing gone wrong but what is not there."""
    with chromium.page() as tab:
        yield tab
        own = (f"{wide_server.url}/", "about:", "data:")
        assert [url for url in tab.requests if not url.startswith(own)] == []
        assert [each for each in tab.complaints if "/nothing/here" not in each] == []


@NEEDS_AXE
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_read_it(page: Page, wide_server: RunningServer, width: int, scheme: str) -> None:
    page.look_like(width=width, scheme=scheme)
    for address in LOOKS[width, scheme]:
        page.open(f"{wide_server.url}{address}")
        if page.evaluate("Boolean(document.querySelector('.map'))"):
            page.wait_for(f"{MAP} > 0")
        # Who states a fact is read too: all cards open at once.
        page.evaluate("document.querySelectorAll('.origin').forEach((each) => each.removeAttribute('name'))")

        assert page.lacks() == [], address
        # A phone widens its window for what does not fit.
        assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_map_has_every_place_and_leads_to_it(page: Page, wide_server: RunningServer) -> None:
    page.look_like(width=1280)
    page.open(f"{wide_server.url}/")
    page.wait_for(f"{MAP} > 0")
    given = page.evaluate(
        f"fetch('{wide_server.url}/', {{headers: {{Accept: 'text/html'}}}}).then((each) => each.text())"
    )
    features = json.loads(given.partition('<script type="application/json">')[2].partition("</script>")[0])["features"]

    assert page.evaluate(MAP) == len(features)
    assert page.evaluate("document.querySelectorAll('.map path.country').length") > 100
    # The map is in view already; to scroll to a place would scroll the map within its frame.
    box = page.evaluate("document.querySelector('.map path.ped:last-of-type').getBoundingClientRect().toJSON()")
    for kind in ("mousePressed", "mouseReleased"):
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    address = page.wait_for("document.querySelector('.leaflet-popup-content a')?.getAttribute('href')")
    assert address in {each["properties"]["address"] for each in features}
    # No outline runs round the whole map where a country reaches across 180 degrees.
    widths = page.evaluate("[...document.querySelectorAll('.map path.country')].map((each) => each.getBBox().width)")
    assert max(widths) < page.evaluate("document.querySelector('.map').clientWidth") * 4


def test_a_list_draws_what_passes_its_filters(page: Page, wide_server: RunningServer) -> None:
    page.look_like(width=1280)
    page.open(f"{wide_server.url}/cities?country=NL")

    page.wait_for(f"{MAP} === 7")
    assert page.evaluate("document.querySelectorAll('.entries > li').length") == 7


def test_the_menu_of_a_phone_opens_by_keys_and_closes(page: Page, wide_server: RunningServer) -> None:
    page.look_like(width=375)
    page.open(f"{wide_server.url}/coverage")
    assert not page.evaluate(IS_SHOWN)

    page.evaluate("document.querySelector('.menu').focus()")
    page.press(" ", code=32)
    page.wait_for(IS_SHOWN)
    assert page.evaluate(f"{WAYS}.querySelectorAll('a').length") > 9
    page.press("Escape", code=27)
    page.wait_for(f"!({IS_SHOWN})")

    page.look_like(width=1280)
    page.wait_for(IS_SHOWN)


def test_pages_are_whole_without_scripts(page: Page, wide_server: RunningServer) -> None:
    page.look_like(width=375)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open_without_scripts(f"{wide_server.url}/")
    root = page.call("DOM.getDocument", depth=-1)["root"]["nodeId"]

    found = page.call("DOM.querySelectorAll", nodeId=root, selector=".gazetteer a[href^='doc/ped/']")["nodeIds"]
    assert len(found) > 15
    assert page.call("DOM.querySelectorAll", nodeId=root, selector=".map .leaflet-pane")["nodeIds"] == []
    shown = page.call("DOM.querySelector", nodeId=root, selector=".map noscript p")["nodeId"]
    assert page.call("DOM.getBoxModel", nodeId=shown)["model"]["height"] > 0
