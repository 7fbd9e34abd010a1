"""Stored queries over HTTP: each is an address, with checked parameters, formats for apps, and pages."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from pedgraph.delivery.stored import formats
from pedgraph.query.library import StoredQuery, read_library
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

EXPECTED = Path(__file__).parents[1] / "queries"
LIBRARY = read_library()
ROWS = [query for query in LIBRARY.values() if query.columns]
GRAPHS = [query for query in LIBRARY.values() if not query.columns]
CITIES = "list-cities"
BY_ROLE = "list-cities-by-role"


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of the server, made once because each one takes its time."""
    with httpx.Client(base_url=server.url) as made:
        yield made


def ask(client: httpx.Client, name: str, accept: str = "*/*", **parameters: str | int) -> httpx.Response:
    return client.get(f"/queries/{name}", params=parameters, headers={"Accept": accept})


def stored_rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((EXPECTED / name / "expected.csv").read_text(encoding="utf-8"))))


def as_text(value: object) -> str:
    """A native value as CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_file_is_an_address(client: httpx.Client) -> None:
    names = {path.stem for path in (queries_directory() / "library").rglob("*.rq")}

    listed = client.get("/queries").json()

    assert {each["name"] for each in listed} == names == set(LIBRARY)
    assert len(listed) == len(names) == 49
    for each in listed:
        answer = client.head(urljoin("/queries", each["href"]))
        assert (answer.status_code, answer.content) == (200, b""), each["name"]


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_the_list_is_not_sent_again_to_who_has_it(coding: str, client: httpx.Client) -> None:
    accepting = {"Accept-Encoding": coding}
    whole = client.get("/queries", headers=accepting)
    again = client.get("/queries", headers={**accepting, "If-None-Match": whole.headers["etag"]})
    other = client.get("/queries", headers={**accepting, "If-None-Match": '"x"'})

    assert whole.headers["etag"].endswith('"' if coding == "identity" else f'-{coding}"')
    fields = [[each.headers[name] for name in ("etag", "cache-control")] for each in (whole, again, other)]
    assert fields == [[whole.headers["etag"], "public, max-age=3600"]] * 3
    assert [(each.status_code, len(each.content)) for each in (again, other)] == [(304, 0), (200, len(whole.content))]
    assert client.get("/queries/", headers=accepting).headers["etag"] != whole.headers["etag"]


@pytest.mark.parametrize("query", ROWS, ids=lambda query: query.name)
def test_rows_are_the_stored_ones_in_plain_json_and_csv(query: StoredQuery, client: httpx.Client) -> None:
    answer = ask(client, query.name)
    table = ask(client, query.name, "text/csv")

    wanted = stored_rows(query.name)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert [list(row) for row in answer.json()] == [wanted[0]] * (len(wanted) - 1)
    assert sorted([as_text(each) for each in row.values()] for row in answer.json()) == sorted(wanted[1:])
    assert sorted(csv.reader(io.StringIO(table.text))) == sorted(wanted)


@pytest.mark.parametrize("query", ROWS, ids=lambda query: query.name)
def test_pages_together_are_the_whole(query: StoredQuery, client: httpx.Client) -> None:
    whole = ask(client, query.name).json()

    address: str | None = f"/queries/{query.name}?limit=3"
    pages: list[dict[str, Any]] = []
    while address is not None:
        answer = client.get(address)
        assert answer.headers["x-total-count"] == str(len(whole))
        pages += answer.json()
        following = answer.links.get("next", {}).get("url")
        address = None if following is None else urljoin(str(answer.url), following)
    assert pages == whole


@pytest.mark.parametrize("query", LIBRARY.values(), ids=lambda query: query.name)
def test_every_format_that_is_offered_is_given(query: StoredQuery, client: httpx.Client) -> None:
    for each in formats(query):
        by_name = ask(client, query.name, "image/png", format=each.name)
        by_type = ask(client, query.name, each.media_type)

        assert by_name.status_code == by_type.status_code == 200
        assert by_name.content == by_type.content
        assert by_name.headers["content-type"].partition(";")[0] == each.media_type


@pytest.mark.parametrize("query", GRAPHS, ids=lambda query: query.name)
def test_a_graph_comes_as_json_ld_in_our_context(query: StoredQuery, client: httpx.Client) -> None:
    answer = ask(client, query.name)
    turtle = ask(client, query.name, "text/turtle")

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"] == f"{ROOT}context/v1.jsonld"
    named = [each["id"] for each in answer.json()["@graph"]]
    assert sorted(set(named)) == sorted(str(each) for each in set(rdflib.Graph().parse(data=turtle.text).subjects()))


def test_sparql_results_are_those_of_the_endpoint(client: httpx.Client) -> None:
    answer = ask(client, CITIES, "application/sparql-results+json")

    solutions = parse_query_results(answer.content, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    assert len(list(solutions)) == len(stored_rows(CITIES)) - 1


def test_json_ld_says_the_same_as_the_rows(client: httpx.Client) -> None:
    content = ask(client, "list-numbers", format="jsonld", thing="id:network/scalable-cities").text
    rows = ask(client, "list-numbers", thing="id:network/scalable-cities").json()

    namespace, decimal = f"{ROOT}queries/list-numbers#", "http://www.w3.org/2001/XMLSchema#decimal"
    triples = [quad.triple for quad in parse(content, RdfFormat.JSON_LD)]
    values = {each.object for each in triples if each.predicate.value == f"{namespace}value"}
    units = {each.object for each in triples if each.predicate.value == f"{namespace}unit"}

    assert values == {Literal(number, datatype=NamedNode(decimal)) for number in ("28", "130")}
    assert units == {NamedNode("http://qudt.org/vocab/unit/NUM")}
    assert sorted(row["value"] for row in rows) == [28, 130]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
    ],
)
def test_apps_and_browsers_get_plain_json(accept: str, content_type: str, client: httpx.Client) -> None:
    assert ask(client, CITIES, accept).headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("name", "format_name"),
    [(CITIES, "geojson"), (CITIES, "ttl"), ("list-role-words", "jsonld"), ("describe-event", "csv")],
)
def test_a_format_that_does_not_fit_is_refused(name: str, format_name: str, client: httpx.Client) -> None:
    by_name = ask(client, name, format=format_name)

    assert (by_name.status_code, by_name.json()["type"]) == (406, "https://w3id.org/pedgraph/problem/not-acceptable")
    assert by_name.json()["offered"] == [each.media_type for each in formats(LIBRARY[name])]
    assert ask(client, CITIES, "application/geo+json").status_code == 406
    assert ask(client, CITIES, format="docx").status_code == 400


def test_parameters_choose_what_is_asked(client: httpx.Client) -> None:
    labels = {
        role: [row["label"] for row in ask(client, BY_ROLE, project="project:atelier", role=role).json()]
        for role in ("lighthouse", "city-role:lighthouse", "observer")
    }

    assert labels["lighthouse"] == labels["city-role:lighthouse"] == ["Amsterdam", "Bilbao"]
    assert labels["observer"] == []
    found = ask(client, "find-things", text="joint WORKSHOP on ped").json()
    assert [each["label"] for each in found] == ["Joint Workshop on PED Innovation & Collaboration"]
    events = ask(client, "list-events", **{"from": "2020-12-15", "until": "2020-12-31"}).json()
    assert [each["start"] for each in events] == ["2020-12"]


@pytest.mark.parametrize(
    "text",
    [
        '"} ?s ?p ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p "',
        "\\u0022 } SERVICE <http://127.0.0.1:9/> { \\u0022",
        "SERVICE",
        "}\n#",
        "\x00",
        "'''",
        "\\",
        "x" * 5000,
    ],
)
def test_a_text_is_looked_for_whatever_it_looks_like(text: str, client: httpx.Client) -> None:
    answer = ask(client, "find-things", text=text)

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    ("parameters", "parameter", "says"),
    [
        ({"rol": "x"}, "rol", "Did you mean 'role'?"),
        ({"query": "ASK {}"}, "query", "has no parameter 'query'"),
        ({"role": "folower"}, "role", "Did you mean follower or fellow?"),
        ({"project": "ascend"}, "project", "For example: project:ascend."),
        ({"project": ["project:ascend", "project:ascend"]}, "project", "more than once"),
        ({"project": "x> } #"}, "project", "takes an absolute IRI"),
        ({"limit": "0"}, "limit", "from 1 to 10,000"),
        ({"limit": "10001"}, "limit", "from 1 to 10,000"),
        ({"limit": "1e3"}, "limit", "from 1 to 10,000"),
        ({"offset": "-1"}, "offset", "from 0 to"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(
    parameters: dict[str, Any], parameter: str, says: str, client: httpx.Client
) -> None:
    answer = client.get(f"/queries/{BY_ROLE}", params=parameters)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert says in answer.json()["detail"]


def test_an_unknown_name_is_not_found_and_the_nearest_are_told(client: httpx.Client) -> None:
    answer = ask(client, "list-citties")

    assert answer.status_code == 404
    assert CITIES in answer.json()["nearest"]
    assert ask(client, "..%2Fsparql").status_code == 404


def test_pages_lead_forwards_backwards_and_to_the_beginning(client: httpx.Client) -> None:
    middle = ask(client, CITIES, limit=4, offset=4, format="csv")

    assert {relation: link["url"] for relation, link in middle.links.items()} == {
        "bookmark": "?limit=4&offset=4&format=csv&version=1",
        "first": "?limit=4&format=csv&offset=0&version=1",
        "prev": "?limit=4&format=csv&offset=0&version=1",
        "next": "?limit=4&format=csv&offset=8&version=1",
    }
    assert "memento-datetime" not in middle.headers
    last = ask(client, CITIES, limit=4, offset=8)
    assert set(last.links) == {"bookmark", "first", "prev"}
    beyond = ask(client, CITIES, limit=4, offset=1000)
    assert (beyond.json(), beyond.links["prev"]["url"]) == ([], "?limit=4&offset=6&version=1")
    rest = ask(client, CITIES, offset=8)
    assert (len(rest.json()), rest.headers["x-total-count"]) == (2, "10")


def test_a_graph_has_no_pages(client: httpx.Client) -> None:
    answer = ask(client, "describe-event", limit=1)

    assert answer.status_code == 400
    assert answer.json()["known"] == ["event", "format", "version", "timeout"]


@pytest.mark.parametrize("format_name", ["json", "jsonld", "csv"])
def test_an_answer_that_the_client_has_is_not_sent_again(format_name: str, client: httpx.Client) -> None:
    address = f"/queries/{CITIES}?format={format_name}"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    other = client.get(f"/queries/{CITIES}?format=srj", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_stored_answer_has_an_address_that_stays(client: httpx.Client) -> None:
    answer = ask(client, BY_ROLE, role="follower", format="jsonld")

    assert answer.headers["pedgraph-version"] == "1"
    assert answer.links["bookmark"]["url"] == "?role=follower&format=jsonld&version=1"
    pinned = client.get(urljoin(str(answer.url), answer.links["bookmark"]["url"]))
    assert (pinned.status_code, pinned.content) == (200, answer.content)
    assert "immutable" in pinned.headers["cache-control"]
    assert "memento-datetime" in pinned.headers


def test_only_reading_is_offered(client: httpx.Client) -> None:
    for path in ("/queries", "/queries/", f"/queries/{CITIES}", f"/queries/{CITIES}/"):
        offered = client.options(path)
        assert (offered.status_code, offered.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200
