"""Validation: the gate first, then SHACL by pySHACL, over the data together with what they refer to.

Code lists and reference data are part of the data graph, for a shape that follows a code to its scheme sees nothing
otherwise and passes in silence. Only focus nodes of the submission are reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import rdflib
from pyoxigraph import NamedNode, Triple

from pedgraph.intake.gate import (
    blank_nodes,
    declared_terms,
    known_properties,
    unknown_properties,
    unknown_terms,
)
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.results import findings_of, silence
from pedgraph.intake.shacl.validator import Validator
from pedgraph.store.facts import Facts, Together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rdflib.term import Node

    from pedgraph.intake.findings import Finding
    from pedgraph.store.facts import Lookup

# So many focus nodes are judged at once without looking for suspects first, which takes a second of its own.
_FEW: Final = 40


@dataclass(frozen=True)
class Rulebook:
    """What data are checked against: the shapes, the ontology with its code lists, and the reference data."""

    shapes: Sequence[Triple]
    vocabulary: Sequence[Triple]
    reference: Sequence[Triple]
    # What else is known and is too much to be listed; asked with a subject, a property and a value, or none of them.
    others: Lookup | None = None

    @cached_property
    def validator(self) -> Validator:
        """What applies the shapes."""
        return _validator(tuple(self.shapes))

    @cached_property
    def vocabulary_facts(self) -> Facts:
        """The vocabulary, to be asked by patterns."""
        return _facts(tuple(self.vocabulary))

    @cached_property
    def reference_facts(self) -> Facts:
        """The reference data, to be asked by patterns."""
        return Facts.of(self.reference)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The terms that the vocabulary declares."""
        return declared_terms(self.vocabulary)

    @cached_property
    def known(self) -> frozenset[str]:
        """The properties of others that the shapes name as known."""
        return known_properties(self.shapes)


# Shapes are the same for many files, and take a second to translate.
@lru_cache(maxsize=2)
def _validator(shapes: tuple[Triple, ...]) -> Validator:
    return Validator(shapes)


@lru_cache(maxsize=2)
def _facts(vocabulary: tuple[Triple, ...]) -> Facts:
    return Facts.of(vocabulary)


def validate(triples: Sequence[Triple], rulebook: Rulebook, touched: Collection[str] | None = None) -> list[Finding]:
    """All findings about a graph, worst first; empty where there is nothing to say.

    Where ``touched`` names nodes, only these are spoken of. Raises :class:`InputError` where the shapes cannot be
    applied at all.
    """
    focus_nodes = _named(triples)
    if touched is not None:
        focus_nodes &= {rdflib.URIRef(each) for each in touched}
    judged = [each for each in triples if touched is None or getattr(each.subject, "value", None) in touched]
    findings = unknown_terms(judged, rulebook.declared)
    findings += unknown_properties(judged, rulebook.declared, rulebook.known)
    findings += blank_nodes(judged)
    findings += _shacl(triples, rulebook, focus_nodes)
    return sorted(set(translate(findings, ENGLISH)))


def _shacl(triples: Sequence[Triple], rulebook: Rulebook, focus_nodes: Collection[Node]) -> list[Finding]:
    if not focus_nodes:
        return []
    if len(focus_nodes) <= _FEW:
        others_of_all = [rulebook.others] if rulebook.others else []
        common = (rulebook.reference_facts.matching, rulebook.vocabulary_facts.matching)
        facts = Together(Facts.of(triples), *common, *others_of_all)
        report, judged = rulebook.validator.report_on(facts, focus_nodes, silence)
        return list(findings_of(report, rulebook.validator.shapes, judged))
    others = (Triple(*each) for each in rulebook.others(None, None, None)) if rulebook.others else ()
    everything = Facts.of(triples, rulebook.vocabulary, rulebook.reference, others)
    report, judged = rulebook.validator.report(everything, focus_nodes, silence)
    return list(findings_of(report, rulebook.validator.shapes, judged))


def _named(triples: Iterable[Triple]) -> set[Node]:
    return {rdflib.URIRef(triple.subject.value) for triple in triples if isinstance(triple.subject, NamedNode)}
