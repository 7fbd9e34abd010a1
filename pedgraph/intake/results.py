"""From a SHACL report to findings: what was found, with the variables that its message names.

The messages themselves are filled in by :mod:`pedgraph.intake.messages`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from rdflib import OWL, RDF, RDFS
from rdflib.namespace import DCTERMS, SH
from rdflib.term import Identifier

from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.messages import FOUND
from pedgraph.vocabulary.iris import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.term import Node

_COUNTED: Final = (SH.MaxCountConstraintComponent, SH.UniqueLangConstraintComponent)


def silence(shapes: rdflib.Graph) -> None:
    """Takes the messages from SPARQL constraints, in place: pySHACL fills them in by a regular expression, which fails
    on a value with a backslash.
    """
    for constraint in set(shapes.objects(None, SH.sparql)):
        shapes.remove((constraint, SH.message, None))


def findings_of(report: rdflib.Graph, shapes: rdflib.Graph, data: rdflib.Graph) -> Iterator[Finding]:
    """The findings of a report; ``shapes`` and ``data`` are the graphs that it is about."""
    for result in report.objects(None, SH.result):
        shape = report.value(result, SH.sourceShape)
        rule = shapes.value(shape, DCTERMS.identifier) if shape is not None else None
        value = report.value(result, SH.value)
        path = report.value(result, SH.resultPath)
        for variables in _variables(report, shapes, data, result):
            yield Finding(
                severity=Severity.of(str(report.value(result, SH.resultSeverity))),
                rule=str(rule or shape),
                focus_node=str(report.value(result, SH.focusNode)),
                path=_path_text(report, path),
                value=_path_text(report, value),
                message=str(report.value(result, SH.resultMessage)),
                shape=str(shape),
                variables=tuple(sorted(variables.items())),
                component=str(report.value(result, SH.sourceConstraintComponent)),
            )


def _variables(
    report: rdflib.Graph, shapes: rdflib.Graph, data: rdflib.Graph, result: Node
) -> Iterator[Mapping[str, str]]:
    """What the message of a result may name. A SPARQL constraint may give several rows for one path and value."""
    constraint = report.value(result, SH.sourceConstraint)
    if constraint is None:
        yield _found(report, data, result)
        return
    focus_node, path, value = (report.value(result, each) for each in (SH.focusNode, SH.resultPath, SH.value))
    assert isinstance(focus_node, Identifier)
    for row in data.query(_query(shapes, constraint), initBindings={"this": focus_node}).bindings:
        bound = {str(name): term for name, term in row.items() if str(name) != "this"}
        if bound.get("path") == path and bound.get("value", focus_node) == value:
            yield {name: _shown(term) for name, term in bound.items()}


def _query(shapes: rdflib.Graph, constraint: Node) -> str:
    """The query of a SPARQL constraint with its prefixes (SHACL, sections 5.2.1 and 5.2.2)."""
    declarations = [
        (str(shapes.value(declaration, SH.prefix)), str(shapes.value(declaration, SH.namespace)))
        for owner in shapes.objects(constraint, SH.prefixes)
        for declaration in shapes.objects(owner, SH.declare)
    ]
    # Those that pySHACL adds by itself, so that its query and this one are the same and parsed once.
    declarations += [("rdf", str(RDF)), ("rdfs", str(RDFS)), ("owl", str(OWL))]
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declarations)
    return f"{prefixes}{shapes.value(constraint, SH.select)}"


def _found(report: rdflib.Graph, data: rdflib.Graph, result: Node) -> dict[str, str]:
    """The value that a constraint of SHACL Core complains about; all of them where it is their number."""
    value = report.value(result, SH.value)
    if value is not None:
        return {FOUND: _shown(value)}
    focus_node, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
    is_counted = report.value(result, SH.sourceConstraintComponent) in _COUNTED
    if not is_counted or focus_node is None or not isinstance(path, rdflib.URIRef):
        return {}
    return {FOUND: ", ".join(sorted(_shown(each) for each in data.objects(focus_node, path)))}


def _shown(term: Node) -> str:
    return compact(str(term)) if isinstance(term, rdflib.URIRef) else str(term)


def _path_text(report: rdflib.Graph, term: Node | None) -> str:
    """A term as text; a path that is more than one property by the properties in it."""
    if term is None:
        return ""
    if not isinstance(term, rdflib.BNode):
        return str(term)
    inside = sorted({str(each) for each in report.transitive_objects(term, None) if isinstance(each, rdflib.URIRef)})
    return " | ".join(iri for iri in inside if not iri.startswith(str(RDF)))
