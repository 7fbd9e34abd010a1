"""The library of stored queries: ``queries/library/<topic>/<name>.rq``, each with a header that says what it is.

A header is lines that begin with ``#+``: ``title``, ``description``, ``params``, ``columns``, ``contract``, ``answers``
(numbers of competency questions, or none) and ``since``. A parameter is written ``name kind, default value: meaning``,
with ``kind`` as in :mod:`pedgraph.query.kinds`; for codes the code list follows the kind, and ``one of a|b`` lists the
values where there are few. A column is written ``name kind: meaning``, or ``name kind, optional: meaning`` where it may
be unbound. The contract is ``not empty`` or ``may be empty``.

The body is complete SPARQL that runs as it stands. Each parameter is a one-row ``VALUES`` block with its default. What
gives columns ends with its ``ORDER BY``, on one line, and has no ``LIMIT``: who asks may have one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.errors import InputError
from pedgraph.query.kinds import COLUMN_KINDS, PARAMETER_KINDS
from pedgraph.resources import queries_directory

if TYPE_CHECKING:
    from pathlib import Path

# What every stored query can be asked with besides its own parameters.
COMMON_PARAMETERS: Final = ("format", "version", "limit", "offset", "timeout")

# The addresses beside those of stored queries.
_OTHER_ADDRESSES: Final = frozenset({"running"})
_MARK: Final = "#+"
_REQUIRED: Final = frozenset({"title", "description", "params", "columns", "answers", "since"})
_CONTRACT: Final = "contract"
_CONTRACTS: Final = {"not empty": True, "may be empty": False}
_SLOT: Final = re.compile(
    r"(?P<name>[a-z][A-Za-z]*) (?P<kind>[a-z]+)(?:@(?P<language>[a-z]{2,3}))?(?: (?P<scheme>[a-z-]+))?"
    r"(?P<optional>, optional)?(?:, one of (?P<choices>[^,]+))?(?:, default (?P<default>.+))?"
)
_PREFIX: Final = re.compile(r"^PREFIX ([\w-]*): <([^>]*)>", re.MULTILINE)
_ORDERED: Final = re.compile(r"\nORDER BY [^\n]+\n\Z")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, its kind, and what it means.

    ``scheme`` is the code list of a code, ``language`` the tag of a text. ``default`` is written as a client would
    write it, and ``None`` where a value must be given. ``choices`` are the only values, where there are any.
    """

    name: str
    kind: str
    meaning: str
    default: str | None = None
    scheme: str | None = None
    language: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column: its name, its kind, what it means, and whether it may be unbound."""

    name: str
    kind: str
    meaning: str
    is_optional: bool = False


@dataclass(frozen=True)
class StoredQuery:
    """A stored query: its name, its topic (the folder), what its header says, and its text.

    ``columns`` is empty where it gives a graph. ``never_empty`` says whether it promises to find something.
    """

    name: str
    topic: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    answers: tuple[str, ...]
    since: str
    never_empty: bool
    text: str

    @property
    def gives_graph(self) -> bool:
        """Whether the result is a graph; it is solutions otherwise."""
        return not self.columns

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that its text declares."""
        return dict(_PREFIX.findall(self.text))


def read_library() -> dict[str, StoredQuery]:
    """All stored queries by name; raises :class:`InputError` where one is not as the head of this module says."""
    library: dict[str, StoredQuery] = {}
    for path in sorted((queries_directory() / "library").glob("*/*.rq")):
        if path.stem in library or path.stem in _OTHER_ADDRESSES:
            raise InputError("Another stored query, or another address, has this name.", source=str(path))
        library[path.stem] = read_stored_query(path)
        _check(library[path.stem], path)
    return library


def read_stored_query(path: Path) -> StoredQuery:
    """The stored query in a file; raises :class:`InputError` where its header lacks something."""
    text = path.read_text(encoding="utf-8")
    header = _header(text, path)
    return StoredQuery(
        name=path.stem,
        topic=path.parent.name,
        title=header["title"][0],
        description=header["description"][0],
        parameters=tuple(_parameter(line, path) for line in _lines(header["params"])),
        columns=tuple(_column(line, path) for line in _lines(header["columns"])),
        answers=tuple(word for word in header["answers"][0].split() if word != "none"),
        since=header["since"][0],
        never_empty=_CONTRACTS.get(header.get(_CONTRACT, [""])[0], False),
        text=text,
    )


def _check(query: StoredQuery, path: Path) -> None:
    problem = ""
    if not any(f"\n{_MARK} {_CONTRACT}: {each}\n" in query.text for each in _CONTRACTS):
        problem = f"It has no line 'contract' with one of: {', '.join(_CONTRACTS)}."
    elif query.columns and not _ORDERED.search(query.text):
        problem = "It does not end with its ORDER BY, on one line."
    for parameter in query.parameters:
        if parameter.default is None or parameter.name in COMMON_PARAMETERS:
            problem = f"The parameter {parameter.name} needs a default, and a name of its own."
        elif query.text.count(f"VALUES ?{parameter.name} {{ ") != 1:
            problem = f"The parameter {parameter.name} is not the variable of exactly one VALUES block."
    if problem:
        raise InputError(problem, source=str(path))


def _header(text: str, path: Path) -> dict[str, list[str]]:
    header: dict[str, list[str]] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith(_MARK):
            break
        content = line.removeprefix(_MARK).removeprefix(" ")
        if content.startswith(" "):
            header[key].append(content.strip())
        else:
            key, _, value = content.partition(":")
            header[key] = [value.strip()] if value.strip() else []
    if set(header) - {_CONTRACT} != _REQUIRED:
        differing = ", ".join(sorted(_REQUIRED ^ (set(header) - {_CONTRACT})))
        raise InputError(
            f"The header of a stored query has each of its keys once; see to: {differing}.", source=str(path)
        )
    return header


def _lines(lines: list[str]) -> list[str]:
    return [] if len(lines) == 1 and lines[0].startswith("none") else lines


def _slot(line: str, kinds: frozenset[str], path: Path) -> tuple[re.Match[str], str]:
    head, colon, meaning = line.partition(": ")
    found = _SLOT.fullmatch(head)
    if not colon or found is None or found["kind"] not in kinds:
        raise InputError(f"'{line}' is not of the form 'name kind: meaning' with a known kind.", source=str(path))
    return found, meaning


def _parameter(line: str, path: Path) -> Parameter:
    found, meaning = _slot(line, PARAMETER_KINDS, path)
    if (found["kind"] == "code") != (found["scheme"] is not None) or found["optional"]:
        raise InputError(f"'{line}': a code, and nothing else, names its code list.", source=str(path))
    choices = tuple(found["choices"].split("|")) if found["choices"] else ()
    return Parameter(
        found["name"], found["kind"], meaning, found["default"], found["scheme"], found["language"], choices
    )


def _column(line: str, path: Path) -> Column:
    found, meaning = _slot(line, COLUMN_KINDS, path)
    return Column(found["name"], found["kind"], meaning, is_optional=found["optional"] is not None)
