"""The rules that no shape tells, in the languages of the findings: about files, tables, and what may be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pedgraph.intake.messages import LANGUAGES, group_without_shape, read_catalogue

GROUPS: Final = {"F": "The file", "T": "Tables", "I": "Answers of the PED Database", "G": "What may be said"}
_VARIABLE: Final = re.compile(r"\{\?(\w+)\}")


@dataclass(frozen=True)
class FileRule:
    """A rule in one language: what is wrong and how to mend it, each as text and, in every second place, the name of
    what stands there in a finding.
    """

    identifier: str
    group: str
    problem: tuple[str, ...]
    fix: tuple[str, ...]


def read_file_rules() -> dict[str, list[FileRule]]:
    """The rules by language and in the order of their ids; raises :class:`InputError`."""
    return {language: list(_rules(language)) for language in LANGUAGES}


def _rules(language: str) -> list[FileRule]:
    catalogue = read_catalogue(language)
    found = []
    for key in sorted(catalogue.templates):
        group = group_without_shape(key)
        parts = catalogue.parts(key)
        if group and parts:
            found.append(FileRule(key, group, _pieces(parts[0]), _pieces(parts[1])))
    return found


def _pieces(template: str) -> tuple[str, ...]:
    return tuple(_VARIABLE.split(template))
