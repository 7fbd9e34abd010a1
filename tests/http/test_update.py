"""SPARQL Update over HTTP: its forms, its dataset, its refusals, and what stays as it was when one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import Versions
from tests.http.test_protocol import problem_code
from tests.servers import RunningServer, running_server
from tests.writing import KEY, canonical, client, done, graphs, update

if TYPE_CHECKING:
    from pathlib import Path

UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
G, H = "urn:x:g", "urn:x:h"
WORLD = f"""
CLEAR ALL ;
INSERT DATA {{
  <urn:x:d> <urn:x:p> 0 .
  GRAPH <{G}> {{ <urn:x:s> <urn:x:p> 1 , 2 }}
  GRAPH <{H}> {{ <urn:x:s> <urn:x:p> 1 , 3 }}
}}
"""


@pytest.fixture
def world(plain: RunningServer) -> RunningServer:
    done(update(plain, WORLD))
    return plain


def turtle(*triples: str) -> str:
    return canonical("".join(f"{triple} .\n" for triple in triples))


def test_a_server_in_plain_mode_begins_empty(tmp_path: Path) -> None:
    with running_server(tmp_path, default_graph="plain", readers=1) as running:
        assert graphs(running) == {"": ""}
        answer = update(running, "CLEAR ALL")
        read = httpx.get(f"{running.url}/data?default", headers={"Authorization": "Bearer"})

    assert [(each.status_code, problem_code(each)) for each in (answer, read)] == [(403, "writes-off")] * 2
    assert "PEDGRAPH_ADMIN_KEY" in answer.json()["detail"]
    assert read_manifest(Versions(tmp_path).directory(1)).default_graph == "plain"


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", KEY, "Bearer schlüssel"]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/update"), ("GET", "/data?default"), ("HEAD", "/data?default")])
def test_nothing_is_open_without_the_key(method: str, path: str, header: str | None, plain: RunningServer) -> None:
    headers = {} if header is None else {b"Authorization": header.encode()}

    answer = httpx.request(method, plain.url + path, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="pedgraph"'


def test_options_need_no_key(plain: RunningServer) -> None:
    answers = [httpx.options(plain.url + path) for path in ("/update", "/update/", "/data", "/data/x")]

    assert [each.status_code for each in answers] == [204] * 4
    assert [each.headers["allow"] for each in answers[1:3]] == [
        "POST, OPTIONS",
        "GET, HEAD, PUT, POST, DELETE, OPTIONS",
    ]


def test_no_process_below_the_server_knows_the_key(world: RunningServer) -> None:
    environments = [process.environ() for process in world.readers()]

    assert len(environments) == 3, "two readers and the writer"
    assert not [each for each in environments if "PEDGRAPH_ADMIN_KEY" in each or KEY in each.values()]


@pytest.mark.parametrize("path", ["/update", "/update/"])
def test_both_forms_change_the_same(path: str, world: RunningServer) -> None:
    with client(world) as writer:
        first = done(writer.post(path, data={"update": "INSERT DATA { <urn:x:é> <urn:x:p> 'ü' }"}))
        second = done(
            writer.post(
                path,
                content="INSERT DATA { <urn:x:e> <urn:x:p> 'ß' }".encode(),
                headers={"Content-Type": f"{UPDATE_TYPE}; charset=UTF-8"},
            )
        )

    assert second == first + 1
    expected = turtle("<urn:x:d> <urn:x:p> 0", "<urn:x:é> <urn:x:p> 'ü'", "<urn:x:e> <urn:x:p> 'ß'")
    assert graphs(world)[""] == expected


def test_an_answer_names_the_version_and_readers_see_it(world: RunningServer) -> None:
    version = done(update(world, "DELETE WHERE { ?s ?p ?o }"))

    answer = world.get("ASK { ?s ?p ?o }")

    assert (answer.text, answer.headers["pedgraph-version"]) == ("false", str(version))


def test_the_list_of_versions_has_another_tag_with_each(world: RunningServer) -> None:
    before = httpx.get(f"{world.url}/versions")
    version = done(update(world, "DELETE WHERE { ?s ?p ?o }"))

    after = httpx.get(f"{world.url}/versions", headers={"If-None-Match": before.headers["etag"]})

    assert (after.status_code, after.json()[-1]["number"]) == (200, version)
    assert after.headers["etag"] != before.headers["etag"]


def test_what_changes_nothing_makes_no_version(world: RunningServer) -> None:
    before = int(world.get("ASK {}").headers["pedgraph-version"])

    versions = [
        done(update(world, text)) for text in ("", "DELETE DATA { <urn:x:no> <urn:x:p> 1 }", "LOAD SILENT <x:y>")
    ]

    assert versions == [before] * 3


def test_who_and_why_are_kept(world: RunningServer, home_of_plain: Path) -> None:
    with client(world) as writer:
        headers = {b"Pedgraph-Author": "Zoë".encode(), b"Pedgraph-Reason": "Zürich sent another".encode()}
        version = done(writer.post("/update", data={"update": "CLEAR DEFAULT"}, headers=headers))
        unnamed = done(writer.post("/update", data={"update": f"CLEAR GRAPH <{G}>"}))
        refused = writer.post("/update", data={"update": "CLEAR ALL"}, headers={b"Pedgraph-Author": b"Zo\xeb"})

    manifests = [read_manifest(Versions(home_of_plain).directory(each)) for each in (version, unnamed)]
    assert [(each.author, each.reason) for each in manifests] == [
        ("Zoë", "Zürich sent another"),
        ("admin", "SPARQL update"),
    ]
    assert (refused.status_code, problem_code(refused)) == (400, "bad-request")


BY_USING = "INSERT { GRAPH <urn:x:to> { <urn:x:n> <urn:x:is> ?n } } WHERE { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"
NAMED = "INSERT { GRAPH <urn:x:to> { ?g <urn:x:is> ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("text", "parameters", "expected"),
    [
        (BY_USING, {"using-graph-uri": G}, ["<urn:x:n> <urn:x:is> 2"]),
        (BY_USING, {"using-graph-uri": [G, H]}, ["<urn:x:n> <urn:x:is> 3"]),
        (BY_USING, {"using-graph-uri": [G, G]}, ["<urn:x:n> <urn:x:is> 2"]),
        (BY_USING, {"using-named-graph-uri": G}, ["<urn:x:n> <urn:x:is> 0"]),
        (BY_USING, {}, ["<urn:x:n> <urn:x:is> 1"]),
        (NAMED, {"using-named-graph-uri": H}, [f"<{H}> <urn:x:is> 1", f"<{H}> <urn:x:is> 3"]),
        (BY_USING.replace("WHERE", f"USING <{G}> USING <{H}> WHERE"), {}, ["<urn:x:n> <urn:x:is> 3"]),
        (NAMED.replace("WHERE", f"USING <{H}> USING NAMED <{G}> WHERE"), {}, [f"<{G}> <urn:x:is> 1, 2"]),
    ],
)  # fmt: skip
def test_the_dataset_of_patterns(
    text: str, parameters: dict[str, str | list[str]], expected: list[str], world: RunningServer
) -> None:
    before = graphs(world)

    done(update(world, text, **parameters))

    assert graphs(world) == {**before, "urn:x:to": turtle(*expected)}


def test_the_dataset_may_stand_in_the_form_and_concerns_patterns_only(world: RunningServer) -> None:
    text = f"INSERT DATA {{ <urn:x:a> <urn:x:p> 9 }} ; {BY_USING}"
    with client(world) as writer:
        done(writer.post("/update", data={"update": text, "using-graph-uri": [G, H]}))

    found = graphs(world)
    assert found["urn:x:to"] == turtle("<urn:x:n> <urn:x:is> 3")
    assert found[""] == turtle("<urn:x:d> <urn:x:p> 0", "<urn:x:a> <urn:x:p> 9")


def test_a_solution_in_two_graphs_gives_one_blank_node(world: RunningServer) -> None:
    done(update(world, f"INSERT {{ ?s <urn:x:q> _:b }} USING <{G}> USING <{H}> WHERE {{ ?s <urn:x:p> 1 }}"))

    assert graphs(world)[""] == turtle("<urn:x:d> <urn:x:p> 0", "<urn:x:s> <urn:x:q> []")


@pytest.mark.parametrize(
    "text",
    [
        f"WITH <{G}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"DELETE {{ ?s ?p ?o }} USING <{G}> WHERE {{ ?s ?p ?o }}",
        f"CLEAR DEFAULT ; DELETE {{ ?s ?p ?o }} USING NAMED <{G}> WHERE {{ ?s ?p ?o }}",
    ],
)
def test_a_dataset_is_given_once(text: str, world: RunningServer) -> None:
    before = graphs(world)

    answer = update(world, text, **{"using-graph-uri": G})

    assert (answer.status_code, problem_code(answer)) == (400, "bad-request")
    assert graphs(world) == before


SYNTAX = "update-syntax"


@pytest.mark.parametrize(
    ("text", "status", "code", "place"),
    [
        ("SELECT * { ?s ?p ?o }", 400, SYNTAX, (1, 1)),
        ("PREFIX x: <urn:x:>\nASK {}", 400, SYNTAX, (2, 1)),
        ("INSERT DATA { <urn:x:a> <urn:x:b> }", 400, SYNTAX, (1, 35)),
        ("PREFIX x: <urn:x:>\nCLEAR ALL ;\nINSERT DATA { x:a y:b 1 }", 400, SYNTAX, (3, 19)),
        ("CLEAR ALL ;\nPREFIX x: <urn:x:>\nINSERT DATA { x:a x:b }", 400, SYNTAX, (3, 23)),
        ("INSERTDATA { <urn:x:a> <urn:x:b> 1 }", 400, SYNTAX, (1, 1)),
        ("INSERT DATA { ?s <urn:x:b> 1 }", 400, SYNTAX, None),
        ("DELETE DATA { _:b <urn:x:b> 1 }", 400, SYNTAX, None),
        ("INSERT DATA { <urn:x:a> <urn:x:b> '''1 }", 400, SYNTAX, (1, 35)),
        ("CLEAR ALL ; LOAD <http://127.0.0.1:9/>", 403, "load-refused", (1, 13)),
        ("CLEAR ALL ; INSERT { } WHERE { SERVICE <http://127.0.0.1:9/> { } }", 403, "service-refused", (1, 32)),
        ("CLEAR ALL ; DROP GRAPH <urn:x:nothing>", 404, "not-found", None),
        (f"CLEAR ALL ; CREATE GRAPH <{G}>", 400, "bad-request", None),
        ("CLEAR ALL ; MOVE <urn:x:nothing> TO DEFAULT", 404, "not-found", None),
        ("INSERT DATA { " + "( " * 600 + ") " * 600 + " <urn:x:p> 1 }", 400, "query-too-deep", None),
    ],
)  # fmt: skip
def test_a_refused_update_says_where_and_changes_nothing(
    text: str, status: int, code: str, place: tuple[int, int] | None, world: RunningServer
) -> None:
    before = graphs(world)

    answer = update(world, text)

    assert (answer.status_code, problem_code(answer)) == (status, code)
    if place is not None:
        assert (answer.json()["line"], answer.json()["column"]) == place
    assert graphs(world) == before


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"CLEAR ALL", None, 415),
        (b"CLEAR ALL", "text/plain", 415),
        (b"CLEAR ALL", "application/sparql-query", 415),
        (b"update=CLEAR%20ALL", None, 415),
        ("CLEAR ALL".encode("utf-16"), f"{UPDATE_TYPE}; charset=UTF-16", 415),
        (b"CLEAR ALL #\xff", UPDATE_TYPE, 400),
        (b"update=CLEAR%20ALL%20%23%ff", FORM_TYPE, 400),
        (b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM_TYPE, 400),
        (b"query=ASK%7B%7D", FORM_TYPE, 400),
        (b"", FORM_TYPE, 400),
        (b"update=CLEAR%20ALL&using-graph-uri=relative", FORM_TYPE, 400),
    ],
)
def test_requests_that_are_no_update(
    content: bytes, content_type: str | None, status: int, world: RunningServer
) -> None:
    before = graphs(world)
    with client(world) as writer:
        headers = {} if content_type is None else {"Content-Type": content_type}
        answer = writer.post("/update", content=content, headers=headers)

    assert answer.status_code == status
    problem_code(answer)
    assert graphs(world) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_updates_come_by_post_only(method: str, world: RunningServer) -> None:
    before = graphs(world)
    with client(world) as writer:
        answer = writer.request(method, "/update", params={"update": "CLEAR ALL"})

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"POST", "OPTIONS"}
    assert graphs(world) == before


def test_relative_iris_have_the_base_of_queries(world: RunningServer) -> None:
    done(update(world, "CLEAR ALL ; INSERT DATA { <a> <urn:x:p> <b> }"))

    assert graphs(world) == {"": turtle("<https://w3id.org/pedgraph/a> <urn:x:p> <https://w3id.org/pedgraph/b>")}
