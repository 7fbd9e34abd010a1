"""The plain words of templates and marked workbooks, in five languages; they lie in ``words/{language}.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pedgraph.errors import InputError
from pedgraph.intake.messages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """The texts of one language, by key."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, each ``{name}`` in it replaced by the value of that name."""
        return self.texts[key].format_map(values) if values else self.texts[key]


def read_words(language: str) -> Words:
    """The words of one of the five languages; raises :class:`InputError` for another one."""
    if language not in LANGUAGES:
        raise InputError(f"There are no templates in {language!r}. There are some in {', '.join(LANGUAGES)}.")
    return Words(language, json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def own_sheet_titles() -> frozenset[str]:
    """The titles, in every language, of the sheets that templates and markings add, and that hold no data."""
    keys = ("sheet_readme", "sheet_lists", "sheet_findings")
    return frozenset(read_words(language)(key) for language in LANGUAGES for key in keys)
