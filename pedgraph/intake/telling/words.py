"""The words in which findings are told, one file per language beside the shapes (``shapes/words/{language}.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pedgraph.errors import InputError
from pedgraph.intake.messages import LANGUAGES, fill
from pedgraph.resources import words_directory
from pedgraph.vocabulary.iris import expand

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Words:
    """The words of one language.

    ``phrases`` are templates by name. ``kinds`` say how a thing without a label is called by what it connects: class
    IRI → a head and parts, with ``|`` between; a part is left out where the thing lacks what the part names in braces.
    ``terms`` are labels of classes and properties by IRI, where the ontology has none in this language.
    """

    language: str
    phrases: Mapping[str, str]
    kinds: Mapping[str, str]
    terms: Mapping[str, str]

    def phrase(self, name: str, **values: object) -> str:
        """A phrase with its values filled in."""
        return fill(self.phrases[name], {key: str(value) for key, value in values.items()})


@cache
def read_words(language: str) -> Words:
    """The words of one of the languages of the messages; raises :class:`InputError` for another one."""
    if language not in LANGUAGES:
        raise InputError(f"There are no messages in {language!r}. There are some in {', '.join(LANGUAGES)}.")
    content = json.loads((words_directory() / f"{language}.json").read_text(encoding="utf-8"))
    return Words(
        language,
        content["phrases"],
        {expand(name): pattern for name, pattern in content["kinds"].items()},
        {expand(name): label for name, label in content["terms"].items()},
    )
