"""The OpenAPI document: valid, complete, and true, for everything that it shows as an example is asked here."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from pedgraph.query.library import read_library
from pedgraph.resources import queries_directory
from pedgraph.settings import Settings
from pedgraph.web.app import create_app
from tests.contract.described import (
    Document,
    address_of,
    body_of,
    examples_of,
    operations,
    parameters_of,
    resolved,
    validate_against,
    validate_answer,
)
from tests.faults.test_clients import ENDLESS, send_query, wait_until
from tests.servers import RunningServer, running_server
from tests.staff import SUBMISSION, district
from tests.writing import KEY, canonical, done
from tests.writing import client as client_with_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

QUERIES_THAT_RUN = "/queries/running"
ONE_SUBMISSION = "/submissions/{identifier}"


@pytest.fixture(scope="module")
def server(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that can be written to."""
    home = tmp_path_factory.mktemp("described") / "home"
    shutil.copytree(built[0], home)
    with running_server(home, admin_key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of the server, made once because each one takes its time."""
    with client_with_key(server) as made:
        yield made


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> Document:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    found: Document = answer.json()
    return found


def test_it_is_valid(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document)


def test_every_stored_query_is_an_operation_of_its_own(document: Document) -> None:
    tagged = {path for path, _, each in operations(document) if each["tags"] == ["stored queries"]}
    library = read_library()

    assert tagged == {"/queries", *(f"/queries/{name}" for name in library)}
    assert len(library) == len(list((queries_directory() / "library").rglob("*.rq")))
    for query in library.values():
        operation = document["paths"][f"/queries/{query.name}"]["get"]
        parameters = [resolved(each, document)["name"] for each in operation["parameters"]]
        pages = [] if query.gives_graph else ["limit", "offset"]
        assert operation["operationId"] == query.name
        assert parameters == [*(each.name for each in query.parameters), "format", "version", "timeout", *pages]


def test_all_that_is_for_programs_is_described(document: Document) -> None:
    """But for the pages of the feed, whose addresses only the feed knows, and what RDF clients find by IRIs."""
    routes = {each.path for each in create_app(Settings()).state.routes if "GET" in each.methods}
    first = {path.split("/")[1] for path in document["paths"]}
    assert {path.split("/")[1] for path in routes} - first == {
        "", "assets", "code", "conflicts", "context", "contribute", "coverage", "documentation", "favicon.ico",
        "frame", "indicator", "ont", "ont.{suffix}", "shapes", "shapes.{suffix}", "w3id.htaccess",
    }  # fmt: skip


def test_every_operation_has_a_name_a_tag_and_problems(document: Document) -> None:
    every = operations(document)

    names = [operation["operationId"] for _, _, operation in every]
    assert len(names) == len(set(names))
    assert {tag for _, _, operation in every for tag in operation["tags"]} == {
        each["name"] for each in document["tags"]
    }
    for path, _, operation in every:
        for status, response in operation["responses"].items():
            content = resolved(response, document).get("content", {})
            assert ("application/problem+json" in content) == (status[0] in "4d5"), (path, status)
        assert "default" in operation["responses"]


def test_what_needs_the_key_says_so_and_nothing_else_does(document: Document, server: RunningServer) -> None:
    with httpx.Client(base_url=server.url) as anybody:
        for path, method, operation in operations(document):
            answer = anybody.request(method, re.sub(r"{\w+}", "x", path), params={"query": "ASK {}"})

            is_guarded = operation.get("security") == [{"adminKey": []}]
            assert (answer.status_code == 401) == is_guarded, path
            assert ("401" in operation["responses"]) == is_guarded


def test_every_example_runs_and_its_answer_is_as_described(document: Document, client: httpx.Client) -> None:
    put_example(document, client)
    asked = 0
    for path, item in document["paths"].items():
        if "get" not in item or path.startswith(ONE_SUBMISSION):
            continue
        examples = examples_of(path, "get", document)
        needed: dict[str, Any] = {name: examples[name] for name in ("query", "graph") if name in examples}
        few = {**needed, "limit": 1} if "limit" in examples else needed
        alone = [{**needed, name: value} for name, value in examples.items()] if path == "/sparql" else []
        chosen: list[dict[str, Any]] = [needed, few, examples, *alone]
        for sent in chosen:
            answer = client.get(address_of(path, document), params=sent)
            assert str(answer.status_code) == min(item["get"]["responses"]), (path, sent, answer.text)
            validate_answer(answer, path, "get", document)
            asked += 1
    assert asked >= 3 * (len(read_library()) + 8)


def test_submissions_are_as_described(document: Document, client: httpx.Client) -> None:
    def send(content: bytes, **fields: str) -> httpx.Response:
        files = {"file": ("district.ttl", content)}
        return client.post("/submissions", files=files, data={**SUBMISSION, **fields})

    sent = send(district("described"))
    validate_answer(sent, "/submissions", "post", document)
    validate_answer(send(district("described")), "/submissions", "post", document)
    identifier = sent.json()["id"]
    condition = {"If-Match": sent.headers["etag"]}
    waiver = {"rule": "X01", "note": "It may stand."}
    steps: list[tuple[str, str, dict[str, Any], int]] = [
        *(("get", part, {}, 200) for part in ("", "/original", "/findings", "/receipt", "/preview")),
        *(("get", "/findings", {"params": {"format": name}}, 200) for name in ("html", "ttl", "sarif")),
        ("get", "/findings", {"params": {"format": "xlsx"}}, 406),
        ("post", "/decisions", {"json": {"decision": "reject"}}, 400),
        ("post", "/decisions", {"json": {"decision": "accept", "waivers": [waiver]}}, 400),
        ("post", "/decisions", {"json": {"decision": "accept"}, "headers": {"If-Match": '"x"'}}, 412),
        ("post", "/decisions", {"data": {"decision": "accept"}, "headers": condition}, 200),
        ("post", "/decisions", {"json": {"decision": "accept"}}, 409),
        ("post", "/withdrawal", {"json": {"comment": "A mistake"}}, 200),
        *(("get", part, {}, 410) for part in ("", "/original", "/findings", "/receipt", "/preview")),
    ]
    for method, part, given, status in steps:
        answer = client.request(method, f"/submissions/{identifier}{part}", **given)
        assert answer.status_code == status, (part, given, answer.text)
        validate_answer(answer, f"{ONE_SUBMISSION}{part}", method, document)
    wrong = send(b"<a> <b", title="")
    assert wrong.status_code == 400
    validate_answer(wrong, "/submissions", "post", document)


def test_checks_are_as_described(document: Document, client: httpx.Client) -> None:
    for media_type, example in body_of("/validate", "post", document).items():
        answer = client.post("/validate", content=example, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["conforms"]) == (200, True), answer.text
        validate_answer(answer, "/validate", "post", document)
    packed = client.post("/validate", content=b"x", headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415
    validate_answer(packed, "/validate", "post", document)


def test_explanations_are_as_described(document: Document, client: httpx.Client) -> None:
    schemas = document["components"]["schemas"]
    query = document["paths"]["/sparql"]["get"]["parameters"][0]["example"]
    for parameters, name in [
        ({"query": "SELECT * { ?x a <urn:x:Nothing> }", "explain": "empty"}, "Diagnosis"),
        ({"query": query, "explain": "plan"}, "Plan"),
        ({"query": query, "explain": "plan", "statistics": "true"}, "Plan"),
    ]:
        answer = client.get("/sparql", params=parameters)
        assert answer.status_code == 200
        validate_against(schemas[name], answer.json(), document)


def test_every_example_of_a_parameter_fits_its_schema(document: Document) -> None:
    for path, method, _ in operations(document):
        for each in parameters_of(path, method, document):
            if "example" in each:
                validate_against(each["schema"], each["example"], document)
            else:
                assert not path.startswith("/queries/") or path.startswith(QUERIES_THAT_RUN)


def test_what_is_offered_is_given(document: Document, client: httpx.Client) -> None:
    for name in ("list-places", "list-cities", "describe-event"):
        content = document["paths"][f"/queries/{name}"]["get"]["responses"]["200"]["content"]
        for media_type, description in content.items():
            answer = client.get(f"/queries/{name}", headers={"Accept": media_type})
            assert answer.headers["content-type"].partition(";")[0] == media_type
            if media_type == "application/geo+json":
                Draft202012Validator(description["schema"]).validate(answer.json())


def test_the_bodies_of_the_examples_are_answered(document: Document, client: httpx.Client) -> None:
    body = document["paths"]["/sparql"]["post"]["requestBody"]["content"]

    for media_type, described in body.items():
        example = described["example"]
        given = {"data": example} if isinstance(example, dict) else {"content": example}
        headers = {"Content-Type": media_type}
        answer = client.post("/sparql", headers=headers, **given)
        assert (answer.status_code, "class" in answer.text) == (200, True)


def describe(graph: str, document: Document, client: httpx.Client) -> None:
    """Sends the example of an update, which describes a graph, for a graph of any name."""
    (named,) = examples_of("/data", "put", document).values()
    bodies = body_of("/update", "post", document)
    assert list(bodies) == ["application/sparql-update", "application/x-www-form-urlencoded"]
    text = bodies["application/sparql-update"].replace(named, graph)
    assert text.count(graph) == 1
    done(client.post("/update", content=text, headers={"Content-Type": "application/sparql-update"}))
    done(client.post("/update", data={"update": bodies["application/x-www-form-urlencoded"]["update"]}))


def put_example(document: Document, client: httpx.Client) -> None:
    """Puts the example of a graph under both of its names."""
    for path, name in graph_names(document, client).items():
        describe(name, document, client)
        ((media_type, content),) = body_of(path, "put", document).items()
        answer = client.put(
            address_of(path, document),
            params=examples_of(path, "put", document),
            content=content,
            headers={"Content-Type": media_type},
        )
        assert answer.status_code in {201, 204}, answer.text
        validate_answer(answer, path, "put", document)


def graph_names(document: Document, client: httpx.Client) -> dict[str, str]:
    """Path → the name of the graph of its examples."""
    address = str(client.base_url.join(address_of("/data/{path}", document)))
    return {"/data": examples_of("/data", "put", document)["graph"], "/data/{path}": address}


def test_the_examples_of_writes_are_carried_out(document: Document, client: httpx.Client) -> None:
    put_example(document, client)
    for path in graph_names(document, client):
        address, named = address_of(path, document), examples_of(path, "put", document)
        ((media_type, content),) = body_of(path, "post", document).items()
        headers = {"Content-Type": media_type}
        answers = {
            "head": client.head(address, params=named),
            "get": client.get(address, params=named),
            "post": client.post(address, params=named, content=content, headers=headers),
            "delete": client.delete(address, params=named),
            "put": client.put(address, params=named, content=content, headers=headers),
        }
        assert {method: each.status_code for method, each in answers.items()} == {
            "head": 200, "get": 200, "post": 204, "delete": 204, "put": 201,
        }  # fmt: skip
        assert canonical(answers["get"].content) == canonical(content)
        for method, answer in answers.items():
            validate_answer(answer, path, method, document)


def test_problems_of_writes_are_as_described(document: Document, client: httpx.Client) -> None:
    update = {"Content-Type": "application/sparql-update"}
    (graph,) = examples_of("/data", "put", document).values()
    turtle = {"Content-Type": "text/turtle"}
    refused: list[tuple[str, str, dict[str, Any], int]] = [
        ("post", "/update", {"content": "CLEAR", "headers": update}, 400),
        ("post", "/update", {"content": "CLEAR DEFAULT", "headers": update}, 403),
        ("post", "/update", {"content": "CLEAR", "headers": turtle}, 415),
        ("post", "/update", {"content": "CREATE GRAPH <urn:x:g>", "headers": update}, 422),
        ("put", "/data", {"params": {"graph": graph}, "content": "<a>", "headers": turtle}, 400),
        ("put", "/data", {"params": "default", "content": "", "headers": turtle}, 403),
        ("put", "/data", {"params": {"graph": "urn:x:g"}, "content": "", "headers": turtle | {"If-Match": '"x"'}}, 412),
        ("put", "/data", {"params": {"graph": "urn:x:g"}, "content": "<a:a> <a:b> 1 .", "headers": turtle}, 422),
        ("delete", "/data", {"params": {"graph": "urn:x:g"}}, 404),
        ("get", "/data", {"params": {"graph": "urn:x:g"}}, 404),
        ("delete", "/queries/running/{identifier}", {}, 404),
        ("post", "/queries/running/{identifier}/cancel", {}, 404),
    ]  # fmt: skip
    for method, path, given, status in refused:
        answer = client.request(method, path.format(identifier="1-1"), **given)
        assert answer.status_code == status, (path, answer.text)
        validate_answer(answer, path, method, document)


def test_a_running_query_is_listed_and_ended_as_described(
    document: Document, client: httpx.Client, server: RunningServer
) -> None:
    with send_query(server, ENDLESS) as connection:
        assert wait_until(lambda: client.get(QUERIES_THAT_RUN).json()["queries"])
        listed = client.get(QUERIES_THAT_RUN)
        validate_answer(listed, QUERIES_THAT_RUN, "get", document)
        ended = client.delete(f"{QUERIES_THAT_RUN}/{listed.json()['queries'][0]['id']}")
        validate_answer(ended, f"{QUERIES_THAT_RUN}/{{identifier}}", "delete", document)
        assert (ended.status_code, connection.recv(12)) == (204, b"HTTP/1.1 503")


def test_problems_are_as_described(document: Document, client: httpx.Client) -> None:
    schema = document["components"]["schemas"]["Problem"]

    for path, status in [
        ("/queries/list-cities?limit=0", 400),
        ("/queries/list-cities?version=9999", 404),
        ("/queries/list-cities?format=geojson", 406),
        ("/sparql?query=SELECT", 400),
    ]:
        answer = client.get(path)
        assert answer.status_code == status
        assert str(status) in document["components"]["responses"]
        Draft202012Validator(schema).validate(answer.json())
