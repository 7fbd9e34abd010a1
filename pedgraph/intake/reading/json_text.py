"""JSON with the place of each value (RFC 8259), read without recursion and only so deep."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.reading import rules
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from pedgraph.intake.findings import Finding
    from pedgraph.intake.reading.texts import Text

DEPTH_MAX: Final = 100
_TOKEN: Final = re.compile(
    r"[ \t\r\n]*+(?:(\"(?:[^\"\\\x00-\x1f]++|\\.)*+\")|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    r"|(true|false|null)|([{}\[\],:])|(\Z)|(.))",
    re.DOTALL,
)
_STRING, _NUMBER, _WORD, _MARK, _END = range(1, 6)
_WORDS: Final = {"true": True, "false": False, "null": None}
_DIGITS_MAX: Final = 1_000


class Object(dict[str, Any]):
    """A JSON object; ``offset`` is where it begins, ``offsets`` where each of its members does."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset
        self.offsets: dict[str, int] = {}


class Array(list[Any]):
    """A JSON array; ``offset`` is where it begins, ``offsets`` where each of its items does."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset
        self.offsets: list[int] = []


class Number(float):
    """A number with a fraction or an exponent, which remembers how it was written."""

    text: str = ""


class JsonReader:
    """Reads one text. ``problems`` is what is wrong with it; with a problem of syntax there is no value."""

    def __init__(self, text: Text) -> None:
        self.problems: list[Finding] = []
        self.value: Any = None
        self._text = text
        self._stack: list[Object | Array] = []
        self._key: str | None = None

    def read(self) -> bool:
        """Whether there is a value to go on with."""
        expected = "value"
        characters = self._text.characters
        for match in _TOKEN.finditer(characters):
            kind = match.lastindex
            assert kind is not None
            start, word = match.start(kind), match[kind]
            if kind == _END:
                if expected != "end":
                    self._complain(start, "the end of the file, where more should come")
                break
            following = self._step(kind, start, word, expected)
            if following is None:
                break
            expected = following
        return not any(each.rule in {rules.SYNTAX, rules.TOO_DEEP} for each in self.problems)

    def _step(self, kind: int, start: int, word: str, expected: str) -> str | None:
        """What is expected after a token, or ``None`` after an error."""
        if kind == _MARK and word in "]}":
            return self._close(start, word, expected)
        if expected in {"value", "value or end"} and (kind != _MARK or word in "[{"):
            return self._value(kind, start, word)
        if expected in {"key", "key or end"} and kind == _STRING:
            self._key = self._string(start, word)
            return None if self._key is None else ":"
        if expected == ":" and word == ":":
            return "value"
        if expected == ", or end" and word == ",":
            return "key" if isinstance(self._stack[-1], Object) else "value"
        self._complain(start, f"{rules.shown(word)!r}, where {_NAMES[expected]} should come")
        return None

    def _value(self, kind: int, start: int, word: str) -> str | None:
        value: Any
        if kind == _MARK:
            return self._open(start, word)
        if kind == _STRING:
            value = self._string(start, word)
            if value is None:
                return None
        elif kind == _NUMBER:
            value = self._number(start, word)
            if value is None:
                return None
        elif kind == _WORD:
            value = _WORDS[word]
        else:
            self._complain(start, f"{rules.shown(word)!r}, where a value should come")
            return None
        self._add(start, value)
        return self._after()

    def _open(self, start: int, word: str) -> str | None:
        if len(self._stack) == DEPTH_MAX:
            place = self._place(start)
            self.problems.append(problem(rules.TOO_DEEP, place, limit=str(DEPTH_MAX)))
            return None
        container: Object | Array = Object(start) if word == "{" else Array(start)
        self._add(start, container)
        self._stack.append(container)
        return "key or end" if word == "{" else "value or end"

    def _close(self, start: int, word: str, expected: str) -> str | None:
        fits = bool(self._stack) and isinstance(self._stack[-1], Object if word == "}" else Array)
        if not fits or not expected.endswith("or end"):
            self._complain(start, f"{word!r}, where {_NAMES[expected]} should come")
            return None
        self._stack.pop()
        return self._after()

    def _after(self) -> str:
        return ", or end" if self._stack else "end"

    def _add(self, start: int, value: object) -> None:
        if not self._stack:
            self.value = value
            return
        container = self._stack[-1]
        if isinstance(container, Array):
            container.append(value)
            container.offsets.append(start)
            return
        assert self._key is not None
        if self._key in container:
            self.problems.append(problem(rules.TWICE, self._place(start), value=self._key, member=self._key))
        container[self._key] = value
        container.offsets[self._key] = start

    def _string(self, start: int, word: str) -> str | None:
        try:
            text: str = json.loads(word) if "\\" in word else word[1:-1]
            text.encode()
        except ValueError:
            self._complain(start, "a text with an escape that stands for no character")
            return None
        return text

    def _number(self, start: int, word: str) -> int | float | None:
        if len(word) > _DIGITS_MAX or math.isinf(float(word)):
            self._complain(start, "a number that is too large")
            return None
        if word.lstrip("-").isdigit():
            return int(word)
        number = Number(word)
        number.text = word
        return number

    def _complain(self, start: int, detail: str) -> None:
        self.problems.append(problem(rules.SYNTAX, self._place(start), detail=f"here is {detail}"))

    def _place(self, offset: int) -> Position:
        position = self._text.position(offset)
        return Position(position.source, line=position.line, column=position.column, pointer=self._pointer())

    def _pointer(self) -> str:
        """The pointer to the value that is being read, shortened where it is long."""
        steps = []
        for container, inner in zip(self._stack, [*self._stack[1:], None], strict=False):
            if isinstance(container, Array):
                steps.append(str(len(container) - (inner is not None)))
            else:
                last = next(reversed(container), "") if inner is not None else self._key or ""
                steps.append(last)
        return pointer_of(steps)


_NAMES: Final = {
    "value": "a value",
    "value or end": "a value or ']'",
    "key": "a name in double quotes",
    "key or end": "a name in double quotes or '}'",
    ":": "':'",
    ", or end": "',' or a closing bracket",
    "end": "the end of the file",
}


def pointer_of(steps: list[str]) -> str:
    """A JSON pointer as a fragment identifier would begin (RFC 6901, section 6), without percent signs."""
    return "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
