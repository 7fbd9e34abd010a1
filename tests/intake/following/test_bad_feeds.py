"""A feed that is not what it should be is refused, and nothing of it gets in."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.feed.stream import Stream
from pedgraph.errors import FeedRefused, SettingsError
from pedgraph.intake.following.fetching import Limits
from pedgraph.intake.following.following import FOLLOWING_FILE, Follower
from pedgraph.settings import Settings
from pedgraph.store.ledger import Ledger
from pedgraph.store.publication import build, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.media import N_QUADS
from tests.feeds import held
from tests.store.worlds import PUBLICATION, triple, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Change = Callable[[str], str]

NODE = "<https://w3id.org/tree#node>"
TOTAL = "<https://www.w3.org/ns/activitystreams#totalItems>"


class Site:
    """A server that answers with what it is told to: status, headers and body by path."""

    def __init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = site.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in ({"Content-Type": N_QUADS.media_type} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def change(self, path: str, change: Change) -> None:
        status, headers, body = self.answers[path]
        self.answers[path] = status, headers, change(body.decode()).encode()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Two versions with more things than a page holds: two pages, and the first change ends on the second."""
    versions = Versions(tmp_path_factory.mktemp("origin"))
    build(versions, world(a=[triple(f"thing-{number}") for number in range(300)]), PUBLICATION)
    publish(versions, world(b=[triple("last", "<< of all")]), PUBLICATION)
    return versions


@pytest.fixture(scope="module")
def serving() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def site(serving: Site, origin: Versions) -> Site:
    """The site with the pages as they should be."""
    stream = Stream(Ledger(origin.home))
    documents = {"/feed": stream.root(f"{serving.url}/", N_QUADS)}
    for number in (0, 1):
        documents[f"/feed/1/{number}"] = stream.page(1, number, f"{serving.url}/", N_QUADS).document
    serving.answers = {path: (200, {}, each.content) for path, each in documents.items()}
    return serving


def follower(home: Path, site: Site, limits: Limits | None = None) -> Follower:
    return Follower(Versions(home), Settings(home=home), f"{site.url}/feed", limits)


def without_line(pattern: str) -> Change:
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if not re.search(pattern, line))


def with_line(line: str) -> Change:
    return lambda text: text + line + "\n"


def with_other(pattern: str, replacement: str) -> Change:
    def change(text: str) -> str:
        changed = re.sub(pattern, replacement, text)
        assert changed != text
        return changed

    return change


DAMAGES: dict[str, tuple[str, Change]] = {
    "no feed at all": ("/feed", lambda _: "<html>"),
    "an entry without a stream": ("/feed", without_line("EventStream")),
    "an entry that leads nowhere": ("/feed", without_line(NODE)),
    "an entry that leads elsewhere": (
        "/feed",
        with_other(r"http://127.0.0.1:[0-9]+/feed/1", "http://127.0.0.2/feed/1"),
    ),
    "cut within a line": ("/feed/1/0", lambda text: text[:-9]),
    "cut at the end of a line": ("/feed/1/0", lambda text: "".join(text.splitlines(keepends=True)[:-1])),
    "cut after a member": ("/feed/1/0", lambda text: text[: text.rindex("<https://w3id.org/pedgraph/feed#stream")]),
    "a number that is wrong": ("/feed/1/0", with_other(f'{TOTAL} "250"', f'{TOTAL} "249"')),
    "no number": ("/feed/1/0", without_line("void#triples")),
    "a page that leads to itself": ("/feed/1/0", with_other(r"(next> \S+) (\S+)/feed/1/1>", r"\1 \2/feed/1/0>")),
    "a page that leads elsewhere": (
        "/feed/1/0",
        with_other(r"(next> \S+) (\S+)/feed/1/1>", r"\1 <file:///etc/passwd>"),
    ),
    "a page that is missing": ("/feed/1/0", with_other(r"(next> \S+) (\S+)/feed/1/1>", r"\1 \2/feed/1/2>")),
    "a last page that is first": ("/feed/1/0", without_line("#next>")),
    "another stream": ("/feed/1/1", with_other(r"(stream|member|change)-[0-9a-f]{16}", r"\1-0123456789abcdef")),
    "a member of another stream": ("/feed/1/0", with_other(r"#member-[0-9a-f]{16}-7>", "#member-0123456789abcdef-7>")),
    "blank nodes": ("/feed/1/0", with_line('_:a <urn:x:p> "b" .')),
    "triple terms": ("/feed/1/0", with_line("<urn:x:a> <urn:x:p> " + "<<( <urn:x:a> <urn:x:p> " * 50_000)),
    "statements of no member": ("/feed/1/0", with_line("<urn:x:a> <urn:x:p> <urn:x:b> <urn:x:g> .")),
    "statements about others": ("/feed/1/0", with_other("<urn:x:thing-1> <urn:x:p>", "<urn:x:other> <urn:x:p>")),
    "a member of no kind": ("/feed/1/0", with_other("activitystreams#Create>", "activitystreams#Like>")),
    "a member of two kinds": ("/feed/1/0", lambda text: text + text.splitlines()[8].replace("Create", "Delete") + "\n"),
    "what is gone but says something": ("/feed/1/0", with_other("activitystreams#Create>", "activitystreams#Delete>")),
    "a member of no thing": ("/feed/1/0", without_line("isVersionOf")),
    "a graph that is a text": ("/feed/1/0", with_other(r"#target> <[^>]+>", '#target> "a"')),
    "no change": ("/feed/1/0", without_line("wasGeneratedBy")),
    "a change without an end": ("/feed/1/0", with_other(r"#change-([0-9a-f]{16})-1>", r"#change-\1-9>")),
    "places twice": ("/feed/1/1", with_other(r"(#member-[0-9a-f]{16})-25([0-9])>", r"\1-24\2>")),
    "an IRI that is none": ("/feed/1/0", with_other("<urn:x:thing-1>", "<urn:x:thing 7>")),
    "no version": ("/feed/1/1", with_other("pedgraph/version/1>", "pedgraph/version/one>")),
    "an unknown default graph": ("/feed/1/1", with_other('"merged"', '"both"')),
    "not UTF-8": ("/feed/1/0", with_line('<urn:x:a> <urn:x:p> "\udcff" .'.encode("utf-8", "replace").decode() + "\0")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_refused(site: Site, tmp_path: Path, name: str) -> None:
    path, change = DAMAGES[name]
    site.change(path, change)

    with pytest.raises(FeedRefused) as refused:
        follower(tmp_path, site).catch_up()

    assert str(refused.value.extensions["source"]).startswith(f"{site.url}/feed") or "elsewhere" in name
    assert Versions(tmp_path).pointer() is None


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (500, {}, b""),
        (204, {}, b""),
        (302, {"Location": "http://127.0.0.2/feed/1/0"}, b""),
        (301, {"Location": "/feed/1/1"}, b""),
        (200, {"Content-Type": "text/html"}, b"<p>"),
        (200, {"Content-Type": "application/trig"}, b""),
        (200, {"Content-Length": "1000000"}, b"<urn:x:a> <urn:x:p> <urn:x:b> .\n"),
        (200, {"Content-Length": "many"}, b""),
        (200, {"Transfer-Encoding": "chunked"}, b"zz\r\n"),
        (200, {}, b"\n" * 2_000_000),
    ],
)
def test_answers_that_are_no_pages_are_refused(
    site: Site, tmp_path: Path, status: int, headers: dict[str, str], body: bytes
) -> None:
    site.answers["/feed/1/0"] = status, headers, body

    with pytest.raises(FeedRefused):
        follower(tmp_path, site, Limits(page_bytes=1_000_000)).catch_up()

    assert Versions(tmp_path).pointer() is None


def test_a_page_may_only_take_so_long(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="longer than 0 seconds"):
        follower(tmp_path, site, Limits(page_seconds=0.0)).catch_up()


def test_whole_changes_before_the_damage_stay_and_it_goes_on_when_it_is_mended(
    site: Site, origin: Versions, tmp_path: Path
) -> None:
    whole = dict(site.answers)
    site.change("/feed/1/1", with_other("pedgraph/version/2>", "pedgraph/version/two>"))
    with pytest.raises(FeedRefused):
        follower(tmp_path, site).catch_up()
    site.answers = whole
    with pytest.raises(FeedRefused):
        follower(tmp_path, site, Limits(page_bytes=10)).catch_up()

    assert follower(tmp_path, site).catch_up().version_there == 2
    assert held(Versions(tmp_path)) == held(origin)


def test_a_death_before_it_was_noted_how_far_it_came_does_no_harm(site: Site, origin: Versions, tmp_path: Path) -> None:
    follower(tmp_path, site).catch_up()
    (tmp_path / FOLLOWING_FILE).write_text(f'{{"feed": "{site.url}/feed"}}', encoding="utf-8")

    followed = follower(tmp_path, site).catch_up()

    assert followed.changes == 2
    assert held(Versions(tmp_path)) == held(origin)


def test_a_stream_that_began_anew_is_not_mixed_with_the_one_before(site: Site, tmp_path: Path) -> None:
    follower(tmp_path, site).catch_up()
    for path in site.answers:
        site.change(path, lambda text: re.sub(r"(stream|member|change)-[0-9a-f]{16}", r"\1-0123456789abcdef", text))

    with pytest.raises(FeedRefused, match="Another stream"):
        follower(tmp_path, site).catch_up()


def test_a_home_with_a_graph_of_its_own_follows_nobody(site: Site, origin: Versions, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a graph of its own"):
        follower(origin.home, site).catch_up()
    follower(tmp_path, site).catch_up()
    with pytest.raises(SettingsError, match="follows http"):
        Follower(Versions(tmp_path), Settings(home=tmp_path), "http://127.0.0.1:1/feed").catch_up()


@pytest.mark.parametrize(
    "address",
    ["", "feed", "ftp://127.0.0.1/feed", "http:///feed", "http://127.0.0.1/", "http://127.0.0.1:x/feed",
     "http://a:b@127.0.0.1/feed", "http://127.0.0.1/feed?a=b", "file:///feed", "http://[/feed"],
)  # fmt: skip
def test_addresses_that_are_none_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(FeedRefused, match="looks like"):
        Follower(Versions(tmp_path), Settings(home=tmp_path), address)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="cannot be fetched"):
        Follower(Versions(tmp_path), Settings(home=tmp_path), "http://127.0.0.1:1/feed").catch_up()
