"""Blank nodes that are so alike that nobody can tell them apart in reasonable time.

RDFC-1.0 names blank nodes after what is said of them, and tries all orders of those that look the same; the time and
memory that this takes grow beyond any limit with their number (RDF Dataset Canonicalization, section 7.1, on poison
graphs). Whoever sends such a graph has made it for that, or means a list that belongs into a table.
"""

from __future__ import annotations

from collections import defaultdict
from math import lgamma, log
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Triple

# Of nodes that hang together, so many may be alike, and so many orders of them may have to be tried.
MOST_ALIKE: Final = 1_000
MOST_ORDERS: Final = 100_000
_ITSELF: Final = "_:a"
_ANOTHER: Final = "_:z"


def hardly_told_apart(triples: Iterable[Triple]) -> list[str]:
    """The labels, such as ``_:b0``, of the blank nodes that hang together in the first group of them that is too large
    or has too many orders; empty where there is none. In the order of the triples.
    """
    between = [each for each in triples if isinstance(each.subject, BlankNode) or isinstance(each.object, BlankNode)]
    alike = _alike(between)
    neighbours: dict[str, list[tuple[str, str]]] = {label: [] for label in alike}
    for triple in between:
        one, other = str(triple.subject), str(triple.object)
        if one in alike and other in alike and one != other:
            neighbours[one].append((f"{triple.predicate.value} {alike[other]}", other))
            neighbours[other].append((f"^{triple.predicate.value} {alike[one]}", one))
    seen: set[str] = set()
    for label in neighbours:
        if label not in seen:
            together = _together(label, neighbours)
            seen.update(together)
            if len(together) > MOST_ALIKE or _orders(together, neighbours) > log(MOST_ORDERS):
                return [each for each in neighbours if each in together]
    return []


def _alike(between: Iterable[Triple]) -> dict[str, str]:
    """The blank nodes that have a double by their own statements alone (section 4.6.3) → what these say."""
    facts: dict[str, list[str]] = defaultdict(list)
    for triple in between:
        terms = [str(term) for term in (triple.subject, triple.object)]
        for label in {str(term) for term in (triple.subject, triple.object) if isinstance(term, BlankNode)}:
            one, other = (_seen_from(label, term) for term in terms)
            facts[label].append(f"{one} {triple.predicate.value} {other}")
    doubles: dict[str, list[str]] = defaultdict(list)
    for label, said in facts.items():
        doubles["\n".join(sorted(said))].append(label)
    return {label: str(number) for number, same in enumerate(doubles.values()) if len(same) > 1 for label in same}


def _seen_from(label: str, term: str) -> str:
    if not term.startswith("_:"):
        return term
    return _ITSELF if term == label else _ANOTHER


def _together(label: str, neighbours: Mapping[str, list[tuple[str, str]]]) -> set[str]:
    found, reached = {label}, [label]
    while reached:
        for _, other in neighbours[reached.pop()]:
            if other not in found:
                found.add(other)
                reached.append(other)
    return found


def _orders(together: Iterable[str], neighbours: Mapping[str, list[tuple[str, str]]]) -> float:
    """The logarithm of the number of orders that may have to be tried."""
    total = 0.0
    for label in together:
        groups: dict[str, set[str]] = defaultdict(set)
        for how, other in neighbours[label]:
            groups[how].add(other)
        # By the time that a node is reached, one of its neighbours has its name.
        total += sum(lgamma(len(group)) for group in groups.values())
    return total
