"""What stands at the head of a column: its name, the unit of its numbers, and a sign where it must be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.kinds import SEPARATOR, ValueKind

if TYPE_CHECKING:
    from pedgraph.intake.tables.kinds import Column, Kind, Member, Model
    from pedgraph.intake.tables.words import Words

REQUIRED_SIGN: Final = "*"
RECOMMENDED_SIGN: Final = "+"
_WITH_EXAMPLE: Final = {ValueKind.NUMBER, ValueKind.YEAR, ValueKind.COORDINATES, ValueKind.EXTERNAL}


def capital(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def sheet_title(kind: Kind, language: str) -> str:
    """The title of the sheet of a kind."""
    return capital(kind.label(language))


def heading(column: Column, model: Model, language: str) -> str:
    """The header of a column, with its unit where all its numbers have the same, for example ``District area (ha)``."""
    label = capital(column.label(language))
    unit = next((unit.notation for unit in model.units if unit.iri == column.unit), "")
    return f"{label} ({unit})" if unit else label


def marked_heading(column: Column, model: Model, language: str) -> str:
    """The header with the sign for what is required or recommended."""
    sign = REQUIRED_SIGN if column.is_required else RECOMMENDED_SIGN if column.is_recommended else ""
    return f"{heading(column, model, language)} {sign}".rstrip()


def choice_label(column: Column, member: Member, language: str) -> str:
    """What is chosen for a member of a coded column: its label, or the symbol of a unit."""
    return member.notation if column.value_kind is ValueKind.UNIT else member.label(language)


def is_exact_date(column: Column) -> bool:
    """Whether a date must be a day; else a month or a year will do, which a spreadsheet must not turn into a day."""
    return column.value_kind is ValueKind.DATE and all(each.endswith("#date") for each in column.datatypes)


def help_text(kind: Kind, column: Column, model: Model, words: Words) -> str:
    """What a column means and how it is filled in, in a few sentences."""
    meaning = column.help.get(words.language) or column.help.get("en", "")
    if kind.is_form:
        meaning = words.texts.get(f"about_{column.name.replace(' ', '_')}") or meaning
    lines = [words("required")] if column.is_required else [words("recommended")] if column.is_recommended else []
    lines.append(meaning)
    how = "how_day" if is_exact_date(column) else f"how_{column.value_kind.value}"
    if how in words.texts:
        lines.append(words(how))
    if column.has_language and not kind.is_form:
        about = next((sheet_title(each, words.language) for each in model.kinds if each.is_form), "")
        lines.append(words("how_language", about=about, label=capital(column.label(words.language))))
    if column.is_many:
        lines.append(words("how_many", separator=SEPARATOR))
    if column.example and column.value_kind in _WITH_EXAMPLE:
        lines.append(words("for_example", example=column.example))
    return "\n".join(line for line in lines if line)
