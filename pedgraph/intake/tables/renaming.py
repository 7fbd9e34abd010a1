"""Nodes that are named after their facts get their names when all are known (:mod:`pedgraph.vocabulary.minting`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from pedgraph.intake.reading.documents import Statement
from pedgraph.vocabulary.minting import names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pedgraph.intake.findings import Position
    from pedgraph.intake.reading.documents import Document


def rename(document: Document, temporary: Collection[str]) -> None:
    """Gives the nodes with temporary names their true ones, in statements, places and problems. What turns out to be
    the same is stated once, at its first place.
    """
    # What is stated twice, as a unit beside a number and in its own cell, counts once in a name.
    _apply(document, {})
    # Twice, for a balance is named after its parts.
    first = _wanted(document, temporary)
    _apply(document, first)
    second = _wanted(document, set(first.values()))
    _apply(document, second)


def _wanted(document: Document, temporary: Collection[str]) -> dict[str, str]:
    return {old: new for old, new in names(document.triples).items() if old in temporary}


def _apply(document: Document, wanted: Mapping[str, str]) -> None:
    statements: dict[Triple, Statement] = {}
    for statement in document.statements:
        renamed = _renamed(statement, wanted)
        statements.setdefault(renamed.triple, renamed)
    document.statements = list(statements.values())
    places: dict[tuple[str, str], Position] = {}
    for (node, path), position in document.places.items():
        places.setdefault((wanted.get(node, node), path), position)
    document.places = places
    document.problems = [
        replace(each, focus_node=wanted.get(each.focus_node, each.focus_node)) for each in document.problems
    ]


def _renamed(statement: Statement, wanted: Mapping[str, str]) -> Statement:
    triple = statement.triple
    subject, value = triple.subject, triple.object
    # Most statements have nothing to be renamed, and making them anew would take most of the time.
    new_subject = wanted.get(subject.value) if isinstance(subject, NamedNode) else None
    new_value = wanted.get(value.value) if isinstance(value, NamedNode) else None
    if new_subject is None and new_value is None:
        return statement
    renamed = Triple(
        subject if new_subject is None else NamedNode(new_subject),
        triple.predicate,
        value if new_value is None else NamedNode(new_value),
    )
    return Statement(renamed, statement.position)
