"""The page of conflicts over HTTP: what it lists, how it is chosen from, and that nothing in it is taken for markup."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.http.test_protocol import problem_code
from tests.queries.rivals import plant
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
OPERATOR = "Invented: the operator's page"
# Kind → what stands side by side on the page, the preferred one first.
SIDES = {
    "attendance": ["online", "on site and online"],
    "claims": ["achieved", "given up"],
    "coordinates": ["52.4, 4.9", "52.4, 4.95"],
    "dates": ["2026", "2027-06"],
    "helices": ["industry", "academia"],
    "labels": ["A workshop", "A &lt;script&gt;alert(1)&lt;/script&gt; workshop", "Ann Example", "Anne Example"],
    "lists": ["not named", "follower city"],
    "numbers": ["39", "40 for 2023"],
    "places": ["Netherlands", "Belgium"],
    "register-counts": ["29 for 2020", "61 for 2022"],
    "roles": ["lighthouse city", "follower city"],
    "stages": ["planning", "idea"],
}


@pytest.fixture(scope="module")
def rivals(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    home = tmp_path_factory.mktemp("rivals") / "home"
    plant(home, built[0])
    with running_server(home) as server:
        yield server


def page(server: RunningServer, **parameters: str) -> httpx.Response:
    return httpx.get(f"{server.url}/conflicts", headers=BROWSER, params=parameters)


def sides(text: str) -> list[str]:
    """The values on a page, without the mark of the preferred one."""
    found = re.findall(r'<p class="value">(.*?)</p>', text)
    return [re.sub(r"<[^>]*>", "", each.replace('<span class="mark">preferred</span>', "")).strip() for each in found]


def test_each_kind_is_listed_with_the_preferred_value_first(rivals: RunningServer) -> None:
    everything = page(rivals)

    assert everything.status_code == 200
    assert everything.headers["content-type"] == "text/html; charset=utf-8"
    assert everything.headers["content-security-policy"] == POLICY
    assert sorted(sides(everything.text)) == sorted(value for values in SIDES.values() for value in values)
    for kind, values in SIDES.items():
        assert sides(page(rivals, kind=kind).text) == values, kind
    assert everything.text.count('<span class="mark">preferred</span>') == len(SIDES) + 1


def test_what_registers_count_is_shown_with_bars_as_long_as_their_numbers(rivals: RunningServer) -> None:
    text = page(rivals).text
    table = text[text.index('<h2 id="registers">') : text.index("</table>")]
    found = [
        (
            *re.findall(r'class="fill" width="([0-9.]+)"', row),
            *re.findall(r'<td class="number"[^>]*>([0-9]+)</td><td[^>]*>([^<]*)', row),
        )
        for row in table.split("<tr>")[2:]
    ]

    assert found == [("100.0", ("61", "2022")), ("100.0", ("61", "2022")), ("47.5", ("29", "2020"))]
    assert "What registers count" not in page(rivals, kind="roles").text


def test_what_others_wrote_is_text_and_leads_to_the_web_only(rivals: RunningServer) -> None:
    text = page(rivals).text

    (script,) = re.findall(r"<script[^>]*>", text)
    assert re.fullmatch(r'<script type="module" src="assets/[0-9a-f]+/site.js">', script)
    assert "javascript:" not in text
    assert "Invented: a &lt;b&gt;newspaper&lt;/b&gt; &amp; more" in text
    assert '<a href="https://example.org/operator" rel="noreferrer">' in text


def test_sources_dates_and_the_reason_are_told(rivals: RunningServer) -> None:
    text = page(rivals, kind="register-counts").text

    assert re.findall(r'<span class="note">(.*?)</span>', text) == [
        "no date, read 2026-11-21; stated by the operator",
        "2025-06, read 2026-11-20; stated by others",
        "2019, read 2026-11-21; stated by others",
    ]
    assert "Preferred because its source is trusted more (stated by the operator)." in text


def test_the_page_is_chosen_from_by_kind_and_thing(rivals: RunningServer) -> None:
    assert sides(page(rivals, thing="person").text) == ["Ann Example", "Anne Example"]
    assert sides(page(rivals, kind="labels", thing="person").text) == ["Ann Example", "Anne Example"]
    none = page(rivals, kind="roles", thing="person").text
    assert "No disagreement of this kind is about such a thing." in none
    assert sides(none) == []


@pytest.mark.parametrize(
    "query", ["kind=quarrels", "thing=planet", "sort=name", "kind=roles&kind=dates", "format=exe", "kind=%FF"]
)
def test_what_the_page_does_not_know_is_refused(rivals: RunningServer, query: str) -> None:
    answer = httpx.get(f"{rivals.url}/conflicts?{query}", headers=BROWSER)

    assert answer.status_code == 400
    assert problem_code(answer) == "bad-request"


def test_programs_are_led_to_the_stored_query(rivals: RunningServer) -> None:
    answer = httpx.get(f"{rivals.url}/conflicts", headers={"Accept": "text/csv"}, follow_redirects=True)
    head = httpx.get(f"{rivals.url}/conflicts?format=json", headers=BROWSER)

    assert (head.status_code, head.headers["location"]) == (303, "queries/list-rival-statements?format=json")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["kind"] for row in rows} == set(SIDES)
    assert {row["source"] for row in rows if row["isPreferred"] == "true"} == {OPERATOR}
    assert {row["issued"] for row in rows} == {"", "2019", "2025-06"}


def test_the_page_holds_until_a_new_version(rivals: RunningServer, server: RunningServer) -> None:
    first = page(rivals)
    again = httpx.get(f"{rivals.url}/conflicts", headers={**BROWSER, "If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "public, no-cache"
    assert httpx.head(f"{rivals.url}/conflicts", headers=BROWSER).headers["etag"] == first.headers["etag"]
    assert page(server).headers["etag"] != first.headers["etag"]
