"""Texts of a web form: markup that is taken out and never obeyed, and texts as findings may show them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from pedgraph.intake.reading.json_text import Number
from pedgraph.intake.reading.rules import shown

_MAYBE_MARKUP: Final = re.compile("[<&]")
_SILENT: Final = frozenset({"script", "style"})
_ADDRESS: Final = re.compile(r"[^\s,;:<>()\"']{0,80}@[A-Za-z0-9.-]+")
_HIDDEN: Final = "…@…"
_LONGEST_CHARACTERS: Final = 1_000


class _Words(HTMLParser):
    """The characters of a text that are no markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.has_markup = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the signature of the library
        self.has_markup = True
        self._silent += tag in _SILENT
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.has_markup = True
        self._silent = max(0, self._silent - (tag in _SILENT))
        self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the signature of the library
        self.has_markup = True
        self.words.append(" ")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the signature of the library
        self.has_markup = True

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def plain(text: str) -> tuple[str, bool]:
    """A text on one line, without markup, and whether there was any. What stands for a character, as ``&amp;`` does,
    becomes that character (HTML, section 13.5).
    """
    if not _MAYBE_MARKUP.search(text):
        return " ".join(text.split()), False
    parser = _Words()
    parser.feed(text)
    parser.close()
    return " ".join("".join(parser.words).split()), parser.has_markup


def told(value: object) -> str:
    """A value as a finding shows it: on one line, shortened, and without e-mail addresses."""
    if isinstance(value, Number):
        return value.text
    return shown(hidden(str(value)[:_LONGEST_CHARACTERS]))


def hidden(text: str) -> str:
    """A text with all that looks like an e-mail address made unreadable."""
    return _ADDRESS.sub(_HIDDEN, text) if "@" in text else text
