"""What stands behind pedgraph's IRIs: every one of them answers in each format, by ``Accept``, and with a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad

from pedgraph import __version__
from pedgraph.intake.bundle import read_codes, read_ontology, read_shapes
from pedgraph.intake.headers import released_versions
from pedgraph.intake.parsing import parse_rdf
from pedgraph.resources import context_file, documentation_directory, frames_directory, releases_directory
from pedgraph.vocabulary.iris import CODES, INDICATORS, ONTOLOGY, ROOT, SHAPES_DOCUMENT, TERMS
from pedgraph.vocabulary.media import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from tests.http.test_protocol import problem_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from tests.servers import RunningServer

FORMATS = [TURTLE, JSON_LD, N_TRIPLES, RDF_XML]
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client that keeps its connection."""
    with httpx.Client(base_url=server.url, timeout=30) as kept:
        yield kept


def canonical(triples: Iterable[Triple | Quad]) -> set[str]:
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def parsed(answer: httpx.Response, rdf_format: Format) -> set[str]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == rdf_format.content_type()
    return canonical(parse_rdf(answer.content, rdf_format, str(answer.url)))


@pytest.fixture(scope="module")
def described() -> dict[str, set[str]]:
    """What describes each code list, with its members, and each code."""
    codes = read_codes()
    own: dict[str, list[Triple]] = {}
    for triple in codes:
        assert isinstance(triple.subject, NamedNode)
        own.setdefault(triple.subject.value, []).append(triple)
    inside = {iri: list(triples) for iri, triples in own.items()}
    for triple in codes:
        if triple.predicate.value == IN_SCHEME:
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode)
            inside[triple.object.value] += own[triple.subject.value]
    return {iri: canonical(triples) for iri, triples in inside.items() if iri.startswith((CODES, INDICATORS))}


@pytest.mark.parametrize("rdf_format", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("suffix", ["", f"/{__version__}"])
def test_ontology_and_shapes_answer_with_all_of_them(rdf_format: Format, suffix: str, client: httpx.Client) -> None:
    """The IRI of every term is that of the ontology with a fragment, which is not sent."""
    headers = {"Accept": rdf_format.media_type}
    ontology = client.get(f"/ont{suffix}", headers=headers)
    shapes = client.get(f"/shapes{suffix}", headers=headers)

    assert parsed(ontology, rdf_format) == canonical(read_ontology())
    assert parsed(shapes, rdf_format) == canonical(read_shapes())


@pytest.mark.parametrize("rdf_format", FORMATS, ids=lambda each: each.name)
def test_every_code_list_and_code_answers(
    rdf_format: Format, client: httpx.Client, described: dict[str, set[str]]
) -> None:
    for iri, triples in described.items():
        answer = client.get("/" + iri.removeprefix(ROOT), headers={"Accept": rdf_format.media_type})
        assert parsed(answer, rdf_format) == triples, iri
    assert len(described) > 150


def test_every_term_and_code_is_explained_on_a_page(client: httpx.Client, described: dict[str, set[str]]) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    subjects = {str(triple.subject).strip("<>") for triple in read_ontology()}
    terms = {each.removeprefix(TERMS) for each in subjects if each.startswith(TERMS)}
    page = client.get("/ont", headers=accept)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert {term for term in terms if f'id="{term}"' not in page.text} == set()
    assert len(terms) > 100
    for iri in described:
        answer = client.get("/" + iri.removeprefix(ROOT), headers=accept)
        if answer.status_code == 303:
            target = httpx.URL(answer.url).join(answer.headers["location"])
            answer = client.get(str(target))
            assert f'id="{target.fragment}"' in answer.text
            assert target.fragment == iri.rpartition("/")[2]
        assert answer.status_code == 200
        assert f'<code class="iri">{iri}</code>' in answer.text
    for path in ("/shapes", f"/shapes/{__version__}", f"/ont/{__version__}"):
        assert "<h1>" in client.get(path, headers=accept).text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/*", "text/turtle; charset=utf-8"),
        ("application/*", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/xml", "application/rdf+xml"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html;q=0.5, application/n-triples", "application/n-triples"),
        ("text/turtle;q=0, */*;q=0.1", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ],
)
@pytest.mark.parametrize("path", ["/ont", "/shapes", "/code/helix", f"/ont/{__version__}"])
def test_the_format_is_agreed_on(path: str, accept: str | None, content_type: str, client: httpx.Client) -> None:
    request = client.build_request("GET", path)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept

    answer = client.send(request)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert "Accept" in answer.headers["vary"]
    assert f'<{ROOT}{path[1:]}>; rel="canonical"' in answer.headers["link"]
    assert f'type="{content_type.partition(";")[0]}"' not in answer.headers["link"]
    assert answer.headers["link"].count('rel="alternate"') == 4


def test_the_address_can_name_the_format(client: httpx.Client) -> None:
    browser = {"Accept": "text/html"}
    answers = {
        name: client.get("/code/helix", params={"format": name}, headers=browser)
        for name in ("ttl", "jsonld", "nt", "rdf")
    }

    assert [answer.headers["content-type"] for answer in answers.values()] == [each.content_type() for each in FORMATS]
    assert {name: answer.headers["content-location"] for name, answer in answers.items()} == {
        name: f"?format={name}" for name in answers
    }
    assert client.get("/code/helix?format=html").text.startswith("<!DOCTYPE html>")
    assert problem_code(client.get("/code/helix?format=trig")) == "not-acceptable"
    assert problem_code(client.get("/code/helix?format=docx")) == "bad-request"


def test_an_older_release_answers_as_it_was(client: httpx.Client) -> None:
    versions = [version for version in released_versions(releases_directory()) if version != __version__]
    assert versions
    for version in versions:
        for name, path in (("ontology", "ont"), ("shapes", "shapes")):
            file = releases_directory() / version / f"{name}.ttl"
            released = canonical(parse_rdf(file.read_bytes(), TURTLE, file.name))
            assert parsed(client.get(f"/{path}/{version}"), TURTLE) == released


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/ont/9.9.9", "version-not-found"),
        ("/ont/..%2f0.1.0", "not-found"),
        ("/shapes/latest", "version-not-found"),
        ("/code/nothing", "not-found"),
        ("/code/helix/nothing", "not-found"),
        ("/code/indicator/participants", "not-found"),
        ("/indicator/nothing", "not-found"),
        ("/frame/v1/nothing.jsonld", "not-found"),
        ("/frame/v1/..%2f..%2fcontext%2fv1.jsonld", "not-found"),
        ("/frame/v2/ped.jsonld", "not-found"),
        ("/documentation/nothing.html", "not-found"),
        ("/documentation/classes/", "not-found"),
        ("/documentation/%2e%2e/core.ttl", "not-found"),
        ("/documentation/..%2fexamples/City.ttl", "not-found"),
        ("/documentation/classes/..%2f..%2findex.html", "not-found"),
        ("/documentation/%00.html", "not-found"),
    ],
)
def test_what_is_not_there_is_a_problem(path: str, code: str, client: httpx.Client) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})

    assert (answer.status_code, problem_code(answer)) == (404, code)


@pytest.mark.parametrize(
    "path", ["/", "/ont", "/shapes", "/code/helix", "/code/helix/industry", "/indicator/participants"]
)
def test_what_cannot_be_sent_is_refused_with_a_list(path: str, client: httpx.Client) -> None:
    answer = client.get(path, headers={"Accept": "image/png"})

    assert (answer.status_code, problem_code(answer)) == (406, "not-acceptable")
    assert "text/html" in answer.json()["offered"]


PATHS = [
    "/", "/?format=html", "/ont", "/ont?format=html", "/shapes?format=rdf", "/code/helix", "/indicator/participants",
    "/documentation/", "/documentation/style.css", "/documentation/classes/City.html",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_is_not_sent_again(path: str, client: httpx.Client) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    among_others = client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    other = client.get(path, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["etag"], again.headers["cache-control"]) == (tag, first.headers["cache-control"])
    assert again.headers.get("vary") == first.headers.get("vary")
    assert among_others.status_code == 304
    assert (other.status_code, other.content) == (200, first.content)
    assert not tag.startswith("W/")


def test_each_format_has_a_tag_of_its_own(client: httpx.Client) -> None:
    tags = [
        client.get("/ont", params={"format": name}).headers["etag"] for name in ("ttl", "jsonld", "nt", "rdf", "html")
    ]

    assert len(set(tags)) == 5


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_as_get_does_but_without_the_body(path: str, client: httpx.Client) -> None:
    head, got = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    without_date = [{name: value for name, value in each.headers.items() if name != "date"} for each in (head, got)]
    assert without_date[0] == without_date[1]


def test_pages_are_sent_as_they_are_and_under_a_policy(client: httpx.Client) -> None:
    folder = documentation_directory()
    files = sorted(path for path in folder.rglob("*.*"))
    for path in files:
        answer = client.get(f"/documentation/{path.relative_to(folder).as_posix()}")
        assert answer.content == path.read_bytes()
        assert answer.headers["x-content-type-options"] == "nosniff"
        if path.suffix == ".html":
            assert answer.headers["content-security-policy"].startswith("default-src 'self'; style-src 'self'; ")
    assert len(files) > 60
    moved = client.get("/documentation")
    assert (moved.status_code, moved.headers["location"]) == (308, "documentation/")


def test_pages_served_elsewhere_find_their_style_and_links(client: httpx.Client) -> None:
    for path, page in [("/ont", "ontology.html"), (f"/ont/{__version__}", "ontology.html"),
                       ("/shapes", "shapes.html"), ("/code/helix", "codes/helix.html")]:  # fmt: skip
        answer = client.get(path, headers={"Accept": "text/html"})
        base = answer.text.partition('<base href="')[2].partition('"')[0]
        place = httpx.URL(answer.url).join(base)
        assert place.path == f"/documentation/{page}"
        assert httpx.URL(answer.url).join(answer.headers["content-location"]) == place
        written = (documentation_directory() / page).read_text(encoding="utf-8")
        assert answer.text.replace(f'<base href="{base}">\n', "", 1) == written


def test_the_start_is_a_page_for_people_and_json_for_programs(client: httpx.Client) -> None:
    starting_points = client.get("/", headers={"Accept": "application/json"}).json()

    assert starting_points["version"] == __version__
    addresses = [starting_points[name] for name in starting_points if name not in {"name", "version"}]
    answers = [client.get(f"/{address}", follow_redirects=True) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert client.get("/").headers["content-type"] == "application/json"
    assert "Positive Energy Districts" in client.get("/", headers={"Accept": "text/html"}).text


def test_context_and_frames_are_served_as_they_are(client: httpx.Client) -> None:
    served = {"/context/v1.jsonld": context_file()}
    served |= {f"/frame/v1/{path.name}": path for path in frames_directory().glob("*.jsonld")}
    for path, file in served.items():
        answer = client.get(path, headers={"Origin": "https://partner.example"})
        if not file.is_file():
            assert problem_code(answer) == "not-found"
            continue
        assert answer.content == file.read_bytes()
        assert answer.headers["content-type"] == "application/ld+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "public, max-age=604800"
        assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        json.loads(answer.content)


def test_names_agree(client: httpx.Client) -> None:
    """The document that an IRI answers with speaks of that IRI (house rule Q03)."""
    for document in (ONTOLOGY, SHAPES_DOCUMENT):
        text = client.get("/" + document.removeprefix(ROOT), headers={"Accept": "application/n-triples"}).text
        assert f'<{document}> <http://www.w3.org/2002/07/owl#versionInfo> "{__version__}" .' in text
        assert f"<{document}> <{TYPE}> <http://www.w3.org/2002/07/owl#Ontology> ." in text
