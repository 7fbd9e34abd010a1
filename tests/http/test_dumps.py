"""Dumps over HTTP: lists, whole files, parts of files, and what a client may ask that makes no sense."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

FILE = "/dumps/1/pedgraph.nq.gz"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=120) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(client: httpx.Client) -> httpx.Response:
    """The file of which parts are asked for."""
    return client.get(FILE)


def files(client: httpx.Client) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in client.get("/dumps/1/").json()["files"]}


def test_versions_with_files_are_listed(client: httpx.Client) -> None:
    (version,) = client.get("/dumps/").json()

    assert version["files"] == f"{str(client.base_url).rstrip('/')}/dumps/1/"
    assert (version["number"], version["current"]) == (1, True)
    assert client.get("/dumps").json() == [version]
    page = client.get("/dumps/", headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="../dumps/1/pedgraph.nq.gz"' in page.text


def test_every_file_that_is_listed_is_what_it_is_said_to_be(client: httpx.Client) -> None:
    listed = files(client)

    assert {"pedgraph.nq.gz", "pedgraph.trig.gz", "pedgraph.jsonld.gz", "pedgraph-csv.zip", "pedgraph-ro-crate.zip",
            "ro-crate-metadata.json", "SHA256SUMS", "csv/city.csv", "csv/csv-metadata.json"} <= set(listed)  # fmt: skip
    for name, said in listed.items():
        answer = client.get(said["address"], headers={"Accept-Encoding": "identity"})
        digest = hashlib.sha256(answer.content).digest()
        assert (answer.status_code, answer.headers["content-type"]) == (200, said["media_type"]), name
        assert (len(answer.content), digest.hex()) == (said["size_bytes"], said["sha256"]), name
        assert answer.headers["etag"] == f'"{said["sha256"]}"'
        assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
        assert f'<{LICENCE}>; rel="license"' in answer.headers["link"]


def test_the_quads_are_those_of_the_graphs(client: httpx.Client, whole: httpx.Response) -> None:
    quads = gzip.decompress(whole.content)
    counting = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    counted = client.get("/sparql", params={"query": counting}, headers={"Accept": "text/csv"}).text.split()[1]
    said = client.get("/dumps/1/").json()

    assert len(quads.splitlines()) == int(counted) == said["quads"]
    assert hashlib.sha256(quads).hexdigest() == said["canonical"]["value"]


def test_a_download_goes_on_where_it_stopped(client: httpx.Client, whole: httpx.Response) -> None:
    size, tag = len(whole.content), whole.headers["etag"]
    first = client.get(FILE, headers={"Range": "bytes=0-999"})
    rest = client.get(FILE, headers={"Range": "bytes=1000-", "If-Range": tag})

    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-999/{size}")
    assert (rest.status_code, rest.headers["content-range"]) == (206, f"bytes 1000-{size - 1}/{size}")
    assert (first.headers["content-length"], rest.headers["etag"]) == ("1000", tag)
    assert first.content + rest.content == whole.content


@pytest.mark.parametrize(
    ("field", "first", "end"),
    [("bytes=-7", -7, None), ("bytes=3-3", 3, 4), ("bytes=10-99999999", 10, None), ("bytes=-99999999", 0, None)],
)
def test_parts_may_be_asked_for_in_all_forms(
    client: httpx.Client, whole: httpx.Response, field: str, first: int, end: int | None
) -> None:
    answer = client.get(FILE, headers={"Range": field})

    assert (answer.status_code, answer.content) == (206, whole.content[first:end])


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"Range": "bytes=0-9", "If-Range": "Sun, 22 Nov 2026 10:00:00 GMT"},
        {"Range": "bytes=0-9, 20-29"},
        {"Range": "lines=0-9"},
        {"Range": "bytes=9-0"},
        {"Range": "bytes=x"},
        {"If-Match": "*"},
    ],
    ids=str,
)
def test_all_is_sent_where_no_part_is_due(client: httpx.Client, whole: httpx.Response, headers: dict[str, str]) -> None:
    answer = client.get(FILE, headers=headers)

    assert (answer.status_code, answer.content) == (200, whole.content)
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_part_beyond_the_end_is_refused(client: httpx.Client, whole: httpx.Response) -> None:
    answer = client.get(FILE, headers={"Range": f"bytes={len(whole.content)}-"})

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (416, "range-not-satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(whole.content)}"


def test_who_has_a_file_is_not_sent_it_again(client: httpx.Client, whole: httpx.Response) -> None:
    again = client.get(FILE, headers={"If-None-Match": whole.headers["etag"], "Range": "bytes=0-9"})
    other = client.get(FILE, headers={"If-Match": '"another"'})
    head = client.head(FILE, headers={"Range": "bytes=0-9"})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", whole.headers["etag"])
    assert other.status_code == 412
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/dumps/current/", "../../dumps/1/"),
        ("/dumps/current/pedgraph.nq.gz", "../../dumps/1/pedgraph.nq.gz"),
        ("/dumps/01/csv/city.csv", "../../../dumps/1/csv/city.csv"),
        ("/dumps/current?format=json", "../dumps/1/?format=json"),
    ],
)
def test_names_of_versions_lead_to_their_numbers(client: httpx.Client, address: str, led_to: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["location"]) == (307, led_to)
    assert client.get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/dumps/2/", 404, "version-not-found"),
        ("/dumps/never/", 404, "version-not-found"),
        ("/dumps/-1/pedgraph.nq.gz", 400, "bad-request"),
        ("/dumps/1/pedgraph.nq", 404, "not-found"),
        ("/dumps/1/files.json", 404, "not-found"),
        ("/dumps/1/csv/..%2F..%2Fpedgraph.nq.gz", 404, "not-found"),
        ("/dumps/1/%2e%2e%2f%2e%2e%2f%2e%2e%2fpointer.json", 404, "not-found"),
        (f"/dumps/1/{'x' * 10_000}", 404, "not-found"),
        ("/dumps/1/?kind=city", 400, "bad-request"),
        ("/dumps/1/pedgraph.nq.gz?format=nq", 400, "bad-request"),
        ("/dumps/?format=ttl", 406, "not-acceptable"),
        ("/dumps/1/?format=json&format=html", 400, "bad-request"),
    ],
)
def test_what_is_not_there_is_said_so(client: httpx.Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, code)


def test_the_page_shows_files_hash_and_licence(client: httpx.Client) -> None:
    said = client.get("/dumps/1/").json()
    page = client.get("/dumps/1/", headers={"Accept": "text/html"})

    assert (page.status_code, page.headers["vary"].split(", ")[0]) == (200, "Accept")
    assert said["canonical"]["value"] in page.text
    assert f'<a href="{LICENCE}" rel="license noopener noreferrer">' in page.text
    for each in said["files"]:
        assert f'href="../../dumps/1/{each["name"]}"' in page.text
        assert each["sha256"] in page.text
