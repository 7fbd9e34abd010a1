"""Every IRI of a thing answers: 303 to its description, which comes in all formats, with links to all that goes with
it; and what is no IRI of anything gets a clean answer.
"""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from pedgraph.vocabulary.iris import GRAPHS, ROOT, THINGS
from pedgraph.vocabulary.media import GRAPH_FORMATS, JSON_LD, N_QUADS, TRIG
from tests.http.test_protocol import problem_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

CITY = "city/nl-amsterdam"
PLAIN_JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client that keeps its connection and follows nothing by itself."""
    with httpx.Client(base_url=server.url, timeout=30) as kept:
        yield kept


@pytest.fixture(scope="module")
def things(server: RunningServer) -> list[str]:
    """One thing of each kind, and one with a record for each kind of statement, by IRI."""
    answer = server.get(
        "SELECT (MIN(STR(?thing)) AS ?one) { { SELECT DISTINCT ?thing { ?thing ?p ?o } } "
        f'FILTER(STRSTARTS(STR(?thing), "{THINGS}")) '
        f'BIND(STRBEFORE(STRAFTER(STR(?thing), "{THINGS}"), "/") AS ?kind) }} GROUP BY ?kind ORDER BY ?one'
    )
    found = answer.text.split()[1:]
    assert len(found) > 20
    return found


def raw(server: RunningServer, target: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """What the server answers to a target that is sent as it is: status and problem."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    connection.putrequest("GET", target, skip_host=False, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    is_problem = answer.headers["Content-Type"] == "application/problem+json"
    return answer.status, json.loads(content) if is_problem else {}


def links(answer: httpx.Response) -> dict[tuple[str, str], str]:
    """The links of an answer: relation and type → address."""
    found = {}
    for each in httpx.Headers(answer.headers).get_list("link", split_commas=False):
        for link in each.split(", <"):
            address, _, rest = link.removeprefix("<").partition(">")
            parts = dict(part.strip().split("=", 1) for part in rest.split(";") if "=" in part)
            key = (parts["rel"].strip('"'), parts.get("type", "").strip('"'))
            found[key] = urljoin(str(answer.url), address)
    return found


def test_every_kind_of_thing_leads_to_its_description(client: httpx.Client, things: list[str]) -> None:
    for iri in things:
        path = iri.removeprefix(ROOT)
        led = client.get(f"/{path}")
        assert (led.status_code, led.content) == (303, b"")
        assert urljoin(str(led.url), led.headers["location"]) == urljoin(str(led.url), f"/doc/{path[3:]}")
        described = client.get(f"/doc/{path[3:]}")
        assert described.headers["content-type"] == "text/turtle; charset=utf-8"
        assert iri in {str(each.subject)[1:-1] for each in parse(described.content, RdfFormat.TURTLE)}, iri
        page = client.get(f"/id/{path[3:]}", headers={"Accept": BROWSER}, follow_redirects=True)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), iri
        assert page.headers["content-location"] == f"./{path.rpartition('/')[2]}.html"
        assert "script-src" not in page.headers["content-security-policy"]


def test_a_suffix_a_parameter_and_accept_give_the_same(client: httpx.Client) -> None:
    """In all formats, and with the address of the format named where it was not asked for."""
    seen = {}
    for each in GRAPH_FORMATS:
        by_suffix = client.get(f"/doc/{CITY}{each.suffix}")
        by_parameter = client.get(f"/doc/{CITY}?format={each.name if each != JSON_LD else 'jsonld'}")
        by_accept = client.get(f"/doc/{CITY}", headers={"Accept": each.media_type})
        assert by_suffix.status_code == by_parameter.status_code == by_accept.status_code == 200
        assert by_suffix.content == by_parameter.content == by_accept.content
        assert by_suffix.headers["content-type"] == by_accept.headers["content-type"] == each.content_type()
        assert by_suffix.headers["etag"] == by_accept.headers["etag"]
        assert "content-location" not in by_suffix.headers
        assert by_accept.headers["content-location"] == f"./nl-amsterdam{each.suffix}"
        assert set(by_accept.headers["vary"].split(", ")) >= {"Accept", "Accept-Profile", "Accept-Datetime"}
        seen[each.name] = by_suffix.content
    assert len(set(seen.values())) == len(GRAPH_FORMATS)
    plain = [
        client.get(f"/doc/{CITY}.json"),
        client.get(f"/doc/{CITY}?format=json"),
        client.get(f"/doc/{CITY}", headers={"Accept": PLAIN_JSON}),
    ]
    assert [each.headers["content-type"] for each in plain] == [PLAIN_JSON] * 3
    assert len({each.content for each in plain}) == 1
    context = links(plain[0])["http://www.w3.org/ns/json-ld#context", JSON_LD.media_type]
    assert client.get(context).headers["content-type"] == JSON_LD.media_type


def test_suffixes_of_the_thing_itself_lead_on(client: httpx.Client) -> None:
    led = client.get(f"/id/{CITY}.nt?version=1")

    assert (led.status_code, led.headers["location"]) == (303, f"../../doc/{CITY}.nt?version=1")


def test_head_and_conditions(client: httpx.Client) -> None:
    for path in (f"/doc/{CITY}.ttl", f"/id/{CITY}", "/graph/s1/1.trig", "/problem", "/profile/full", "/w3id.htaccess"):
        whole, head = client.get(path), client.head(path)
        own = {key: value for key, value in whole.headers.items() if key != "date"}
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        assert {key: value for key, value in head.headers.items() if key != "date"} == own
        if "etag" in whole.headers:
            again = client.get(path, headers={"If-None-Match": whole.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == whole.headers["etag"]


def test_all_links_of_a_description_answer(client: httpx.Client) -> None:
    answer = client.get(f"/doc/{CITY}.ttl")
    found = links(answer)

    assert {relation for relation, _ in found} == {
        "original timegate", "timemap", "bookmark", "alternate", "canonical", "describes", "profile", "describedby",
        "license",
    }  # fmt: skip
    assert found["canonical", ""] == f"{ROOT}doc/{CITY}"
    assert found["describes", ""] == f"{THINGS}{CITY}"
    assert found["profile", ""] == f"{ROOT}profile/raw"
    assert found["license", ""] == "https://creativecommons.org/licenses/by/4.0/"
    assert {media_type for relation, media_type in found if relation == "alternate"} == {
        *(each.media_type for each in GRAPH_FORMATS if each.name != "ttl"), PLAIN_JSON, "text/html",
    }  # fmt: skip
    for (relation, media_type), address in found.items():
        if relation != "license":
            here = address.replace(ROOT, str(client.base_url) + "/")
            target = client.get(here, follow_redirects=True)
            assert target.status_code == 200, (relation, address)
            assert media_type in {"", target.headers["content-type"].partition(";")[0]}


def test_profiles_are_agreed_on(client: httpx.Client) -> None:
    card = client.get(f"/doc/{CITY}.jsonld?_profile=card")
    by_field = client.get(f"/doc/{CITY}.jsonld", headers={"Accept-Profile": f"<{ROOT}profile/card>"})

    assert card.content == by_field.content
    assert links(card)["profile", ""] == f"{ROOT}profile/card"
    assert card.json()["id"] == f"{THINGS}{CITY}"
    assert problem_code(client.get(f"/doc/{CITY}.jsonld?_profile=whole")) == "bad-request"


@pytest.mark.parametrize("graph", ["s1/1", "meta", "vocabulary", "inferred", "reference"])
def test_graphs_answer_with_their_content_and_description(
    server: RunningServer, client: httpx.Client, graph: str
) -> None:
    iri = GRAPHS + graph
    expected = server.get(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", accept=N_QUADS.media_type)
    trig = client.get(f"/graph/{graph}", headers={"Accept": TRIG.media_type})

    assert trig.status_code == 200
    quads = list(parse(trig.content, RdfFormat.TRIG))
    held = [quad for quad in quads if str(quad.graph_name) == f"<{iri}>"]
    assert len(held) == len(list(parse(expected.content, RdfFormat.N_QUADS)))
    about = {quad for quad in quads if str(quad.subject) == f"<{iri}>" and str(quad.graph_name) == f"<{GRAPHS}meta>"}
    assert "http://purl.org/dc/terms/license" in {each.predicate.value for each in about}
    assert links(trig)["license", ""].startswith("https://creativecommons.org/")
    triples = client.get(f"/graph/{graph}.nt")
    assert len(list(parse(triples.content, RdfFormat.N_TRIPLES))) == len({quad.triple for quad in quads})


@pytest.mark.parametrize(
    ("path", "kind", "label"),
    [
        ("problem/not-found", "http://www.w3.org/2000/01/rdf-schema#Resource", "Nothing here"),
        ("profile/raw", "http://www.w3.org/ns/dx/prof/Profile", "Profile 'raw'"),
        ("profile/0.1.0", "http://www.w3.org/ns/dx/prof/Profile", "Profile of pedgraph 0.1.0"),
        ("service", "http://www.w3.org/2002/07/owl#Ontology", "Terms of the service"),
    ],
)
def test_what_stands_for_no_data_is_explained(client: httpx.Client, path: str, kind: str, label: str) -> None:
    facts = {
        (str(t.subject), str(t.predicate), str(t.object))
        for t in parse(client.get(f"/{path}").content, RdfFormat.TURTLE)
    }
    page = client.get(f"/{path}", headers={"Accept": "text/html"})

    assert (f"<{ROOT}{path}>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{kind}>") in facts
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<code>{ROOT}{path}</code>" in page.text
    assert label in page.text.replace("&#39;", "'")


def test_every_kind_of_problem_is_explained(client: httpx.Client) -> None:
    listed = {
        str(each.object)
        for each in parse(client.get("/problem").content, RdfFormat.TURTLE)
        if each.predicate.value.endswith("#seeAlso")
    }

    assert f"<{ROOT}problem/time-limit>" in listed
    for iri in listed:
        assert client.get("/" + iri[1:-1].removeprefix(ROOT)).status_code == 200


def test_a_name_that_is_nearly_right_is_told_the_right_one(client: httpx.Client) -> None:
    for path in (
        "/id/city/amsterdam",
        "/doc/city/nl-amsterdm",
        "/id/City/NL-Amsterdam",
        "/timemap/link/doc/city/amsterdam",
        "/id/town/amsterdam",
    ):
        answer = client.get(path)
        assert problem_code(answer) == "not-found"
        assert answer.status_code == 404
        assert f"{THINGS}{CITY}" in answer.json()["nearest"], path
    answer = client.get("/graph/s1/2")
    assert answer.json()["nearest"] == [f"{GRAPHS}s1/1", f"{GRAPHS}s2/1"]


def test_what_is_of_another_kind_is_found_by_its_words_and_no_term_is_offered(server: RunningServer) -> None:
    elsewhere = httpx.get(f"{server.url}/doc/project/buiksloterham")
    term = httpx.get(f"{server.url}/doc/city/reference-year")

    assert (elsewhere.status_code, elsewhere.json()["nearest"][0]) == (404, f"{THINGS}ped/nl-amsterdam-buiksloterham")
    assert (term.status_code, [each for each in term.json().get("nearest", []) if not each.startswith(THINGS)]) == (
        404,
        [],
    )


LONG = "a" * 10_000


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/id/city/nl-amsterdam%2F", 404, "not-found"),
        ("/id/city%2Fnl-amsterdam", 404, "not-found"),
        ("/id/city%5Cnl-amsterdam", 404, "not-found"),
        ("/id/../versions", 404, "not-found"),
        ("/id/city/../city/nl-amsterdam", 404, "not-found"),
        ("/id/city/%2e%2e", 404, "not-found"),
        ("/doc/city/..%2f..%2fetc%2fpasswd", 404, "not-found"),
        ("/id/city/nl-amsterdam%00", 404, "not-found"),
        ("/id/city/nl-amsterdam%0d%0aX: y".replace(" ", "%20"), 404, "not-found"),
        ("/id/city/%ff%fe", 404, "not-found"),
        ("/id/city/%zz", 404, "not-found"),
        ("/id/city/%3Cscript%3E", 404, "not-found"),
        ("/id/city/x%3E%20%3Fp%20%3Fo%20.%20%7D%23", 404, "not-found"),
        ("/id/city/%22%29%20%7D", 404, "not-found"),
        ("/id//nl-amsterdam", 404, "not-found"),
        ("/id/", 404, "not-found"),
        ("/id/city", 404, "not-found"),
        ("/doc/city/nl-amsterdam/more", 404, "not-found"),
        (f"/id/city/{LONG}", 404, "not-found"),
        (f"/doc/{LONG}/x.ttl", 404, "not-found"),
        (f"/graph/{LONG}", 404, "not-found"),
        (f"/timemap/link/{LONG}", 404, "not-found"),
        ("/timemap/link/audit", 404, "not-found"),
        ("/timemap/link/id/city/%3E", 404, "not-found"),
        ("/graph/%3E%7D", 404, "not-found"),
        ("/graph/none", 404, "not-found"),
        ("/profile/none", 404, "not-found"),
        ("/problem/none", 404, "not-found"),
        ("/version/7", 404, "version-not-found"),
        ("/version/x", 404, "version-not-found"),
        ("/doc/city/nl-amsterdam.docx", 404, "not-found"),
        ("/doc/city/nl-amsterdam.ttl?format=nt", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?format=docx", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?format=csv", 406, "not-acceptable"),
        ("/doc/city/nl-amsterdam?frmat=ttl", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?format=ttl&format=ttl", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?version=99", 404, "version-not-found"),
        ("/doc/city/nl-amsterdam?version=1&version=1", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?version=%ff", 400, "bad-request"),
        ("/doc/city/nl-amsterdam?version=2020-01-01", 404, "version-not-found"),
    ],
)
def test_odd_addresses_get_a_clean_answer(server: RunningServer, target: str, status: int, code: str) -> None:
    answered, members = raw(server, target)

    assert (answered, members.get("type")) == (status, f"{ROOT}problem/{code}")
    assert len(members["detail"]) < 1000
    assert "Traceback" not in server.logged()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Accept": "image/png"}, 406, "not-acceptable"),
        ({"Accept": "text/turtle;q=0"}, 406, "not-acceptable"),
        ({"Accept-Datetime": "yesterday"}, 400, "bad-request"),
        ({"Accept-Datetime": "2026-11-22"}, 400, "bad-request"),
        # A Monday that was none.
        ({"Accept-Datetime": "Mon, 22 Nov 2026 10:00:00 GMT"}, 400, "bad-request"),
        ({"Accept-Datetime": "Sun, 22 Nov 2026 10:00:00 +0100"}, 400, "bad-request"),
        ({"Accept-Datetime": ""}, 400, "bad-request"),
    ],
)
def test_odd_fields_get_a_clean_answer(server: RunningServer, headers: dict[str, str], status: int, code: str) -> None:
    answered, members = raw(server, f"/doc/{CITY}", headers)

    assert (answered, members.get("type")) == (status, f"{ROOT}problem/{code}")
    if status == 406:
        assert members["offered"] == [
            "text/turtle", PLAIN_JSON, "application/ld+json", "application/n-triples", "application/rdf+xml",
            "application/trig", "application/n-quads", "text/html",
        ]  # fmt: skip
