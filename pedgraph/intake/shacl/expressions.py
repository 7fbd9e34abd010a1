"""Regular expressions of Python as those of the engine."""

from __future__ import annotations

import re
from typing import Final

from pedgraph.intake.shacl.terms_in_sparql import Untranslatable

# What Python counts as a letter or digit, and as white space, in the classes that the engine knows.
_WORD: Final = r"\p{L}\p{N}_"
_SPACE: Final = r"\s\x1c-\x1f"
_CLASSES: Final = {
    "w": (f"[{_WORD}]", _WORD), "W": (f"[^{_WORD}]", f"[^{_WORD}]"), "s": (f"[{_SPACE}]", _SPACE),
    "S": (f"[^{_SPACE}]", f"[^{_SPACE}]"), "d": (r"\d", r"\d"), "D": (r"\D", r"\D"),
}  # fmt: skip
_SAME: Final = frozenset(r"\.+*?()|[]{}^$-/nrt")


def for_engine(pattern: str) -> str:
    """The expression that matches in the engine what a pattern matches in Python.

    Raises :class:`Untranslatable` where the two may differ.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise Untranslatable("a pattern that is none") from error
    out, position, is_in_class = [], 0, False
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\":
            out.append(_escape(pattern[position + 1 : position + 2], is_in_class=is_in_class))
            position += 2
            continue
        if is_in_class:
            is_in_class = sign != "]"
            if sign == "[" or pattern[position : position + 2] in {"&&", "~~", "--"}:
                raise Untranslatable("a set of signs that the engine reads otherwise")
        elif sign == "[":
            is_in_class = True
            length = 2 if pattern.startswith("[^", position) else 1
            if pattern.startswith("]", position + length):
                raise Untranslatable("a set of signs that begins with a bracket")
            out.append(pattern[position : position + length])
            position += length
            continue
        elif pattern.startswith("(?", position) and not pattern.startswith("(?:", position):
            raise Untranslatable("a group of a special kind")
        elif sign == "$":
            sign = r"(?:\n?\z)"
        out.append(sign)
        position += 1
    return "".join(out)


def _escape(sign: str, *, is_in_class: bool) -> str:
    if sign in _CLASSES:
        return _CLASSES[sign][is_in_class]
    if sign in _SAME and sign:
        return "\\" + sign
    raise Untranslatable("an escape that the engine may read otherwise")
