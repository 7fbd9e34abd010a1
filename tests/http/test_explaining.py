"""``explain`` at ``/sparql``: why an answer is empty, and plans, from a real server."""

from __future__ import annotations

import hashlib
import re
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pyoxigraph
import pytest

from pedgraph.resources import queries_directory
from pedgraph.vocabulary.iris import PREFIXES
from tests.faults.test_clients import wait_until
from tests.servers import is_engine, running_server
from tests.writing import done, update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psutil

    from pedgraph.intake.building import Built
    from tests.servers import RunningServer

PEDG = "https://w3id.org/pedgraph/ont#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MISSPELT = f"PREFIX pedg: <{PEDG}>\nSELECT * {{ ?x a pedg:Citty }}"
CITIES = f"SELECT * {{ ?x a <{PEDG}City> }}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
STORED = sorted((queries_directory() / "library").rglob("*.rq"))


@pytest.fixture(scope="module")
def hurried(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server that gives nobody much time."""
    with running_server(built[0], query_deadline_seconds=1, readers=1) as running:
        yield running


def explain(server: RunningServer, query: str, kind: str, **parameters: str) -> httpx.Response:
    return get(server, {"query": query, "explain": kind, **parameters})


def get(server: RunningServer, parameters: dict[str, str]) -> httpx.Response:
    return httpx.get(f"{server.url}/sparql", params=parameters, timeout=60.0)


def step(operator: str, detail: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"operator": operator, "detail": detail, "children": list(children)}


def checksums(folder: Path) -> dict[str, tuple[str, int]]:
    """What each file below a folder holds and when it was written."""
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_empty_answer_is_explained(server: RunningServer) -> None:
    response = explain(server, MISSPELT, "empty")

    pattern = {"pattern": "?x a pedg:Citty", "where": {"line": 2, "column": 15}, "solutions": 0, "joined_solutions": 0}
    document = response.json()
    assert document.pop("seconds") > 0
    assert document == {
        "query": hashlib.sha256(MISSPELT.encode()).hexdigest()[:12],
        "version": 1,
        "is_empty": True,
        "findings": [
            {
                "kind": "unknown-class",
                "where": {"line": 2, "column": 17},
                "term": "pedg:Citty",
                "message": "No class pedg:Citty is known in this version.",
                "suggestions": ["pedg:City"],
            }
        ],
        "patterns": [pattern],
        "culprit": pattern,
        "note": None,
        "complete": True,
    }
    headers = {name: response.headers[name] for name in ("content-type", "cache-control", "pedgraph-version")}
    assert headers == {"content-type": "application/json", "cache-control": "no-store", "pedgraph-version": "1"}


def test_all_forms_of_the_protocol_are_explained(server: RunningServer) -> None:
    address = f"{server.url}/sparql"
    form = httpx.post(address, data={"query": MISSPELT, "explain": "empty"})
    bare = httpx.post(
        address,
        params={"explain": "empty"},
        content=MISSPELT,
        headers={"Content-Type": "application/sparql-query"},
    )

    expected = explain(server, MISSPELT, "empty").json()["findings"]
    assert [form.json()["findings"], bare.json()["findings"]] == [expected, expected]
    assert len(expected) == 1


def test_an_answer_that_is_not_empty_needs_no_explanation(server: RunningServer) -> None:
    document = explain(server, CITIES, "empty").json()

    assert (document["is_empty"], document["findings"], document["culprit"]) == (False, [], None)


@pytest.mark.parametrize(
    ("query", "parameters", "status", "problem"),
    [
        ("SELECT * { ?s ?p", {"explain": "empty"}, 400, "query-syntax"),
        ("SELECT * { ?s ?p", {"explain": "plan"}, 400, "query-syntax"),
        ("SELECT * { ?s ?p", {"explain": "plan", "statistics": "true"}, 400, "query-syntax"),
        (CITIES, {"explain": "full"}, 400, "bad-request"),
        (CITIES, {"explain": "plan", "statistics": "yes"}, 400, "bad-request"),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", {"explain": "plan"}, 403, "service-refused"),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", {"explain": "empty"}, 403, "service-refused"),
        ("CLEAR ALL", {"explain": "plan"}, 400, "update-not-allowed"),
    ],
)
def test_what_is_not_explained(
    server: RunningServer, query: str, parameters: dict[str, str], status: int, problem: str
) -> None:
    response = get(server, {"query": query, **parameters})

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, problem)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_plan_without_statistics(server: RunningServer) -> None:
    query = f"SELECT ?x {{ ?x a <{PEDG}City> . ?x <{PEDG}inCountry>/<urn:x:code> ?y FILTER(?y > 5) }} LIMIT 3"

    document = explain(server, query, "plan").json()

    city = step("QuadPattern", f"?x <{TYPE}> <{PEDG}City>")
    country, code = (step("QuadPattern", each) for each in (f"?x <{PEDG}inCountry> ?_1", "?_1 <urn:x:code> ?y"))
    lateral = step("Lateral", "", step("Lateral", "", city, country), code)
    filtered = step("Filter", f'(?y > "5"^^<{PREFIXES["xsd"]}integer>)', lateral)
    assert document.pop("planning_seconds") > 0
    assert document == {
        "query": hashlib.sha256(query.encode()).hexdigest()[:12],
        "version": 1,
        "engine": {"name": "oxigraph", "version": pyoxigraph.__version__},
        "plan": step("Slice", "start = 0, length = 3", step("Project", "?x", filtered)),
        "notes": [],
    }


def test_a_plan_with_statistics_has_the_numbers_of_the_answer(server: RunningServer) -> None:
    document = explain(server, CITIES, "plan", statistics="true").json()

    plan = document["plan"]
    assert plan.pop("seconds") > 0
    assert plan["children"][0].pop("seconds") > 0
    assert plan == {
        "operator": "Project",
        "detail": "?x",
        "results": 10,
        "children": [{"operator": "QuadPattern", "detail": f"?x <{TYPE}> <{PEDG}City>", "results": 10, "children": []}],
    }
    assert len(server.get(CITIES).text.splitlines()) == 1 + 10


def test_what_numbers_do_not_reflect_is_said(server: RunningServer) -> None:
    graph = "https://w3id.org/pedgraph/graph/s1/1"
    parameter = explain(server, CITIES, "plan", **{"default-graph-uri": graph, "statistics": "true"}).json()
    clauses = explain(
        server, f"SELECT * FROM <{graph}> FROM <urn:x:g> {{ ?s ?p ?o }}", "plan", statistics="true"
    ).json()
    clause = explain(server, f"SELECT * FROM <{graph}> {{ ?s ?p ?o }}", "plan", statistics="true").json()
    no_numbers = explain(server, CITIES, "plan", **{"default-graph-uri": graph}).json()

    assert ["default-graph-uri" in note for note in parameter["notes"]] == [True]
    assert ["joined, not merged" in note for note in clauses["notes"]] == [True]
    assert (clause["notes"], no_numbers["notes"]) == ([], [])


def test_plans_leave_the_version_as_it_is(server: RunningServer, built: tuple[Path, Built]) -> None:
    before = checksums(built[0])

    for path in STORED[::5]:
        assert explain(server, path.read_text(encoding="utf-8"), "plan", statistics="true").status_code == 200

    assert checksums(built[0]) == before
    assert len(before) > 5


def test_a_plan_does_not_take_the_time_of_its_query(hurried: RunningServer) -> None:
    plan = explain(hurried, RUNAWAY, "plan")
    numbers = explain(hurried, RUNAWAY, "plan", statistics="true")

    assert (plan.status_code, plan.json()["plan"]["operator"]) == (200, "Project")
    assert (numbers.status_code, numbers.json()["type"].rpartition("/")[2]) == (503, "time-limit")
    assert numbers.json()["limit_seconds"] == 1
    assert [process.name() for process in hurried.readers() if process.name() == "oxigraph"] == []


def operators(plan: dict[str, Any]) -> list[str]:
    """The steps of a plan without their order, in which the engine is not the same each time; nor is it in that of the
    operands of a filter, so only their words are compared.
    """
    words = re.split(r"[\s()]+", re.sub(r"\?_\d+", "?_", plan["detail"]))
    own = " ".join([plan["operator"], *sorted(words)])
    return sorted([own, *(name for child in plan["children"] for name in operators(child))])


@pytest.mark.parametrize("path", STORED[::4], ids=lambda path: path.stem)
def test_a_plan_does_not_depend_on_the_data(server: RunningServer, path: Path) -> None:
    """That is why plans without statistics are made over nothing."""
    text = path.read_text(encoding="utf-8")

    over_nothing = explain(server, text, "plan").json()["plan"]
    over_all = explain(server, text, "plan", statistics="true").json()["plan"]

    assert operators(over_nothing) == operators(over_all)


@pytest.fixture
def two_graphs(plain: RunningServer) -> RunningServer:
    """A default graph of its own, which does not hold what a named graph does."""
    named = "GRAPH <urn:x:g> { <urn:x:s> <urn:x:q> 1 , 2 }"
    done(update(plain, f"CLEAR ALL ; INSERT DATA {{ <urn:x:d> <urn:x:p> 0 . {named} }}"))
    return plain


def test_in_plain_mode_what_only_a_named_graph_has_is_found_there(two_graphs: RunningServer) -> None:
    query = "SELECT * { ?s <urn:x:q> ?o }"

    document = explain(two_graphs, query, "empty").json()

    where = {"line": 1, "column": 15}
    pattern = {"pattern": "?s <urn:x:q> ?o", "where": where, "solutions": 0, "joined_solutions": 0}
    finding = {
        "kind": "other-graph",
        "where": where,
        "term": "?s <urn:x:q> ?o",
        "message": "The graphs that are asked have nothing that matches '?s <urn:x:q> ?o'; others have.",
        "suggestions": ["<urn:x:g>"],
    }
    assert (document["is_empty"], document["findings"]) == (True, [finding])
    assert (document["patterns"], document["culprit"], document["complete"]) == ([pattern], pattern, True)
    assert explain(two_graphs, query, "empty", **{"default-graph-uri": "urn:x:g"}).json()["is_empty"] is False
    assert explain(two_graphs, "SELECT * { GRAPH ?g { ?s <urn:x:q> ?o } }", "empty").json()["is_empty"] is False


@pytest.mark.parametrize(
    ("query", "pattern", "results"),
    [
        ("SELECT ?o { <urn:x:s> <urn:x:q> ?o }", "<urn:x:s> <urn:x:q> ?o", 0),
        ("SELECT ?o { <urn:x:d> <urn:x:p> ?o }", "<urn:x:d> <urn:x:p> ?o", 1),
        ("SELECT ?o { GRAPH <urn:x:g> { ?s <urn:x:q> ?o } }", "?s <urn:x:q> ?o <urn:x:g>", 2),
    ],
)
def test_in_plain_mode_plans_have_the_numbers_of_the_graph_that_is_asked(
    query: str, pattern: str, results: int, two_graphs: RunningServer
) -> None:
    plan = explain(two_graphs, query, "plan").json()["plan"]
    numbers = explain(two_graphs, query, "plan", statistics="true").json()["plan"]

    assert plan == step("Project", "?o", step("QuadPattern", pattern))
    (matched,) = numbers["children"]
    assert (matched["operator"], matched["detail"], matched["results"]) == ("QuadPattern", pattern, results)
    assert (numbers["operator"], numbers["detail"], numbers["results"]) == ("Project", "?o", results)


@pytest.fixture(scope="module")
def patient(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server that gives everybody more time than anybody wants."""
    with running_server(built[0], query_deadline_seconds=300, diagnosis_seconds=300, readers=1) as running:
        yield running


@pytest.mark.parametrize("parameters", [{"explain": "empty"}, {"explain": "plan", "statistics": "true"}])
def test_an_explanation_ends_with_its_client(parameters: dict[str, str], patient: RunningServer) -> None:
    (before,) = patient.readers()
    # A question that is not empty, but needs a reader, so that it tells which one is there.
    small = "ASK { FILTER(RAND() < 2) }"
    idle_seconds = before.cpu_times().user

    def at_work() -> list[psutil.Process]:
        """The processes that compute: the engine's own command, or a reader that is not idle."""
        children = patient.readers()
        busy = [each for each in children if each == before and each.cpu_times().user > idle_seconds + 0.2]
        return [each for each in children if is_engine(each)] + busy

    host, port = patient.url.removeprefix("http://").split(":")
    address = "/sparql?" + urlencode({"query": RUNAWAY, **parameters})
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert wait_until(at_work)
        (working,) = at_work()

    assert wait_until(lambda: not working.is_running())
    assert patient.get(small).text == "true"
    (after,) = patient.readers()
    assert (after == before) == (working != before)
