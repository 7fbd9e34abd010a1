"""The page of conflicts in a browser: it fits, can be used by everybody, and needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Page
from tests.queries.rivals import plant
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def rivals(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    home = tmp_path_factory.mktemp("rivals") / "home"
    plant(home, built[0])
    with running_server(home) as server:
        yield server


@NEEDS_AXE
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")])
def test_the_page_fits_and_is_accessible(page: Page, rivals: RunningServer, width: int, scheme: str) -> None:
    page.look_like(width=width, scheme=scheme)
    page.open(f"{rivals.url}/conflicts")

    assert page.lacks() == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.complaints == []


def test_a_kind_is_chosen_without_any_script(page: Page, rivals: RunningServer) -> None:
    page.requests.clear()
    page.open(f"{rivals.url}/conflicts")
    assert page.evaluate("[...document.scripts].every((each) => each.src.endsWith('/site.js'))")
    page.evaluate("document.querySelector('[name=kind]').value = 'roles'")
    page.click("form.choose button")
    page.wait_for("location.search.includes('kind=roles') && document.readyState === 'complete'")

    assert page.evaluate("document.querySelectorAll('article').length") == 1
    assert page.evaluate("document.querySelector('article h3').innerText") == "One: role in Invented"
    assert [each for each in page.requests if not each.startswith((rivals.url, "about:"))] == []
