"""Turtle and TriG with errors in them: each statement is read by itself, so that an error costs no more than itself.

A term that cannot be read is replaced by a stand-in and the statements with the stand-in are left out, so that the
rest of what is said about the subject counts; then the parser says what else is wrong with the statement.
"""

from __future__ import annotations

import bisect
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from pedgraph.intake.parsing import detail_of
from pedgraph.intake.reading import lexing, rules, terms
from pedgraph.intake.reading.documents import problem
from pedgraph.intake.reading.walking import Part, Piece, Walker
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.reading.collecting import Collector
    from pedgraph.intake.reading.texts import Text

# Statements without end are not begun anew for ever, as each time all the rest is walked over.
_WALKED_AGAIN_MAX_CHARACTERS: Final = 1_000_000
_PREFIX: Final = re.compile(r"[^\s<>\"'#;,()\[\]{}^@\\:]*:")
_NUMBER_OF_DIRECTIVE_TERMS: Final = {"@prefix": 3, "prefix": 3, "@base": 2, "base": 2, "@version": 2, "version": 2}


@dataclass
class Mended:
    """A statement with stand-ins. ``problems`` has the finding for each of them, by its number."""

    characters: str
    problems: list[Finding] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    originals: list[int] = field(default_factory=list)

    def original(self, offset: int) -> int:
        """The offset in the text of the file for one in these characters."""
        index = bisect.bisect_right(self.starts, offset) - 1
        return self.originals[index] + offset - self.starts[index]


class Mender:
    """Reads the pieces of a text one by one into a collector."""

    def __init__(self, text: Text, collector: Collector, *, is_trig: bool) -> None:
        self._text = text
        self._collector = collector
        self._is_trig = is_trig
        self._prefixes: dict[str, str] = {}
        self._base: str | None = None
        self._undeclared: dict[str, list[int]] = {}
        self._walked_again = 0
        self._work: deque[tuple[Piece, list[int]]] = deque()

    def mend(self, walker: Walker) -> None:
        """Reads all pieces that the walk over the text has found."""
        self._queue(walker)
        while self._work and not self._collector.is_full:
            piece, places = self._work.popleft()
            if piece.part is Part.DIRECTIVE:
                self._direct(piece)
            elif piece.part is Part.LABEL:
                self._label(piece)
            else:
                self._read(piece, places)
        for prefix, offsets in self._undeclared.items():
            iri = PREFIXES.get(prefix, "https://example.org/")
            declaration = f"@prefix {prefix}: <{iri}> ."
            position = self._text.position(offsets[0])
            variables = {"prefix": f"{prefix}:", "declaration": declaration, "number": str(len(offsets))}
            self._collector.complain(problem(rules.UNDECLARED_PREFIX, position, value=f"{prefix}:", **variables))

    def _queue(self, walker: Walker) -> None:
        found = [(each, walker.places[each.first_place : each.last_place]) for each in walker.pieces]
        self._work.extendleft(reversed(found))

    def _again(self, start: int, end: int) -> None:
        self._walked_again += end - start
        if self._walked_again > _WALKED_AGAIN_MAX_CHARACTERS:
            return
        walker = Walker()
        walker.walk(self._text.characters, start, end)
        self._queue(walker)

    def _direct(self, piece: Piece) -> None:
        """Takes a declaration of a prefix or base (RDF 1.1 Turtle, section 2.4)."""
        characters = self._text.characters
        found = list(lexing.tokens(characters, piece.start, piece.end))
        words = [characters[start:end] for _, start, end in found]
        number = _NUMBER_OF_DIRECTIVE_TERMS[words[0].lower()]
        if words[0].startswith("@") and len(words) > number and words[number] != ".":
            self._complain(rules.SYNTAX, found[number][1], detail="'.' expected")
            self._again(found[number][1], piece.end)
        name = words[1].removesuffix(":") if number == len(("prefix", "name", "iri")) and len(words) > 1 else None
        probe = "<x:s> <x:p> <> ." if name is None else f"<x:s> <x:p> {name}: ."
        stop = " ." if words[0].startswith("@") else ""
        declaration = f"{' '.join(words[:number])}{stop}\n"
        try:
            (quad,) = parse(f"{self._bases()}{declaration}{probe}".encode(), RdfFormat.TURTLE)
        except SyntaxError as error:
            self._complain_of_term(error, found[min(number, len(found)) - 1][1], words[min(number, len(words)) - 1])
            return
        assert isinstance(quad.object, NamedNode)
        if name is None:
            self._base = quad.object.value
        else:
            self._prefixes[name] = quad.object.value

    def _complain_of_term(self, error: SyntaxError, offset: int, word: str) -> None:
        rule = terms.rule_of(error)
        self._complain(rule, offset, detail=detail_of(error), value=rules.shown(word))

    def _label(self, piece: Piece) -> None:
        characters = self._text.characters[piece.start : piece.end]
        if not self._is_trig:
            self._complain(rules.SYNTAX, piece.start, detail="a named graph in Turtle: it is TriG that has them")
        mended = self._mended(piece)
        head = self._head(mended.characters)
        for finding in mended.problems:
            self._collector.complain(finding)
        try:
            quads = list(parse(f"{head}{mended.characters} <x:p> <x:o> .".encode(), RdfFormat.TURTLE))
        except SyntaxError:
            quads = []
        for quad in quads:
            if not isinstance(quad.subject, Triple) and not characters.startswith("["):
                self._collector.graph(quad.subject, self._text.position(piece.start))

    def _read(self, piece: Piece, places: list[int]) -> None:
        characters = self._text.characters[piece.start : piece.end]
        quads, error = self._parsed(characters)
        if error is None and (len(quads) == len(places) or not piece.is_certain):
            self._take(quads, places, piece, [])
            return
        mended = self._mended(piece)
        head_lines = 1
        quads, error = self._parsed(mended.characters)
        if error is not None:
            line, column = error.lineno or 1, error.offset or 1
            inside = _offset(mended.characters, line - head_lines, column)
            self._complain_of_statement(piece, mended.original(inside), error, quads)
        self._take(quads, places, piece, mended.problems)

    def _complain_of_statement(self, piece: Piece, offset: int, error: SyntaxError, quads: list[Quad]) -> None:
        offset = min(offset, max(piece.start, piece.end - 1))
        named = (quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
        subject = next((iri for iri in named if not iri.startswith(terms.STAND_IN)), "")
        self._complain(rules.SYNTAX, offset, detail=detail_of(error), focus_node=subject)
        position, start = self._text.position(offset), self._text.position(piece.start)
        # What stands below the beginning of the statement, and not in it, begins another one: a full stop is missing.
        if offset > piece.start and position.column == start.column:
            line_start = offset - position.column + 1
            if not self._text.characters[line_start:offset].strip():
                self._again(offset, piece.end)

    def _take(self, quads: list[Quad], places: list[int], piece: Piece, problems: list[Finding]) -> None:
        """Takes the statements, without those that have a stand-in; their subjects are told to the problems."""
        about: dict[int, Quad] = {}
        for index, quad in enumerate(quads):
            numbers = terms.stand_ins(quad)
            for number in numbers:
                about.setdefault(number, quad)
            if not numbers:
                offset = places[index] if index < len(places) else piece.start
                self._collector.take(quad.triple, self._text.position(offset))
        for number, finding in enumerate(problems):
            self._collector.complain(terms.about(finding, about.get(number)))

    def _parsed(self, characters: str) -> tuple[list[Quad], SyntaxError | None]:
        stop = "" if characters.endswith(".") else " ."
        content = f"{self._head(characters)}{characters}{stop}".encode()
        quads = []
        try:
            for quad in parse(content, RdfFormat.TURTLE):
                quads.append(quad)  # noqa: PERF402 - what came before an error is kept
        except SyntaxError as error:
            return quads, error
        return quads, None

    def _bases(self) -> str:
        return "" if self._base is None else f"@base <{self._base}> . "

    def _head(self, characters: str) -> str:
        """The declarations that a statement needs, on one line."""
        used = {each[:-1] for each in _PREFIX.findall(characters)} & self._prefixes.keys()
        return self._bases() + " ".join(f"@prefix {each}: <{self._prefixes[each]}> ." for each in sorted(used)) + "\n"

    def _mended(self, piece: Piece) -> Mended:
        characters, parts, length = self._text.characters, [], 0
        mended = Mended("")
        last = piece.start
        for kind, start, end in lexing.tokens(characters, piece.start, piece.end):
            replacement = self._replacement(kind, start, characters[start:end], mended.problems)
            if replacement is None:
                continue
            for part, original in ((characters[last:start], last), (replacement, start)):
                mended.starts.append(length)
                mended.originals.append(original)
                parts.append(part)
                length += len(part)
            last = end
        mended.starts.append(length)
        mended.originals.append(last)
        mended.characters = "".join([*parts, characters[last : piece.end]])
        return mended

    def _replacement(self, kind: int, start: int, word: str, problems: list[Finding]) -> str | None:
        """What is to stand in the place of a token, or ``None`` where it is as it should be."""
        stand_in = f"<{terms.STAND_IN}{len(problems)}>"
        if kind == lexing.WORD:
            return self._named(start, word)
        if kind == lexing.UNCLOSED and len(word) > 1:
            rule = rules.BAD_IRI if word.startswith("<") else rules.UNCLOSED_TEXT
            problems.append(self._problem(rule, start, value=rules.shown(word)))
            return stand_in
        error = terms.error_in(kind, word, self._base)
        if error is None:
            return None
        rule = rules.BAD_LANGUAGE if kind == lexing.TAG else terms.rule_of(error)
        problems.append(self._problem(rule, start, value=rules.shown(word), detail=detail_of(error)))
        return f"^^{stand_in}" if kind == lexing.TAG else stand_in

    def _named(self, start: int, word: str) -> str | None:
        """A stand-in for a name whose prefix neither the file nor pedgraph knows."""
        prefix, colon, _ = word.partition(":")
        if not colon or prefix == "_" or prefix in self._prefixes:
            return None
        self._undeclared.setdefault(prefix, []).append(start)
        if prefix in PREFIXES:
            # Everybody who writes it means the same, so that reading can go on.
            self._prefixes[prefix] = PREFIXES[prefix]
        return None if prefix in self._prefixes else f"<{terms.STAND_IN}none>"

    def _problem(self, rule: str, offset: int, *, value: str = "", focus_node: str = "", detail: str = "") -> Finding:
        found = {"detail": detail, "found": value}
        variables = {name: text for name, text in found.items() if text}
        return problem(rule, self._text.position(offset), focus_node=focus_node, value=value, **variables)

    def _complain(self, rule: str, offset: int, **given: str) -> None:
        self._collector.complain(self._problem(rule, offset, **given))


def _offset(characters: str, line: int, column: int) -> int:
    starts = [0, *(end.end() for end in re.finditer(r"\r\n?|\n", characters))]
    return starts[min(max(line, 1), len(starts)) - 1] + column - 1
