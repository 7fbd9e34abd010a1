"""The endpoint without a query describes itself: truly, in every RDF format, and with one tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import rdflib
from pyoxigraph import Literal, QuerySolutions, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from pedgraph.delivery.service_description import FUNCTIONS, TERMS, Addresses, describe
from pedgraph.query.limits import limits
from pedgraph.settings import load_settings
from pedgraph.store.manifest import Manifest
from tests.servers import running_server
from tests.vocabulary import clients

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built
    from tests.servers import RunningServer

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
LIMIT = rdflib.Namespace(TERMS)
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
GEOMETRIES = {
    "polygon": '"POLYGON((0 0,4 0,4 4,0 4,0 0))"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
    "point": '"POINT(1 1)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
    "metre": "<http://www.opengis.net/def/uom/OGC/1.0/metre>",
    "square": "<http://www.opengis.net/def/uom/OGC/1.0/square_metre>",
    "pattern": '"T*****FF*"',
}
# Arguments that each function takes: the first that it is defined for is the one that counts.
ARGUMENTS = (
    "polygon",
    "polygon polygon",
    "point point metre",
    "polygon metre",
    "polygon square",
    "polygon point pattern",
)
LEXICAL = ("2020-01-01", "10:00:00", "P1D", "P1Y", "---01", "--01", "--01-02", "2020", "2020-01")


def description(url: str, **headers: str) -> rdflib.Graph:
    answer = httpx.get(f"{url}/sparql", headers=headers)
    assert answer.status_code == 200
    media_type = answer.headers["content-type"].partition(";")[0]
    return as_graph(answer.content, FORMATS[media_type])


def as_graph(content: bytes, rdf_format: RdfFormat) -> rdflib.Graph:
    triples = "".join(f"{quad.triple} .\n" for quad in parse(content, rdf_format))
    return rdflib.Graph().parse(data=triples, format="nt")


def described(**settings: object) -> rdflib.Graph:
    """The description of a small version under these settings."""
    given = load_settings({}, **settings)
    manifest = Manifest(7, "2026-11-22T08:00:00+00:00", "a", "r", None, None, 3, 2, {"urn:x:é": 1, "urn:x:b": 2}, {})
    update = "http://x.example/update" if given.admin_key.get_secret_value() else None
    triples = describe(given, manifest, Addresses("http://x.example/sparql", update))
    return rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")


def service_at(graph: rdflib.Graph, address: str) -> rdflib.term.Node:
    services = list(graph.subjects(SD.endpoint, rdflib.URIRef(address)))
    assert len(services) == 1
    assert (services[0], rdflib.RDF.type, SD.Service) in graph
    return services[0]


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_description_is_the_same_in_every_format(media_type: str, server: RunningServer) -> None:
    given = httpx.get(f"{server.url}/sparql", headers={"Accept": media_type})
    named = httpx.get(f"{server.url}/sparql", params={"format": media_type})

    assert given.headers["content-type"].partition(";")[0] == media_type
    assert given.content == named.content
    assert isomorphic(as_graph(given.content, FORMATS[media_type]), description(server.url, Accept="text/turtle"))


@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/sparql?"])
def test_the_endpoint_is_the_address_that_was_asked(path: str, server: RunningServer) -> None:
    answer = httpx.get(server.url + path)

    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    service_at(as_graph(answer.content, RdfFormat.TURTLE), server.url + path.removesuffix("?"))


def test_the_address_is_the_one_of_the_proxy(server: RunningServer) -> None:
    graph = description(server.url, Host="data.partner.example:8443")
    odd = description(server.url, Host='x"><y')

    service_at(graph, "http://data.partner.example:8443/sparql")
    # What cannot be the name of a host is not repeated.
    service_at(odd, f"{server.url}/sparql")


@pytest.mark.parametrize("accept", [clients.CHROME, clients.JENA_GRAPH, clients.RDFLIB_PARSE, "*/*"])
def test_clients_get_a_description_that_they_can_read(accept: str, server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/sparql", headers={"Accept": accept})

    assert (answer.status_code, answer.headers["vary"].partition(",")[0]) == (200, "Accept")


def test_nothing_else_counts_as_a_request_for_it(server: RunningServer) -> None:
    url = f"{server.url}/sparql"
    empty = httpx.get(url, params={"query": ""})
    graphs = httpx.get(url, params={"default-graph-uri": "urn:x:a"})
    posted = httpx.post(url, data={"other": "x"})
    unknown = httpx.get(url, headers={"Accept": "image/png"})

    assert [answer.status_code for answer in (empty, graphs, posted, unknown)] == [400, 400, 400, 406]


def test_its_tag_is_that_of_its_bytes(server: RunningServer) -> None:
    url = f"{server.url}/sparql"
    first, second, other = httpx.get(url), httpx.get(url), httpx.get(url, params={"format": "nt"})
    head = httpx.head(url)
    known = httpx.get(url, headers={"If-None-Match": first.headers["etag"]})

    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert other.headers["etag"] != first.headers["etag"]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == first.headers["content-type"]
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])


def test_graphs_have_the_sizes_that_a_query_counts(server: RunningServer, built: tuple[Path, Built]) -> None:
    graph = description(server.url)
    counted = server.get("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").text.split()[1:]
    merged = server.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
    dataset = graph.value(service_at(graph, f"{server.url}/sparql"), SD.defaultDataset)

    given = {
        f"{graph.value(named, SD.name)},{graph.value(graph.value(named, SD.graph), VOID.triples)}"
        for named in graph.objects(dataset, SD.namedGraph)
    }
    default = graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples)

    assert given == set(counted)
    assert str(default) == merged
    assert len(given) > 5


def test_limits_are_those_of_the_settings() -> None:
    graph = described(query_deadline_seconds=2.5, query_max_depth=7)
    service = service_at(graph, "http://x.example/sparql")

    given = {
        (
            str(graph.value(each, rdflib.RDFS.label)),
            float(str(graph.value(each, rdflib.RDF.value))),
            str(graph.value(each, LIMIT.unit)),
            str(graph.value(each, rdflib.RDFS.comment)),
        )
        for each in graph.objects(service, LIMIT.limit)
    }

    wanted = limits(load_settings({}, query_deadline_seconds=2.5, query_max_depth=7))
    assert given == {(each.name, float(each.value), each.unit, each.meaning) for each in wanted}
    assert {"deadline", "depth", "answer"} <= {name for name, *_ in given}
    for term in (LIMIT.Limit, LIMIT.limit, LIMIT.unit):
        assert graph.value(term, rdflib.RDFS.comment), term


def test_features_are_stated_where_they_are_true() -> None:
    def features(**settings: object) -> set[str]:
        graph = described(**settings)
        service = service_at(graph, "http://x.example/sparql")
        return {str(each).removeprefix(str(SD)) for each in graph.objects(service, SD.feature)}

    assert features() == {"UnionDefaultGraph"}
    assert features(default_graph="plain") == set()
    assert features(default_graph="plain", service_endpoints="http://a/") == {"BasicFederatedQuery"}


def test_updates_are_described_where_there_is_a_key() -> None:
    closed, opened = described(), described(admin_key="secret-key-of-the-test")

    languages = {str(each) for each in closed.objects(None, SD.supportedLanguage)}
    service = service_at(opened, "http://x.example/update")
    assert languages == {str(SD.SPARQL11Query)}
    assert list(opened.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Update]
    assert "secret-key-of-the-test" not in opened.serialize(format="nt")


def test_in_plain_mode_it_is_served_too(home: Path) -> None:
    with running_server(home, readers=1, default_graph="plain", admin_key="secret-key-of-the-test") as plain:
        graph = description(plain.url)
        counted = plain.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]

    dataset = graph.value(service_at(graph, f"{plain.url}/sparql"), SD.defaultDataset)
    assert str(graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples)) == counted
    assert len(list(graph.objects(dataset, SD.namedGraph))) > 5
    assert list(graph.objects(service_at(graph, f"{plain.url}/sparql"), SD.feature)) == []
    service_at(graph, f"{plain.url}/update")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_is_there(function: str) -> None:
    if "geosparql" in function:
        calls = [", ".join(GEOMETRIES[name] for name in arguments.split()) for arguments in ARGUMENTS]
    else:
        calls = [f'"{text}"' for text in LEXICAL]

    assert any(isinstance(result_of(f"<{function}>({call})"), Literal) for call in calls)


def result_of(expression: str) -> object:
    result = Store().query(f"SELECT ({expression} AS ?x) {{}}")
    assert isinstance(result, QuerySolutions)
    return next(result)["x"]


def test_no_function_is_left_out() -> None:
    """The functions of GeoSPARQL 1.1 that the engine does not have are an error when they are called."""
    names = (
        "aggBoundingBox aggUnion asDGGS asGML asKML asWKT boundary boundingCircle buffer concaveHull geometryN "
        "geometryType is3D isMeasured maxX maxY maxZ metricArea metricBuffer metricDistance metricLength "
        "metricPerimeter minX minY minZ numGeometries transform"
    )
    for name in names.split():
        with pytest.raises(RuntimeError, match="not supported"):
            result_of(f"<http://www.opengis.net/def/function/geosparql/{name}>({GEOMETRIES['polygon']})")
