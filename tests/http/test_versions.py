"""Any question, at any version: what is asked by number, date, time or release, and what the answer says of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAPH = "https://w3id.org/pedgraph/graph/a/1"
QUERY = "SELECT ?name { <urn:x:city> <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
# Version → when it was published, as its manifest has it. 1 and 3 will be pruned; 2 is a release.
MOMENTS = {
    1: "2026-01-01T10:00:00+00:00",
    2: "2026-02-01T10:00:00+00:00",
    3: "2026-03-01T10:00:00+00:00",
    4: "2026-04-01T10:00:00+00:00",
    5: "2026-05-01T10:00:00+00:00",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions") / "home"
    versions = Versions(folder)
    for number, created in MOMENTS.items():
        name = Triple(
            NamedNode("urn:x:city"),
            NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
            Literal(f"Name {number}"),
        )
        publication = Publication("somebody", "to see", keep=2, release="spring" if number == 2 else None)
        (build if number == 1 else publish)(versions, ChangeSet({GRAPH: [name]}), publication)
        path = versions.directory(number) / "manifest.json"
        members = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(members | {"created": created}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def history(home: Path) -> Iterator[RunningServer]:
    with running_server(home, readers=1) as server:
        yield server


def links(answer: httpx.Response) -> dict[str, str]:
    """The links of an answer: relation → address."""
    return {each["rel"]: urljoin(str(answer.url), each["url"]) for each in answer.links.values()}


@pytest.mark.parametrize(
    ("version", "number"),
    [
        ("2", 2),
        ("4", 4),
        ("5", 5),
        ("spring", 2),
        ("2026-02-15", 2),
        ("2026-04-01", 4),
        ("2026-04-01T12:00:00+02:00", 4),
        ("2026-11-22", 5),
    ],
)
@pytest.mark.parametrize("how", ["get", "form", "address of a post"])
def test_any_version_can_be_asked(how: str, version: str, number: int, history: RunningServer) -> None:
    address, headers = f"{history.url}/sparql", {"Accept": "text/csv"}
    if how == "get":
        answer = httpx.get(address, params={"query": QUERY, "version": version}, headers=headers)
    elif how == "form":
        answer = httpx.post(address, data={"query": QUERY, "version": version}, headers=headers)
    else:
        headers |= {"Content-Type": "application/sparql-query"}
        answer = httpx.post(address, params={"version": version}, content=QUERY, headers=headers)

    assert (answer.status_code, answer.text) == (200, f"name\r\nName {number}\r\n")
    assert answer.headers["pedgraph-version"] == str(number)
    assert parsedate_to_datetime(answer.headers["memento-datetime"]).isoformat() == MOMENTS[number]


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [
        ("1", 410, "version-gone"),
        ("3", 410, "version-gone"),
        ("2026-01-15", 410, "version-gone"),
        ("2026-03-15T00:00:00Z", 410, "version-gone"),
        ("6", 404, "version-not-found"),
        ("0", 404, "version-not-found"),
        ("2025-12-31", 404, "version-not-found"),
        ("autumn", 404, "version-not-found"),
        ("", 400, "bad-request"),
        ("-1", 400, "bad-request"),
        ("2026-02-30", 400, "bad-request"),
    ],
)
@pytest.mark.parametrize("path", ["/sparql", "/queries/list-cities"])
def test_a_version_that_is_not_there_is_told_from_one_that_was(
    path: str, version: str, status: int, code: str, history: RunningServer
) -> None:
    parameters = {"version": version, **({"query": QUERY} if path == "/sparql" else {})}
    answer = httpx.get(history.url + path, params=parameters)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"https://w3id.org/pedgraph/problem/{code}")
    if status != 400:
        assert (problem["kept"], problem["releases"]) == ([2, 4, 5], ["spring"])


def test_a_version_given_twice_is_refused(history: RunningServer) -> None:
    answer = httpx.get(f"{history.url}/sparql", params={"query": QUERY, "version": ["2", "4"]})

    assert answer.status_code == 400
    assert "given 2 times" in answer.json()["detail"]


def test_an_answer_of_the_current_version_has_an_address_that_stays(history: RunningServer) -> None:
    graphs = {"default-graph-uri": GRAPH, "named-graph-uri": GRAPH}
    parameters = {"query": QUERY + " # 100 % & more + <>", "format": "csv", **graphs}
    answer = httpx.get(f"{history.url}/sparql", params=parameters)

    assert "memento-datetime" not in answer.headers
    assert set(links(answer)) == {"bookmark"}
    again = httpx.get(links(answer)["bookmark"])
    assert (again.status_code, again.content) == (200, answer.content)
    asked = parse_qs(urlsplit(links(answer)["bookmark"]).query)
    assert asked == {name: [value] for name, value in (parameters | {"version": "5"}).items()}


def test_a_past_answer_leads_to_the_present_one(history: RunningServer) -> None:
    answer = history.get(QUERY, version="2026-02-15")

    assert history.get(QUERY, version="2026-02-15").text == "name\r\nName 2\r\n"
    assert parse_qs(urlsplit(links(answer)["bookmark"]).query)["version"] == ["2"]
    assert httpx.get(links(answer)["original"], headers={"Accept": "text/csv"}).text == "name\r\nName 5\r\n"


def test_a_query_sent_by_post_has_a_permalink_too(history: RunningServer) -> None:
    answer = history.post(QUERY)

    assert httpx.get(links(answer)["bookmark"], headers={"Accept": "text/csv"}).text == answer.text


def test_a_permalink_that_would_be_too_long_is_left_out(history: RunningServer) -> None:
    for length, is_there in [(2000, True), (4000, False), (60_000, False)]:
        answer = history.post(QUERY + "#" + "x" * length)

        assert answer.status_code == 200
        assert ("link" in answer.headers) == is_there
        assert len(answer.headers.get("link", "")) < 4000


@pytest.mark.parametrize(
    ("version", "lasts"), [("2", True), ("2026-02-15", True), ("spring", False), ("2999-01-01", False), (None, False)]
)
def test_only_an_answer_that_stays_the_same_may_be_kept_unasked(
    version: str | None, lasts: bool, history: RunningServer
) -> None:
    parameters = {"query": QUERY} | ({} if version is None else {"version": version})
    answer = httpx.get(f"{history.url}/sparql", params=parameters)

    assert ("immutable" in answer.headers["cache-control"]) == lasts


def test_the_versions_are_listed(history: RunningServer) -> None:
    answer = httpx.get(f"{history.url}/versions")

    expected: list[dict[str, Any]] = [
        {
            "number": number,
            "current": number == 5,
            "created": MOMENTS[number],
            "author": "somebody",
            "reason": "to see",
            "release": "spring" if number == 2 else None,
            "quads": 1,
        }
        for number in (2, 4, 5)
    ]
    assert (answer.status_code, answer.json()) == (200, expected)
    assert httpx.head(f"{history.url}/versions/").status_code == 200
    assert httpx.options(f"{history.url}/versions").headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_list_is_not_sent_again_to_who_has_it(history: RunningServer) -> None:
    address = f"{history.url}/versions"
    whole = httpx.get(address)
    tag = whole.headers["etag"]
    again = [httpx.get(address, headers={"If-None-Match": each}) for each in (tag, f"W/{tag}", f'"x", {tag}', "*")]

    assert re.fullmatch(r'"[!-~]+"', tag)
    assert whole.headers["cache-control"] == "public, no-cache"
    for each in again:
        assert (each.status_code, each.content, each.headers["etag"]) == (304, b"", tag)
        assert each.headers["cache-control"] == whole.headers["cache-control"]
    other = httpx.get(address, headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.headers["etag"], other.content) == (200, tag, whole.content)


@pytest.mark.parametrize(("version", "number"), [("2", 2), ("spring", 2), ("2026-04-15", 4)])
def test_the_command_line_asks_any_version_too(version: str, number: int, home: Path) -> None:
    command = [sys.executable, "-m", "pedgraph"]
    options = ["--version", version, "--home", str(home)]
    asked = subprocess.run([*command, "query", QUERY, "-f", "csv", *options], capture_output=True, check=True)
    dumped = subprocess.run([*command, "dump", *options], capture_output=True, check=True)

    assert asked.stdout == f"name\r\nName {number}\r\n".encode()
    assert f'"Name {number}"' in dumped.stdout.decode()


def test_the_command_line_says_which_versions_are_kept(home: Path) -> None:
    command = [sys.executable, "-m", "pedgraph", "query", QUERY, "--version", "3", "--home", str(home)]
    ended = subprocess.run(command, capture_output=True, check=False)

    assert ended.returncode == 2
    assert "it was pruned. Kept versions: 2, 4, 5. Releases: spring." in ended.stderr.decode()
