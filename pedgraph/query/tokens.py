"""The tokens of a SPARQL text, as far as they are needed to tell keywords from everything that only looks like one.

Terminals follow SPARQL 1.1 Query, section 19.8. This is no parser: a text that is not SPARQL gives some tokens too, and
it is the engine that says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME_ESCAPE = r"\\[_~.\-!$&'()*+,;=/?\#@%]"
# Every loop is possessive or bounded, and what is not closed is one token to the end, so the time is linear.
_TERMINALS = rf"""
    (?P<skipped>  (?: [\s\ufeff.;,=*/|^!+\-&>~%\\]++ | \#[^\r\n]*+ | [?$]\w++ )++ )
  | (?P<iri>      < (?: [^\x00-\x20<>"{{}}|^`\\] | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}} )*+ > )
  | (?P<string>   \"\"\" (?: [^"\\] | \\. | "(?!"") )*+ \"\"\"
                | \'\'\' (?: [^'\\] | \\. | '(?!'') )*+ \'\'\'
                | "(?!"") (?: [^"\\\r\n] | \\. )*+ "?
                | '(?!'') (?: [^'\\\r\n] | \\. )*+ '? )
  | (?P<unclosed> (?: \"\"\" | \'\'\' ) .*+ )
  | (?P<language> @[A-Za-z]++ (?: -[A-Za-z0-9]++ )*+ )
  | (?P<prefixed> (?: [^\W\d_][\w.\-\u00b7]{{0,255}} )? : (?: [\w.\-:\u00b7] | %[0-9A-Fa-f]{{2}} | {_NAME_ESCAPE} )*+ )
  | (?P<number>   [0-9]++ (?: \.[0-9]*+ )? (?: [eE][+-]?[0-9]++ )? )
  | (?P<word>     [^\W\d_]\w*+ )
  | (?P<other>    . )
"""
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")
_TERMINAL: Final = re.compile(_TERMINALS, re.VERBOSE | re.DOTALL)
# Combining marks and joiners may stand inside of a name, though they are no letters.
_VARIABLE: Final = re.compile(r"\#[^\r\n]*+|[?$]([\w\u00b7\u0300-\u036f\u203f\u2040]++)")
_LAST_CODE_POINT: Final = 0x10FFFF
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (the name of the terminal), its text, and its offset in characters."""

    kind: str
    text: str
    offset: int

    def is_word(self, word: str) -> bool:
        """Whether this is the given keyword, in any case."""
        return self.kind == "word" and self.text.upper() == word


def tokens(text: str) -> Iterator[Token]:
    """Yields all tokens of a text but white space, comments, variables, separators and operators."""
    for match in _TERMINAL.finditer(text):
        kind = match.lastgroup or ""
        if kind != "skipped":
            yield Token(kind, match.group(), match.start())


def variables(text: str) -> Iterator[str]:
    """Yields the names of all variables of a text in their order, as often as they occur."""
    for match in _TERMINAL.finditer(text):
        if match.lastgroup == "skipped":
            for found in _VARIABLE.finditer(match.group()):
                if found[1] is not None:
                    yield found[1]


def nesting(found: Iterable[Token]) -> Iterator[tuple[Token, list[str]]]:
    """Yields each token with the brackets that are open after it, outermost first; the list changes as it goes on."""
    opened: list[str] = []
    for token in found:
        if token.text in _OPENING:
            opened.append(token.text)
        elif token.text in _CLOSING and opened:
            opened.pop()
        yield token, opened


def unescaped(text: str) -> str:
    r"""The text with its ``\u`` and ``\U`` escapes resolved (SPARQL 1.1 Query, section 19.2)."""

    def resolve(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= _LAST_CODE_POINT else match[0]

    return _ESCAPE.sub(resolve, text)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1
