"""Places where the engine reads a text otherwise than the standard does, so that a check would look at another query.

SPARQL 1.1 Query, section 19.8, takes the longest token that fits; the engine takes what its grammar allows at the
place. Where the two differ, the text is refused and the message says how to write what was meant.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pedgraph.errors import QuerySyntaxError
from pedgraph.query.tokens import nesting, position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.query.tokens import Token

_COMMENT: Final = re.compile(r"#[^\r\n]*")
# What would begin a comment or a string, or change the nesting, if it did not stand inside of an IRI.
_CODE_IN_IRI: Final = re.compile(r"[#'()\[\]]")
_SCHEME: Final = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]*):(//)?")
_OPERANDS: Final = frozenset({"iri", "string", "language", "prefixed", "number"})
_OPERAND_WORDS: Final = frozenset({"TRUE", "FALSE", "UNDEF"})


def refuse_what_reads_otherwise(text: str, found: Sequence[Token]) -> None:
    """Refuses long strings without an end, and "less than" signs that make an IRI with what follows them.

    Takes a text and its tokens; raises :class:`QuerySyntaxError` with the place.
    """
    for token in found:
        if token.kind == "unclosed":
            raise _at(text, token, f"The string that begins with {token.text[:3]} here has no end.")
    prefixes = set(_declared_prefixes(found))
    for index, (token, opened) in enumerate(nesting(found)):
        may_mislead = token.kind == "iri" and opened[-1:] == ["("] and _CODE_IN_IRI.search(token.text)
        if may_mislead and not _is_plainly_absolute(token.text, prefixes) and _follows_operand(text, found, index):
            raise _at(
                text, token, f"{token.text} is read as one IRI. Where '<' means 'less than', put a space after it."
            )


def refuse_glued_clause(text: str, token: Token, prologue: Sequence[Token]) -> None:
    """Refuses a ``FROM`` that is written in one with what follows it.

    Takes a token that begins with ``FROM`` and the tokens of the prologue, in which a prefix may be declared that only
    looks like one; raises :class:`QuerySyntaxError` with the place.
    """
    is_declared = token.kind == "prefixed" and token.text.partition(":")[0] in _declared_prefixes(prologue)
    if token.kind == "word" or (token.kind == "prefixed" and not is_declared):
        raise _at(text, token, f"'{token.text}' is one word here. Put a space after FROM and after NAMED.")


def _declared_prefixes(found: Sequence[Token]) -> Iterator[str]:
    for before, token in pairwise(found):
        if before.is_word("PREFIX") and token.kind == "prefixed":
            yield token.text.partition(":")[0]


def _is_plainly_absolute(iri: str, prefixes: set[str]) -> bool:
    """Whether an IRI cannot be read as a comparison with a prefixed name."""
    scheme = _SCHEME.match(iri)
    return scheme is not None and (scheme[2] is not None or scheme[1] not in prefixes)


def _follows_operand(text: str, found: Sequence[Token], index: int) -> bool:
    before = found[index - 1]
    between = _COMMENT.sub("", text[before.offset + len(before.text) : found[index].offset]).rstrip()
    if between:
        # Variables are no tokens; whatever else stands between tokens is an operator or a separator.
        return between[-1].isalnum() or between[-1] == "_"
    return before.kind in _OPERANDS or before.text in {")", "]"} or before.text.upper() in _OPERAND_WORDS


def _at(text: str, token: Token, detail: str) -> QuerySyntaxError:
    line, column = position(text, token.offset)
    return QuerySyntaxError(detail, line=line, column=column)
