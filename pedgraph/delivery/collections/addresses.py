"""Addresses of a list: the same one with another page, another value of a filter, another order or format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence

    Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Addresses:
    """Makes relative references (RFC 3986, section 4.2) from the address of a list.

    ``name`` is the last part of its path. ``kept`` says what is in the list and in which order, ``more`` how it is
    shown; ``pinned`` is the version that was asked for, if one was.
    """

    name: str
    kept: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...] = ()
    pinned: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """What says which items are in the list, as it stands in its address; empty where all are."""
        return self._reference(self.kept) if self.kept else ""

    def page(self, version: int, cursor: str = "") -> str:
        """The address of a page, of this version for ever."""
        place = [("cursor", cursor)] if cursor else []
        return self._reference([*self.kept, *self.more, ("version", str(version)), *place])

    def toggled(self, name: str, value: str, given: Sequence[str]) -> str:
        """The list with a value of a filter put on or, where ``given`` ways to write it stand there, off."""
        others = [pair for pair in self.kept if pair[0] != name or pair[1] not in given]
        put_on = [] if len(others) < len(self.kept) else [(name, value)]
        return self._reference([*others, *put_on, *self.pinned])

    def with_one(self, name: str, value: str) -> str:
        """The list with one value for a parameter; an empty one takes it away."""
        others = [pair for pair in self.kept if pair[0] != name]
        return self._reference([*others, *([(name, value)] if value else []), *self.pinned])

    def cleared(self) -> str:
        """The list without filters."""
        return self._reference([*[pair for pair in self.kept if pair[0] == "sort"], *self.pinned])

    def _reference(self, pairs: Pairs) -> str:
        return f"?{urlencode(pairs, quote_via=quote, safe='/:,')}" if pairs else f"./{self.name}"
