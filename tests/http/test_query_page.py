"""The query page as it is served: to whom, with which headers, and that all it loads is here and is what is pinned."""

from __future__ import annotations

import hashlib
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin

import httpx
import pytest

from pedgraph.delivery.browser_files import BrowserFiles, pinned_files
from pedgraph.delivery.query_page import QueryPage, query_body
from pedgraph.query.library import read_library
from pedgraph.settings import Settings
from pedgraph.vocabulary.iris import PREFIXES, TERMS
from tests.http.test_protocol import problem_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import RunningServer

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
needs_editor = pytest.mark.skipif(
    not BrowserFiles().is_complete, reason="the editor is not installed; 'make test' installs it where there is npm"
)


class Loaded(HTMLParser):
    """What a page loads or leads to: (element, address), and the examples by their title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.examples: dict[str, str] = {}
        self._fragment = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("src", "href", "action"):
            if address := values.get(name):
                self.addresses.append((tag, address))
        if values.get("class") == "example":
            self._fragment = values["href"] or ""

    def handle_data(self, data: str) -> None:
        if self._fragment:
            self.examples[data] = parse_qs(self._fragment[1:])["query"][0]
            self._fragment = ""

    def loads(self) -> list[str]:
        return [address for tag, address in self.addresses if tag in {"link", "script", "img"}]


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30, headers={"Accept": BROWSER}) as kept:
        yield kept


def test_browsers_get_the_page_and_others_do_not(client: httpx.Client) -> None:
    page = client.get("/sparql")
    again = client.get("/sparql", headers={"If-None-Match": page.headers["etag"]})

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert {name: page.headers[name] for name in ("content-security-policy", "cache-control", "referrer-policy")} == {
        "content-security-policy": POLICY,
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
    }
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "Accept" in page.headers["vary"]
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/sparql", headers={"Accept-Encoding": "identity"})
    assert (head.headers["content-length"], head.content) == (str(len(page.content)), b"")
    for accept in ("*/*", "text/turtle", "application/sparql-results+json", "text/turtle, text/html;q=0.5"):
        assert not client.get("/sparql", headers={"Accept": accept}).headers["content-type"].startswith("text/html")
    answer = client.get("/sparql", params={"query": "ASK {}"})
    assert not answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("place", ["/sparql", "/sparql/"])
def test_all_that_the_page_loads_is_here(client: httpx.Client, place: str) -> None:
    page = Loaded(client.get(place).text)

    assert page.loads()
    for address in page.loads():
        assert "://" not in address
        found = client.get(urljoin(place, address))
        assert found.status_code == 200, address
        if ".css" in address:
            assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", found.text) == []
    inside = [urljoin(place, address) for tag, address in page.addresses if tag == "a" and "://" not in address]
    assert {client.get(address.partition("#")[0] or place).status_code for address in inside} == {200}


def test_our_scripts_name_no_address_of_others(client: httpx.Client) -> None:
    page = Loaded(client.get("/sparql").text)
    (start,) = [address for address in page.loads() if address.endswith("page.js")]
    for name in ("page", "editor", "completion", "answer", "results", "map"):
        script = client.get(urljoin("/sparql", start.replace("page.js", f"{name}.js")))
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert set(re.findall(r"https?://[^\"'` ]+", script.text)) <= {
            "http://www.opengis.net/ont/geosparql#wktLiteral"
        }


@needs_editor
def test_files_of_others_are_those_that_are_pinned(client: httpx.Client) -> None:
    digest = BrowserFiles().digest
    for name, sha256 in pinned_files().items():
        served = client.get(f"/assets/{digest}/{name}")
        assert hashlib.sha256(served.content).hexdigest() == sha256
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert client.get(f"/assets/{digest}/{name}", headers={"If-None-Match": served.headers["etag"]}).content == b""


@pytest.mark.parametrize(
    "name", ["nothing.js", "SHA256SUMS", "package.json", "..%2fquery_page.py", "%2e%2e/%2e%2e/settings.py", ""]
)
def test_nothing_else_is_served(client: httpx.Client, name: str) -> None:
    for address in (f"/assets/{BrowserFiles().digest}/{name}", "/assets/0123456789abcdef/page.js"):
        refused = client.get(address)
        assert (refused.status_code, problem_code(refused)) == (404, "not-found")


def test_a_file_of_others_that_was_changed_is_not_served(tmp_path: Path) -> None:
    altered = tmp_path / "@zazuko/yasgui/build/yasgui.min.js"
    altered.parent.mkdir(parents=True)
    altered.write_text("alert(1)", encoding="utf-8")
    files = BrowserFiles(tmp_path)
    page = QueryPage(Settings(), files).document().content.decode()

    assert files.lacking == tuple(pinned_files())
    assert not files.is_complete
    assert "yasgui" not in page
    assert '<textarea id="query" name="query"' in page
    assert "not installed on this server" in page


def test_every_stored_query_is_an_example(client: httpx.Client) -> None:
    library = read_library()

    assert Loaded(client.get("/sparql").text).examples == {query.title: query_body(query) for query in library.values()}
    assert not any("#+" in query_body(query) for query in library.values())


def test_the_page_says_the_limits_that_are_set() -> None:
    settings = Settings(query_deadline_seconds=2.5, query_max_bytes=4096, answer_max_bytes=3 * 1024**2)
    page = QueryPage(settings, BrowserFiles()).document().content.decode()

    assert "may run for 2.5 seconds, its text may have 4 KiB, and an answer 3 MiB" in page


def test_terms_are_offered_with_labels_and_use(client: httpx.Client) -> None:
    offered = client.get("/sparql/completion.json")
    found = offered.json()
    count = client.get(
        "/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ ?x a <{TERMS}City> }}", "format": "json"}
    ).json()
    terms = {term["iri"]: term for term in found["terms"]}
    city = terms[TERMS + "City"]

    assert found["prefixes"] == PREFIXES
    assert {"kind": city["kind"], "label": city["label"], "uses": city["uses"]} == {
        "kind": "class",
        "label": "city",
        "uses": int(count["results"]["bindings"][0]["n"]["value"]),
    }
    assert {term["kind"] for term in found["terms"]} == {"class", "property", "code"}
    assert [term["uses"] for term in found["terms"]] == sorted((each["uses"] for each in found["terms"]), reverse=True)
    assert len(offered.content) < 400_000
    tag = {"If-None-Match": offered.headers["etag"]}
    assert client.get("/sparql/completion.json", headers=tag).status_code == 304


def test_packages_are_pinned_with_their_integrity_and_without_addresses() -> None:
    folder = BrowserFiles().folder
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    others = {place: package for place, package in locked.items() if place}
    direct = wanted["dependencies"] | wanted["devDependencies"]

    assert {name: others[f"node_modules/{name}"]["version"] for name in direct} == direct
    assert all(package["integrity"].startswith("sha512-") for package in others.values())
    assert not any("resolved" in package for package in others.values())
    packages = {re.match(r"(@[^/]+/)?[^/]+", name)[0] for name in pinned_files()}  # type: ignore[index]
    assert packages == set(wanted["dependencies"])


def test_the_page_says_whose_coordinates_it_shows(client: httpx.Client) -> None:
    footer = client.get("/sparql", headers={"Accept": "text/html"}).text.partition("<footer")[2]

    assert 'from <a href="https://www.geonames.org">GeoNames</a>' in footer
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>' in footer
