"""Names that a query uses and the version does not have, and prefixes that stand for a namespace that nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.case import Unknown
from pedgraph.query.diagnosis.naming import uses
from pedgraph.query.diagnosis.terms import slips
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pedgraph.query.diagnosis.asking import Asker
    from pedgraph.query.diagnosis.case import Case
    from pedgraph.query.diagnosis.model import Role
    from pedgraph.query.diagnosis.terms import Slip

    Places = Mapping[str, frozenset[str]]

_MOST_NAMES: Final = 100
_PLACES: Final = {
    "class": "{ ?a a ?t } UNION { GRAPH ?b { ?c a ?t } }",
    "property": "{ ?d ?t ?e } UNION { GRAPH ?f { ?h ?t ?i } }",
    "subject": "{ ?t ?j ?k } UNION { GRAPH ?l { ?t ?m ?n } }",
    "object": "{ ?o ?q ?t } UNION { GRAPH ?r { ?u ?v ?t } }",
    "graph": "GRAPH ?t { ?w ?x ?y }",
}
# Datatypes and functions are in no data.
_SELF_EVIDENT: Final = (PREFIXES["xsd"], "http://www.w3.org/2005/xpath-functions#", "http://www.opengis.net/def/")


async def look_up_names(case: Case, graphs: Sequence[str]) -> None:
    """Finds prefix slips, and notes the names that occur nowhere in their place.

    ``graphs`` are those of the dataset clauses or parameters.
    """
    used = [(term, role, term.value.value) for term, role in uses(case.reading) if term.value is not None]
    asked = [entry for entry in used if not entry[2].startswith(_SELF_EVIDENT)][:_MOST_NAMES]
    places = await _places(case.asker, {iri for _, _, iri in asked} | set(graphs))
    if places is None:
        return
    slipped = [slip for slip in slips(case.reading.prefixes) if _is_lost(slip, [iri for _, _, iri in asked], places)]
    _find_slips(case, slipped)
    places = {**places, **await _with_right_prefix(case.asker, slipped, places)}
    for term, role, iri in asked:
        if not _is_known(role, places.get(iri, frozenset())):
            case.unknown.append(Unknown(iri, role, term.shown, term.offset, places.get(iri, frozenset())))
    for graph in graphs:
        if not _is_known("graph", places.get(graph, frozenset())):
            case.unknown.append(Unknown(graph, "graph", f"<{graph}>", None))


def _is_known(role: Role, places: frozenset[str]) -> bool:
    return role in places if role in {"class", "property", "graph"} else bool(places)


def _is_lost(slip: Slip, used: Sequence[str], places: Places) -> bool:
    """Whether names are used with the prefix and none of them is known."""
    within = [iri for iri in used if iri.startswith(slip.declaration.namespace)]
    return bool(within) and not any(places.get(iri) for iri in within)


def _find_slips(case: Case, slipped: Iterable[Slip]) -> None:
    for slip in slipped:
        declaration = slip.declaration
        case.slipped_namespaces = (*case.slipped_namespaces, declaration.namespace)
        case.find(
            "prefix-slip",
            f"The prefix '{declaration.prefix}:' stands for <{declaration.namespace}> here. "
            f"The namespace that the data use {slip.difference}.",
            declaration.offset,
            term=f"{declaration.prefix}:",
            suggestions=(f"<{slip.meant}>",),
        )


async def _with_right_prefix(asker: Asker, slipped: Sequence[Slip], places: Places) -> Places:
    """Where the names with a slipped prefix occur with the right one, by the names as they are in the query."""
    meant = {
        iri: slip.meant + iri.removeprefix(slip.declaration.namespace)
        for slip in slipped
        for iri in places
        if iri.startswith(slip.declaration.namespace)
    }
    right = await _places(asker, meant.values())
    return {iri: right[each] for iri, each in meant.items()} if right is not None else {}


async def _places(asker: Asker, iris: Iterable[str]) -> Places | None:
    """In which places each IRI occurs in the version: class, property, subject, object, graph."""
    listed = " ".join(f"<{iri}>" for iri in sorted(set(iris)))
    if not listed:
        return {}
    binds = " ".join(f"BIND(EXISTS {{ {group} }} AS ?{place})" for place, group in _PLACES.items())
    names = " ".join(f"?{place}" for place in _PLACES)
    rows = await asker.rows(f"SELECT ?t {names} {{ VALUES ?t {{ {listed} }} {binds} }}", everywhere=True)
    return None if rows is None else dict(_read(rows))


def _read(rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, frozenset[str]]]:
    for row in rows:
        found = frozenset(place for place in _PLACES if getattr(row.get(place), "value", "") == "true")
        yield str(getattr(row["t"], "value", "")), found
