"""Turtle and TriG, with the line and column of each statement, going on after errors.

The parser decides what the text means. A valid text it reads as a whole, and the walk over the tokens only says where
each triple stands; in another one each statement is read by itself (:mod:`pedgraph.intake.reading.mending`).
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, RdfFormat, parse

from pedgraph.intake.reading.mending import Mender
from pedgraph.intake.reading.walking import Part, Walker

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from pedgraph.intake.reading.collecting import Collector
    from pedgraph.intake.reading.texts import Text
    from pedgraph.vocabulary.media import Format

_LITERAL_BEGINNINGS: Final = frozenset("\"'+-.0123456789")
# Either a truth value or a name.
_EITHER: Final = frozenset("tf")


def is_valid(text: Text, rdf_format: Format) -> bool:
    """Whether the parser finds no error in a text of this format."""
    try:
        for _ in parse(text.characters.encode(), RdfFormat.from_media_type(rdf_format.media_type)):
            pass
    except SyntaxError:
        return False
    return True


def read_turtle(text: Text, rdf_format: Format, collector: Collector) -> None:
    """Reads a text as Turtle or TriG into the collector; what is wrong with it becomes problems there."""
    walker = Walker()
    walker.walk(text.characters)
    quads = _parsed(text, rdf_format)
    if quads is None or not _agree(quads, walker.places, text.characters):
        Mender(text, collector, is_trig=rdf_format.name == "trig").mend(walker)
        return
    labels = [piece.start for piece in walker.pieces if piece.part is Part.LABEL]
    for quad, place in zip(quads, walker.places, strict=True):
        collector.take(quad.triple, text.position(place))
        if labels and not isinstance(quad.graph_name, DefaultGraph):
            label = labels[max(bisect.bisect(labels, place) - 1, 0)]
            collector.graph(quad.graph_name, text.position(label))


def _parsed(text: Text, rdf_format: Format) -> list[Quad] | None:
    parsed_as = RdfFormat.from_media_type(rdf_format.media_type)
    try:
        return list(parse(text.characters.encode(), parsed_as))
    except SyntaxError:
        return None


def _agree(quads: list[Quad], places: list[int], characters: str) -> bool:
    """Whether there is a place for each quad, and a literal at the place of each literal."""
    if len(quads) != len(places):
        return False
    return all(
        (character := characters[place]) in _EITHER
        or isinstance(quad.object, Literal) == (character in _LITERAL_BEGINNINGS)
        for quad, place in zip(quads, places, strict=True)
    )
