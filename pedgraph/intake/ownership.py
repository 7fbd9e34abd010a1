"""The gate between what is common and what is somebody's: nobody restates what pedgraph or another source has said.

Everybody may say something about a city or a project, and rival values stand side by side. But the terms, graphs and
sources of pedgraph are its own, and a number, a role or a stage is named after what it says: who says something else
of it would change the claim of another. To state the same again, with a source of one's own, is welcome.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.findings import Finding, Severity
from pedgraph.vocabulary.iris import (
    CODES,
    GRAPHS,
    INDICATORS,
    INFERRED_GRAPH,
    ONTOLOGY,
    REFERENCE,
    SHAPES_DOCUMENT,
    THINGS,
    compact,
)
from pedgraph.vocabulary.minting import KEY_PROPERTIES, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import Quad, Triple

OWN_TERM: Final = "G04"
OTHERS_CLAIM: Final = "G05"
_OWN: Final = (ONTOLOGY, CODES, INDICATORS, SHAPES_DOCUMENT, GRAPHS, REFERENCE)


def about_own_terms(triples: Iterable[Triple]) -> list[Finding]:
    """One violation per term, graph or rule of pedgraph that the triples say something about."""
    subjects = {
        triple.subject.value: triple.predicate.value
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(_OWN)
    }
    return [
        Finding(Severity.VIOLATION, OWN_TERM, iri, path, "", "", variables=(("term", compact(iri)),))
        for iri, path in sorted(subjects.items())
    ]


def about_claims_of_others(
    triples: Sequence[Triple], stated: Callable[[NamedNode], Iterable[Quad]], own_graphs: Sequence[str]
) -> list[Finding]:
    """One violation per statement that would change the claim of another graph.

    ``stated`` gives what the current version states of a node, with the graphs; ``own_graphs``, the default graph and
    what pedgraph derives are not others.
    """
    findings = []
    not_others = {"", INFERRED_GRAPH, *own_graphs}
    nodes = {each.subject for each in triples if isinstance(each.subject, NamedNode) and _is_claim(each.subject.value)}
    others: dict[NamedNode, list[Quad]] = {
        node: [quad for quad in stated(node) if getattr(quad.graph_name, "value", "") not in not_others]
        for node in nodes
    }
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or not others.get(triple.subject):
            continue
        known = [quad for quad in others[triple.subject] if quad.predicate == triple.predicate]
        if triple.predicate.value not in KEY_PROPERTIES or any(_is_same(quad.object, triple.object) for quad in known):
            continue
        graph = min(str(getattr(quad.graph_name, "value", "")) for quad in others[triple.subject])
        variables = (("graph", compact(graph)), ("node", compact(triple.subject.value)))
        findings.append(
            Finding(
                Severity.VIOLATION, OTHERS_CLAIM, triple.subject.value, triple.predicate.value,
                str(getattr(triple.object, "value", triple.object)), "", variables=variables,
            )
        )  # fmt: skip
    return findings


def _is_same(one: object, other: object) -> bool:
    """Whether two values are one; numbers by what they amount to, for the store writes them in its own form."""
    if one == other:
        return True
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    try:
        return Decimal(one.value) == Decimal(other.value)
    except InvalidOperation:
        return False


def _is_claim(iri: str) -> bool:
    return iri.startswith(THINGS) and iri.removeprefix(THINGS).partition("/")[0] in KINDS
