"""What a finding says, in five languages: a catalogue per language, by the id of the shape or gate that found it.

The catalogues lie beside the shapes (``shapes/messages/{language}.json``). The English one repeats the ``sh:message``
of the shapes; a test compares the two.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pedgraph.errors import InputError
from pedgraph.resources import messages_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pedgraph.intake.findings import Finding

ENGLISH: Final = "en"
LANGUAGE_NAMES: Final = {ENGLISH: "English", "nl": "Nederlands", "de": "Deutsch", "fr": "français", "es": "español"}
LANGUAGES: Final = tuple(LANGUAGE_NAMES)
# Variable that holds what was found where a constraint of SHACL Core names no variables of its own.
FOUND: Final = "found"
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
# A full stop ends a sentence where a blank follows; those inside of numbers and addresses have none.
_END_OF_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language: template per key. In a template ``{?name}`` stands for a variable."""

    language: str
    found: str
    templates: Mapping[str, str]

    def message(self, key: str, variables: Mapping[str, str]) -> str | None:
        """The message of a shape or gate with its variables filled in, or ``None`` where the catalogue has none.

        What was found is added where the message does not name it itself.
        """
        template = self.templates.get(key)
        if template is None:
            return None
        text = fill(template, variables)
        return f"{text} {fill(self.found, variables)}" if FOUND in variables else text

    def parts(self, key: str) -> tuple[str, str] | None:
        """The template of a key in two: what is wrong, and how to mend it, without the id of the rule.

        A template is written in this order, and its first sentence says what is wrong; ``None`` where there is none.
        """
        template = self.templates.get(key)
        if template is None:
            return None
        text = template.partition(": ")[2]
        what, *how = _END_OF_SENTENCE.split(text, maxsplit=1)
        return what, "".join(how)


def read_catalogue(language: str) -> Catalogue:
    """The catalogue of one of :data:`LANGUAGES`; raises :class:`InputError` for another one."""
    if language not in LANGUAGES:
        raise InputError(f"There are no messages in {language!r}. There are some in {', '.join(LANGUAGES)}.")
    content = json.loads((messages_directory() / f"{language}.json").read_text(encoding="utf-8"))
    return Catalogue(language, content["found"], content["messages"])


def group_without_shape(key: str) -> str:
    """What a rule that no shape tells is about: ``F`` the file, ``T`` tables, ``I`` answers of the PED Database, ``G``
    what may be said; empty for others.

    Of an unknown property (S08) a shape tells, and the gate too.
    """
    group = "G" if key == "S08" else key[0]
    return group if group in "FTIG" else ""


def fill(template: str, variables: Mapping[str, str]) -> str:
    """The template with each ``{?name}`` replaced by the variable of that name, where there is one."""
    return _PLACEHOLDER.sub(lambda place: variables.get(place[1], place[0]), template)


def translate(findings: Iterable[Finding], language: str) -> list[Finding]:
    """The findings with their messages in a language; raises :class:`InputError` where there are none in it."""
    catalogue = read_catalogue(language)
    return [
        replace(finding, message=catalogue.message(finding.key, dict(finding.variables)) or finding.message)
        for finding in findings
    ]
