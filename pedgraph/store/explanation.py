"""The engine's messages about a query's syntax, in words for the person who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MESSAGE = re.compile(r"error at (\d+):(\d+): (?:expected one of |expected )?(.*)", re.DOTALL)
_PREFIXED_NAME = re.compile(r"([\w.-]*):[^\s<>\"{}|^`]*\Z")
_IRI = re.compile(r"<([^<>]*)>?\Z")


@dataclass(frozen=True)
class Explanation:
    """What is wrong with a query and where, in lines and columns counted from 1."""

    detail: str
    line: int | None = None
    column: int | None = None


def explain(message: str, query: str) -> Explanation:
    """Explains a syntax error of the engine, whose message lists what it would have taken next."""
    found = _MESSAGE.match(message)
    if found is None:
        return Explanation(message)
    line, column, expected = int(found[1]), int(found[2]), found[3]
    before = "\n".join([*query.split("\n")[: line - 1], query.split("\n")[line - 1][: column - 1]])
    if "Prefix not found" in expected and (name := _PREFIXED_NAME.search(before)):
        return _at(name.start(), before, f"The prefix '{name[1]}:' is not declared. Add a PREFIX line for it.")
    if "IRI parsing failed" in expected and (iri := _IRI.search(before)):
        return _at(iri.start(), before, f"'{iri[1]}' is not an absolute IRI.")
    return Explanation(_expected(expected), line, column)


def _at(offset: int, text: str, detail: str) -> Explanation:
    return Explanation(detail, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _expected(listed: str) -> str:
    names = [name.strip() for name in listed.split(", ")]
    sentences = [name for name in names if " " in name and not name.startswith(("[", "'", '"'))]
    if sentences:
        return f"{sentences[0]}."
    words = sorted({name for name in names if not name.startswith("[")})
    return f"Expected here: {', '.join(words)}." if words else "The query ends or goes on in an unexpected way."
