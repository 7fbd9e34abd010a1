"""All signs of a query: the tokens of :mod:`pedgraph.query.tokens` and what that leaves out between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.query.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.query.tokens import Token

_BETWEEN: Final = re.compile(
    r"(?P<comment>#[^\r\n]*)|(?P<variable>[?$]\w+)|(?P<mark>\^\^|&&|\|\||<=|>=|!=|[^\s\ufeff])"
)
_LAST_DOTS: Final = re.compile(r"(?<!\\)\.+\Z")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A sign: its kind, its text and its offset. Kinds: those of tokens, and ``variable``, ``blank``, ``mark``.

    :func:`with_literals` makes ``literal`` of what belongs to one.
    """

    kind: str
    text: str
    offset: int

    @property
    def end(self) -> int:
        """The offset behind the sign."""
        return self.offset + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether this is one of the given keywords, in any case."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, *marks: str) -> bool:
        """Whether this is one of the given separators, brackets or operators."""
        return self.kind == "mark" and self.text in marks


def lexemes(text: str) -> list[Lexeme]:
    """All signs of a text but white space and comments; any text has some."""
    found: list[Lexeme] = []
    at = 0
    for token in tokens(text):
        found += _between(text, at, token.offset)
        at = token.offset + len(token.text)
        found += _of_token(token, found)
    found += _between(text, at, len(text))
    return found


def with_literals(found: Sequence[Lexeme]) -> list[Lexeme]:
    """The same signs, but a string is one with its language tag or datatype (SPARQL 1.1 Query, section 4.1.2)."""
    joined: list[Lexeme] = []
    index = 0
    while index < len(found):
        lexeme, following = found[index], found[index + 1 : index + 3]
        index += 1
        if lexeme.kind == "number" or lexeme.is_word("TRUE", "FALSE"):
            text = lexeme.text if lexeme.kind == "number" else lexeme.text.lower()
            joined.append(Lexeme("literal", text, lexeme.offset))
            continue
        if lexeme.kind != "string":
            joined.append(lexeme)
            continue
        text = lexeme.text
        if following and following[0].kind == "language":
            text += following[0].text
            index += 1
        elif len(following) > 1 and following[0].is_mark("^^") and following[1].kind in {"iri", "prefixed"}:
            text += "^^" + following[1].text
            index += 2
        joined.append(Lexeme("literal", text, lexeme.offset))
    return joined


def _between(text: str, start: int, end: int) -> Iterator[Lexeme]:
    for match in _BETWEEN.finditer(text, start, end):
        if match.lastgroup != "comment":
            yield Lexeme(match.lastgroup or "", match.group(), match.start())


def _of_token(token: Token, before: list[Lexeme]) -> Iterator[Lexeme]:
    kind, text, offset = token.kind, token.text, token.offset
    if kind == "other":
        yield Lexeme("mark", text, offset)
        return
    if kind == "prefixed" and text.startswith(":") and before and before[-1].text == "_" and before[-1].end == offset:
        before.pop()
        kind, text, offset = "blank", "_" + text, offset - 1
    # A name and a number do not end with a dot: it ends the triple.
    bare = _LAST_DOTS.sub("", text) if kind in {"prefixed", "blank", "number"} else text
    yield Lexeme(kind, bare, offset)
    for index in range(len(bare), len(text)):
        yield Lexeme("mark", ".", offset + index)
