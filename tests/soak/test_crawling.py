"""All of the site: each page, each format and profile of each thing, its versions, and each link with a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crawling import Crawler, told
from tests.http.test_crawler import EXAMPLES, KNOWN_PLACES

if TYPE_CHECKING:
    from tests.servers import RunningServer

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


def test_nothing_leads_nowhere_at_all(wide_server: RunningServer) -> None:
    crawled = Crawler(wide_server.url, is_thorough=True).crawl(*KNOWN_PLACES)
    dead = [each for each in crawled.dead if each.address not in EXAMPLES]

    assert dead == [], told(dead)
    assert crawled.asked.total() > 10_000
    assert "Traceback" not in wide_server.logged()
