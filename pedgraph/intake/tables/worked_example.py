"""The worked example of all sheets: openly invented things, told once and shown in the language of the template.

It lies in ``shapes/templates/example.toml``; codes stand there by their notation.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pedgraph.intake.tables.headings import choice_label
from pedgraph.intake.tables.kinds import SEPARATOR, ValueKind
from pedgraph.resources import templates_directory

if TYPE_CHECKING:
    from pedgraph.intake.tables.kind_sheets import Value
    from pedgraph.intake.tables.kinds import Column, Model


@lru_cache(maxsize=1)
def read_example() -> dict[str, list[dict[str, Any]]]:
    """The rows of the example by kind, each a value by column."""
    text = (templates_directory() / "example.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def example_rows(model: Model, language: str) -> dict[str, list[dict[str, Value]]]:
    """The rows of the example by kind, as one would type them in a language."""
    return {
        kind.name: [
            {name: _typed(kind.column(name), value, language) for name, value in row.items()}
            for row in read_example().get(kind.name, [])
        ]
        for kind in model.kinds
    }


def _typed(column: Column, value: Any, language: str) -> Value:  # noqa: ANN401
    if isinstance(value, list):
        return f"{SEPARATOR} ".join(str(_typed(column, each, language)) for each in value)
    for member in column.members:
        if member.notation == value:
            return choice_label(column, member, language)
    assert not column.members or column.value_kind is ValueKind.ENTITY, f"{column.name}: there is no {value}"
    found: Value = value
    return found
