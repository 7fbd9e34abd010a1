"""The gate before SHACL: terms of pedgraph must be declared, and everything must have a name.

SHACL does not see data outside the targets of its shapes, so a misspelt class would conform without it.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from pedgraph.intake.findings import Finding, Severity
from pedgraph.vocabulary.iris import CODES, INDICATORS, TERMS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN_TERM: Final = "G01"
BLANK_NODE: Final = "G02"
CLOSED_NAMESPACES: Final = (TERMS, CODES, INDICATORS)


def declared_terms(vocabulary: Iterable[Triple]) -> frozenset[str]:
    """The IRIs that the ontology and the code lists declare: those they say something about."""
    return frozenset(
        triple.subject.value
        for triple in vocabulary
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(CLOSED_NAMESPACES)
    )


def unknown_terms(triples: Iterable[Triple], declared: frozenset[str]) -> list[Finding]:
    """One violation per statement and undeclared IRI in it, with the nearest declared one."""
    nearest: dict[str, str] = {}
    findings = []
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if not isinstance(term, NamedNode) or term.value in declared:
                continue
            if term.value.startswith(CLOSED_NAMESPACES):
                if term.value not in nearest:
                    nearest[term.value] = _nearest(term.value, declared)
                findings.append(_finding(triple, term.value, nearest[term.value]))
    return findings


def blank_nodes(triples: Iterable[Triple]) -> list[Finding]:
    """One violation per blank node, as published data name everything."""
    found = {
        str(term): triple
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, BlankNode)
    }
    message = f"{BLANK_NODE}: This node has no name. Give it an IRI, so that others can point to it."
    return [
        Finding(Severity.VIOLATION, BLANK_NODE, node, triple.predicate.value, "", message)
        for node, triple in sorted(found.items())
    ]


def _finding(triple: Triple, iri: str, nearest: str) -> Finding:
    subject = triple.subject.value if isinstance(triple.subject, NamedNode) else str(triple.subject)
    hint = f" Did you mean {compact(nearest)}?" if nearest else " See the ontology and the code lists."
    message = f"{UNKNOWN_TERM}: pedgraph has no term {compact(iri)}.{hint}"
    return Finding(Severity.VIOLATION, UNKNOWN_TERM, subject, triple.predicate.value, iri, message)


def _nearest(iri: str, declared: frozenset[str]) -> str:
    namespace = next(namespace for namespace in CLOSED_NAMESPACES if iri.startswith(namespace))
    candidates = {each.removeprefix(namespace).lower(): each for each in sorted(declared) if each.startswith(namespace)}
    found = difflib.get_close_matches(iri.removeprefix(namespace).lower(), candidates, n=1, cutoff=0.6)
    return candidates[found[0]] if found else ""
