"""Checking what the rows of a source state, as a submission is checked, with the place of each finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.intake.checking.places import placed
from pedgraph.intake.findings import Severity
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.ownership import about_own_terms
from pedgraph.intake.publishable import about_contents
from pedgraph.intake.tables.cells import shown
from pedgraph.intake.tables.rules import NO_CSV_FILE, NOT_FOUND, UNKNOWN_COLUMN, UNKNOWN_SHEET, choice, finding
from pedgraph.intake.telling.causes import without_consequences
from pedgraph.intake.telling.grouping import merged
from pedgraph.intake.validation import validate
from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.curated.reading import Tables
    from pedgraph.intake.findings import Finding, Position
    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.validation import Rulebook

_MISSING: Final = f"{PREFIXES['sh']}MinCountConstraintComponent"
_OF_CLASS: Final = f"{PREFIXES['sh']}ClassConstraintComponent"
# A submission may hold more than is read of it; what is curated here is read whole or not at all.
_LEFT_OUT: Final = frozenset({UNKNOWN_COLUMN, UNKNOWN_SHEET, NO_CSV_FILE})


def described_things(triples: Iterable[Triple]) -> frozenset[str]:
    """The IRIs of all things of which it is said what they are."""
    return frozenset(
        triple.subject.value
        for triple in triples
        if triple.predicate.value == RDF_TYPE
        and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(THINGS)
    )


def check_graph(
    graph: str, triples: Sequence[Triple], tables: Tables | None, rulebook: Rulebook, things: Collection[str]
) -> list[Finding]:
    """All findings about a graph, those about rows of tables with their places. ``things`` are all that are described
    anywhere.
    """
    document = None
    if tables is not None:
        document = tables.sources if graph == META_GRAPH else tables.graphs.get(graph)
    if document is None:
        return validate(triples, rulebook)
    found = [*document.problems, *about_contents(triples)]
    if graph != META_GRAPH:
        found += about_own_terms(triples)
    unknown = _unknown(document, things)
    # What is not there at all is of no kind either.
    told = {(each.focus_node, THINGS + each.value) for each in unknown}
    broken = validate(triples, rulebook)
    found += [each for each in broken if each.component != _OF_CLASS or (each.focus_node, each.value) not in told]
    found += unknown
    return _first(placed(translate(strict(merged(without_consequences(found))), ENGLISH), document))


def _first(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that something is missing which stands in a cell that could not be read."""
    unread = {each.position for each in findings if each.rule.startswith("T") and each.position.column}
    return [each for each in findings if not (each.component == _MISSING and each.position in unread)]


def strict(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, of which what a submission is only warned of keeps curated tables out."""
    return [replace(each, severity=Severity.VIOLATION) if each.rule in _LEFT_OUT else each for each in findings]


def _unknown(document: Document, things: Collection[str]) -> list[Finding]:
    """One violation per link to a thing that nobody describes, or from one."""
    findings = []
    for statement in document.statements:
        triple = statement.triple
        for term, other in ((triple.object, triple.subject), (triple.subject, triple.object)):
            if not isinstance(term, NamedNode) or not term.value.startswith(THINGS) or term.value in things:
                continue
            kind, name = term.value.rpartition("/")[0] + "/", term.value.removeprefix(THINGS)
            words = choice(name, sorted(each.removeprefix(THINGS) for each in things if each.startswith(kind)))
            focus_node, column = getattr(other, "value", ""), _header(document, statement.position)
            path = triple.predicate.value
            findings.append(
                finding(
                    NOT_FOUND, statement.position, focus_node=focus_node, path=path, value=name, column=column, **words
                )
            )  # fmt: skip
    return findings


def _header(document: Document, position: Position) -> str:
    """What stands at the head of the column of a place."""
    for sheet in document.tables:
        _, header = sheet.header
        if sheet.source == position.source and 0 < position.column <= len(header):
            return shown(header[position.column - 1])
    return ""
