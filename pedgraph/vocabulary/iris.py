"""The IRIs that pedgraph mints: one root, one pattern per kind of thing."""

from __future__ import annotations

import re
from typing import Final

ROOT: Final = "https://w3id.org/pedgraph/"
ONTOLOGY: Final = ROOT + "ont"
TERMS: Final = ONTOLOGY + "#"
CODES: Final = ROOT + "code/"
INDICATORS: Final = ROOT + "indicator/"
SHAPES: Final = ROOT + "shapes#"
THINGS: Final = ROOT + "id/"
GRAPHS: Final = ROOT + "graph/"

META_GRAPH: Final = GRAPHS + "meta"
VOCABULARY_GRAPH: Final = GRAPHS + "vocabulary"
INFERRED_GRAPH: Final = GRAPHS + "inferred"

PREFIXES: Final[dict[str, str]] = {
    "pedg": TERMS,
    "code": CODES,
    "indicator": INDICATORS,
    "id": THINGS,
    "graph": GRAPHS,
    "shape": SHAPES,
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eurio": "http://data.europa.eu/s66#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def compact(iri: str) -> str:
    """The IRI as a prefixed name where one of :data:`PREFIXES` fits, else the IRI in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z0-9][\w./-]*", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"
