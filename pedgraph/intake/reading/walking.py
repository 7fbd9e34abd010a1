"""Where each triple of a Turtle or TriG text stands, and where its statements begin and end.

A walk over the tokens that follows the grammar (RDF 1.1 Turtle, section 6.5; RDF 1.1 TriG, section 4.5) far enough to
know when the parser hands out a triple: it does so in the order of the text, but what one token completes comes last
first. Nesting costs no stack of Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from pedgraph.intake.reading import lexing

# What may come next.
_START, _VERB, _OBJECT, _AFTER, _FIRST, _ITEM, _NEXT, _OPENED, _DIRECTIVE, _SPARQL_DIRECTIVE, _LOST = range(11)
_TERMS: Final = frozenset({lexing.IRI, lexing.WORD, lexing.NUMBER, lexing.UNCLOSED})
_DIRECTIVES: Final = frozenset({"@prefix", "@base", "@version"})
_SPARQL_DIRECTIVES: Final = frozenset({"prefix", "base", "version"})


class Part(Enum):
    """What a piece of the text is."""

    DIRECTIVE = "directive"
    LABEL = "name of a graph"
    TRIPLES = "triples"


@dataclass(frozen=True)
class Piece:
    """One statement: from where to where it goes in the text, and the places of its triples.

    ``is_certain`` says whether the grammar was followed to its end.
    """

    part: Part
    start: int
    end: int
    first_place: int
    last_place: int
    is_certain: bool


class Walker:
    """Takes tokens one after the other. ``places`` has, for each triple, the offset where its object begins."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.pieces: list[Piece] = []
        self._state = _START
        self._step: list[int] = []
        self._stack: list[tuple[str, int, int]] = []
        self._pending = -1
        self._is_typed = False
        self._start = -1
        self._first_place = 0
        self._end = 0

    def walk(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Walks over a text, or a part of it."""
        for kind, begin, stop in lexing.tokens(text, start, len(text) if end is None else end):
            self._feed(kind, begin, text[begin:stop])
            if self._step:
                self.places.extend(reversed(self._step))
                self._step.clear()
            self._end = stop
            if self._state == _START and self._start >= 0 and not self._stack:
                self._finish(Part.TRIPLES, stop, is_certain=True)
        if self._start >= 0:
            self._finish(Part.TRIPLES, self._end, is_certain=False)

    def _feed(self, kind: int, start: int, word: str) -> None:
        if self._pending >= 0 and self._goes_on(kind, word):
            return
        if self._start < 0:
            self._start = start
        if self._state == _START:
            self._begin(kind, start, word)
        elif kind == lexing.TAG and word in _DIRECTIVES:
            # A full stop is missing before it.
            part = Part.DIRECTIVE if self._state == _DIRECTIVE else Part.TRIPLES
            self._finish(part, self._end, is_certain=False)
            self._start, self._state = start, _DIRECTIVE
        elif word == "." and kind == lexing.MARK:
            self._stop(start + 1)
        elif word in {"{", "}"} and kind == lexing.MARK:
            self._brace(start, word)
        elif self._state == _SPARQL_DIRECTIVE:
            if kind in {lexing.IRI, lexing.TEXT}:
                self._finish(Part.DIRECTIVE, start + len(word), is_certain=True)
        else:
            self._inside(kind, start, word)

    def _begin(self, kind: int, start: int, word: str) -> None:
        if kind == lexing.TAG and word in _DIRECTIVES:
            self._state = _DIRECTIVE
        elif kind == lexing.WORD and word.lower() in _SPARQL_DIRECTIVES:
            self._state = _SPARQL_DIRECTIVE
        elif (kind == lexing.WORD and word.lower() == "graph") or (kind == lexing.MARK and word in {"{", "}", "."}):
            self._start = -1
        else:
            self._term(kind, start, word)

    def _goes_on(self, kind: int, word: str) -> bool:
        """Whether a token still belongs to the text before it; if not, that text is complete."""
        if not self._is_typed and word == "^^":
            self._is_typed = True
            return True
        place, self._pending = self._pending, -1
        is_part = self._is_typed or (kind == lexing.TAG and word not in _DIRECTIVES)
        self._is_typed = False
        self._complete(place)
        return is_part

    def _inside(self, kind: int, start: int, word: str) -> None:
        if self._state == _OPENED and word != "]":
            self._state = _VERB
        state = self._state
        if state in {_FIRST, _NEXT}:
            self._in_list(kind, start, word)
        elif state in {_OBJECT, _ITEM}:
            self._term(kind, start, word)
        elif word == "]" and kind == lexing.MARK and self._stack and self._stack[-1][0] == "[":
            _, place, self._state = self._stack.pop()
            self._complete(place)
        elif state == _VERB and kind in {lexing.IRI, lexing.WORD}:
            self._state = _OBJECT
        elif state in {_VERB, _AFTER} and word == ";":
            self._state = _VERB
        elif state == _AFTER and word == ",":
            self._state = _OBJECT
        elif state != _DIRECTIVE:
            self._state = _LOST

    def _term(self, kind: int, start: int, word: str) -> None:
        if kind in _TERMS:
            self._complete(start)
        elif kind == lexing.TEXT:
            self._pending = start
        elif word in {"[", "("}:
            self._stack.append((word, start, self._state))
            self._state = _OPENED if word == "[" else _FIRST
        else:
            self._state = _LOST

    def _in_list(self, kind: int, start: int, word: str) -> None:
        _, place, outside = self._stack[-1]
        is_first, is_over = self._state == _FIRST, word == ")" and kind == lexing.MARK
        if is_over:
            self._stack.pop()
            self._state = outside
            if is_first:
                self._complete(place)
                return
            self._step.append(place)
            self._state = {_OBJECT: _AFTER, _ITEM: _NEXT}.get(outside, _VERB)
            return
        if not is_first or outside != _START:
            self._step.append(place)
        self._state = _ITEM
        self._term(kind, start, word)

    def _complete(self, place: int) -> None:
        """A term is read to its end."""
        if self._state == _START:
            self._state = _VERB
            return
        self._step.append(place)
        self._state = _AFTER if self._state == _OBJECT else _NEXT

    def _stop(self, end: int) -> None:
        if self._state in {_DIRECTIVE, _SPARQL_DIRECTIVE}:
            self._finish(Part.DIRECTIVE, end, is_certain=True)
        else:
            is_certain = self._state in {_VERB, _AFTER} and not self._stack
            self._finish(Part.TRIPLES, end, is_certain=is_certain)

    def _brace(self, start: int, word: str) -> None:
        if word == "{":
            is_label = self._state == _VERB and not self._stack and not self._step
            self._finish(Part.LABEL if is_label else Part.TRIPLES, self._end, is_certain=is_label)
        else:
            is_certain = self._state in {_VERB, _AFTER} and not self._stack
            self._finish(Part.TRIPLES, start, is_certain=is_certain)

    def _finish(self, part: Part, end: int, *, is_certain: bool) -> None:
        self.places.extend(reversed(self._step))
        self._step.clear()
        self.pieces.append(Piece(part, self._start, end, self._first_place, len(self.places), is_certain))
        self._first_place = len(self.places)
        self._stack.clear()
        self._state, self._start, self._pending, self._is_typed = _START, -1, -1, False
