"""Nothing on the site leads nowhere, and the crawler that says so sees what does."""

from __future__ import annotations

import csv
import io
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from pedgraph.vocabulary.iris import ROOT, THINGS
from tests.crawling import Crawled, Crawler, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

# Where programs look without being led there.
KNOWN_PLACES = ("", "robots.txt", ".well-known/void", "openapi.json")
# Values of examples, which need not exist.
EXAMPLES = {"graph/example/1"}


@pytest.fixture(scope="module")
def crawled(wide_server: RunningServer) -> Crawled:
    return Crawler(wide_server.url).crawl(*KNOWN_PLACES)


def test_nothing_leads_nowhere(crawled: Crawled) -> None:
    dead = [each for each in crawled.dead if each.address not in EXAMPLES]

    assert dead == [], told(dead)


def test_every_thing_of_the_graph_is_reached(crawled: Crawled, wide_server: RunningServer) -> None:
    query = f'SELECT DISTINCT ?thing WHERE {{ ?thing ?property ?value FILTER(STRSTARTS(STR(?thing), "{THINGS}")) }}'
    things = {row["thing"].removeprefix(THINGS) for row in csv.DictReader(io.StringIO(wide_server.get(query).text))}
    local = {each.removeprefix(f"{wide_server.url}/") for each in crawled.addresses}
    named = {each.partition("/")[2] for each in local if re.fullmatch(r"(id|doc)/[^?.]+", each)}

    assert len(things) > 1000
    assert named == things


PAGE = f"""<!DOCTYPE html><html><head><link rel="stylesheet" href="../style.css"><base href="below/page"></head><body>
<h1 id="top">A</h1><a href="../there#top">there</a><a href="../there#bottom">part</a><a href="gone1">gone</a>
<a href="https://example.org/elsewhere">elsewhere</a><a href="mailto:a@example.org">post</a>
<form action="../found" method="get"></form><form action="../sent" method="post"></form>
<p>{ROOT}id/city/gone2. {ROOT}id/city/ends</p><pre>{ROOT}id/city/invented</pre>
<script type="application/ld+json">{{"@id": "{ROOT}id/city/gone3"}}</script></body></html>"""
PLACES = {
    "/": ("text/html", PAGE),
    "/there": ("text/html", "<html><body id='top'>B</body></html>"),
    "/found": ("application/json", '{"next": "?page=2", "results": [{"href": "gone4"}], "note": "gone/or/not"}'),
    "/found?page=2": ("text/turtle", f"<> <{ROOT}gone5> <gone6> ."),
    "/style.css": ("text/css", "a { background: url('gone8.svg') }"),
    "/id/city/ends": ("", "/doc/city/ends"),
    "/doc/city/ends": ("application/xml", '<a xmlns="urn:x"><loc>http://HOST/gone9</loc><link href="gone10"/></a>'),
}


@contextmanager
def small_site() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"]
            media_type, text = PLACES.get(self.path, ("text/plain", None))
            content = (text or "").replace("HOST", host).encode()
            self.send_response(404 if text is None else 200 if media_type else 303)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Link", '<gone11>; rel="next"' if self.path == "/there" else "</there>; rel=up")
            if not media_type:
                self.send_header("Location", content.decode())
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_HEAD = do_GET  # noqa: N815 (the name that the server looks for)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_the_crawler_sees_what_leads_nowhere() -> None:
    with small_site() as site:
        crawled = Crawler(site).crawl("")

    assert {each.address for each in crawled.dead} == {
        "below/gone1", "id/city/gone2", "id/city/gone3", "gone4", "gone5", "gone6", "gone8.svg", "gone9",
        "doc/city/gone10", "gone11", "there#bottom",
    }  # fmt: skip
