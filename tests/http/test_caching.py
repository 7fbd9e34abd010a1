"""Tags, conditions, what is kept and what is not, and content codings."""

from __future__ import annotations

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import brotli
import httpx
import pytest
import zstandard

if TYPE_CHECKING:
    from tests.servers import RunningServer

NAMES = "SELECT ?s ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?s ?label"
JSON = "application/sparql-results+json"


def ask(server: RunningServer, query: str, **headers: str) -> httpx.Response:
    plain = {"Accept": JSON, "Accept-Encoding": "identity"}
    return httpx.get(f"{server.url}/sparql", params={"query": query}, headers={**plain, **headers}, timeout=60.0)


def test_the_same_answer_has_the_same_strong_tag_and_another_one_another(server: RunningServer) -> None:
    first, again = ask(server, NAMES), ask(server, NAMES)
    tags = [
        first.headers["etag"],
        ask(server, NAMES, Accept="text/csv").headers["etag"],
        ask(server, NAMES + " LIMIT 5").headers["etag"],
        ask(server, NAMES, Accept="application/json").headers["etag"],
        *(
            httpx.get(
                f"{server.url}/sparql", params={"query": NAMES, name: "urn:none"}, headers={"Accept": JSON}
            ).headers["etag"]
            for name in ("default-graph-uri", "named-graph-uri")
        ),
    ]

    assert (first.headers["etag"], first.content) == (again.headers["etag"], again.content)
    assert len({tag.partition("-")[0] for tag in tags}) == len(tags)
    assert re.fullmatch('"[0-9a-f]{32}"', tags[0])
    assert first.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_answer_is_told_so(method: str, server: RunningServer) -> None:
    first = ask(server, NAMES)
    tag = first.headers["etag"]
    for condition in (tag, f'"other", W/{tag}', "*"):
        answer = httpx.request(
            method,
            f"{server.url}/sparql",
            params={"query": NAMES},
            headers={"Accept": JSON, "If-None-Match": condition},
        )

        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        for name in ("cache-control", "pedgraph-version", "vary"):
            assert answer.headers[name] == first.headers[name]


def test_another_tag_is_answered_in_full(server: RunningServer) -> None:
    assert ask(server, NAMES, **{"If-None-Match": '"other"'}).content == ask(server, NAMES).content


def test_a_condition_does_not_hide_an_error(server: RunningServer) -> None:
    assert ask(server, "SELECT nonsense", **{"If-None-Match": "*"}).status_code == 400


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "rand()"])
def test_what_is_another_answer_each_time_is_never_kept(call: str, server: RunningServer) -> None:
    answers = [ask(server, f"SELECT ({call} AS ?x) {{}}", **{"If-None-Match": "*"}) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert all("etag" not in answer.headers for answer in answers)


def test_random_numbers_differ_from_request_to_request(server: RunningServer) -> None:
    assert len({ask(server, "SELECT (STRUUID() AS ?x) {}").content for _ in range(10)}) == 10


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_an_answer_comes_in_the_coding_asked_for(coding: str, server: RunningServer) -> None:
    plain = ask(server, NAMES)
    with httpx.stream(
        "GET",
        f"{server.url}/sparql",
        params={"query": NAMES},
        headers={"Accept": JSON, "Accept-Encoding": coding},
    ) as answer:
        body = b"".join(answer.iter_raw())
        tag = answer.headers["etag"]
        headers = answer.headers
    decoded = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
    }[coding](body)
    again = ask(server, NAMES, **{"Accept-Encoding": coding, "If-None-Match": tag})

    assert headers["content-encoding"] == coding
    assert decoded == plain.content
    assert len(body) < len(plain.content)
    assert tag == f'{plain.headers["etag"][:-1]}-{coding}"'
    assert (again.status_code, again.headers["etag"]) == (304, tag)
    assert "Accept-Encoding" in headers["vary"]


def test_a_query_that_many_ask_at_once_is_run_once(server: RunningServer) -> None:
    query = (
        "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a a ?b } LIMIT 500 } { SELECT ?c { ?c a ?d } LIMIT 500 } "
        "FILTER(?a != ?c) } # many"
    )
    readers_before = sum(process.cpu_times().user for process in server.readers())
    one = ask(server, query + "\n")
    cost_seconds = sum(process.cpu_times().user for process in server.readers()) - readers_before
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: ask(server, query), range(8)))
    all_seconds = sum(process.cpu_times().user for process in server.readers()) - readers_before - cost_seconds

    assert one.status_code == 200
    assert {answer.content for answer in answers} == {one.content}
    # Eight runs would take eight times the work; the measure is processor time, not the clock.
    assert all_seconds < 4 * max(cost_seconds, 0.1)
