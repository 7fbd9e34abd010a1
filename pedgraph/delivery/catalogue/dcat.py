"""The graph as a harvester of open data wants it told: DCAT 3 in the application profile DCAT-AP 3.0.1.

The catalogue holds the whole graph with its files, each named graph as a data set of its own in one series, and the
SPARQL endpoint as a data service. Everything that it names is typed in it, since a harvester reads nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.catalogue import authorities
from pedgraph.delivery.catalogue.datasets import agent, graph, series, versions, whole
from pedgraph.delivery.catalogue.subject import (
    CATALOGUE,
    CONTACT,
    DATASET,
    PUBLISHER,
    RIGHTS,
    RIGHTS_STATEMENT,
    SERIES,
)
from pedgraph.delivery.catalogue.triples import about, english, named, nodes, typed
from pedgraph.vocabulary.iris import ONTOLOGY, SHAPES_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

    from pedgraph.delivery.catalogue.subject import Subject
    from pedgraph.delivery.catalogue.triples import Facts

PROFILE: Final = "https://semiceu.github.io/DCAT-AP/releases/3.0.1/"
_SPARQL: Final = "https://www.w3.org/TR/sparql11-protocol/"


def describe(subject: Subject) -> Iterator[Triple]:
    """The catalogue with everything in it as triples; all nodes are IRIs."""
    triples = [*_catalogue(subject), *whole(subject), *series(subject), *_service(subject), *versions(subject)]
    for iri in subject.survey.graphs:
        triples += graph(subject, iri)
    yield from triples
    named_codes = {each.object for each in triples if isinstance(each.object, NamedNode)}
    tables = (named("eu:").value, named("iana:").value)
    for code in sorted(named_codes, key=str):
        if code.value.startswith(tables) and code != authorities.THEME_TABLE:
            yield from authorities.explained(code)
    yield from _explained(subject, {each.object for each in triples if each.predicate == named("dcterms:license")})


def _catalogue(subject: Subject) -> Iterator[Triple]:
    yield from about(
        NamedNode(CATALOGUE),
        {
            "rdf:type": [named("dcat:Catalog")],
            "dcterms:title": [english("Catalogue of pedgraph")],
            "dcterms:description": [
                english("The graph as a whole, each of the graphs in it, and its SPARQL endpoint.")
            ],
            "dcterms:publisher": nodes(PUBLISHER),
            "dcterms:license": [authorities.licence(subject.licence)],
            "dcterms:rights": nodes(RIGHTS_STATEMENT),
            "dcterms:language": [named("eu:language/ENG")],
            "dcterms:modified": [typed(subject.manifest.created, "dateTime")],
            "dcterms:spatial": [authorities.EUROPE],
            "dcterms:conformsTo": nodes(PROFILE),
            "dcat:themeTaxonomy": [authorities.THEME_TABLE],
            "dcat:dataset": nodes(DATASET, *subject.survey.graphs),
            # For DCAT-AP a series is no data set.
            "dcat:resource": nodes(SERIES),
            "dcat:service": nodes(subject.service),
            "foaf:homepage": nodes(subject.site),
        },
    )


def _service(subject: Subject) -> Iterator[Triple]:
    yield from about(
        NamedNode(subject.service),
        {
            "rdf:type": [named("dcat:DataService"), named("sd:Service")],
            "dcterms:title": [english("SPARQL endpoint of pedgraph")],
            "dcterms:description": [english("Answers SPARQL 1.1 queries on every version that is kept.")],
            "dcterms:publisher": nodes(PUBLISHER),
            "dcterms:license": [authorities.licence(subject.licence)],
            "dcterms:accessRights": [authorities.PUBLIC],
            "dcterms:conformsTo": nodes(_SPARQL),
            "dcterms:format": [authorities.file_type(code) for code in ("JSON", "XML", "CSV", "TSV", "RDF_TURTLE")],
            "dcat:contactPoint": nodes(CONTACT),
            "dcat:endpointURL": nodes(subject.endpoint),
            "dcat:endpointDescription": nodes(subject.endpoint),
            "dcat:landingPage": nodes(subject.endpoint),
            "dcat:keyword": [english("SPARQL"), english("linked data")],
            "dcat:theme": authorities.THEMES,
            "dcat:servesDataset": nodes(DATASET, *subject.survey.graphs),
            "foaf:page": nodes(subject.site + "documentation/"),
        },
    )


def _explained(subject: Subject, licences: set[object]) -> Iterator[Triple]:
    """The classes of what the catalogue points to beside codes."""
    yield from agent(PUBLISHER, "pedgraph")
    yield from about(
        NamedNode(CONTACT),
        {
            "rdf:type": [named("vcard:Organization"), named("vcard:Kind")],
            "vcard:fn": [Literal("pedgraph")],
            "vcard:hasURL": nodes(subject.site + "contribute"),
        },
    )
    yield from about(
        NamedNode(RIGHTS_STATEMENT), {"rdf:type": [named("dcterms:RightsStatement")], "rdfs:label": [english(RIGHTS)]}
    )
    names: Facts = {"rdf:type": [named("skos:ConceptScheme")], "dcterms:title": [english("Data themes of the EU")]}
    yield from about(authorities.THEME_TABLE, names)
    for iri in (_SPARQL, PROFILE, ONTOLOGY, SHAPES_DOCUMENT):
        yield from about(NamedNode(iri), {"rdf:type": [named("dcterms:Standard")]})
    for page in ("", "documentation/", "coverage", "sparql"):
        yield from about(NamedNode(subject.site + page), {"rdf:type": [named("foaf:Document")]})
    for licence in licences:
        assert isinstance(licence, NamedNode)
        yield from about(licence, {"rdf:type": [named("dcterms:LicenseDocument")]})
