"""A value inside of a JSON text, with the way that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.intake.findings import Position
from pedgraph.intake.reading.json_text import Array, Object, pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.reading.texts import Text


@dataclass(frozen=True)
class Node:
    """A value of a text, the steps of its pointer (RFC 6901), and the offset at which it begins."""

    text: Text
    value: object
    steps: tuple[str, ...] = ()
    offset: int = 0

    @property
    def position(self) -> Position:
        """Line, column and pointer of the value."""
        found = self.text.position(self.offset)
        return Position(found.source, line=found.line, column=found.column, pointer=pointer_of(list(self.steps)))

    def member(self, key: str) -> Node:
        """The member of an object; a node without value where there is none."""
        if isinstance(self.value, Object) and key in self.value:
            return Node(self.text, self.value[key], (*self.steps, key), self.value.offsets[key])
        return Node(self.text, None, self.steps, self.offset)

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object, with their names; none of anything else."""
        for key in self.value if isinstance(self.value, Object) else ():
            yield key, self.member(key)

    def items(self) -> Iterator[Node]:
        """The items of an array; none of anything else."""
        if isinstance(self.value, Array):
            for index, (item, offset) in enumerate(zip(self.value, self.value.offsets, strict=True)):
                yield Node(self.text, item, (*self.steps, str(index)), offset)

    @property
    def word(self) -> str:
        """The value as text where it is a text or a whole number; else empty."""
        is_word = isinstance(self.value, str | int) and not isinstance(self.value, bool)
        return str(self.value).strip() if is_word else ""


def leaves(value: object) -> int:
    """How many values a field holds: texts that are not blank, numbers, and ticks."""
    todo, number = [value], 0
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            todo += each.values()
        elif isinstance(each, list):
            todo += each
        else:
            number += bool(each.strip()) if isinstance(each, str) else each is not None and each is not False
    return number
