"""Blank nodes under names of their own (RDF 1.1 Concepts, section 3.5), so that two readings of a graph can be compared
and a change can say which node it is about.

A name follows from what is said of the node and of the blank nodes that it hangs together with, not from its label: the
same graph, read twice, gives the same names, and a change elsewhere in the graph leaves them alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Term = NamedNode | BlankNode | Literal | Triple

GENERATED: Final = ROOT + ".well-known/genid/"
_NAME_CHARACTERS: Final = 32


def skolemised(triples: Iterable[Triple]) -> set[Triple]:
    """The triples of one graph with an IRI below :data:`GENERATED` in place of each blank node.

    The result says the same as the graph; where nodes look exactly alike, which of them gets which name is arbitrary.
    """
    listed = set(triples)
    touching = {triple for triple in listed if has_blank_nodes(triple)}
    if not touching:
        return listed
    names = _names(touching)
    return (listed - touching) | {_renamed(triple, names) for triple in touching}


def with_blank_nodes(triple: Triple) -> Triple:
    """The triple with a blank node again in place of each IRI that :func:`skolemised` made."""
    subject, value = _blank(triple.subject), _blank(triple.object)
    assert not isinstance(subject, Literal)
    return Triple(subject, triple.predicate, value)


def has_blank_nodes(triple: Triple) -> bool:
    """Whether a triple speaks of a blank node."""
    return any(True for _ in _blank_nodes(triple))


def _blank(term: Term) -> Term:
    if isinstance(term, Triple):
        return with_blank_nodes(term)
    if isinstance(term, NamedNode) and term.value.startswith(GENERATED):
        return BlankNode(term.value.removeprefix(GENERATED))
    return term


def _renamed(triple: Triple, names: Mapping[BlankNode, NamedNode]) -> Triple:
    def name(term: Term) -> Term:
        if isinstance(term, BlankNode):
            return names[term]
        return _renamed(term, names) if isinstance(term, Triple) else term

    subject, value = name(triple.subject), name(triple.object)
    assert not isinstance(subject, Literal)
    return Triple(subject, triple.predicate, value)


def _blank_nodes(triple: Triple) -> Iterator[BlankNode]:
    for term in (triple.subject, triple.object):
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            yield from _blank_nodes(term)


def _names(triples: Iterable[Triple]) -> dict[BlankNode, NamedNode]:
    """A name for each node: the digest of what is said of it, and a number where several look alike."""
    parts = [_coloured(part) for part in _connected(triples)]
    parts.sort(key=lambda colours: sorted((colour, node.value) for node, colour in colours.items()))
    seen: Counter[str] = Counter()
    names = {}
    for colours in parts:
        for node in sorted(colours, key=lambda each: each.value):
            colour = colours[node]
            seen[colour] += 1
            number = f"-{seen[colour]}" if seen[colour] > 1 else ""
            names[node] = NamedNode(f"{GENERATED}{colour[:_NAME_CHARACTERS]}{number}")
    return names


def _connected(triples: Iterable[Triple]) -> list[list[Triple]]:
    """The triples in groups that have no blank node in common."""
    leader: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    listed = list(triples)
    for triple in listed:
        first, *others = _blank_nodes(triple)
        for other in others:
            leader[find(other)] = find(first)
    groups: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in listed:
        groups[find(next(_blank_nodes(triple)))].append(triple)
    return list(groups.values())


def _coloured(triples: list[Triple]) -> dict[BlankNode, str]:
    """A digest per node: first of nothing, then in each round of the triples around it, until no more nodes differ."""
    around: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        for node in set(_blank_nodes(triple)):
            around[node].append(triple)
    colours = dict.fromkeys(around, "")
    different = 0
    while len(set(colours.values())) > different:
        different = len(set(colours.values()))
        colours = {node: _digest(node, around[node], colours) for node in around}
    return colours


def _digest(node: BlankNode, triples: list[Triple], colours: Mapping[BlankNode, str]) -> str:
    lines = sorted(_text(triple, node, colours) for triple in triples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _text(term: Term, node: BlankNode, colours: Mapping[BlankNode, str]) -> str:
    if isinstance(term, Triple):
        parts = (term.subject, term.predicate, term.object)
        return " ".join(_text(part, node, colours) for part in parts)
    if isinstance(term, BlankNode):
        return "_:this" if term == node else f"_:{colours[term]}"
    return str(term)
