"""Units as people read them beside a number."""

from __future__ import annotations

from typing import Final

from pedgraph.vocabulary.iris import PREFIXES

_UNITS: Final = PREFIXES["unit"]
# Signs of QUDT that are read as other words, or that say nothing beside a number: what is counted has no unit.
_WORDS: Final = {_UNITS + "NUM": "", _UNITS + "YR": "years", _UNITS + "MO_MeanJulian": "months"}


def unit_words(iri: str, symbol: str) -> str:
    """What is written after a number in a unit whose sign is ``symbol``; empty for what is counted."""
    return _WORDS[iri] if iri in _WORDS else symbol.partition("{")[0]
