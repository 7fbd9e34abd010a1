"""Validation: the gate first, then SHACL by pySHACL, over the data together with what they refer to.

Code lists and reference data are part of the data graph, for a shape that follows a code to its scheme sees nothing
otherwise and passes in silence. Only focus nodes of the submission are reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import NamedNode
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import DCTERMS, SH

from pedgraph.errors import InputError
from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.gate import blank_nodes, declared_terms, unknown_terms
from pedgraph.intake.targets import narrow
from pedgraph.intake.terms import to_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple


@dataclass(frozen=True)
class Rulebook:
    """What data are checked against: the shapes, the ontology with its code lists, and the reference data."""

    shapes: Sequence[Triple]
    vocabulary: Sequence[Triple]
    reference: Sequence[Triple]


def validate(triples: Sequence[Triple], rulebook: Rulebook) -> list[Finding]:
    """All findings about a graph, worst first; empty where there is nothing to say.

    Raises :class:`InputError` where the shapes cannot be applied at all.
    """
    findings = unknown_terms(triples, declared_terms(rulebook.vocabulary))
    findings += blank_nodes(triples)
    findings += _shacl(triples, rulebook)
    return sorted(set(findings))


def _shacl(triples: Sequence[Triple], rulebook: Rulebook) -> list[Finding]:
    submitted = _subjects(triples)
    data = to_rdflib([*triples, *rulebook.vocabulary, *rulebook.reference])
    # pySHACL writes into the shapes that it is given, so each run has its own.
    shapes = to_rdflib(rulebook.shapes)
    narrow(shapes, data, submitted)
    try:
        outcome = pyshacl_validate(data, shacl_graph=shapes, inplace=True, advanced=False, do_owl_imports=False)
    except Exception as error:
        # pySHACL raises many kinds of exception, which have no root of their own.
        raise InputError(f"The shapes cannot be applied: {error}.") from error
    report = outcome[1]
    assert isinstance(report, rdflib.Graph), report
    return [_finding(report, shapes, result) for result in report.objects(None, SH.result)]


def _subjects(triples: Iterable[Triple]) -> set[rdflib.term.Node]:
    return {rdflib.URIRef(triple.subject.value) for triple in triples if isinstance(triple.subject, NamedNode)}


def _finding(report: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    shape = report.value(result, SH.sourceShape)
    rule = shapes.value(shape, DCTERMS.identifier) if shape is not None else None
    message = report.value(result, SH.resultMessage)
    return Finding(
        severity=Severity.of(str(report.value(result, SH.resultSeverity))),
        rule=str(rule or shape),
        focus_node=str(report.value(result, SH.focusNode)),
        path=_text(report, report.value(result, SH.resultPath)),
        value=_text(report, report.value(result, SH.value)),
        message=str(message),
        shape=str(shape),
    )


def _text(report: rdflib.Graph, term: rdflib.term.Node | None) -> str:
    """A term as text; a path that is more than one property by the properties in it."""
    if term is None:
        return ""
    if not isinstance(term, rdflib.BNode):
        return str(term)
    inside = sorted({str(each) for each in report.transitive_objects(term, None) if isinstance(each, rdflib.URIRef)})
    return " | ".join(iri for iri in inside if not iri.startswith(str(rdflib.RDF)))
