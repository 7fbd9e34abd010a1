"""What may be meant by names that a version does not have. This takes longest, so it comes last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from pedgraph.query.diagnosis.terms import nearest, nearest_graphs, split
from pedgraph.vocabulary.iris import CODES, INDICATORS, PREFIXES, ROOT, THINGS, compact

if TYPE_CHECKING:
    from pedgraph.query.diagnosis.case import Case, Unknown

_MOST_CANDIDATES: Final = 5000
_MOST_CODES: Final = 10
_OWL, _RDFS, _RDF, _SKOS = PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["rdf"], PREFIXES["skos"]
_CLASSES: Final = f"<{_OWL}Class> <{_RDFS}Class>"
_PROPERTIES: Final = f"<{_OWL}ObjectProperty> <{_OWL}DatatypeProperty> <{_RDF}Property>"
_DECLARED: Final = {
    "class": f"VALUES ?k {{ {_CLASSES} }} ?t a ?k",
    "property": f"VALUES ?k {{ {_PROPERTIES} }} ?t a ?k",
    "other": f"VALUES ?k {{ {_CLASSES} {_PROPERTIES} }} ?t a ?k",
}
_USED: Final = {
    "class": "{ ?x a ?t } UNION { GRAPH ?g { ?x a ?t } }",
    "property": "{ ?x ?t ?y } UNION { GRAPH ?g { ?x ?t ?y } }",
}


async def find_unknown_names(case: Case) -> None:
    """Finds, for each name that was noted as unknown, what is wrong with it and what may be meant."""
    for unknown in case.unknown:
        if unknown.role == "graph":
            await _graph(case, unknown)
        elif unknown.role in _USED:
            await _term(case, unknown)
        elif unknown.iri.startswith((CODES, INDICATORS)):
            await _code(case, unknown)
        else:
            await _thing(case, unknown)


async def _graph(case: Case, unknown: Unknown) -> None:
    graphs = await _names(case, "GRAPH ?t { }")
    message = f"This version has no graph {compact(unknown.iri)}."
    _find(case, "unknown-graph", message, unknown, nearest_graphs(unknown.iri, graphs))


async def _term(case: Case, unknown: Unknown) -> None:
    role, name = unknown.role, compact(unknown.iri)
    declared = await _names(case, _DECLARED[role])
    if unknown.iri in declared:
        what = "nothing is of this class" if role == "class" else "nothing has this property"
        _find(case, f"unused-{role}", f"{name} is a {role} of the vocabulary, but {what} in this version.", unknown, [])
        return
    other_use = next((place for place in _USED if place in unknown.places), None)
    message = f"{name} is a {other_use}, not a {role}." if other_use else f"No {role} {name} is known in this version."
    # To find all that are used takes longer than to find all that are declared, which are our own.
    suggestions = nearest(unknown.iri, declared) if unknown.iri.startswith(ROOT) else []
    if not suggestions:
        suggestions = nearest(unknown.iri, {*declared, *await _names(case, _USED[role])})
    _find(case, f"unknown-{role}", message, unknown, suggestions)


async def _code(case: Case, unknown: Unknown) -> None:
    namespace, _ = split(unknown.iri)
    in_list = await _names(case, f"?t <{_SKOS}inScheme> <{namespace.rstrip('/')}>")
    suggestions = nearest(unknown.iri, in_list) or sorted(in_list)[:_MOST_CODES]
    if not suggestions:
        suggestions = nearest(unknown.iri, await _names(case, f"?t <{_SKOS}inScheme> ?k"))
    message = f"{compact(unknown.iri)} is no code of the list {compact(namespace.rstrip('/'))}."
    _find(case, "unknown-code", message, unknown, suggestions)


async def _thing(case: Case, unknown: Unknown) -> None:
    namespace, _ = split(unknown.iri)
    suggestions = nearest(unknown.iri, await _names(case, _DECLARED["other"])) if unknown.role == "other" else []
    if not suggestions:
        alike = f"?t a ?k FILTER(ISIRI(?t) && STRSTARTS(STR(?t), {Literal(namespace)}))"
        suggestions = nearest(unknown.iri, await _names(case, alike))
    message = f"{compact(unknown.iri)} occurs nowhere in this version."
    if unknown.iri.startswith(THINGS):
        message = f"Nothing is known of {compact(unknown.iri)} in this version."
    _find(case, "unknown-thing" if unknown.role == "thing" else "unknown-name", message, unknown, suggestions)


async def _names(case: Case, group: str) -> list[str]:
    return await case.asker.texts(f"SELECT DISTINCT ?t {{ {group} }} LIMIT {_MOST_CANDIDATES}")


def _find(case: Case, kind: str, message: str, unknown: Unknown, iris: list[str]) -> None:
    suggestions = [case.write(iri) for iri in iris]
    case.find(kind, message, unknown.offset, term=unknown.shown, suggestions=suggestions)
