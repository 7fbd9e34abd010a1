"""Which known term is meant by one that is not known. Nothing here asks the graph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from pedgraph.vocabulary.iris import GRAPHS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.query.diagnosis.model import Declaration

MOST_SUGGESTIONS: Final = 3
_ALIKE: Final = 0.75
# A suggestion that is so much further off than the best one is none.
_BEHIND: Final = 0.1
_LONG_ENOUGH: Final = 4
_NAMESPACE_ALIKE: Final = 0.9
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[\w-]|\.(?=[\w-]))*")


@dataclass(frozen=True)
class Slip:
    """A prefix whose namespace is nearly a well-known one: which, and how the two differ."""

    declaration: Declaration
    meant: str
    difference: str


def nearest(iri: str, candidates: Iterable[str]) -> list[str]:
    """Those of the candidates that an unknown IRI most likely stands for, best first; at most three."""
    namespace, local = split(iri)
    scored = []
    for candidate in set(candidates) - {iri}:
        candidate_namespace, candidate_local = split(candidate)
        local_score = _alikeness(local.casefold(), candidate_local.casefold())
        if local_score >= _ALIKE:
            is_same_namespace = candidate_namespace == namespace
            namespace_score = 1.0 if is_same_namespace else _ratio(namespace, candidate_namespace)
            scored.append((0.8 * local_score + 0.2 * namespace_score, candidate))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [candidate for score, candidate in scored if score >= scored[0][0] - _BEHIND][:MOST_SUGGESTIONS]


def slips(declared: Sequence[Declaration]) -> list[Slip]:
    """The prefixes of a query whose namespace is a slip of a well-known one."""
    found = []
    for declaration in declared:
        # A namespace may be a part of a known one, such as the cities among the things.
        if declaration.namespace.startswith(tuple(PREFIXES.values())):
            continue
        named = PREFIXES.get(declaration.prefix)
        meant = named if named and _is_slip(declaration.namespace, named) else _meant(declaration.namespace)
        if meant is not None:
            found.append(Slip(declaration, meant, _difference(declaration.namespace, meant)))
    return found


def split(iri: str) -> tuple[str, str]:
    """An IRI as its namespace and the name in it; a closing ``/`` or ``#`` belongs to the name before it."""
    at = max(iri.rstrip("/#").rfind("/"), iri.rstrip("/#").rfind("#")) + 1
    return iri[:at], iri[at:]


def writable(iri: str, declared: Sequence[Declaration]) -> str:
    """An IRI so that it can stand in the query: with a prefix that the query declares, else in angle brackets."""
    fitting = [each for each in declared if iri.startswith(each.namespace)]
    for declaration in sorted(fitting, key=lambda each: -len(each.namespace)):
        if _LOCAL.fullmatch(local := iri.removeprefix(declaration.namespace)):
            return f"{declaration.prefix}:{local}"
    return f"<{iri}>"


def nearest_graphs(iri: str, graphs: Iterable[str]) -> list[str]:
    """The graphs of a version that are most like one that it does not have, best first; at most three."""
    wanted = iri.removeprefix(GRAPHS)
    scored = sorted((-_ratio(wanted, graph.removeprefix(GRAPHS)), graph) for graph in graphs)
    return [graph for _, graph in scored][:MOST_SUGGESTIONS]


def _alikeness(wanted: str, known: str) -> float:
    """How much two names have in common, from 0 to 1; one that holds the other is alike, if that is not short."""
    matcher = SequenceMatcher(None, wanted, known, autojunk=False)
    if min(len(wanted), len(known)) >= _LONG_ENOUGH and (wanted in known or known in wanted):
        return max(_ALIKE, matcher.ratio())
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def _meant(namespace: str) -> str | None:
    return next((known for known in PREFIXES.values() if _is_slip(namespace, known)), None)


def _is_slip(namespace: str, known: str) -> bool:
    if _plain(namespace) == _plain(known):
        return True
    return namespace[:1] == known[:1] and _ratio(_plain(namespace), _plain(known)) >= _NAMESPACE_ALIKE


def _difference(namespace: str, meant: str) -> str:
    if namespace.partition(":")[2] == meant.partition(":")[2]:
        return f"begins with {meant.partition(':')[0]}:, not with {namespace.partition(':')[0]}:"
    if meant.startswith(namespace):
        return f"ends with '{meant.removeprefix(namespace)}', which is missing here"
    if namespace.rstrip("#/") == meant.rstrip("#/"):
        return f"ends with '{meant[-1]}', not with '{namespace[-1]}'"
    return f"is {meant}"


def _plain(namespace: str) -> str:
    return namespace.casefold().rstrip("#/").partition("://")[2].removeprefix("www.")


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
