"""Both ways to a report, and what is compared of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from rdflib.namespace import SH

from pedgraph.errors import InputError
from pedgraph.intake.shacl.validator import Validator, judge
from pedgraph.intake.terms import to_rdflib
from pedgraph.store.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

PARTS = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
Results = set[tuple[str, ...]] | str


def results(report: rdflib.Graph) -> Results:
    """Focus node, path, value, component and severity of all results; a path that is no IRI is copied there."""
    found = set()
    for result in report.objects(None, SH.result):
        terms = [report.value(result, part) for part in PARTS]
        if isinstance(terms[1], rdflib.BNode):
            terms[1] = rdflib.Literal("a path")
        found.add(tuple("" if term is None else term.n3() for term in terms))
    return found


def plainly(data: Sequence[Triple], shapes: Sequence[Triple]) -> Results:
    """What pySHACL finds by itself."""
    try:
        return results(judge(to_rdflib(shapes), to_rdflib(data)))
    except InputError:
        return "failure"


def by_suspects(data: Sequence[Triple], shapes: Sequence[Triple]) -> Results:
    """What pySHACL finds among the suspects."""
    try:
        return results(Validator(shapes).report(Facts.of(data))[0])
    except InputError:
        return "failure"
