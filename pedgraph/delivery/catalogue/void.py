"""The graph in numbers (VoID, W3C Interest Group Note of 2011): as a whole, and each of its graphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.catalogue.subject import (
    CATALOGUE,
    DATASET,
    DESCRIPTION,
    PUBLISHER,
    TITLE,
    VOID,
    version_iri,
)
from pedgraph.delivery.catalogue.survey import MERGE, Counts
from pedgraph.delivery.catalogue.triples import about, english, fragment, named, nodes, text_of, typed
from pedgraph.delivery.dumps.names import DISTRIBUTIONS, GZIP, address_of
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

    from pedgraph.delivery.catalogue.subject import Subject
    from pedgraph.delivery.catalogue.triples import Facts

_FEATURES: Final = ("JSON-LD", "N-Triples", "RDF_XML", "TriG", "Turtle")
_NAMESPACE: Final = re.compile(r".*[#/]")


def describe(subject: Subject) -> Iterator[Triple]:
    """The description of a version and of all its graphs as triples; all nodes are IRIs."""
    dataset = NamedNode(DATASET)
    yield from about(
        NamedNode(VOID),
        {
            "rdf:type": [named("void:DatasetDescription")],
            "dcterms:title": [english("Statistics of pedgraph and of each of its graphs")],
            "dcterms:modified": [typed(subject.manifest.created, "dateTime")],
            "dcterms:publisher": nodes(PUBLISHER),
            "foaf:primaryTopic": [dataset],
            "rdfs:seeAlso": nodes(CATALOGUE),
        },
    )
    yield from about(dataset, _whole(subject))
    yield from about(dataset, _counts(subject.survey.counts[MERGE]))
    yield from _partitions(dataset, "", subject.survey.counts[MERGE], with_values=True)
    for iri in subject.survey.graphs:
        yield from _graph(subject, iri)


def _whole(subject: Subject) -> Facts:
    manifest = subject.manifest
    dumps = [
        subject.site + address_of(subject.version, each.name) for each in DISTRIBUTIONS if each.compressed_as == GZIP
    ]
    properties = subject.survey.counts[MERGE].properties
    classes = subject.survey.counts[MERGE].classes
    return {
        "rdf:type": [named("void:Dataset")],
        "dcterms:title": [english(TITLE)],
        "dcterms:description": [english(DESCRIPTION)],
        "dcterms:license": nodes(subject.licence),
        "dcterms:publisher": nodes(PUBLISHER),
        "dcterms:modified": [typed(manifest.created, "dateTime")],
        "owl:versionInfo": [Literal(str(manifest.version))],
        "dcterms:hasVersion": nodes(version_iri(manifest.version)),
        "foaf:homepage": nodes(subject.site),
        "void:dataDump": nodes(*dumps),
        "void:exampleResource": nodes(*subject.survey.examples),
        "void:feature": [named(f"formats:{name}") for name in _FEATURES],
        "void:rootResource": nodes(CATALOGUE),
        "void:sparqlEndpoint": nodes(subject.endpoint),
        "void:subset": nodes(*subject.survey.graphs),
        "void:uriSpace": [Literal(THINGS)],
        "void:uriRegexPattern": [Literal("^" + re.escape(THINGS))],
        "void:vocabulary": nodes(*_vocabularies([*properties, *classes])),
    }


def _vocabularies(terms: list[str]) -> list[str]:
    """The namespaces of properties and classes, but for those of things."""
    found = {match[0] for term in terms if (match := _NAMESPACE.match(term))}
    return sorted(each for each in found if not each.startswith(THINGS))


def _counts(counts: Counts) -> Facts:
    return {
        "void:triples": [Literal(counts.triples)],
        "void:entities": [Literal(counts.entities)],
        "void:classes": [Literal(len(counts.classes))],
        "void:properties": [Literal(len(counts.properties))],
        "void:distinctSubjects": [Literal(counts.subjects)],
        "void:distinctObjects": [Literal(counts.objects)],
    }


def _graph(subject: Subject, iri: str) -> Iterator[Triple]:
    graph = NamedNode(iri)
    described = subject.described.get(iri)
    facts: Facts = {"rdf:type": [named("void:Dataset")]}
    if described is not None:
        facts = {
            **facts,
            "dcterms:title": text_of(described.title),
            "dcterms:license": nodes(described.licence),
            "dcterms:source": nodes(described.source),
            "dcterms:issued": [typed(described.date, "date")] if described.date else [],
        }
    yield from about(graph, facts)
    yield from about(graph, _counts(subject.survey.counts[iri]))
    name = fragment(iri).removeprefix("graph:")
    yield from _partitions(graph, f"graph/{name}/", subject.survey.counts[iri], with_values=False)


def _partitions(dataset: NamedNode, path: str, counts: Counts, *, with_values: bool) -> Iterator[Triple]:
    """What of a data set is of each class and has each property; ``path`` tells its parts from those of others."""
    for iri, entities in sorted(counts.classes.items()):
        part = NamedNode(f"{VOID}#{path}class/{fragment(iri)}")
        yield from about(dataset, {"void:classPartition": [part]})
        yield from about(part, {"void:class": nodes(iri), "void:entities": [Literal(entities)]})
    for iri, uses in sorted(counts.properties.items()):
        part = NamedNode(f"{VOID}#{path}property/{fragment(iri)}")
        yield from about(dataset, {"void:propertyPartition": [part]})
        yield from about(part, {"void:property": nodes(iri), "void:triples": [Literal(uses.triples)]})
        if with_values:
            values = {"void:distinctSubjects": uses.subjects, "void:distinctObjects": uses.objects}
            yield from about(part, {name: [Literal(number)] for name, number in values.items()})
