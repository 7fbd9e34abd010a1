"""The IRIs that pedgraph mints: one root, one pattern per kind of thing."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

ROOT: Final = "https://w3id.org/pedgraph/"
ONTOLOGY: Final = ROOT + "ont"
TERMS: Final = ONTOLOGY + "#"
CODES: Final = ROOT + "code/"
INDICATORS: Final = ROOT + "indicator/"
SHAPES_DOCUMENT: Final = ROOT + "shapes"
SHAPES: Final = SHAPES_DOCUMENT + "#"
THINGS: Final = ROOT + "id/"
GRAPHS: Final = ROOT + "graph/"
REFERENCE: Final = ROOT + "ref#"
CONTEXT: Final = ROOT + "context/v1.jsonld"
LIST_CONTEXT: Final = ROOT + "context/list-v1.jsonld"
FRAMES: Final = ROOT + "frame/v1/"

META_GRAPH: Final = GRAPHS + "meta"
VOCABULARY_GRAPH: Final = GRAPHS + "vocabulary"
ALIGNMENTS_GRAPH: Final = GRAPHS + "alignments"
INFERRED_GRAPH: Final = GRAPHS + "inferred"

PREFIXES: Final[dict[str, str]] = {
    "pedg": TERMS,
    "code": CODES,
    "indicator": INDICATORS,
    "id": THINGS,
    "graph": GRAPHS,
    "shape": SHAPES,
    "ref": REFERENCE,
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eurio": "http://data.europa.eu/s66#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_KINDS: Final = re.compile(f"<({re.escape(CODES)}|{re.escape(THINGS)})([a-z-]+)/[^/>]+>")


def kinds_in(text: str) -> dict[str, str]:
    """A prefix for each code list and each kind of thing whose members occur, in angle brackets, in a text."""
    kinds: dict[str, str] = {}
    for root, kind in sorted(set(_KINDS.findall(text))):
        kinds.setdefault(kind, f"{root}{kind}/")
    return kinds


def compact(iri: str) -> str:
    """The IRI as a prefixed name where one of :data:`PREFIXES` fits, else the IRI in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z0-9][\w./-]*", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def is_absolute(iri: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987, section 2.2)."""
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def expand(name: str) -> str:
    """The IRI that a prefixed name such as ``id:ped/nl-amsterdam-buiksloterham`` stands for.

    What begins with none of :data:`PREFIXES`, or stands in angle brackets, is taken for an IRI and given back bare.
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name
