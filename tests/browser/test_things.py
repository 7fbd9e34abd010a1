"""The page on a thing in a browser: it fits, can be used by everybody, and says who states a fact on hover, tap and by
keyboard, without any script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.chromium import NEEDS_CHROMIUM, Page

if TYPE_CHECKING:
    from tests.servers import RunningServer

pytestmark = NEEDS_CHROMIUM

CARD = "document.querySelector('.facts .origin-card')"
IS_SHOWN = f"{CARD}.checkVisibility({{contentVisibilityAuto: true}}) && {CARD}.getClientRects().length > 0"


def test_hover_tap_and_keyboard_say_who_states_a_fact(page: Page, wide_server: RunningServer) -> None:
    page.look_like(width=1280)
    page.open(f"{wide_server.url}/doc/city/nl-amsterdam")
    page.wait_for("document.querySelector('.map.drawn path.place')")
    assert page.evaluate(IS_SHOWN) is False
    box = page.evaluate(
        "(() => { const box = document.querySelector('.facts .origin summary').getBoundingClientRect();"
        " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
    page.wait_for(IS_SHOWN)
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)
    page.wait_for(f"!({IS_SHOWN})")

    page.look_like(width=375)
    page.click(".facts .origin summary")
    page.wait_for(IS_SHOWN)
    assert "GeoNames" in page.evaluate(f"{CARD}.innerText")
    # One card at a time, so that none hides another.
    page.evaluate("document.querySelectorAll('.facts .origin summary')[1].focus()")
    page.press(" ", code=32)
    page.wait_for(f"!({IS_SHOWN})")
    assert page.evaluate("document.querySelectorAll('.origin[open]').length") == 1


def test_a_thing_with_a_point_has_a_map_and_asks_nobody_else(page: Page, wide_server: RunningServer) -> None:
    page.requests.clear()
    page.look_like(width=1280)
    page.open(f"{wide_server.url}/doc/city/nl-amsterdam")
    page.wait_for("document.querySelector('.map.drawn path.place')")
    assert [each for each in page.requests if not each.startswith((wide_server.url, "about:"))] == []
    page.open(f"{wide_server.url}/doc/project/ascend")
    assert page.evaluate("document.querySelectorAll('.map').length") == 0
