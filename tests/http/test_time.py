"""Things in time, on a site below a path of another: what they were in each version, and what is left of those that
were withdrawn.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, PREFIXES, ROOT, TERMS, THINGS
from tests.http.proxies import proxied
from tests.http.test_protocol import problem_code
from tests.http.test_things import links
from tests.servers import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAPH, SECOND, THIRD = f"{GRAPHS}a/1", f"{GRAPHS}b/1", f"{GRAPHS}c/1"
STAYS, GOES, COMES = (f"{THINGS}city/xx-{name}" for name in ("stays", "goes", "comes"))
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
# Version → when it was published, as its manifest has it, and what is in it. 1 is pruned, 2 is a release.
MOMENTS = {1: "2026-01-01T10:00:00", 2: "2026-02-01T10:00:00", 3: "2026-03-01T10:00:00", 4: "2026-04-01T10:00:00"}
HTTP_DATES = {
    2: "Sun, 01 Feb 2026 10:00:00 GMT",
    3: "Sun, 01 Mar 2026 10:00:00 GMT",
    4: "Wed, 01 Apr 2026 10:00:00 GMT",
}
N_TRIPLES = {"Accept": "application/n-triples"}
PREFIX = "/linked/pedgraph"
# Addresses that can be asked for in a version, in pages.
IN_VERSIONS = re.compile(
    r"(doc|id|graph|queries)/|(peds|projects|cities|organisations|sites|ateliers|events|indicators|sources|catalog)\b|\?"
)


def city(iri: str, name: str) -> list[Triple]:
    named = [NamedNode(PREFIXES["skos"] + "prefLabel"), NamedNode(PREFIXES["rdfs"] + "label")]
    typed = Triple(NamedNode(iri), NamedNode(PREFIXES["rdf"] + "type"), NamedNode(TERMS + "City"))
    return [typed, *(Triple(NamedNode(iri), each, Literal(name, language="en")) for each in named)]


def content(number: int) -> dict[str, list[Triple]]:
    """What is published as a version."""
    cities = city(STAYS, f"Name {number}") + (city(GOES, "Gone") if number < 4 else [])
    licensed = Triple(NamedNode(GRAPH), NamedNode(PREFIXES["dcterms"] + "license"), NamedNode(LICENCE))
    # What intake leaves of a graph whose place another takes.
    moment = Literal("2026-04-01T10:00:00Z", datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    left = [
        Triple(NamedNode(THIRD), NamedNode(PREFIXES["prov"] + "invalidatedAtTime"), moment),
        Triple(NamedNode(THIRD), NamedNode(PREFIXES["dcterms"] + "isReplacedBy"), NamedNode(GRAPH)),
    ]
    graphs = {GRAPH: cities, META_GRAPH: [licensed, *(left if number > 3 else [])]}
    graphs |= {SECOND: city(COMES, "New")} if number > 2 else {}
    return graphs | ({THIRD: city(STAYS, "More")} if number < 4 else {})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("time") / "home"
    versions = Versions(folder)
    for number, created in MOMENTS.items():
        publication = Publication("somebody", "to see", keep=2, release="spring" if number == 2 else None)
        changes = ChangeSet(content(number), frozenset({THIRD} if number == 4 else ()))
        (build if number == 1 else publish)(versions, changes, publication)
        path = versions.directory(number) / "manifest.json"
        members = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(members | {"created": f"{created}+00:00"}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    """A client of a proxy before the server, which knows of the path from its settings."""
    with (
        running_server(home, readers=1, root_path=PREFIX) as server,
        proxied(server.url, PREFIX, says_prefix=False) as address,
        httpx.Client(base_url=address, timeout=30) as kept,
    ):
        yield kept


def path_of(iri: str, folder: str = "doc") -> str:
    return f"/{folder}/{iri.removeprefix(THINGS)}"


def name_in(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    name: str = answer.text.partition("Name ")[2][:1]
    return name


@pytest.mark.parametrize(
    ("asked", "number"),
    [("2", 2), ("spring", 2), ("2026-03-15", 3), ("2026-03-01T10:00:00Z", 3), ("4", 4), ("2030-01-01", 4)],
)
def test_any_kept_version_of_a_thing_can_be_asked_for(client: httpx.Client, asked: str, number: int) -> None:
    answer = client.get(f"{path_of(STAYS)}.nt", params={"version": asked})

    assert name_in(answer) == str(number)
    assert answer.headers["memento-datetime"] == HTTP_DATES[number]
    assert links(answer)["original timegate", ""] == f"{client.base_url}doc/city/xx-stays.nt"
    is_forever = "immutable" in answer.headers["cache-control"]
    assert is_forever == (asked not in {"spring", "2030-01-01"})


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        # Before all that is kept, exactly at a version, between two, and after all.
        ("Thu, 01 Jan 2026 10:00:00 GMT", 2),
        ("Mon, 01 Jan 1990 00:00:00 GMT", 2),
        ("Sun, 01 Mar 2026 10:00:00 GMT", 3),
        ("Tue, 31 Mar 2026 23:59:59 GMT", 3),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 4),
    ],
)
def test_a_moment_gives_the_nearest_version_that_is_kept(client: httpx.Client, moment: str, number: int) -> None:
    answer = client.get(path_of(STAYS), headers={"Accept-Datetime": moment, **N_TRIPLES})

    assert name_in(answer) == str(number)
    assert answer.headers["memento-datetime"] == HTTP_DATES[number]
    assert answer.headers["content-location"] == f"./xx-stays.nt?version={number}"
    assert "Accept-Datetime" in answer.headers["vary"].split(", ")
    kept = client.get(urljoin(str(answer.url), answer.headers["content-location"]))
    assert (kept.content, kept.headers["memento-datetime"]) == (answer.content, answer.headers["memento-datetime"])
    # The address of a version stays that, whatever moment is asked for with it.
    pinned = client.get(f"{path_of(STAYS)}.nt?version=4", headers={"Accept-Datetime": moment})
    assert name_in(pinned) == "4"


def test_what_is_current_is_no_memento(client: httpx.Client) -> None:
    answer = client.get(f"{path_of(STAYS)}.nt")

    assert name_in(answer) == "4"
    assert "memento-datetime" not in answer.headers
    assert answer.headers["cache-control"] == "public, no-cache"
    assert name_in(client.get(links(answer)["bookmark", ""])) == "4"


def test_a_map_lists_the_versions_in_which_something_is_known(client: httpx.Client) -> None:
    known = {
        path_of(STAYS): [2, 3, 4],
        path_of(GOES, "id"): [2, 3],
        path_of(COMES): [3, 4],
        "/graph/b/1": [3, 4],
        "/graph/c/1": [2, 3],
    }
    known |= {"/cities": [2, 3, 4], "/graph/b/1": [3, 4], "/graph/c/1": [2, 3]}
    for path, numbers in known.items():
        as_links, as_json = client.get(f"/timemap/link{path}?a=b"), client.get(f"/timemap/json{path}?a=b").json()
        original = f"{client.base_url}{path[1:]}?a=b"
        mementos = [(HTTP_DATES[each], f"{original}&version={each}") for each in numbers]
        assert as_links.headers["content-type"] == "application/link-format"
        lines = as_links.text.removesuffix("\n").split(",\n")
        assert lines[0] == f'<{original}>; rel="original timegate"'
        span = f'from="{mementos[0][0]}"; until="{mementos[-1][0]}"'
        assert lines[1] == f'<{as_links.url}>; rel="self"; type="application/link-format"; {span}'
        relations = ["first memento", *["memento"] * (len(numbers) - 2), "last memento"]
        assert lines[3:] == [
            f'<{address}>; rel="{relation}"; datetime="{moment}"'
            for (moment, address), relation in zip(mementos, relations, strict=True)
        ]
        assert (as_json["original_uri"], as_json["timegate_uri"]) == (original, original)
        assert [each["uri"] for each in as_json["mementos"]["list"]] == [address for _, address in mementos]
        assert [each["datetime"] for each in as_json["mementos"]["list"]] == [f"{MOMENTS[n]}Z" for n in numbers]
        assert as_json["timemap_uri"]["link_format"] == str(as_links.url)


def test_what_was_withdrawn_leaves_a_tombstone(client: httpx.Client) -> None:
    for folder in ("id", "doc"):
        answer = client.get(path_of(GOES, folder))
        assert (answer.status_code, problem_code(answer)) == (410, "thing-withdrawn")
        members = answer.json()
        del members["detail"], members["withdrawn"]
        assert members == {
            "type": f"{ROOT}problem/thing-withdrawn",
            "title": "This was withdrawn",
            "status": 410,
            "iri": GOES,
            "label": "Gone",
            "classes": [f"{TERMS}City"],
            "withdrawn_with_version": 4,
            "last_kept_version": 3,
        }
        then = client.get(links(answer)["memento", ""], headers=N_TRIPLES, follow_redirects=True)
        assert (then.status_code, f"<{GOES}> " in then.text) == (200, True)
    assert client.get(f"{path_of(GOES)}?version=3").status_code == 200
    assert client.get(f"{path_of(GOES)}?version=4").status_code == 404
    assert client.get(path_of(COMES), headers={"Accept-Datetime": HTTP_DATES[2]}).status_code == 404
    assert problem_code(client.get(f"{path_of(STAYS)}?version=1")) == "version-gone"


def test_a_graph_that_was_replaced_leaves_its_description(client: httpx.Client) -> None:
    gone, then = client.get("/graph/c/1.nt"), client.get("/graph/c/1.nt?version=3")

    assert (gone.status_code, gone.headers["content-type"]) == (410, "application/n-triples")
    assert sorted(gone.text.splitlines()) == [
        f"<{THIRD}> <http://purl.org/dc/terms/isReplacedBy> <{GRAPH}> .",
        f'<{THIRD}> <http://www.w3.org/ns/prov#invalidatedAtTime> "2026-04-01T10:00:00Z"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime> .",
    ]
    assert links(gone)["successor-version", ""] == GRAPH
    assert client.get("/graph/c/1.html").status_code == 410
    assert (then.status_code, then.text.count("More")) == (200, 2)


def test_licences_are_those_of_the_version(client: httpx.Client) -> None:
    assert links(client.get(f"{path_of(STAYS)}.ttl"))["license", ""] == LICENCE
    assert ("license", "") not in links(client.get(f"{path_of(COMES)}.ttl"))


def test_queries_are_asked_about_a_moment_too(client: httpx.Client) -> None:
    query = f"SELECT ?name {{ <{STAYS}> <{PREFIXES['skos']}prefLabel> ?name }}"
    now = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    then = client.get(
        "/sparql", params={"query": query}, headers={"Accept": "text/csv", "Accept-Datetime": HTTP_DATES[3]}
    )

    assert [name_in(each) for each in (now, then)] == ["4", "3"]
    assert then.headers["memento-datetime"] == HTTP_DATES[3]
    assert then.headers["cache-control"] == "public, no-cache"
    assert "Accept-Datetime" in now.headers["vary"]
    odd = client.get("/sparql", params={"query": query}, headers={"Accept-Datetime": "then"})
    assert problem_code(odd) == "bad-request"


@pytest.mark.parametrize("asked", [{"params": {"version": "3"}}, {"headers": {"Accept-Datetime": HTTP_DATES[3]}}])
def test_a_page_on_an_earlier_version_says_so_and_its_links_keep_to_it(
    client: httpx.Client, asked: dict[str, dict[str, str]]
) -> None:
    """Whatever is led to from there: all that can be had in that version is."""
    followed: set[str] = set()
    paths = ("/", "/cities", "/sources", "/search", "/catalog", path_of(STAYS), path_of(COMES), "/graph/a/1")
    # Both ways of asking give the same pages.
    for path in paths if "params" in asked else paths[-3:-2]:
        fields = {"Accept": "text/html", **asked.get("headers", {})}
        answer = client.get(path, params=asked.get("params"), headers=fields)
        assert answer.status_code == 200, path
        assert "This is version 3 of the graph, of" in answer.text
        assert answer.headers["cache-control"] == "public, no-cache"
        (present,) = re.findall(r'<a href="([^"]*)">Show the present version</a>', answer.text)
        assert urljoin(str(answer.url), present) == f"{client.base_url}{path[1:]}"
        (difference,) = re.findall(r'<a href="([^"]*)">What differs</a>', answer.text)
        assert client.get(urljoin(str(answer.url), difference)).status_code == 200
        led = [urljoin(str(answer.url), html.unescape(each)) for each in re.findall(r' href="([^"]*)"', answer.text)]
        below = {each.removeprefix(str(client.base_url)).partition("#")[0] for each in led} - {path[1:]}
        of_versions = {each for each in below if IN_VERSIONS.match(each)}
        assert {each for each in of_versions if "version=3" not in each} == set()
        assert {"peds?version=3", "sources?version=3", "?version=3"} <= of_versions
        followed |= {each for each in of_versions if "_profile" not in each or "profile=raw" in each}
        assert '<input type="hidden" name="version" value="3">' in answer.text
    for each in sorted(followed) if "params" in asked else ():
        assert client.get(f"/{each}", headers={"Accept": "*/*"}, follow_redirects=True).status_code == 200, each


def test_a_page_on_the_present_version_is_not_called_earlier(client: httpx.Client) -> None:
    for path in ("/cities", path_of(STAYS)):
        now, pinned = (client.get(path, params=each, headers={"Accept": "text/html"}) for each in ({}, {"version": 4}))
        assert "This is version" not in now.text + pinned.text
        assert ("version=4" in now.text, "version=4" in pinned.text) == (False, True)


def test_what_has_a_past_has_a_map_of_it(client: httpx.Client) -> None:
    for path in ("/", "/sources", "/catalog", "/void", "/.well-known/void", "/search", "/cities", "/graph/a/1"):
        for media_type in ("text/html", "*/*"):
            answer = client.get(path, headers={"Accept": media_type})
            told = answer.headers.get("link", "")
            if "timemap" in told:
                found = client.get(links(answer)["timemap", "application/link-format"])
                assert found.text.startswith(f'<{client.base_url}{path[1:]}>; rel="original timegate"')
            else:
                assert answer.status_code == 303, path


def test_a_thing_leads_to_its_history(client: httpx.Client) -> None:
    page = client.get(path_of(STAYS), headers={"Accept": "text/html"})
    (address,) = re.findall(r'href="([^"]*versions\?iri=[^"]*)"', page.text)

    steps = client.get(f"{urljoin(str(page.url), address)}&format=json").json()["steps"]
    assert [each["version"] for each in steps] == [4, 3, 2, 1]
