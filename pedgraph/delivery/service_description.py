"""What the endpoint says of itself (SPARQL 1.1 Service Description): languages, formats, functions, data set, limits.

All nodes are IRIs below the address of the endpoint, so the same version gives the same bytes. Limits have no terms in
any vocabulary; ours are defined in the description itself, in the namespace :data:`TERMS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph import __version__
from pedgraph.delivery.catalogue.subject import CATALOGUE, VOID
from pedgraph.delivery.describing import Document
from pedgraph.errors import BadRequest
from pedgraph.query.limits import limits
from pedgraph.store.manifest import read_manifest
from pedgraph.vocabulary.iris import GRAPHS, PREFIXES, ROOT
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pedgraph.query.limits import Limit
    from pedgraph.settings import Settings
    from pedgraph.store.manifest import Manifest
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Format

Facts: TypeAlias = "Mapping[str, Sequence[NamedNode | Literal]]"

TERMS: Final = ROOT + "service#"
TERM_MEANINGS: Final = {
    "Limit": "A limit that a service holds every request to; rdf:value says how much is allowed.",
    "limit": "Leads from a service to one of its limits.",
    "unit": "The word for what the value of a limit counts, such as seconds or bytes.",
}

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
_GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
_XSD: Final = PREFIXES["xsd"]

RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "JSON-LD",
    "N-Triples", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip
_INPUT_FORMATS: Final = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")
# What the engine has beyond the functions of SPARQL 1.1; each of them is called in a test.
_GEOSPARQL_FUNCTIONS: Final = (
    "area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension", "distance",
    "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap", "envelope",
    "getSRID", "intersection", "isEmpty", "isSimple", "length", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp",
    "rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint", "sfEquals",
    "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension", "symDifference", "union",
)  # fmt: skip
_CASTS: Final = (
    "date", "dayTimeDuration", "duration", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "time",
    "yearMonthDuration",
)  # fmt: skip
FUNCTIONS: Final = (*(_GEOSPARQL + name for name in _GEOSPARQL_FUNCTIONS), *(_XSD + name for name in _CASTS))

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.\-_\[\]:]+(?:/[\w.~%!$&'()*+,;=:@/-]*)?", re.ASCII)


@dataclass(frozen=True)
class Addresses:
    """The addresses of the service as a client sees them: of queries, and of updates where there are any."""

    query: str
    update: str | None = None


class ServiceDescriptions:
    """Makes descriptions of the current version; the last ones are kept."""

    def __init__(self, settings: Settings, versions: Versions) -> None:
        self._settings = settings
        self._versions = versions
        self._made = lru_cache(maxsize=64)(self._make)

    def document(self, addresses: Addresses, rdf_format: Format) -> Document:
        """The description in an RDF format.

        Raises :class:`BadRequest` for an address that cannot stand in an IRI, and as
        :meth:`pedgraph.store.versions.Versions.current`.
        """
        for address in (addresses.query, addresses.update):
            if address is not None and not _ADDRESS.fullmatch(address):
                raise BadRequest(f"'{address}' cannot be the address of this service.")
        return self._made(self._versions.current(), addresses, rdf_format)

    def _make(self, version: int, addresses: Addresses, rdf_format: Format) -> Document:
        manifest = read_manifest(self._versions.store_directory(version).parent)
        content = serialised(describe(self._settings, manifest, addresses), rdf_format)
        return Document(content, rdf_format.content_type())


def describe(settings: Settings, manifest: Manifest, addresses: Addresses) -> Iterator[Triple]:
    """The description of the service as triples.

    Takes the settings, the manifest of the version that is described, and the addresses.
    """
    service, base = NamedNode(addresses.query + "#service"), addresses.query + "#"
    dataset = NamedNode(base + "dataset")
    yield from _about(
        service,
        {
            "rdf:type": [_sd("Service")],
            "dcterms:title": [Literal("pedgraph: Europe's Positive Energy Districts as linked data", language="en")],
            "owl:versionInfo": [Literal(__version__)],
            "sd:endpoint": [NamedNode(addresses.query)],
            "sd:supportedLanguage": [_sd("SPARQL11Query")],
            "sd:resultFormat": [NamedNode(_FORMATS + name) for name in RESULT_FORMATS],
            "sd:feature": _features(settings),
            "sd:extensionFunction": [NamedNode(iri) for iri in FUNCTIONS],
            "sd:defaultEntailmentRegime": [NamedNode(_ENTAILMENT + "Simple")],
            "sd:defaultDataset": [dataset],
            "rdfs:seeAlso": [NamedNode(VOID), NamedNode(CATALOGUE)],
        },
    )
    for function in FUNCTIONS:
        yield from _about(NamedNode(function), {"rdf:type": [_sd("Function")]})
    if addresses.update is not None:
        yield from _update_service(NamedNode(base + "update"), addresses.update, dataset)
    yield from _dataset(dataset, manifest, base)
    for limit in limits(settings):
        yield from _limit(service, NamedNode(f"{base}limit-{limit.name}"), limit)
    yield from _terms()


def _features(settings: Settings) -> list[NamedNode]:
    features = [_sd("UnionDefaultGraph")] if settings.default_graph == "merged" else []
    return [*features, _sd("BasicFederatedQuery")] if settings.service_endpoints.strip() else features


def _update_service(service: NamedNode, address: str, dataset: NamedNode) -> Iterator[Triple]:
    yield from _about(
        service,
        {
            "rdf:type": [_sd("Service")],
            "sd:endpoint": [NamedNode(address)],
            "sd:supportedLanguage": [_sd("SPARQL11Update")],
            "sd:inputFormat": [NamedNode(_FORMATS + name) for name in _INPUT_FORMATS],
            "sd:defaultEntailmentRegime": [NamedNode(_ENTAILMENT + "Simple")],
            "sd:defaultDataset": [dataset],
        },
    )


def _dataset(dataset: NamedNode, manifest: Manifest, base: str) -> Iterator[Triple]:
    default = NamedNode(base + "default-graph")
    names = {name: quote(name.removeprefix(GRAPHS), safe="/") for name in sorted(manifest.graphs)}
    yield from _about(
        dataset,
        {
            "rdf:type": [_sd("Dataset")],
            "owl:versionInfo": [Literal(str(manifest.version))],
            "dcterms:modified": [Literal(manifest.created, datatype=NamedNode(_XSD + "dateTime"))],
            "sd:defaultGraph": [default],
            "sd:namedGraph": [NamedNode(f"{base}graph/{each}") for each in names.values()],
        },
    )
    yield from _graph(default, manifest.merged_triples)
    for name, each in names.items():
        node, graph = NamedNode(f"{base}graph/{each}"), NamedNode(f"{base}triples/{each}")
        facts: Facts = {"rdf:type": [_sd("NamedGraph")], "sd:name": [NamedNode(name)], "sd:graph": [graph]}
        yield from _about(node, facts)
        yield from _graph(graph, manifest.graphs[name])


def _graph(graph: NamedNode, triples: int) -> Iterator[Triple]:
    yield from _about(graph, {"rdf:type": [_sd("Graph")], "void:triples": [Literal(triples)]})


def _limit(service: NamedNode, node: NamedNode, limit: Limit) -> Iterator[Triple]:
    kind = "integer" if isinstance(limit.value, int) else "decimal"
    yield Triple(service, NamedNode(TERMS + "limit"), node)
    yield from _about(
        node,
        {
            "rdf:type": [NamedNode(TERMS + "Limit")],
            "rdfs:label": [Literal(limit.name)],
            "rdfs:comment": [Literal(limit.meaning, language="en")],
            "rdf:value": [Literal(str(limit.value), datatype=NamedNode(_XSD + kind))],
        },
    )
    yield Triple(node, NamedNode(TERMS + "unit"), Literal(limit.unit))


def _terms() -> Iterator[Triple]:
    """What our terms for limits mean."""
    for name, meaning in TERM_MEANINGS.items():
        kind = "rdfs:Class" if name[0].isupper() else "rdf:Property"
        facts: Facts = {"rdf:type": [_named(kind)], "rdfs:comment": [Literal(meaning, language="en")]}
        yield from _about(NamedNode(TERMS + name), facts)


def _about(subject: NamedNode, facts: Facts) -> Iterator[Triple]:
    for predicate, objects in facts.items():
        for each in objects:
            yield Triple(subject, _named(predicate), each)


def _named(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def _sd(name: str) -> NamedNode:
    return _named("sd:" + name)
