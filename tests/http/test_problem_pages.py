"""Problems as pages: for browsers only, with the status, the fields and the content that programs get."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from tests.http.test_protocol import problem_of

if TYPE_CHECKING:
    from tests.servers import RunningServer

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
EVIL = '"><script>alert(1)</script>'
ADDRESSES = [
    "/nothing", "/nothing/at/all/", "/doc/city/lyonn", "/id/city/" + quote(EVIL, safe=""), "/peds?colour=red",
    "/sparql?query=SELECT", "/sparql?query=" + quote(f"SELECT * {{ ?s ?p {EVIL} }}"), "/conflicts?kind=x&kind=y",
    "/versions/99", "/documentation/none.html", "/" + "a" * 5000, "/%00", "/doc/%2e%2e/x",
]  # fmt: skip


def ask(server: RunningServer, address: str, accept: str) -> httpx.Response:
    return httpx.get(f"{server.url}{address}", headers={"Accept": accept})


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:30])
def test_a_page_says_what_the_document_says(wide_server: RunningServer, address: str) -> None:
    document = ask(wide_server, address, "application/json")
    page = ask(wide_server, address, BROWSER)

    assert document.headers["content-type"] == "application/problem+json"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    told, shown = document.json(), problem_of(page)
    assert {name: value for name, value in shown.items() if name != "incident"} == told
    assert page.status_code == document.status_code == told["status"]
    assert page.headers["cache-control"] == document.headers["cache-control"] == "no-store"
    assert page.headers["vary"].startswith("Accept")


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:30])
def test_a_page_is_safe_to_look_at(wide_server: RunningServer, address: str) -> None:
    page = ask(wide_server, address, BROWSER)

    scripts = [re.sub(r"(\.\./)*assets/[0-9a-f]+/", "", each) for each in re.findall(r"<script[^>]*>", page.text)]
    assert scripts == ['<script type="module" src="site.js">']
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self';"
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<[a-z][^>]*\s(?:on[a-z]+|style)\s*=", page.text)


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (BROWSER, True), ("text/html", True), ("text/html;q=0.9, */*;q=0.1", True), ("*/*", False), ("", False),
        ("application/json", False), ("application/problem+json, text/html;q=0.9", False), ("text/*", False),
        ("application/json, text/html", False), ("text/turtle, text/html;q=0.5", False), ("image/png", False),
        ("text/html;q=0", False), ("application/ld+json, text/html;q=0.2, */*;q=0.1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_only_who_prefers_a_page_gets_one(server: RunningServer, accept: str, is_page: bool) -> None:
    answer = ask(server, "/nothing", accept)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html") == is_page


def test_the_links_of_a_page_hold_wherever_it_is(wide_server: RunningServer) -> None:
    for address in ("/nothing", "/nothing/at/all/", "/doc/city/lyonn"):
        page = ask(wide_server, address, BROWSER)
        links = [each for each in re.findall(r'(?:href|src|action)="([^"#]+)"', page.text) if "://" not in each]
        found = {
            httpx.URL(str(page.url)).join(each): httpx.head(
                str(httpx.URL(str(page.url)).join(each)), headers={"Accept": BROWSER}, follow_redirects=True, timeout=60
            ).status_code
            for each in set(links)
        }
        assert {str(url): status for url, status in found.items() if status != 200} == {}
        assert len(found) > 20


def test_the_nearest_names_are_links(wide_server: RunningServer) -> None:
    page = ask(wide_server, "/doc/city/lyon", BROWSER)

    assert problem_of(page)["nearest"][0] == "https://w3id.org/pedgraph/id/city/fr-lyon"
    assert '<a href="../../doc/city/fr-lyon">https://w3id.org/pedgraph/id/city/fr-lyon</a>' in page.text
    assert 'name="q" value="lyon"' in page.text


def test_a_method_that_is_not_offered_is_told_with_those_that_are(server: RunningServer) -> None:
    answer = httpx.delete(f"{server.url}/coverage", headers={"Accept": BROWSER})

    assert (answer.status_code, problem_of(answer)["status"]) == (405, 405)
    assert answer.headers["allow"] == "GET, HEAD"


def test_head_says_the_same_without_a_body(server: RunningServer) -> None:
    head = httpx.head(f"{server.url}/nothing", headers={"Accept": BROWSER})

    assert (head.status_code, head.headers["content-type"], head.content) == (404, "text/html; charset=utf-8", b"")
