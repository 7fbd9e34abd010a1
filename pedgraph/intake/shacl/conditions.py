"""Conditions on a node, as a small algebra that is written out as SPARQL.

A condition says of the value of a variable that something *may* be so. Tests never fail with an error: each gives true
or false for every term, whatever its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Condition:
    """What may be so of a node."""


@dataclass(frozen=True)
class Test(Condition):
    """A boolean SPARQL expression."""

    expression: str


@dataclass(frozen=True)
class Some(Condition):
    """There is something that matches a triple pattern, of which a condition holds."""

    pattern: str
    inner: Condition


@dataclass(frozen=True)
class Not(Condition):
    """The opposite."""

    inner: Condition


@dataclass(frozen=True)
class All(Condition):
    """All of several conditions; none is true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Any(Condition):
    """Any of several conditions; none is false."""

    parts: tuple[Condition, ...] = ()


ALWAYS = All()
NEVER = Any()


class Variables:
    """Gives names of variables that are not in use yet."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def fresh(self) -> str:
        """A variable with its question mark."""
        return f"?v{next(self._numbers)}"


def every(*parts: Condition) -> Condition:
    """All of these, as simple as it gets."""
    kept: list[Condition] = []
    for part in parts:
        if part == NEVER:
            return NEVER
        kept += part.parts if isinstance(part, All) else [part]
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def either(*parts: Condition) -> Condition:
    """Any of these, as simple as it gets."""
    kept: list[Condition] = []
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        kept += part.parts if isinstance(part, Any) else [part]
    return kept[0] if len(kept) == 1 else Any(tuple(dict.fromkeys(kept)))


def some(pattern: str, inner: Condition) -> Condition:
    """That there is a match with a condition, as simple as it gets."""
    return NEVER if inner == NEVER else Some(pattern, inner)


def opposite(part: Condition) -> Condition:
    """The opposite, as simple as it gets."""
    if part == ALWAYS:
        return NEVER
    if part == NEVER:
        return ALWAYS
    return part.inner if isinstance(part, Not) else Not(part)


def alternatives(condition: Condition) -> Iterator[Condition]:
    """Conditions of which one or another holds where the given one does; each of them makes a query of its own."""
    if isinstance(condition, Any):
        for part in condition.parts:
            yield from alternatives(part)
    elif isinstance(condition, Some):
        for inner in alternatives(condition.inner):
            yield Some(condition.pattern, inner)
    elif isinstance(condition, All) and condition.parts:
        *first, last = condition.parts
        for inner in alternatives(last):
            yield All((*first, inner))
    else:
        yield condition


def pattern_of(condition: Condition) -> str:
    """The condition as part of a group graph pattern that binds its variable."""
    if isinstance(condition, Some):
        return f"{condition.pattern} . {pattern_of(condition.inner)}"
    if isinstance(condition, All):
        return " ".join(pattern_of(part) for part in condition.parts)
    return f"FILTER({expression_of(condition)})"


def expression_of(condition: Condition) -> str:
    """The condition as an expression. One pattern stands in one EXISTS, for an engine may evaluate each by itself."""
    if isinstance(condition, Test):
        return f"({condition.expression})"
    if isinstance(condition, Not):
        return f"(!{expression_of(condition.inner)})"
    if isinstance(condition, Some):
        inner = "" if condition.inner == ALWAYS else f" FILTER({expression_of(condition.inner)})"
        return f"EXISTS {{ {condition.pattern} .{inner} }}"
    assert isinstance(condition, All | Any)
    if not condition.parts:
        return "true" if isinstance(condition, All) else "false"
    operator = " && " if isinstance(condition, All) else " || "
    return f"({operator.join(expression_of(part) for part in condition.parts)})"
