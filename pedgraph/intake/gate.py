"""The gate before SHACL: terms of pedgraph must be declared, other properties known, and everything must have a name.

SHACL does not see data outside the targets of its shapes, so a misspelt class would conform without it.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from pedgraph.intake.closest import closest_of
from pedgraph.intake.findings import Finding, Severity
from pedgraph.vocabulary.iris import CODES, INDICATORS, META_GRAPH, SHAPES, TERMS, compact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNKNOWN_TERM: Final = "G01"
BLANK_NODE: Final = "G02"
UNDESCRIBED_GRAPH: Final = "G03"
UNKNOWN_PROPERTY: Final = "S08"
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


def known_properties(shapes: Iterable[Triple]) -> frozenset[str]:
    """The IRIs of properties outside of pedgraph's namespaces that the shapes name as known."""
    return frozenset(
        triple.object.value
        for triple in shapes
        if triple.predicate.value == f"{SHAPES}knownProperty" and isinstance(triple.object, NamedNode)
    )


def unknown_properties(triples: Iterable[Triple], declared: frozenset[str], known: frozenset[str]) -> list[Finding]:
    """One warning per node and property on it that is not known, with the nearest one that is declared or known.

    Those in the namespaces of pedgraph are left to :func:`unknown_terms`.
    """
    uses = {
        (_text(triple.subject), triple.predicate.value)
        for triple in triples
        if triple.predicate.value not in known and not triple.predicate.value.startswith(CLOSED_NAMESPACES)
    }
    # Properties begin with a small letter, classes do not; codes and indicators are no properties either.
    own = {iri for iri in declared if iri.startswith(TERMS) and iri.removeprefix(TERMS)[:1].islower()}
    names = _by_local_name(known | own)
    nearest = {iri: _nearest_property(iri, names) for _, iri in uses}
    return [_unknown_property(subject, iri, nearest[iri]) for subject, iri in sorted(uses)]


def blank_nodes(triples: Iterable[Triple]) -> list[Finding]:
    """One violation per blank node, as published data name everything."""
    found = {
        str(term): triple
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, BlankNode)
    }
    return [
        Finding(Severity.VIOLATION, BLANK_NODE, node, triple.predicate.value, "", "", variables=(("node", node),))
        for node, triple in sorted(found.items())
    ]


def undescribed(graphs: Iterable[str], described: Collection[str]) -> list[Finding]:
    """Every graph is described in the metadata graph; nothing is anybody's claim otherwise."""
    variables = (("meta", META_GRAPH),)
    return [
        Finding(Severity.VIOLATION, UNDESCRIBED_GRAPH, graph, "", "", "", variables=variables)
        for graph in sorted(set(graphs) - set(described))
    ]


def _text(subject: NamedNode | BlankNode | Triple) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)


def _finding(triple: Triple, iri: str, nearest: str) -> Finding:
    subject, predicate = _text(triple.subject), triple.predicate.value
    variables = (("nearest", compact(nearest)), ("term", compact(iri)))
    return Finding(Severity.VIOLATION, UNKNOWN_TERM, subject, predicate, iri, "", variables=variables)


def _unknown_property(subject: str, iri: str, nearest: str) -> Finding:
    shape = SHAPES + UNKNOWN_PROPERTY
    variables = (("nearest", compact(nearest)), ("property", compact(iri)))
    return Finding(Severity.WARNING, UNKNOWN_PROPERTY, subject, iri, iri, "", shape, variables)


def _nearest(iri: str, declared: frozenset[str]) -> str:
    namespace = next(namespace for namespace in CLOSED_NAMESPACES if iri.startswith(namespace))
    candidates = _candidates(namespace, declared)
    found = closest_of(tuple(candidates)).find(iri.removeprefix(namespace).lower())
    return candidates.get(found, namespace)


@lru_cache(8)
def _candidates(namespace: str, declared: frozenset[str]) -> dict[str, str]:
    return {each.removeprefix(namespace).lower(): each for each in sorted(declared) if each.startswith(namespace)}


def _by_local_name(properties: Iterable[str]) -> dict[str, list[str]]:
    """Local name in lower case → the properties of this name."""
    names: dict[str, list[str]] = {}
    for each in sorted(properties):
        names.setdefault(_local_name(each).lower(), []).append(each)
    return names


def _nearest_property(iri: str, names: dict[str, list[str]]) -> str:
    """The property whose local name is most alike; of several with this name the one whose whole IRI is."""
    same_name = names.get(closest_of(tuple(names)).find(_local_name(iri).lower()), [])
    return max(same_name, key=lambda each: difflib.SequenceMatcher(None, iri, each).ratio(), default="")


def _local_name(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
