"""The diagram of a module, as SVG: its classes in a tree on the left, each with its links, which lead to the right.

Every link has a row of its own in the box of its class, so that no label stands on a line or on another label.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.documentation.links import Link, slug
from pedgraph.vocabulary.iris import CODES, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.documentation.terms import Term, Terms

_HEAD, _ROW, _GAP, _INDENT, _MARGIN = 34, 24, 18, 26, 14
_LEFT_WIDTH, _BETWEEN, _RIGHT_WIDTH = 290, 290, 290
_TARGET_STEP: Final = 44


@dataclass(frozen=True)
class Box:
    """A box: its place, its name, and the names of the links in it with their heights."""

    x: float
    y: float
    width: float
    height: float
    link: Link
    kind: str
    rows: tuple[tuple[Link, float], ...] = ()


@dataclass(frozen=True)
class Diagram:
    """All that is drawn, with the size of the whole."""

    width: float
    height: float
    classes: tuple[Box, ...]
    targets: tuple[Box, ...]
    kinds_of: tuple[str, ...]
    leads_to: tuple[str, ...]
    in_words: tuple[str, ...]


def draw(terms: Terms, module: str) -> Diagram:
    """The diagram of the classes of a module."""
    boxes: dict[str, Box] = {}
    parents: list[tuple[str, str]] = []
    ends: list[tuple[float, float, str]] = []
    words: list[str] = []
    top = float(_MARGIN)
    for class_iri, parent, depth in _tree(terms, module):
        rows = terms.starts(class_iri) if terms.classes[class_iri].module == module else []
        box = _class_box(terms, class_iri, rows, (_MARGIN + depth * _INDENT, top), module)
        boxes[class_iri] = box
        if parent:
            parents.append((class_iri, parent))
            words.append(f"{box.link.text} is a kind of {terms.classes[parent].label}.")
        for term, (_, y) in zip(rows, box.rows, strict=True):
            led_to = terms.ends(term.iri) or [""]
            ends += [(box.x + box.width, y, each) for each in led_to]
            names = " or ".join(_target_link(terms, each).text for each in led_to)
            words.append(f"{box.link.text}: {term.label} → {names}.")
        top += box.height + _GAP
    right = max(box.x + box.width for box in boxes.values()) + _BETWEEN
    targets = _targets(terms, ends, right, top - _GAP)
    bottom = max(box.y + box.height for box in [*boxes.values(), *targets.values()])
    return Diagram(
        width=right + (_RIGHT_WIDTH if targets else -_BETWEEN) + _MARGIN,
        height=bottom + _MARGIN,
        classes=tuple(boxes.values()),
        targets=tuple(targets.values()),
        kinds_of=tuple(_elbow(boxes[child], boxes[parent]) for child, parent in parents),
        leads_to=tuple(_curve(x, y, targets[end]) for x, y, end in ends),
        in_words=tuple(words),
    )


def _tree(terms: Terms, module: str) -> Iterator[tuple[str, str, int]]:
    """The classes of a module, each after the one above it: class, the one above (or empty), depth."""
    inside = [each for each, term in terms.classes.items() if term.module == module]
    above = {each: next(iter(terms.ancestors(each)[1:]), "") for each in inside}
    outside = sorted({each for each in above.values() if each} - set(inside))

    def walk(node: str, parent: str, depth: int) -> Iterator[tuple[str, str, int]]:
        yield node, parent, depth
        for child in inside:
            if above[child] == node:
                yield from walk(child, node, depth + 1)

    for root in [*outside, *(each for each in inside if not above[each])]:
        yield from walk(root, "", 0)


def _class_box(terms: Terms, class_iri: str, rows: list[Term], corner: tuple[float, float], module: str) -> Box:
    x, y = corner
    term = terms.classes[class_iri]
    lines = tuple((terms.places.link(row.iri), y + _HEAD + index * _ROW + _ROW / 2) for index, row in enumerate(rows))
    height = _HEAD + len(rows) * _ROW + (6 if rows else 0)
    kind = "outside" if term.module != module else "abstract" if term.is_abstract else "own"
    return Box(x, y, _LEFT_WIDTH, height, terms.places.link(class_iri), kind, lines)


def _targets(terms: Terms, ends: list[tuple[float, float, str]], x: float, bottom: float) -> dict[str, Box]:
    """The boxes on the right, each as near as possible to the middle of the rows that lead to it."""
    heights: dict[str, list[float]] = {}
    for _, y, end in ends:
        heights.setdefault(end, []).append(y)
    order = sorted(heights, key=lambda end: (sum(heights[end]) / len(heights[end]), end))
    places: list[float] = []
    for end in order:
        wanted = sum(heights[end]) / len(heights[end]) - _HEAD / 2
        places.append(max(wanted, places[-1] + _TARGET_STEP if places else _MARGIN))
    # What was pushed below the last class moves up again as far as there is room.
    lowest = max(bottom - _HEAD, _MARGIN + (len(order) - 1) * _TARGET_STEP)
    for index in reversed(range(len(places))):
        places[index] = min(places[index], lowest - (len(places) - 1 - index) * _TARGET_STEP)
    kinds = {end: "code" if end.startswith(CODES) else "own" if end.startswith(TERMS) else "any" for end in order}
    return {
        end: Box(x, y, _RIGHT_WIDTH, _HEAD, _target_link(terms, end), kinds[end])
        for end, y in zip(order, places, strict=True)
    }


def _target_link(terms: Terms, end: str) -> Link:
    if not end:
        return Link("anything", "")
    link = terms.places.link(end)
    if end.startswith(CODES):
        return Link(f"code list {slug(end)}", link.href)
    return Link(slug(end), link.href) if "://" in link.text else link


def _elbow(child: Box, parent: Box) -> str:
    x, y = parent.x + _INDENT / 2, child.y + _HEAD / 2
    return f"M{child.x:g} {y:g}H{x:g}V{parent.y + parent.height + 9:g}"


def _curve(x: float, y: float, target: Box) -> str:
    end_x, end_y = target.x - 7, target.y + target.height / 2
    reach = (end_x - x) / 2
    return f"M{x:g} {y:g}C{x + reach:g} {y:g} {end_x - reach:g} {end_y:g} {end_x:g} {end_y:g}"
