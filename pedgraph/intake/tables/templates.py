"""The service that hands out templates: workbooks, CSV files and archives, each made once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pedgraph.errors import NotFound
from pedgraph.intake.tables.words import Words, read_words

_ALL: Final = "pedgraph"
_KEPT: Final = 64
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class TemplateFile:
    """A template as it is handed out."""

    content: bytes
    media_type: str
    file_name: str


@dataclass(frozen=True)
class _Wish:
    name: str
    format_name: str
    language: str
    is_example: bool
    has_byte_order_mark: bool


class Templates:
    """All templates. Nothing is made before it is asked for; safe for several threads at a time.

    Making one takes up to a second, so the web should ask in a thread.
    """

    def __init__(self) -> None:
        self._made = lru_cache(maxsize=_KEPT)(_make)

    def list(self, language: str = "en") -> list[dict[str, Any]]:
        """What there is, ready for JSON: name, title, description, formats, and of each kind its columns.

        Raises :class:`pedgraph.errors.InputError` for a language without templates.
        """
        from pedgraph.intake.tables.columns import read_model

        words, model = read_words(language), read_model()
        whole = {
            "name": _ALL,
            "title": words("all_title"),
            "description": words("readme_intro"),
            "formats": ["xlsx", "zip"],
            "kinds": [kind.name for kind in model.kinds],
        }
        return [whole, *(_described(kind, model, words) for kind in model.kinds)]

    def file(
        self,
        name: str,
        format_name: str,
        language: str = "en",
        *,
        is_example: bool = False,
        has_byte_order_mark: bool = False,
    ) -> TemplateFile:
        """A template: that of all kinds for ``pedgraph``, or of one kind by its name; ``is_example`` is filled in.

        ``has_byte_order_mark`` is for CSV that is opened with Excel. The same wish always gives the same bytes. Raises
        :class:`pedgraph.errors.NotFound` for a name or a format that there is not, and
        :class:`pedgraph.errors.InputError` for a language without templates.
        """
        return self._made(_Wish(name, format_name, language, is_example, has_byte_order_mark))


def _make(wish: _Wish) -> TemplateFile:
    from pedgraph.intake.tables.columns import read_model
    from pedgraph.intake.tables.template_books import template_book
    from pedgraph.intake.tables.template_csv import BYTE_ORDER_MARK, template_archive, template_csv
    from pedgraph.intake.tables.worked_example import example_rows

    words, model = read_words(wish.language), read_model()
    kinds = [kind for kind in model.kinds if wish.name in {_ALL, kind.name} or kind.is_form]
    names = [_ALL, *(kind.name for kind in model.kinds)]
    if wish.name not in names:
        raise NotFound(f"There is no template {wish.name!r}. There are: {', '.join(names)}.")
    formats = _formats(wish.name)
    if wish.format_name not in formats:
        raise NotFound(f"There is no template {wish.name!r} as {wish.format_name!r}. There is: {', '.join(formats)}.")
    example = example_rows(model, wish.language) if wish.is_example else None
    mark = BYTE_ORDER_MARK if wish.has_byte_order_mark else b""
    if wish.format_name == "xlsx":
        content = template_book(model, kinds, words, example)
    elif wish.format_name == "zip":
        content = template_archive(model, kinds, words, example, mark=mark)
    else:
        content = mark + template_csv(model, model.kind(wish.name), words, (example or {}).get(wish.name, ()))
    return TemplateFile(content, MEDIA_TYPES[wish.format_name], _file_name(wish))


def _formats(name: str) -> list[str]:
    return ["xlsx", "zip"] if name == _ALL else ["xlsx", "csv", "zip"]


def _file_name(wish: _Wish) -> str:
    """The name to save it under; that of a lone CSV file is what tells its kind when it comes back."""
    if wish.format_name == "csv":
        return f"{wish.name}.csv"
    parts = ["pedgraph", *([wish.name] if wish.name != _ALL else []), wish.language]
    return f"{'-'.join([*parts, *(['example'] if wish.is_example else [])])}.{wish.format_name}"


def _described(kind: Any, model: Any, words: Words) -> dict[str, Any]:  # noqa: ANN401
    from pedgraph.intake.tables.headings import choice_label, heading, sheet_title

    language = words.language
    return {
        "name": kind.name,
        "title": sheet_title(kind, language),
        "description": kind.help.get(language) or kind.help.get("en", ""),
        "formats": _formats(kind.name),
        "columns": [
            {
                "name": column.name,
                "label": heading(column, model, language),
                "required": column.is_required,
                "recommended": column.is_recommended,
                "several": column.is_many,
                "kind": column.value_kind.value,
                "description": column.help.get(language) or column.help.get("en", ""),
                "allowed": [choice_label(column, member, language) for member in column.members],
            }
            for column in kind.columns
        ],
    }
