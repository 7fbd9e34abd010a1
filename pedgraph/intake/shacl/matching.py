"""The order in which the triple patterns of a query are matched.

rdflib orders them when it reads the query, without knowing what is bound then: it goes through all instances of a class
to find the one that is named right beside. Here each next pattern is the one with the fewest matches.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from rdflib import RDF
from rdflib.paths import Path
from rdflib.plugins.sparql.sparql import AlreadyBound
from rdflib.term import BNode, Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext

# Matches are counted so far only; paths are dearer to follow than triples to count.
_COUNTED: Final = 33
_PATH_COST: Final = 8
_UNBOUND_COST: Final = 1_000_000


def match(context: QueryContext, left: Sequence[Any]) -> Iterator[FrozenBindings]:
    """The solutions of a basic graph pattern (SPARQL 1.1 Query, section 18.3.1)."""
    if not left:
        yield context.solution()
        return
    best = left[0] if len(left) == 1 else min(left, key=lambda each: _cost(context, each))
    rest = [each for each in left if each is not best]
    known: Any = tuple(context[each] for each in best)
    assert context.graph is not None
    for found in context.graph.triples(known):
        inner = context.push()
        try:
            for name, value, term in zip(best, known, found, strict=True):
                if value is None:
                    inner[name] = term
        except AlreadyBound:
            continue
        yield from match(inner, rest)


def _cost(context: QueryContext, triple: Any) -> int:  # noqa: ANN401
    terms: Any = [context[each] for each in triple]
    subject, predicate, value = terms
    unbound = (subject is None) + (value is None)
    if isinstance(predicate, Path):
        return _PATH_COST + (_UNBOUND_COST if unbound > 1 else _COUNTED * unbound)
    if unbound == 0:
        return 0
    if unbound > 1:
        return _UNBOUND_COST
    assert context.graph is not None
    return sum(1 for _ in islice(context.graph.triples((subject, predicate, value)), _COUNTED))


def ordered(triples: Iterable[Any], known: Iterable[str]) -> list[Any]:
    """Triple patterns in an order in which as much of each as possible is bound before."""
    left, bound, found = list(triples), set(known), []

    def is_bound(each: Any) -> bool:  # noqa: ANN401
        return not isinstance(each, Variable | BNode) or str(each) in bound

    while left:
        best = max(
            left, key=lambda each: (is_bound(each[0]) + is_bound(each[2]), is_bound(each[0]), each[1] != RDF.type)
        )
        left.remove(best)
        bound |= {str(each) for each in best if isinstance(each, Variable | BNode)}
        found.append(best)
    return found
