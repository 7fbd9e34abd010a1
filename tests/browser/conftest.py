"""One browser for all tests in it; each tab has a context of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import running_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Chromium, Page


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A running Chromium, which is started when it is first needed."""
    with running_chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture(scope="module")
def page(chromium: Chromium) -> Iterator[Page]:
    """A tab for the tests of one module."""
    with chromium.page() as page:
        yield page
