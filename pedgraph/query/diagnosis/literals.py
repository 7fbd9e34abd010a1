"""How a literal that is asked for differs from those that the data have. Nothing here asks the graph."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.terms import MOST_SUGGESTIONS
from pedgraph.vocabulary.iris import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Literal

_ALIKE: Final = 0.8
_STRING: Final = PREFIXES["xsd"] + "string"


@dataclass(frozen=True)
class Difference:
    """How literals of the data differ from the one asked for: the kind, a sentence's end, and the literals."""

    kind: str
    says: str
    literals: tuple[Literal, ...]


def compare(asked: Literal, known: Iterable[Literal]) -> Difference | None:
    """The smallest difference between what is asked for and what is known; ``None`` where nothing is alike."""
    others = sorted({each for each in known if each != asked}, key=lambda each: (each.value, str(each)))
    for kind, chosen in (
        ("tag", [each for each in others if each.value == asked.value]),
        ("number", [each for each in others if _is_same_number(asked, each)]),
        ("spelling", [each for each in others if _folded(each) == _folded(asked)]),
        ("similar", _similar(asked, others)),
    ):
        if chosen:
            first = tuple(chosen[:MOST_SUGGESTIONS])
            return Difference(*_kind_and_words(kind, asked, first[0]), first)
    return None


def say(literal: Literal) -> str:
    """What a literal has besides its text: a language, a datatype, or neither."""
    if literal.language:
        return f"the language tag '{literal.language}'"
    if literal.datatype.value == _STRING:
        return "neither a language tag nor a datatype"
    return f"the datatype {compact(literal.datatype.value)}"


def _kind_and_words(kind: str, asked: Literal, found: Literal) -> tuple[str, str]:
    if kind in {"tag", "number"}:
        is_language = bool(asked.language or found.language)
        return (
            "language-differs" if is_language else "datatype-differs",
            f"it has {say(found)} in the data and {say(asked)} in the query",
        )
    if kind == "spelling":
        return "spelling-differs", "it is written with other capitals or spaces in the data"
    return "spelling-differs", "the data have something that is nearly the same"


def _similar(asked: Literal, others: Iterable[Literal]) -> list[Literal]:
    wanted = _folded(asked)
    scored = []
    for each in others:
        matcher = SequenceMatcher(None, wanted, _folded(each), autojunk=False)
        if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            scored.append((-matcher.ratio(), str(each), each))
    return [each for _, _, each in sorted(scored, key=lambda entry: entry[:2])]


def _folded(literal: Literal) -> str:
    return " ".join(literal.value.casefold().split())


def _is_same_number(one: Literal, other: Literal) -> bool:
    try:
        return Decimal(one.value.strip()) == Decimal(other.value.strip())
    except (InvalidOperation, ValueError):
        return False
