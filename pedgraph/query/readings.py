"""Places where the engine reads a text otherwise than the standard does, so that a check would look at another query.

SPARQL 1.1 Query, section 19.8, takes the longest token that fits; the engine takes what its grammar allows at the
place. Where the two differ, the text is refused and the message says how to write what was meant.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pedgraph.errors import QuerySyntaxError
from pedgraph.query.tokens import position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.query.tokens import Token

_COMMENT: Final = re.compile(r"#[^\r\n]*")
# What would begin a comment or a string, or change the nesting, if it did not stand inside of an IRI.
_CODE_IN_IRI: Final = re.compile(r"[#'()\[\]]")
_SCHEME: Final = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]*):(//)?")
_CLAUSES: Final = re.compile(r"SELECT|GROUP|HAVING|ORDER", re.IGNORECASE)
_CONSTRAINTS: Final = re.compile(r"FILTER|BIND", re.IGNORECASE)
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
    for index, token in _in_expressions(found):
        may_mislead = token.kind == "iri" and _CODE_IN_IRI.search(token.text)
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


def _in_expressions(found: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yields the tokens that stand right inside of parentheses which may hold an expression, with their indexes.

    In all others, those of collections, of rows of VALUES, of paths and of triple terms, there is no "less than". What
    may be a keyword written in one with a name counts as that keyword.
    """
    # For each open bracket: its text, and whether parentheses right inside of it may hold an expression.
    opened: list[tuple[str, bool]] = []
    for index, token in enumerate(found):
        outer, may_hold = opened[-1] if opened else ("", True)
        if token.text == "(":
            before = found[max(index - 2, 0) : index]
            opened.append(("(", not _are_less_thans(before, token.offset) and (may_hold or _calls(before))))
        elif token.text in {"{", "["}:
            opened.append((token.text, may_hold and token.text == "["))
        elif token.text in {"}", ")", "]"}:
            del opened[-1:]
        elif outer == "{" and _CLAUSES.search(_word_in_front(token)):
            opened[-1] = (outer, True)
        elif outer == "(" and may_hold:
            yield index, token


def _calls(before: Sequence[Token]) -> bool:
    """Whether what stands before a parenthesis, the last two tokens of it, may make it that of an expression."""
    is_word = bool(before) and before[-1].kind == "word" and before[-1].text != "a"
    return is_word or any(_CONSTRAINTS.search(_word_in_front(token)) for token in before)


def _word_in_front(token: Token) -> str:
    return token.text.partition(":")[0] if token.kind in {"word", "prefixed"} else ""


def _are_less_thans(before: Sequence[Token], offset: int) -> bool:
    """Whether ``<<`` stands right before an offset, and so makes a triple term of the parenthesis there."""
    return [(token.text, token.offset) for token in before] == [("<", offset - 2), ("<", offset - 1)]


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
