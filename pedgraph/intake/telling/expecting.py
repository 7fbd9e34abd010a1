"""What the shapes allow for the values of a property, read from them as data."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from pedgraph.intake.telling.index import IN_SCHEME, Index
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

SH: Final = PREFIXES["sh"]


@dataclass
class Expectation:
    """What the values may be: members of code lists, things of classes, of datatypes, one of some values, in a range.

    ``least_number`` and ``most_number`` are how many values there may be. What is not restricted is empty.
    """

    schemes: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    datatypes: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    least: list[str] = field(default_factory=list)
    most: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    least_number: list[str] = field(default_factory=list)
    most_number: list[str] = field(default_factory=list)

    def add(self, other: Expectation) -> None:
        """Takes in what another expectation allows."""
        for each in fields(self):
            mine = getattr(self, each.name)
            mine += [value for value in getattr(other, each.name) if value not in mine]


# Constraint parameters of SHACL Core (section 4) and where their values go.
_SIMPLE: Final = {
    "class": "classes",
    "datatype": "datatypes",
    "minInclusive": "least",
    "minExclusive": "least",
    "maxInclusive": "most",
    "maxExclusive": "most",
    "minCount": "least_number",
    "maxCount": "most_number",
}
_LISTS: Final = {"in": "values", "languageIn": "languages"}


class Expectations:
    """The expectations of all property shapes, by shape and by property."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        self._shapes = Index(triple for triple in shapes if triple.predicate.value.startswith((SH, PREFIXES["rdf"])))
        self._of_shape: dict[str, Expectation] = {}
        self._of_path: dict[str, Expectation] = {}

    def of_shape(self, shape: str) -> Expectation:
        """What a shape itself allows."""
        if shape not in self._of_shape:
            self._of_shape[shape] = self._read(shape, depth=0)
        return self._of_shape[shape]

    def of_path(self, path: str) -> Expectation:
        """What all things with a property allow for its values; how many there may be is left to each shape."""
        if path not in self._of_path:
            merged = Expectation()
            for shape in self._shapes.subjects(SH + "path", path):
                owners = self._shapes.subjects(SH + "property", shape)
                if any(path in self._shapes.values(owner, SH + "targetSubjectsOf") for owner in owners):
                    merged.add(self.of_shape(shape))
            merged.least_number, merged.most_number = [], []
            self._of_path[path] = merged
        return self._of_path[path]

    def is_about(self, shape: str, path: str) -> bool:
        """Whether a shape looks at the values of this property itself, not at those of a longer or inverse path."""
        return path in self._shapes.values(shape, SH + "path")

    def _read(self, node: str, *, depth: int) -> Expectation:
        found = Expectation()
        for parameter, name in _SIMPLE.items():
            getattr(found, name).extend(self._shapes.values(node, SH + parameter))
        for parameter, name in _LISTS.items():
            for start in self._shapes.values(node, SH + parameter):
                getattr(found, name).extend(self._shapes.members(start))
        for inner in self._shapes.values(node, SH + "property"):
            if self._shapes.value(inner, SH + "path") == IN_SCHEME:
                found.schemes += self._shapes.values(inner, SH + "hasValue")
        if depth <= len(_SIMPLE):
            alternatives = [
                each for start in self._shapes.values(node, SH + "or") for each in self._shapes.members(start)
            ]
            for each in (*alternatives, *self._shapes.values(node, SH + "node")):
                found.add(self._read(each, depth=depth + 1))
        return found
