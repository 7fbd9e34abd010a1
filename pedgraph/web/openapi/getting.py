"""How an operation is described that only gives something: formats, parameters, and what it may end in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.web.openapi import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.vocabulary.media import Format

VERSION: Final = parts.reference("parameters", "version")
_TEXT: Final = {"type": "string"}
_OBJECT: Final = {"type": ["object", "array"]}


@dataclass(frozen=True)
class Getting:
    """What an operation gives: its name, what it is called, what more is to be said, and for whom it is.

    ``formats`` are those on offer, the usual one first; where there are several, ``format`` chooses. ``parameters``
    are the others. ``schema`` is that of plain JSON.
    """

    name: str
    summary: str
    tag: str
    formats: tuple[Format, ...]
    description: str = ""
    parameters: tuple[dict[str, Any], ...] = ()
    schema: parts.Schema | None = None
    problems: tuple[int, ...] = (400, 404, 406, 410, 503)


def operation(getting: Getting) -> dict[str, Any]:
    """The *Operation Object* of what is given as it is."""
    content = {each.media_type: {"schema": _schema(each, getting)} for each in getting.formats}
    choice = [format_parameter([each.name for each in getting.formats])] if len(getting.formats) > 1 else []
    return {
        **_heading(getting),
        "parameters": [*getting.parameters, *choice],
        "responses": {
            "200": parts.answer(content, getting.summary),
            **parts.not_modified(),
            **parts.problems(*getting.problems),
        },
    }


def leading(getting: Getting) -> dict[str, Any]:
    """The *Operation Object* of an address that leads to another one."""
    led = {"description": "It is described at another address", "headers": parts.headers("Location", "Link")}
    return {
        **_heading(getting),
        "parameters": list(getting.parameters),
        "responses": {"303": led, **parts.problems(*getting.problems)},
    }


def format_parameter(names: Sequence[str]) -> dict[str, Any]:
    """The parameter ``format`` for formats of these names, the usual one first."""
    return {
        "name": "format",
        "in": "query",
        "description": "The format to answer in; wins over Accept. A media type does as well.",
        "schema": {"anyOf": [{"type": "string", "enum": list(names)}, {"type": "string"}], "default": names[0]},
        "example": names[0],
    }


def in_path(name: str, description: str, example: str) -> dict[str, Any]:
    """A part of the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": _TEXT,
        "example": example,
    }


def _heading(getting: Getting) -> dict[str, Any]:
    more = {"description": getting.description} if getting.description else {}
    return {"operationId": getting.name, "summary": getting.summary, **more, "tags": [getting.tag]}


def _schema(each: Format, getting: Getting) -> parts.Schema:
    if each.media_type == "application/json" and getting.schema is not None:
        return getting.schema
    return _OBJECT if each.media_type.endswith("json") else {}
