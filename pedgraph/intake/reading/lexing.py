"""The tokens of Turtle and TriG with their places (RDF 1.1 Turtle, section 6.5).

This cuts a text; whether a token is valid, and what it means, the parser decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

IRI: Final = 1
TEXT: Final = 2
TAG: Final = 3
NUMBER: Final = 4
WORD: Final = 5
MARK: Final = 6
UNCLOSED: Final = 7

# Possessive or bounded throughout: the time grows with the length, whatever the text.
_TOKEN: Final = re.compile(
    r"""
    (?:[\s\ufeff]++|\#[^\r\n]*+)*+
    (?:
      (<(?!<)[^<>\r\n]*+>)
    | (\"{3}(?:[^"\\]++|\\.|\"(?!\"\"))*+\"{3}|'{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
      |\"(?!\"\")(?:[^"\\\r\n]++|\\[^\r\n])*+\"|'(?!'')(?:[^'\\\r\n]++|\\[^\r\n])*+'|\"\"(?!\")|''(?!'))
    | (@[A-Za-z][A-Za-z0-9-]*+)
    | ([+-]?(?:[0-9]++(?:\.[0-9]*+)?[eE][+-]?[0-9]++|\.[0-9]++[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
       (?![^\s<>"'\#;,()\[\]{}^@.|~]))
    | ((?:[^\s<>"'\#;,()\[\]{}^@\\.|~]|\\[^\r\n]|\.{1,9}+(?=[^\s<>"'\#;,()\[\]{}^@.|~]))++)
    | (\^\^|<<\(?|\)>>|>>|\{\||\|\}|[\[\](){}.;,~])
    | (\"{3}.*+|'{3}.*+|<[^\s<>]*+
      |["'][^\r\n]*?(?=[ \t]{0,9}[.;,]?[ \t]{0,9}(?:[\r\n]|\Z))|.)
    | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yields (kind, start, end) of each token between two offsets; ``UNCLOSED`` is what no other kind begins like."""
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastindex
        if kind is None:
            return
        yield kind, match.start(kind), match.end(kind)
