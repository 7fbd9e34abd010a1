"""Whether a query may answer differently when it is asked again of the same version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.query.tokens import tokens, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.query.tokens import Token

# UUID stands for STRUUID too. The engine takes words apart that the standard reads as one (BYRAND), so the end counts.
_VOLATILE_ENDS: Final = ("RAND", "NOW", "UUID", "BNODE", "SERVICE")


def is_volatile(text: str, found: Sequence[Token]) -> bool:
    r"""Whether a text uses ``RAND``, ``NOW``, ``UUID``, ``STRUUID`` or ``BNODE`` (SPARQL 1.1 Query, section 17.4), asks
    another endpoint with ``SERVICE``, or constructs blank nodes, whose labels are new each time.

    Takes a text and its tokens, the form of the query first. In doubt, as with words that have ``\u`` escapes, the
    answer is yes.
    """
    if found[0].is_word("CONSTRUCT") and _has_blank_nodes(found):
        return True
    hidden: Iterable[Token] = tokens(unescaped(text)) if "\\u" in text or "\\U" in text else ()
    return any(_is_volatile_word(token) for candidates in (found, hidden) for token in candidates)


def _is_volatile_word(token: Token) -> bool:
    return token.kind == "word" and token.text.upper().endswith(_VOLATILE_ENDS)


def _has_blank_nodes(found: Sequence[Token]) -> bool:
    """Whether the template of a CONSTRUCT has blank nodes, or lists, which are made of them."""
    for token in found[1:]:
        if token.text in {"[", "(", "_"}:
            return True
        if token.text == "}" or token.is_word("WHERE"):
            return False
    return False
