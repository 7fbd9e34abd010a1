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

from pedgraph.errors import InputError
from pedgraph.intake.gate import (
    blank_nodes,
    declared_terms,
    known_properties,
    unknown_properties,
    unknown_terms,
)
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.results import findings_of, silence
from pedgraph.intake.targets import narrow
from pedgraph.intake.terms import to_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding


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
    declared = declared_terms(rulebook.vocabulary)
    findings = unknown_terms(triples, declared)
    findings += unknown_properties(triples, declared, known_properties(rulebook.shapes))
    findings += blank_nodes(triples)
    findings += _shacl(triples, rulebook)
    return sorted(set(translate(findings, ENGLISH)))


def _shacl(triples: Sequence[Triple], rulebook: Rulebook) -> list[Finding]:
    submitted = _subjects(triples)
    data = to_rdflib([*triples, *rulebook.vocabulary, *rulebook.reference])
    # pySHACL writes into the shapes that it is given, so each run has its own.
    shapes = to_rdflib(rulebook.shapes)
    narrow(shapes, data, submitted)
    silence(shapes)
    try:
        outcome = pyshacl_validate(data, shacl_graph=shapes, inplace=True, advanced=False, do_owl_imports=False)
    except Exception as error:
        # pySHACL raises many kinds of exception, which have no root of their own.
        raise InputError(f"The shapes cannot be applied: {error}.") from error
    report = outcome[1]
    assert isinstance(report, rdflib.Graph), report
    return list(findings_of(report, shapes, data))


def _subjects(triples: Iterable[Triple]) -> set[rdflib.term.Node]:
    return {rdflib.URIRef(triple.subject.value) for triple in triples if isinstance(triple.subject, NamedNode)}
