"""The data sets of the catalogue and the files that they can be had as (DCAT-AP 3.0.1, sections 6 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.catalogue import authorities
from pedgraph.delivery.catalogue.subject import (
    CATALOGUE,
    CONTACT,
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PUBLISHER,
    RIGHTS_STATEMENT,
    SERIES,
    TITLE,
    VOID,
    address_of,
    version_iri,
)
from pedgraph.delivery.catalogue.survey import MERGE, Described
from pedgraph.delivery.catalogue.triples import about, english, fragment, named, nodes, text_of, typed
from pedgraph.delivery.dumps import names as dumps
from pedgraph.vocabulary.iris import ONTOLOGY, SHAPES_DOCUMENT
from pedgraph.vocabulary.media import TRIG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

    from pedgraph.delivery.catalogue.subject import MadeFile, Subject
    from pedgraph.delivery.catalogue.triples import Facts

_SHA_256: Final = named("spdx:checksumAlgorithm_sha256")


def _languages(subject: Subject) -> list[NamedNode]:
    found = (authorities.language(tag) for tag in subject.survey.languages)
    return sorted({each for each in found if each is not None}, key=str)


def whole(subject: Subject) -> Iterator[Triple]:
    """The graph as a whole, with the files of the version that is described."""
    counts, manifest = subject.survey.counts[MERGE], subject.manifest
    yield from about(
        NamedNode(DATASET),
        {
            **_common(),
            "rdf:type": [named("dcat:Dataset"), named("void:Dataset")],
            "dcterms:title": [english(TITLE)],
            "dcterms:description": [english(DESCRIPTION)],
            "dcterms:identifier": [Literal(DATASET)],
            "dcterms:license": nodes(subject.licence),
            "dcterms:rights": nodes(RIGHTS_STATEMENT),
            "dcterms:language": _languages(subject),
            "dcterms:modified": [typed(manifest.created, "dateTime")],
            "dcterms:conformsTo": nodes(ONTOLOGY, SHAPES_DOCUMENT),
            "dcterms:hasPart": nodes(*subject.survey.graphs),
            "dcat:keyword": [english(word) for word in KEYWORDS],
            "dcat:version": [Literal(str(manifest.version))],
            "dcat:hasCurrentVersion": nodes(version_iri(manifest.version)) if subject.is_current else [],
            "dcat:hasVersion": nodes(*map(version_iri, sorted({*subject.others, manifest.version}))),
            "dcat:landingPage": nodes(subject.site),
            "foaf:page": nodes(subject.site + "documentation/", subject.site + "coverage"),
            "dcat:distribution": nodes(*(_file(subject.version, each.name) for each in dumps.DISTRIBUTIONS)),
            "void:triples": [Literal(counts.triples)],
            "void:entities": [Literal(counts.entities)],
            "rdfs:seeAlso": nodes(VOID),
        },
    )
    made = {each.name: each for each in subject.files}
    for each in dumps.DISTRIBUTIONS:
        yield from _distribution(subject, subject.version, each)
        if each.name in made:
            yield from _made(NamedNode(_file(subject.version, each.name)), made[each.name])


def _common() -> Facts:
    """What holds for every data set of the catalogue."""
    return {
        "dcterms:publisher": nodes(PUBLISHER),
        "dcterms:creator": nodes(PUBLISHER),
        "dcterms:accessRights": [authorities.PUBLIC],
        "dcterms:accrualPeriodicity": [authorities.IRREGULAR],
        "dcterms:spatial": [authorities.EUROPE],
        "dcat:contactPoint": nodes(CONTACT),
        "dcat:theme": authorities.THEMES,
    }


def _file(version: int, name: str) -> str:
    return f"{CATALOGUE}#{dumps.address_of(version, name)}"


def _made(file: NamedNode, made: MadeFile) -> Iterator[Triple]:
    """The size and the checksum of a file."""
    checksum = NamedNode(file.value + "/checksum")
    size = typed(made.size_bytes, "nonNegativeInteger")
    yield from about(file, {"dcat:byteSize": [size], "spdx:checksum": [checksum]})
    yield from about(
        checksum,
        {
            "rdf:type": [named("spdx:Checksum")],
            "spdx:algorithm": [_SHA_256],
            "spdx:checksumValue": [typed(made.sha256, "hexBinary")],
        },
    )
    yield from about(_SHA_256, {"rdf:type": [named("spdx:ChecksumAlgorithm")]})


def _distribution(subject: Subject, version: int, form: dumps.Distribution) -> Iterator[Triple]:
    address = subject.site + dumps.address_of(version, form.name)
    yield from about(
        NamedNode(_file(version, form.name)),
        {
            "rdf:type": [named("dcat:Distribution")],
            "dcterms:title": [english(form.title)],
            "dcterms:license": [authorities.licence(subject.licence)],
            "dcterms:rights": nodes(RIGHTS_STATEMENT),
            "dcterms:format": [authorities.file_type(form.file_type)],
            "dcat:mediaType": [authorities.media_type(form.media_type)],
            "dcat:compressFormat": [authorities.media_type(form.compressed_as)] if form.compressed_as else [],
            "dcat:packageFormat": [authorities.media_type(form.packed_as)] if form.packed_as else [],
            "dcat:accessURL": nodes(subject.site + dumps.folder_of(version)),
            "dcat:downloadURL": nodes(address),
            "adms:status": [authorities.COMPLETED],
            "dcatap:availability": [authorities.AVAILABLE],
        },
    )


def versions(subject: Subject) -> Iterator[Triple]:
    """The versions that are kept, the described one among them, with where their files are."""
    for number in sorted({*subject.others, subject.version}):
        parts = nodes(*(_file(number, each.name) for each in dumps.DISTRIBUTIONS))
        facts: Facts = {
            **_common(),
            "rdf:type": [named("dcat:Dataset")],
            "dcterms:title": [english(f"pedgraph, version {number}")],
            "dcterms:description": [english(f"Version {number} of the graph, which stays as it is.")],
            "dcterms:license": nodes(subject.licence),
            "dcat:version": [Literal(str(number))],
            "dcat:isVersionOf": nodes(DATASET),
            "dcat:distribution": parts,
        }
        yield from about(NamedNode(version_iri(number)), facts)
        if number != subject.version:
            for each in dumps.DISTRIBUTIONS:
                yield from _distribution(subject, number, each)


def series(subject: Subject) -> Iterator[Triple]:
    """The series that all graphs are in."""
    described = subject.described.get(SERIES, Described(f"en {TITLE}", f"en {DESCRIPTION}"))
    facts = _common()
    yield from about(
        NamedNode(SERIES),
        {
            **{name: facts[name] for name in ("dcterms:publisher", "dcterms:accrualPeriodicity", "dcterms:spatial")},
            "rdf:type": [named("dcat:DatasetSeries")],
            "dcterms:title": text_of(described.title),
            "dcterms:description": text_of(described.description) or [english(DESCRIPTION)],
            "dcterms:modified": [typed(subject.manifest.created, "dateTime")],
            "dcat:contactPoint": nodes(CONTACT),
        },
    )


def graph(subject: Subject, iri: str) -> Iterator[Triple]:
    """A named graph as a data set, with itself as the one distribution."""
    described = subject.described.get(iri) or Described(f" {iri}")
    counts = subject.survey.counts[iri]
    node, part = NamedNode(iri), f"{CATALOGUE}#{fragment(iri)}"
    yield from about(
        node,
        {
            **_common(),
            "rdf:type": [named("dcat:Dataset"), named("void:Dataset")],
            "dcterms:title": text_of(described.title),
            "dcterms:description": text_of(described.description) or [english(_told(described, counts.triples))],
            "dcterms:identifier": [Literal(iri)],
            "dcterms:publisher": nodes(described.publisher or PUBLISHER),
            "dcterms:license": nodes(described.licence),
            "dcterms:issued": [typed(described.date, "date")] if described.date else [],
            "dcat:inSeries": nodes(SERIES),
            "dcat:distribution": nodes(part),
            "prov:hadPrimarySource": nodes(described.source),
            "void:triples": [Literal(counts.triples)],
            "void:entities": [Literal(counts.entities)],
        },
    )
    yield from about(
        NamedNode(part),
        {
            "rdf:type": [named("dcat:Distribution")],
            "dcterms:title": [english("The statements of the graph")],
            "dcterms:license": [authorities.licence(described.licence)] if described.licence else [],
            "dcterms:format": [authorities.file_type("RDF_TRIG")],
            "dcat:mediaType": [authorities.media_type(TRIG.media_type)],
            "dcat:accessURL": nodes(address_of(subject.site, iri)),
            "dcat:accessService": nodes(subject.service),
        },
    )
    if described.publisher not in {"", PUBLISHER}:
        yield from agent(described.publisher, described.publisher_name)


def _told(described: Described, triples: int) -> str:
    """A description of a graph that has none of its own."""
    source = described.source_title or "a source"
    return f"{triples:,} statements from: {source}." if described.source else f"{triples:,} statements."


def agent(iri: str, name: str) -> Iterator[Triple]:
    """Somebody who publishes: the class that a harvester looks for, and a name."""
    yield from about(
        NamedNode(iri), {"rdf:type": [named("foaf:Agent")], "foaf:name": [Literal(name or iri.rpartition("/")[2])]}
    )
