"""Which names a query uses, and as what. Nothing here asks the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.query.diagnosis.model import Group, Part, Pattern, Reading, Role, Term
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPE: Final = PREFIXES["rdf"] + "type"
_SUB_CLASS: Final = PREFIXES["rdfs"] + "subClassOf"
# What they hold need not match anything.
_SKIPPED: Final = frozenset({"optional", "minus"})

Use = tuple[Term, Role]


def uses(reading: Reading) -> list[Use]:
    """The names that must occur for the query to find anything, with what each is used as, in the order of the text."""
    found: list[Use] = [(term, "other" if reading.is_names_only else "thing") for term in reading.head_terms]
    if reading.where is not None:
        found += _in_group(reading.where)
    if reading.modifiers.values is not None:
        found += _in_part(reading.modifiers.values)
    named = {(term.offset, term.shown): (term, role) for term, role in found if isinstance(term.value, NamedNode)}
    return [named[place] for place in sorted(named)]


def _in_group(group: Group) -> Iterator[Use]:
    for element in group.elements:
        if isinstance(element, Pattern):
            yield from _in_pattern(element)
        elif element.kind not in _SKIPPED:
            yield from _in_part(element)


def _in_part(part: Part) -> Iterator[Use]:
    words = part.text.upper().split(maxsplit=2)
    if part.kind == "filter" and words[1:2] == ["NOT"]:
        return
    for term in part.terms:
        if term.kind == "iri":
            yield term, "graph" if part.kind == "graph" else "other"
    for group in part.groups:
        yield from _in_group(group)


def _in_pattern(pattern: Pattern) -> Iterator[Use]:
    names = pattern.predicate.iris or (pattern.predicate,)
    if pattern.subject.kind == "iri":
        yield pattern.subject, "thing"
    for name in names:
        if name.kind == "iri" and name.text != "a":
            yield name, "property"
    if pattern.object.kind == "iri":
        is_class = any(name.value is not None and name.value.value in {_TYPE, _SUB_CLASS} for name in names)
        yield pattern.object, "class" if is_class else "thing"
