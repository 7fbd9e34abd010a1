"""Text of others made safe to look at: what steers a terminal, or turns the order of letters round, becomes visible."""

from __future__ import annotations

import unicodedata
from typing import Final

_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
# Format characters that languages need to be written: joiners, and the soft hyphen.
_NEEDED: Final = frozenset("\u200c\u200d\u00ad")


def visible(text: str) -> str:
    """The text with a picture for each control character (Unicode category Cc), so also for line ends and tabs, and a
    mark for format characters (Cf), surrogates and separators of lines.
    """
    return text if text.isprintable() and text.isascii() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in _NEEDED:
        return _UNKNOWN
    return character
