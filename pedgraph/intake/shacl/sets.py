"""Constraints of SHACL Core that look at all values of a focus node together, such as their number."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib import RDF, RDFS
from rdflib.namespace import SH

from pedgraph.intake.shacl import values
from pedgraph.intake.shacl.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Test,
    Variables,
    either,
    every,
    opposite,
    some,
)
from pedgraph.intake.shacl.terms_in_sparql import Steps, Untranslatable, path, term

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib.term import Node

# How many values are told apart at most; more are judged by pySHACL.
_MOST_COUNTED: Final = 3


class ValueSets(ABC):
    """The values that a path leads to, and the constraints on all of them."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.shapes = shapes
        self._variables = Variables()

    @abstractmethod
    def may_violate(self, shape: Node, node: str = "?this", depth: int = 0) -> Condition:
        """That a node may violate a shape."""

    @abstractmethod
    def may_keep(self, shape: Node, node: str, depth: int) -> Condition:
        """That a node may conform to a shape."""

    def path_of(self, shape: Node) -> Steps | None:
        """The path of a property shape, nothing for a node shape."""
        paths = list(self.shapes.objects(shape, SH.path))
        if len(paths) > 1:
            raise Untranslatable("several paths")
        return path(self.shapes, paths[0]) if paths else None

    def reach(self, steps: Steps | None, node: str, inner: Callable[[str], Condition]) -> Condition:
        """That some value node of a focus node has a condition."""
        if steps is None:
            return inner(node)
        targets = [self._variables.fresh() for _ in steps.steps]
        found = inner(targets[-1])
        for start, step, end in reversed(list(zip([node, *targets], steps.steps, targets, strict=False))):
            found = some(f"{start} {step} {end}", found)
        # The engine does not find a node that is not in the data at the end of no step.
        return either(found, inner(node)) if steps.is_nullable else found

    def _has(self, steps: Steps | None, node: str, wanted: Node, *, is_sure: bool) -> Condition:
        def is_it(value: str) -> Condition:
            perhaps = "" if is_sure else f" || {values.wrapped(value)}"
            return Test(f"sameTerm({value}, {term(wanted)}){perhaps}")

        if is_sure and steps is not None and not steps.is_nullable and len(steps.steps) == 1:
            return some(f"{node} {steps.text} {term(wanted)}", ALWAYS)
        return self.reach(steps, node, is_it)

    # Constraints that look at all values of a focus node together.

    def _violates_hasValue(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        steps = self.path_of(shape)
        return either(*(opposite(self._has(steps, node, each, is_sure=True)) for each in given))

    def _violates_minCount(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        least = values.whole(_only(given))
        return opposite(self._several(shape, node, min(least, _MOST_COUNTED))) if least <= _MOST_COUNTED else ALWAYS

    def _violates_maxCount(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        return self._several(shape, node, min(values.whole(_only(given)) + 1, _MOST_COUNTED))

    def _several(
        self, shape: Node, node: str, number: int, inner: Callable[[str], Condition] = lambda _: ALWAYS
    ) -> Condition:
        """That there are at least so many different values that have a condition."""
        steps = self.path_of(shape)
        if steps is None:
            raise Untranslatable("a number of values without a path")

        def another(known: tuple[str, ...]) -> Condition:
            if len(known) == number:
                return ALWAYS

            def fits(value: str) -> Condition:
                apart = (Test(f"!sameTerm({value}, {each})") for each in known)
                return every(*apart, inner(value), another((*known, value)))

            return self.reach(steps, node, fits)

        return another(())

    def _violates_uniqueLang(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        if not values.flag(_only(given)):
            return NEVER
        steps = self.path_of(shape)
        if steps is None:
            raise Untranslatable("languages without a path")

        def twin(first: str) -> Condition:
            return self.reach(
                steps,
                node,
                lambda second: Test(
                    values.sure(
                        f'!sameTerm({first}, {second}) && LANG({first}) != "" && LANG({first}) = LANG({second})'
                    )
                ),
            )

        return self.reach(steps, node, twin)

    def _violates_equals(self, shape: Node, node: str, given: list[Node]) -> Condition:
        steps = self.path_of(shape)
        found = []
        for other in given:
            end = self._variables.fresh()
            found.append(self.reach(steps, node, lambda v: opposite(some(f"{node} {term(other)} {v}", ALWAYS))))  # noqa: B023
            same = self.reach(steps, node, lambda v: Test(f"sameTerm({v}, {end})"))  # noqa: B023
            found.append(some(f"{node} {term(other)} {end}", opposite(same)))
        return either(*found)

    def _violates_disjoint(self, shape: Node, node: str, given: list[Node]) -> Condition:
        steps = self.path_of(shape)
        return either(
            *(self.reach(steps, node, lambda v: some(f"{node} {term(each)} {v}", ALWAYS)) for each in given)  # noqa: B023
        )

    def _violates_lessThan(self, shape: Node, node: str, given: list[Node], sign: str = "<") -> Condition:  # noqa: N802
        steps = self.path_of(shape)
        if steps is None:
            raise Untranslatable("a comparison without a path")
        end = self._variables.fresh()

        def out_of_order(value: str) -> Condition:
            pairs = (
                some(f"{node} {term(each)} {end}", Test(f"!{values.precedes(value, sign, end)}")) for each in given
            )
            return either(Test(f"isBlank({value})"), *pairs)

        return self.reach(steps, node, out_of_order)

    def _violates_lessThanOrEquals(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        return self._violates_lessThan(shape, node, given, "<=")

    def _violates_closed(self, shape: Node, node: str, given: list[Node]) -> Condition:
        if not values.flag(_only(given)):
            return NEVER
        known = [
            each for items in self.shapes.objects(shape, SH.ignoredProperties) for each in self.shapes.items(items)
        ]
        for each in self.shapes.objects(shape, SH.property):
            known += [found for found in self.shapes.objects(each, SH.path) if isinstance(found, rdflib.URIRef)]
        predicate, value = self._variables.fresh(), self._variables.fresh()
        is_known = values.is_one_of(predicate, known)
        is_resource = f"({predicate} = {term(RDF.type)} && sameTerm({value}, {term(RDFS.Resource)}))"
        return self.reach(
            self.path_of(shape),
            node,
            lambda v: some(f"{v} {predicate} {value}", Test(f"!({is_known} || {is_resource})")),
        )

    def _violates_qualifiedValueShape(self, shape: Node, node: str, given: list[Node]) -> Condition:  # noqa: N802
        if self.path_of(shape) is None:
            return NEVER
        nested = _only(given)
        found: list[Condition] = []
        for least in self.shapes.objects(shape, SH.qualifiedMinCount):
            is_apart = any(values.flag(each) for each in self.shapes.objects(shape, SH.qualifiedValueShapesDisjoint))
            if values.whole(least) > 0 and (is_apart or values.whole(least) > _MOST_COUNTED):
                return ALWAYS
            surely = self._several(shape, node, values.whole(least), lambda v: opposite(self.may_violate(nested, v, 1)))
            found.append(opposite(surely))
        for most in self.shapes.objects(shape, SH.qualifiedMaxCount):
            number = min(values.whole(most) + 1, _MOST_COUNTED)
            found.append(self._several(shape, node, number, lambda v: self.may_keep(nested, v, 1)))
        if not found:
            raise Untranslatable("no number of qualified values")
        return either(*found)


def _only(given: list[Node]) -> Node:
    if len(given) != 1:
        raise Untranslatable("two values of a parameter that takes one")
    return given[0]
