"""What things are called: by their labels in the language asked for, else in English, else as it comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.wording import property_name
from pedgraph.vocabulary.iris import PREFIXES, compact, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.store.candidate import Candidate

_LABELS: Final = tuple(
    PREFIXES[prefix] + local
    for prefix, local in (
        ("rdfs", "label"), ("skos", "prefLabel"), ("dcterms", "title"), ("foaf", "name"), ("schema", "name"),
    )
)  # fmt: skip
_SYMBOL: Final = PREFIXES["qudt"] + "symbol"
# Count and fraction are units that nobody says.
_UNSPOKEN: Final = frozenset({PREFIXES["unit"] + "NUM", PREFIXES["unit"] + "FRACTION"})
_LONGEST_TEXT: Final = 300
_DECIMALS: Final = re.compile(r"[+-]?\d+\.\d+")


class Names:
    """Labels out of the version before and after a change; each is read once."""

    def __init__(self, before: Candidate, after: Candidate, language: str) -> None:
        self.language = language
        self._stores = (after, before)
        self._known: dict[str, str] = {}

    def of(self, iri: str) -> str:
        """The label of a thing or property, or its short name where it has none."""
        if iri not in self._known:
            self._known[iri] = shortened(self._find(iri) if is_absolute(iri) else iri)
        return self._known[iri]

    def of_term(self, term: object) -> str:
        """A value in words: the label of a thing, or what a literal says."""
        if isinstance(term, NamedNode):
            return self.of(term.value)
        return plain(term) if isinstance(term, Literal) else shortened(str(term))

    def quantity(self, value: object, unit: object) -> str:
        """A number with the symbol of its unit."""
        text = self.of_term(value)
        if not isinstance(unit, NamedNode) or unit.value in _UNSPOKEN:
            return text
        return f"{text} {self._symbol(unit.value)}"

    def _symbol(self, unit: str) -> str:
        for store in self._stores:
            symbols = sorted(plain(each.object) for each in store.about(unit, _SYMBOL))
            if symbols:
                return symbols[0]
        return self.of(unit)

    def _find(self, iri: str) -> str:
        fixed = property_name(self.language, iri)
        if fixed is not None:
            return fixed
        for store in self._stores:
            for predicate in _LABELS:
                found = best((each.object for each in store.about(iri, predicate)), self.language)
                if found:
                    return found
        return compact(iri).strip("<>")


def best(labels: Iterable[object], language: str) -> str:
    """The label in the language, else in English, else the first one; empty where there is none."""
    literals = [each for each in labels if isinstance(each, Literal) and each.value.strip()]
    ranked = sorted(
        literals, key=lambda each: (each.language != language, each.language != "en", each.language or "", each.value)
    )
    return ranked[0].value if ranked else ""


def plain(term: object) -> str:
    """What a literal says; a decimal without the zeros at its end."""
    assert isinstance(term, Literal), term
    text = term.value
    if term.datatype.value.startswith(PREFIXES["xsd"]) and _DECIMALS.fullmatch(text):
        text = text.rstrip("0").rstrip(".")
    return shortened(text)


def shortened(text: str) -> str:
    """A text on one line, cut where it is too long to be read in a list."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"
