"""Reading the shapes: which rules there are, what they look at, and what they ask of a property.

Read is what pedgraph's own shapes use of SHACL Core; whatever else a constraint holds is told by its message.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.facts import iri
from pedgraph.vocabulary.iris import SHAPES, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.facts import Facts

_SEVERITIES: Final = {"Violation": "violation", "Warning": "warning", "Info": "hint"}
_STEPS: Final = {"sh:inversePath": "^", "sh:zeroOrMorePath": "", "sh:oneOrMorePath": "", "sh:zeroOrOnePath": ""}
_AFTER: Final = {"sh:zeroOrMorePath": "*", "sh:oneOrMorePath": "+", "sh:zeroOrOnePath": "?"}


@dataclass(frozen=True)
class Constraint:
    """One thing that a rule asks for: its anchor, what it looks at, and what it says where that is not so."""

    anchor: str
    path: str
    path_text: str
    severity: str
    message: str
    least: int | None = None
    most: int | None = None
    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    is_sparql: bool = False


@dataclass(frozen=True)
class Shape:
    """A node shape: whose it is, and what it asks for."""

    anchor: str
    identifier: str
    label: str
    target_classes: tuple[str, ...]
    target_properties: tuple[str, ...]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class Rule:
    """All shapes that share an identifier, which is the anchor of their section."""

    identifier: str
    label: str
    shapes: tuple[Shape, ...]


def read_rules(shapes: Facts) -> list[Rule]:
    """All rules by identifier."""
    grouped: dict[str, list[Shape]] = defaultdict(list)
    for node in shapes.of_kind("sh:NodeShape"):
        if identifier := shapes.text(node, "dcterms:identifier"):
            grouped[identifier].append(_shape(shapes, node, identifier))
    return [Rule(identifier, _label(identifier, group), tuple(group)) for identifier, group in sorted(grouped.items())]


def _label(identifier: str, group: list[Shape]) -> str:
    """The label of the shape that has the identifier for a name, else what the labels of all begin with, else all."""
    if len(group) == 1 or group[0].anchor == identifier:
        return group[0].label
    words = [shape.label.split() for shape in group]
    common = [each[0] for each in takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))]
    return " ".join(common) + " …" if common else "; ".join(shape.label for shape in group)


def _shape(shapes: Facts, node: str, identifier: str) -> Shape:
    properties = shapes.nodes(node, "sh:property")
    constraints = [_constraint(shapes, each) for each in properties if shapes.text(each, "sh:message")]
    speaking = shapes.text(node, "sh:message") or shapes.nodes(node, "sh:sparql")
    return Shape(
        anchor=_anchor(node),
        identifier=identifier,
        label=shapes.text(node, "rdfs:label"),
        target_classes=tuple(shapes.nodes(node, "sh:targetClass")),
        target_properties=tuple(shapes.nodes(node, "sh:targetSubjectsOf") + shapes.nodes(node, "sh:targetObjectsOf")),
        constraints=(*([_own_constraint(shapes, node)] if speaking else []), *constraints),
    )


def _own_constraint(shapes: Facts, node: str) -> Constraint:
    sparql = shapes.node(node, "sh:sparql")
    message = shapes.text(node, "sh:message") or shapes.text(sparql, "sh:message")
    return Constraint("", "", "", _severity(shapes, node), message, is_sparql=bool(sparql))


def _constraint(shapes: Facts, node: str) -> Constraint:
    path = shapes.node(node, "sh:path")
    # A value may have to meet one of several conditions, which are nodes of their own.
    conditions = [node, *(each for start in shapes.nodes(node, "sh:or") for each in shapes.members(start))]
    return Constraint(
        anchor=_anchor(node),
        path=path if not path.startswith("_:") else "",
        path_text=_path(shapes, path),
        severity=_severity(shapes, node),
        message=shapes.text(node, "sh:message"),
        least=_number(shapes, node, "sh:minCount"),
        most=_number(shapes, node, "sh:maxCount"),
        classes=tuple(each for condition in conditions for each in shapes.nodes(condition, "sh:class")),
        schemes=tuple(scheme for condition in conditions for scheme in _schemes(shapes, condition)),
        datatypes=tuple(compact(each) for condition in conditions for each in shapes.nodes(condition, "sh:datatype")),
        is_sparql=bool(shapes.nodes(node, "sh:sparql")),
    )


def _schemes(shapes: Facts, node: str) -> Iterator[str]:
    """The code lists whose members a shape allows."""
    for allowed in shapes.nodes(node, "sh:node"):
        for inner in shapes.nodes(allowed, "sh:property"):
            if shapes.node(inner, "sh:path") == iri("skos:inScheme"):
                yield from shapes.nodes(inner, "sh:hasValue")


def _path(shapes: Facts, path: str) -> str:
    """A property path in the notation of SPARQL 1.1, section 9.1."""
    if not path.startswith("_:"):
        return compact(path) if path else ""
    for step, before in _STEPS.items():
        if inner := shapes.node(path, step):
            return before + _path(shapes, inner) + _AFTER.get(step, "")
    if alternatives := shapes.node(path, "sh:alternativePath"):
        return " | ".join(_path(shapes, each) for each in shapes.members(alternatives))
    return " / ".join(_path(shapes, each) for each in shapes.members(path))


def _severity(shapes: Facts, node: str) -> str:
    return _SEVERITIES[shapes.node(node, "sh:severity").removeprefix(iri("sh:")) or "Violation"]


def _number(shapes: Facts, node: str, property_name: str) -> int | None:
    text = shapes.text(node, property_name)
    return int(text) if text else None


def _anchor(node: str) -> str:
    return node.removeprefix(SHAPES) if node.startswith(SHAPES) else ""
