"""Finds the star of ``SELECT *`` and the variables of a query in their order, for :mod:`pedgraph.store.columns`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pedgraph.query.tokens import variables
from pedgraph.store.columns import Star

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.tokens import Token

_GAP: Final = r"(?: \s | \#[^\r\n]*+ )*+"
_STAR: Final = re.compile(rf"{_GAP} (?: (?: DISTINCT | REDUCED ) {_GAP} )? \*", re.VERBOSE | re.IGNORECASE)
# The same patterns bind the same variables; nobody is called.
_SAME_LENGTH: Final = {"SERVICE": "GRAPH  ", "SILENT": "      "}


def find_star(text: str, found: Sequence[Token], form_at: int) -> Star | None:
    """The star of a query; ``None`` where it names its columns or is no SELECT.

    Takes the text, its tokens, and the index of the one that says its form.
    """
    form = found[form_at]
    if not form.is_word("SELECT"):
        return None
    star = _STAR.match(text, form.offset + len(form.text))
    if star is None:
        return None
    asked = list(text)
    for token in found:
        if token.kind == "word" and (other := _SAME_LENGTH.get(token.text.upper())) is not None:
            asked[token.offset : token.offset + len(other)] = other
    return Star(star.end() - 1, tuple(dict.fromkeys(variables(text))), "".join(asked))
