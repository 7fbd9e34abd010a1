"""Whether the servers answer alike: before anything is timed, each one's answers are compared with ours."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import httpx
from pyoxigraph import Literal, RdfFormat, Triple, parse

from benchmarks.queries import TURTLE, limited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.queries import Kind
    from benchmarks.servers import Server

# Engines divide to different numbers of digits, and write 810 or 810.0.
_DIGITS: Final = 9
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def differences(kind: Kind, reference: Server, others: Sequence[Server], *, samples: int = 6) -> list[str]:
    """One sentence per query of a kind on which another server's rows differ from those of the reference."""
    found = []
    is_empty = True
    for text in (*kind.repeated, *kind.first_time[:samples]):
        query = limited(text, 0)
        wanted = rows(reference, query, kind.accept)
        is_empty = is_empty and not wanted
        for other in others:
            got = rows(other, query, kind.accept)
            if got != wanted:
                found.append(
                    f"{kind.name}: {other.name} has {_size(got)} rows where {reference.name} has {_size(wanted)}, "
                    f"{_size((got or set()) - (wanted or set()))} of them others, for {query}"
                )
    if is_empty:
        found.append(f"{kind.name}: {reference.name} has no rows for any query, so nothing was compared")
    return found


def rows(server: Server, query: str, accept: str) -> set[str] | None:
    """The rows or triples of an answer, written so that equal ones are equal; ``None`` where there is no answer."""
    try:
        answer = server.ask(query, accept)
    except httpx.HTTPError:
        return None
    if answer.status_code != httpx.codes.OK:
        return None
    if accept == TURTLE:
        return {_triple(quad.triple) for quad in parse(answer.content, format=RdfFormat.TURTLE)}
    bindings = json.loads(answer.content)["results"]["bindings"]
    return {json.dumps({name: _term(term) for name, term in row.items()}, sort_keys=True) for row in bindings}


def _triple(triple: Triple) -> str:
    term = triple.object
    if isinstance(term, Literal) and _NUMBER.fullmatch(term.value):
        return f"{triple.subject} {triple.predicate} {_rounded(term.value)}^^{term.datatype}"
    return str(triple)


def _rounded(number: str) -> str:
    return f"{float(number):.{_DIGITS}g}"


def _term(term: dict[str, str]) -> list[str]:
    value = term["value"]
    if _NUMBER.fullmatch(value):
        value = _rounded(value)
    datatype = term.get("datatype", "").replace("http://www.w3.org/2001/XMLSchema#string", "")
    return [term["type"].replace("typed-literal", "literal"), value, datatype, term.get("xml:lang", "").lower()]


def _size(some: set[str] | None) -> str:
    return "no answer in place of" if some is None else str(len(some))
