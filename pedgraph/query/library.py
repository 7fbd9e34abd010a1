"""The library of stored queries: ``queries/library/<topic>/<name>.rq``, each with a header that says what it is.

A header is lines that begin with ``#+``: ``title``, ``description``, ``params``, ``columns``, ``answers`` (numbers of
competency questions, or none) and ``since``. The body is complete SPARQL that runs as it stands; each parameter is a
one-row ``VALUES`` block with its default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pedgraph.errors import BadRequest, InputError
from pedgraph.resources import queries_directory

if TYPE_CHECKING:
    from pathlib import Path

_MARK = "#+ "
_LISTS = frozenset({"params", "columns"})
_KEYS = frozenset({"title", "description", "answers", "since"}) | _LISTS


@dataclass(frozen=True)
class Slot:
    """A parameter or a column: its name, its kind, and what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class StoredQuery:
    """A stored query: its name, its topic (the folder), what its header says, and its text."""

    name: str
    topic: str
    title: str
    description: str
    parameters: tuple[Slot, ...]
    columns: tuple[Slot, ...]
    answers: tuple[str, ...]
    since: str
    text: str


def read_library() -> dict[str, StoredQuery]:
    """All stored queries by name; raises :class:`InputError` where a header lacks something or a name stands twice."""
    library: dict[str, StoredQuery] = {}
    for path in sorted((queries_directory() / "library").glob("*/*.rq")):
        if path.stem in library:
            raise InputError("Another stored query has this name.", source=str(path))
        library[path.stem] = read_stored_query(path)
    return library


def with_iri(query: StoredQuery, name: str, iri: str) -> str:
    """The text of a stored query with the default of one of its parameters replaced by an IRI.

    Raises :class:`BadRequest` where what is given is not an absolute IRI.
    """
    try:
        term = NamedNode(iri)
    except ValueError:
        raise BadRequest(f"'{iri}' is not an absolute IRI.") from None
    block = re.compile(rf"(VALUES \?{name} {{ )<[^>]*>( }})")
    text, replaced = block.subn(lambda found: f"{found[1]}{term}{found[2]}", query.text)
    assert replaced == 1, (query.name, name)
    return text


def read_stored_query(path: Path) -> StoredQuery:
    """The stored query in a file; raises :class:`InputError` where its header lacks something."""
    text = path.read_text(encoding="utf-8")
    header = _header(text, path)
    return StoredQuery(
        name=path.stem,
        topic=path.parent.name,
        title=header["title"][0],
        description=header["description"][0],
        parameters=_slots(header["params"], path),
        columns=_slots(header["columns"], path),
        answers=tuple(word for word in header["answers"][0].split() if word != "none"),
        since=header["since"][0],
        text=text,
    )


def _header(text: str, path: Path) -> dict[str, list[str]]:
    header: dict[str, list[str]] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith(_MARK.rstrip()):
            break
        content = line.removeprefix(_MARK.rstrip()).removeprefix(" ")
        if content.startswith(" "):
            header[key].append(content.strip())
        else:
            key, _, value = content.partition(":")
            header[key] = [value.strip()] if value.strip() else []
    if set(header) != _KEYS:
        differing = ", ".join(sorted(_KEYS ^ set(header)))
        raise InputError(
            f"The header of a stored query has each of its keys once; see to: {differing}.", source=str(path)
        )
    return header


def _slots(lines: list[str], path: Path) -> tuple[Slot, ...]:
    if len(lines) == 1 and lines[0].startswith("none"):
        return ()
    slots = []
    for line in lines:
        head, colon, meaning = line.partition(": ")
        name, space, kind = head.partition(" ")
        if not (colon and space):
            raise InputError(f"'{line}' is not of the form 'name kind: meaning'.", source=str(path))
        slots.append(Slot(name, kind.partition(",")[0], meaning))
    return tuple(slots)
