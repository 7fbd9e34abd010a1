"""From a shape to the condition that a node may violate it, and to the condition that it may keep it.

Both are as wide as they must be: whatever pySHACL says of a node, the condition for it holds. So a node for which "may
violate" is false surely conforms, and one for which "may keep" is false surely does not.
"""

from __future__ import annotations

from itertools import combinations
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
    either,
    every,
    opposite,
    some,
)
from pedgraph.intake.shacl.sets import ValueSets
from pedgraph.intake.shacl.terms_in_sparql import Untranslatable, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

_DEEPEST: Final = 6
_COMPARISONS: Final = (
    (SH.minInclusive, ">="), (SH.minExclusive, ">"), (SH.maxInclusive, "<="), (SH.maxExclusive, "<"),
)  # fmt: skip
# Parameters that belong to another one, or that say nothing about values.
_COMPANIONS: Final = {
    SH.ignoredProperties: SH.closed,
    SH.qualifiedMinCount: SH.qualifiedValueShape,
    SH.qualifiedMaxCount: SH.qualifiedValueShape,
    SH.qualifiedValueShapesDisjoint: SH.qualifiedValueShape,
}
SILENT: Final = frozenset(
    {
        RDF.type, SH.path, SH.severity, SH.message, SH.name, SH.description, SH.order, SH.group, SH.defaultValue,
        SH.deactivated, SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf, SH.sparql,
        SH.flags, SH.target, SH.rule, SH.prefixes, SH.declare, *_COMPANIONS,
    }
)  # fmt: skip


class Translation(ValueSets):
    """The conditions of the shapes of one shapes graph."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        super().__init__(shapes)
        components = {*shapes.subjects(RDF.type, SH.ConstraintComponent)}
        for kind in shapes.subjects(RDFS.subClassOf, SH.ConstraintComponent):
            components |= {*shapes.subjects(RDF.type, kind)}
        # What a shape of a component of the user's own must have.
        self._own = {
            path
            for component in components
            for parameter in shapes.objects(component, SH.parameter)
            for path in shapes.objects(parameter, SH.path)
        }

    def may_violate(self, shape: Node, node: str = "?this", depth: int = 0) -> Condition:
        """That a node may violate a shape; raises :class:`Untranslatable`."""
        if self._is_off(shape, depth):
            return NEVER
        if depth and (shape, SH.sparql, None) in self.shapes:
            return ALWAYS
        return either(*(self._violation(shape, node, *fact, depth) for fact in self._facts(shape)))

    def may_keep(self, shape: Node, node: str, depth: int) -> Condition:
        """That a node may conform to a shape; raises :class:`Untranslatable`."""
        if self._is_off(shape, depth):
            return ALWAYS
        return every(*(self._kept(shape, node, *fact, depth) for fact in self._facts(shape)))

    def _is_off(self, shape: Node, depth: int) -> bool:
        if depth > _DEEPEST:
            raise Untranslatable("shapes within shapes without end")
        flags = [values.flag(each) for each in self.shapes.objects(shape, SH.deactivated)]
        if len(flags) > 1:
            raise Untranslatable("deactivated twice")
        if not flags and (shape, None, None) not in self.shapes:
            raise Untranslatable("a shape that is not there")
        return any(flags)

    def _facts(self, shape: Node) -> Iterator[tuple[Node, list[Node]]]:
        """The parameters of a shape with their values."""
        predicates = set(self.shapes.predicates(shape))
        if predicates & self._own:
            raise Untranslatable("a constraint component of the user's own")
        if any(companion in predicates and of not in predicates for companion, of in _COMPANIONS.items()):
            raise Untranslatable("a parameter without the one that it belongs to")
        predicates = {each for each in predicates if str(each).startswith(str(SH))}
        for predicate in sorted(predicates - SILENT, key=str):
            yield predicate, list(self.shapes.objects(shape, predicate))

    def _violation(self, shape: Node, node: str, kind: Node, given: list[Node], depth: int) -> Condition:
        steps = self.path_of(shape)
        own = getattr(self, f"_violates_{_local(kind)}", None)
        if own is not None:
            return own(shape, node, given)  # type: ignore[no-any-return]
        return either(
            *(self.reach(steps, node, lambda value: self._bad(shape, kind, each, value, depth)) for each in given)  # noqa: B023
        )

    def _kept(self, shape: Node, node: str, kind: Node, given: list[Node], depth: int) -> Condition:
        """Every value may keep the constraint; said of what surely would not."""
        steps = self.path_of(shape)
        if kind == SH.hasValue:
            return every(*(self._has(steps, node, each, is_sure=False) for each in given))
        if getattr(self, f"_violates_{_local(kind)}", None) is not None:
            return ALWAYS
        return every(
            *(
                opposite(self.reach(steps, node, lambda value: opposite(self._good(shape, kind, each, value, depth))))  # noqa: B023
                for each in given
            )
        )

    def _bad(self, shape: Node, kind: Node, given: Node, value: str, depth: int) -> Condition:
        """That a value may violate one constraint."""
        nested = self._nested(kind, given)
        if kind == SH["not"]:
            return self.may_keep(given, value, depth + 1)
        if kind in {SH.node, SH.property, SH["and"]}:
            return either(*(self.may_violate(each, value, depth + 1) for each in nested))
        if kind == SH["or"]:
            return every(*(self.may_violate(each, value, depth + 1) for each in nested))
        if kind == SH.xone:
            keeping = [self.may_keep(each, value, depth + 1) for each in nested]
            none = every(*(self.may_violate(each, value, depth + 1) for each in nested))
            return either(none, *(every(*pair) for pair in combinations(keeping, 2)))
        if kind == SH["class"]:
            return opposite(self.instance(value, given))
        return opposite(_test(self._surely(shape, kind, given, value)))

    def _good(self, shape: Node, kind: Node, given: Node, value: str, depth: int) -> Condition:
        """That a value may keep one constraint."""
        nested = self._nested(kind, given)
        if kind == SH["not"]:
            return self.may_violate(given, value, depth + 1)
        if kind in {SH.node, SH.property, SH["and"]}:
            return every(*(self.may_keep(each, value, depth + 1) for each in nested))
        if kind in {SH["or"], SH.xone}:
            return either(*(self.may_keep(each, value, depth + 1) for each in nested))
        if kind == SH["class"]:
            return self.instance(value, given)
        return self._perhaps(shape, kind, given, value)

    def _nested(self, kind: Node, given: Node) -> list[Node]:
        if kind in {SH["and"], SH["or"], SH.xone}:
            members = list(self.shapes.items(given))
            if not members:
                raise Untranslatable("a list that is empty")
            return members
        if kind == SH.node and (given, SH.path, None) in self.shapes:
            raise Untranslatable("a property shape where a node shape must be")
        if kind == SH.property and (given, SH.path, None) not in self.shapes:
            raise Untranslatable("a node shape where a property shape must be")
        return [given]

    def instance(self, value: str, kind: Node) -> Condition:
        """That a value is an instance of a class or of one below it; the classes are filled in when it is asked."""
        above = self._variables.fresh()
        return some(f"{value} {term(RDF.type)} {above}", Test(f"{above} IN (%CLASSES {term(kind)}%)"))

    def _surely(self, shape: Node, kind: Node, given: Node, value: str) -> str:  # noqa: C901, PLR0911
        """An expression that holds only for what surely keeps a constraint on one value."""
        if len(list(self.shapes.objects(shape, kind))) > 1 and kind != SH.pattern:
            raise Untranslatable("two values of a parameter that takes one")
        if kind == SH.datatype:
            return values.datatype(value, given)
        if kind == SH.nodeKind:
            return values.node_kind(value, given)
        for comparison, sign in _COMPARISONS:
            if kind == comparison:
                return values.compares(value, sign, given)
        if kind == SH.minLength and values.whole(given) == 0:
            return "true"
        if kind in {SH.minLength, SH.maxLength}:
            return values.length(value, ">=" if kind == SH.minLength else "<=", given)
        if kind == SH.pattern:
            return values.matches(value, given, self.shapes.objects(shape, SH.flags), is_sure=True)
        if kind == SH.languageIn:
            return values.language_in(value, self.shapes.items(given))
        if kind == SH["in"]:
            return values.is_one_of(value, self.shapes.items(given))
        if not str(kind).startswith(str(SH)):
            return "true"
        raise Untranslatable(f"a parameter that is not known: {kind}")

    def _perhaps(self, shape: Node, kind: Node, given: Node, value: str) -> Condition:
        """That a value may keep a constraint on one value."""
        surely = self._surely(shape, kind, given, value)
        if kind == SH.datatype:
            return Test(values.may_have_datatype(value, given))
        if kind == SH.nodeKind:
            return Test(surely)
        if kind == SH.pattern:
            flags = self.shapes.objects(shape, SH.flags)
            return Test(values.matches(value, given, flags, is_sure=False))
        if kind in {SH["in"], SH.languageIn}:
            return Test(f"({surely} || {values.wrapped(value)})")
        return ALWAYS


def _test(expression: str) -> Condition:
    return {"true": ALWAYS, "false": NEVER}.get(expression) or Test(expression)


def _local(kind: Node) -> str:
    return str(kind).removeprefix(str(SH)) if str(kind).startswith(str(SH)) else "-"
