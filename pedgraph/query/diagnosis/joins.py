"""The steps in which the solutions of a group come about, in an order in which each can be counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.lexing import lexemes
from pedgraph.query.diagnosis.model import Group, Part, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# What comes before and after these must not change places.
_FIXED: Final = frozenset({"optional", "minus", "bind"})
_PURE: Final = frozenset({"values", "group", "graph"})
# These add nothing that has to match, so they cannot empty a group.
_HARMLESS: Final = frozenset({"optional", "bind"})


@dataclass(frozen=True)
class Step:
    """A part of a group that is joined to those before it; ``graph`` is the text of the GRAPH name around it."""

    element: Pattern | Part
    graph: str = ""

    @property
    def text(self) -> str:
        """The step as SPARQL, to stand in a group."""
        text = self.element.text
        if isinstance(self.element, Part) and self.element.kind == "select":
            text = f"{{ {text} }}"
        return f"GRAPH {self.graph} {{ {text} }}" if self.graph else text

    @property
    def shown(self) -> str:
        """The step in the words of the query, on one line."""
        text = self.element.shown if isinstance(self.element, Pattern) else " ".join(self.element.text.split())
        return f"GRAPH {self.graph} {{ {text} }}" if self.graph else text

    @property
    def offset(self) -> int:
        """Where it stands in the query."""
        return self.element.offset

    @property
    def variables(self) -> frozenset[str]:
        """All variables that it names, as ``?name``."""
        return variables_of(self.text)

    @property
    def may_empty(self) -> bool:
        """Whether it can be the reason that nothing is left."""
        return isinstance(self.element, Pattern) or self.element.kind not in _HARMLESS


@dataclass(frozen=True)
class Steps:
    """The steps of a group in order, and its filters, which hold for all of it (SPARQL 1.1 Query, section 5.2.2)."""

    joined: tuple[Step, ...]
    filters: tuple[Step, ...]


def variables_of(text: str) -> frozenset[str]:
    """The variables in a piece of SPARQL, as ``?name``."""
    return frozenset("?" + lexeme.text[1:] for lexeme in lexemes(text) if lexeme.kind == "variable")


def steps_of(group: Group, graph: str = "") -> Steps:
    """The steps of a group; patterns that stand together are ordered so that each shares a variable with those before.

    Plain groups and GRAPH parts that hold nothing but patterns are taken apart, which means the same.
    """
    filters, runs = [], [list[Step]()]
    for step in _flat(group, graph):
        kind = step.element.kind if isinstance(step.element, Part) else ""
        if kind == "filter":
            filters.append(step)
        elif kind in _FIXED:
            runs += [[step], []]
        else:
            runs[-1].append(step)
    joined: list[Step] = []
    for run in runs:
        bound = frozenset[str]().union(*(step.variables for step in joined))
        joined += _connected(run, bound)
    return Steps(tuple(joined), tuple(filters))


def together(steps: Iterable[Step]) -> str:
    """The text of several steps in one group."""
    return "\n".join(step.text for step in steps)


def _flat(group: Group, graph: str) -> Iterator[Step]:
    for element in group.elements:
        if isinstance(element, Part) and element.kind in {"group", "graph"} and _is_pure(element):
            name = element.terms[0].text if element.terms else graph
            yield from _flat(element.groups[0], name)
        else:
            yield Step(element, graph)


def _is_pure(part: Part) -> bool:
    return all(
        isinstance(element, Pattern) or (element.kind in _PURE and _is_pure(element))
        for group in part.groups
        for element in group.elements
    )


def _connected(run: Sequence[Step], bound: frozenset[str]) -> Iterator[Step]:
    left = list(run)
    while left:
        following = next((step for step in left if not step.variables or step.variables & bound), left[0])
        left.remove(following)
        bound |= following.variables
        yield following
