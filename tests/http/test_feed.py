"""The change feed over HTTP: pages, what may be kept of them, and that a replay ends with the graph as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.feed.changes import Changes
from pedgraph.delivery.feed.page import ChangesPage
from pedgraph.delivery.report_pages import ReportPages
from pedgraph.intake.following.following import Follower
from pedgraph.settings import Settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.chronicle import roll_back
from pedgraph.store.ledger import Ledger
from pedgraph.store.manifest import read_manifest
from pedgraph.store.publication import build, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS, PREFIXES, THINGS
from tests.feeds import N_QUADS, canonical, everything, held, replayed
from tests.servers import RunningServer, running_server
from tests.store.worlds import PUBLICATION, triple

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
PERSON = f"{THINGS}person/ada-example"


def follower(home: Path, server: RunningServer) -> Follower:
    return Follower(Versions(home), Settings(home=home), f"{server.url}/feed")


def pages(url: str) -> list[httpx.Response]:
    """All pages in N-Quads, from the first on."""
    entry = httpx.get(f"{url}/feed", headers=N_QUADS).text
    (address,) = re.findall(r"<[^>]*#first> <https://w3id.org/tree#node> <([^>]+)>", entry)
    found = []
    while address:
        found.append(httpx.get(address, headers=N_QUADS))
        address = "".join(re.findall(r"#next> <https://w3id.org/tree#node> <([^>]+)>", found[-1].text))
    return found


def person(name: str) -> list[Triple]:
    iri = NamedNode(PERSON)
    return [
        Triple(iri, NamedNode(f"{PREFIXES['rdf']}type"), NamedNode(f"{PREFIXES['foaf']}Person")),
        Triple(iri, NamedNode(f"{PREFIXES['foaf']}name"), Literal(name)),
    ]


def sizes(versions: Versions) -> dict[str, int]:
    """How much stands in each graph that holds anything."""
    graphs = read_manifest(versions.directory(versions.current())).graphs
    return {graph: size for graph, size in graphs.items() if size}


def again(versions: Versions) -> ChangeSet:
    """All graphs of the current version, with other labels of blank nodes."""
    store = Store.read_only(str(versions.store_directory()))
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    content = {graph.value: store.quads_for_pattern(None, None, None, graph) for graph in graphs}
    return ChangeSet({graph: [_relabelled(quad.triple) for quad in quads] for graph, quads in content.items()})


def _relabelled(triple: Triple) -> Triple:
    subject, value = triple.subject, triple.object
    if isinstance(subject, BlankNode):
        subject = BlankNode(f"again{subject.value}")
    if isinstance(value, BlankNode):
        value = BlankNode(f"again{value.value}")
    return Triple(subject, triple.predicate, value)


def test_a_replay_ends_with_the_graph_of_the_current_version(home: Path, tmp_path: Path) -> None:
    versions, copy = Versions(home), Versions(tmp_path / "copy")
    own = f"{GRAPHS}own/1"
    with running_server(home) as server:
        following = follower(copy.home, server)

        def catches_up(changes: int) -> None:
            assert following.catch_up().changes == changes
            assert sizes(copy) == sizes(versions)

        catches_up(1)
        publish(versions, ChangeSet({own: [triple("one"), triple("two"), *person("Ada Example")]}), PUBLICATION)
        publish(versions, ChangeSet({own: [triple("two", "y"), *person("Ada M. Example")]}), PUBLICATION)
        catches_up(2)
        assert everything(copy) == everything(versions)
        roll_back(versions, 1)
        catches_up(1)
        roll_back(versions, 3)
        build(versions, again(versions), PUBLICATION)
        catches_up(2)
        publish(versions, ChangeSet({own: person("Ada Example")}), PUBLICATION)
        old = pages(server.url)
        publish(versions, ChangeSet(removed=frozenset({own})), PUBLICATION)
        catches_up(2)
        catches_up(0)

        # Of the person, no name is left: the pages have moved, and a replay from the beginning works as before.
        assert {httpx.get(each.url, headers=N_QUADS).status_code for each in old} == {410}
        assert any("Ada Example" in each.text for each in old)
        new = pages(server.url)
        assert not any("Ada" in each.text for each in new)
        assert f"<{PERSON}>" in new[-1].text
        assert "Ada" not in httpx.get(f"{server.url}/feed.atom").text
        other = Versions(tmp_path / "other")
        assert follower(other.home, server).catch_up().changes == 8
        assert everything(other) == everything(versions) == everything(copy)
        assert b"Ada" not in (copy.home / "ledger.sqlite").read_bytes()


def test_what_follows_has_a_feed_of_the_same(server: RunningServer, built: tuple[Path, object], tmp_path: Path) -> None:
    follower(tmp_path / "second", server).catch_up()

    assert replayed(Versions(tmp_path / "second")) == held(Versions(built[0]))


def test_full_pages_never_change_and_the_open_one_is_asked_for_again(server: RunningServer) -> None:
    found = pages(server.url)

    keeps = [each.headers["cache-control"] for each in found]
    assert len(found) > 1
    assert set(keeps[:-1]) == {"public, max-age=604800, immutable"}
    assert keeps[-1] == "public, no-cache"
    members = [len(re.findall("tree#member>", each.text)) for each in found]
    assert set(members[:-1]) == {250}
    assert 0 < members[-1] <= 250
    for each in found:
        again = httpx.get(each.url, headers=N_QUADS)
        assert (again.content, again.headers["etag"]) == (each.content, each.headers["etag"])
        tag = {"If-None-Match": each.headers["etag"]}
        assert httpx.get(each.url, headers=N_QUADS | tag).status_code == 304


@pytest.mark.parametrize("path", ["feed", "feed/1/0"])
@pytest.mark.parametrize(
    ("name", "rdf_format"), [("trig", RdfFormat.TRIG), ("nq", RdfFormat.N_QUADS), ("jsonld", RdfFormat.JSON_LD)]
)
def test_all_formats_say_the_same(server: RunningServer, path: str, name: str, rdf_format: RdfFormat) -> None:
    answer = httpx.get(f"{server.url}/{path}", params={"format": name})
    head = httpx.head(f"{server.url}/{path}", params={"format": name})
    reference = httpx.get(f"{server.url}/{path}", headers=N_QUADS)

    assert answer.headers["content-type"] == rdf_format.media_type
    assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")
    assert "Accept" in answer.headers["vary"]
    assert canonical(parse(answer.content, rdf_format)) == canonical(parse(reference.content, RdfFormat.N_QUADS))


def test_the_entry_describes_the_stream(server: RunningServer) -> None:
    entry = httpx.get(f"{server.url}/feed", headers={"Accept": "application/trig"}).text

    for statement in (
        "a ldes:EventStream", "ldes:timestampPath dcterms:created", "ldes:versionOfPath dcterms:isVersionOf",
        "ldes:versionDeleteObject as:Delete", "ldes:transactionPath prov:wasGeneratedBy",
        f"tree:view <{server.url}/feed>", f"tree:node <{server.url}/feed/1/0>",
    ):  # fmt: skip
        assert statement in entry


def test_addresses_are_those_that_the_client_sees(server: RunningServer) -> None:
    port = server.url.rpartition(":")[2]

    assert f"<http://localhost:{port}/feed/1/0>" in httpx.get(f"http://localhost:{port}/feed", headers=N_QUADS).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("feed/1/9999", 404), ("feed/2/0", 404), ("feed/0/0", 404), ("feed/1/00", 404), ("feed/1/-1", 404),
        ("feed/1/x", 404), ("feed/1/9999999999", 404), ("feed/1/0?page=2", 400), ("feed?format=nq&format=nq", 400),
        ("feed/1/0?format=html", 400), ("feed.atom?format=nq", 400), ("feed/1/9999.atom", 404),
        ("feed/1/%2e%2e.atom", 404),
        ("feed/1/0.atom?a=b", 400), ("feed/9/0.atom", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(server: RunningServer, path: str, status: int) -> None:
    answer = httpx.get(f"{server.url}/{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_people_get_a_page_with_what_changed(home: Path) -> None:
    versions = Versions(home)
    thing = NamedNode(f"{THINGS}event/one")
    label = NamedNode(f"{PREFIXES['skos']}prefLabel")
    statement = Triple(thing, label, Literal("<b>One & two</b>", language="en"))
    own = f"{GRAPHS}own/1"
    publication = replace(PUBLICATION, derivations=None)
    publish(versions, ChangeSet({own: [statement, triple("unnamed")]}), publication)
    publish(versions, ChangeSet({own: [statement]}), publication)
    roll_back(versions, 1)
    changes = Changes(versions)
    page = ChangesPage(changes, versions, ReportPages(BrowserFiles())).document("http://localhost/", "../")
    text = page.content.decode()

    assert page.content_type.startswith("text/html")
    assert '<a href="../id/event/one">&lt;b&gt;One &amp; two&lt;/b&gt;</a>' in text
    headings = re.findall(r"<h[23][^>]*>(.*?)</h", re.search("<main.*</main>", text, re.DOTALL)[0])  # type: ignore[index]
    told = [re.sub(r"<time.*?/time>|<[^>]*>", "", each).strip() for each in headings]
    newest = changes.changes()[-1].created
    assert told == [
        "Back to version 1", "Withdrawn 1", "Version 3", "Withdrawn 1", "Version 2", "New 2", "Version 1",
        f"New {newest:,}", "Keep a copy up to date",
    ]  # fmt: skip


def test_a_browser_gets_the_page(server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/feed", headers={"Accept": "text/html,*/*;q=0.8"})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"pedgraph follow {server.url}/feed" in answer.text
    assert httpx.get(f"{server.url}/feed").headers["content-type"] == "application/trig"


def test_atom_and_its_archives_hold_every_event_once(server: RunningServer, built: tuple[Path, object]) -> None:
    address: str | None = f"{server.url}/feed.atom"
    seen: dict[str, str] = {}
    order: list[int] = []
    while address:
        answer = httpx.get(address)
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        feed = ET.fromstring(answer.content)  # noqa: S314 (from our own server)
        is_archive = feed.find("{http://purl.org/syndication/history/1.0}archive") is not None
        assert is_archive is address.endswith("0.atom") or is_archive is bool(re.search(r"/[0-9]+\.atom$", address))
        assert ("immutable" in answer.headers["cache-control"]) is is_archive
        links = {each.attrib["rel"]: each.attrib["href"] for each in feed.findall(f"{ATOM}link")}
        assert links["self"] == address
        for entry in feed.findall(f"{ATOM}entry"):
            identity = entry.findtext(f"{ATOM}id", "")
            assert identity not in seen
            seen[identity] = entry.findtext(f"{ATOM}title", "")
            order.append(int(identity.rpartition("-")[2]))
        address = links.get("prev-archive")

    events = Ledger(built[0]).events(newest=10**9)
    assert order == [each.number for each in events] == list(range(len(events), 0, -1))
    assert len(events) > 150
    assert {title.rpartition(": ")[2] for title in seen.values()} == {"created"}
