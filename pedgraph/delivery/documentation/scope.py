"""Reading the first sentence of a property's scope note: ``From a hub or project to a city; exactly one.``

Properties have no domain or range on purpose, so this sentence and the shapes say where a property starts and leads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SENTENCE: Final = re.compile(r"^From (?P<start>.+?) to (?P<end>.+?)(?P<rest>;.*?)?\.(?:\s|$)")
_SCHEMES: Final = re.compile(r"code list (?!such)([a-z-]+(?:(?:, | or )[a-z]+(?:-[a-z]+)*)*)")
_DATATYPES: Final = re.compile(r"\b(?:xsd|rdf):\w+")
# Short words of the scope notes for classes whose labels neither begin nor end with them.
_SHORT: Final = {"number": "indicator statement", "ped": "positive energy district"}


@dataclass(frozen=True)
class Scope:
    """Where a property starts and leads: classes by IRI, code lists by name, data types, and the words themselves."""

    start_text: str = ""
    end_text: str = ""
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    many: str = ""


def read_scope(note: str, labels: Mapping[str, str]) -> Scope:
    """Reads a scope note; ``labels`` gives the IRI of each class by its label. An empty scope where it says nothing."""
    found = _SENTENCE.match(note)
    if found is None:
        return Scope()
    start, end, rest = found["start"], found["end"], found["rest"] or ""
    schemes = _SCHEMES.search(end)
    datatypes = tuple(_DATATYPES.findall(rest))
    many = next((words for words in ("exactly one", "at most one", "at least one") if words in rest), "")
    return Scope(
        start_text=start,
        end_text=end,
        starts=_classes(start, labels),
        ends=() if schemes or datatypes else _classes(end, labels),
        schemes=tuple(re.split(r", | or ", schemes[1])) if schemes else (),
        datatypes=datatypes,
        many=many,
    )


def _classes(words: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The classes that an enumeration such as ``a hub, project or city`` names."""
    before_examples = re.split(r",? (?:for example|such as|that|which|of|or to) ", words)[0]
    parts = re.split(r", | or | and ", before_examples)
    found = (_class(re.sub(r"^(?:an?|the|any|other) ", "", part.strip()).lower(), labels) for part in parts)
    return tuple(dict.fromkeys(each for each in found if each))


def _class(word: str, labels: Mapping[str, str]) -> str:
    word = _SHORT.get(word, word)
    if word in labels:
        return labels[word]
    ending = [label for label in sorted(labels) if label.endswith(f" {word}")]
    # The longest label at the beginning: "source document" is a source.
    beginning = [label for label in sorted(labels) if word.startswith(f"{label} ")]
    if len(ending) == 1:
        return labels[ending[0]]
    return labels[max(beginning, key=len)] if beginning else ""
