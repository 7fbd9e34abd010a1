"""What a change comes to, thing by thing: from the account of a publication, or by comparing two versions.

A *member* is what one named graph says of one thing after the change, all of it; where it says nothing any more, the
member is empty. An *event* is what happened to the thing as a whole: it was created, changed or withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from pedgraph.store.differences import DEFAULT, compared
from pedgraph.vocabulary.iris import PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.skolem import GENERATED, has_blank_nodes, skolemised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store

    from pedgraph.store.differences import Opened
    from pedgraph.store.edits import Edits, GraphName

CREATED: Final = "created"
CHANGED: Final = "changed"
WITHDRAWN: Final = "withdrawn"
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['skos']}prefLabel")
_NAMES: Final = frozenset(
    {
        _LABEL.value,
        f"{PREFIXES['skos']}altLabel",
        f"{PREFIXES['skos']}hiddenLabel",
        f"{PREFIXES['rdfs']}label",
        f"{PREFIXES['foaf']}name",
        f"{PREFIXES['schema']}name",
    }
)
_PERSONS: Final = frozenset({f"{PREFIXES['foaf']}Person", f"{PREFIXES['schema']}Person", f"{TERMS}Person"})
# A shorter text is no name that one could look for in other texts.
_SHORTEST_NAME: Final = 3


@dataclass(frozen=True)
class Member:
    """What a graph (empty: the default graph) says of a thing after a change, as sorted lines of N-Triples.

    ``existed`` says whether it said anything before.
    """

    graph: str
    iri: str
    existed: bool
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """What happened to a thing: ``kind`` is :data:`CREATED`, :data:`CHANGED` or :data:`WITHDRAWN`.

    ``classes`` and ``label`` are those after the change, or those before where it is withdrawn. ``names`` are those of
    a person who is withdrawn; no trace of them is to stay.
    """

    iri: str
    kind: str
    classes: tuple[str, ...]
    label: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Record:
    """All that a change comes to, each in the order of its IRIs."""

    members: list[Member] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class _Side:
    """What one graph says of one thing, before and after."""

    graph: str
    before: frozenset[Triple]
    after: frozenset[Triple]


_Sides = defaultdict[NamedNode, list[_Side]]


def record_of_edits(edits: Edits) -> Record:
    """What edits come to; they must not be closed yet. The merge of the named graphs does not count."""
    sides: _Sides = defaultdict(list)
    for graph in {*edits.added, *edits.removed}:
        if edits.is_merged and isinstance(graph, DefaultGraph):
            continue
        added, removed = edits.added[graph], edits.removed[graph]
        if added or removed:
            _compare_edited(edits.store, graph, added, removed, sides)
    return _record(edits.store, sides, is_merged=edits.is_merged)


def record_of_difference(old: Opened | None, new: Opened) -> Record:
    """What lies between two versions; all of the later one where there is no earlier. Raises :class:`StoreError`."""
    sides: _Sides = defaultdict(list)
    for graph, before, after in compared(old, new):
        _compare(graph, before, after, sides)
    return _record(new.store, sides, is_merged=new.manifest.default_graph != "plain")


def _compare_edited(store: Store, graph: GraphName, added: set[Triple], removed: set[Triple], sides: _Sides) -> None:
    name = DEFAULT if isinstance(graph, DefaultGraph) else graph.value
    subjects = {triple.subject for triple in added | removed}
    after = {quad.triple for subject in subjects for quad in store.quads_for_pattern(subject, None, None, graph)}
    if any(has_blank_nodes(triple) for triple in (*after, *removed)):
        # The names of blank nodes follow from the whole graph.
        after = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    before = (after - added) | removed
    _compare(name, skolemised(before), skolemised(after), sides)


def _compare(graph: str, before: set[Triple], after: set[Triple], sides: _Sides) -> None:
    """Notes the things of which a graph says something else."""
    old, new = _by_subject(before), _by_subject(after)
    touched = {triple.subject for triple in before ^ after}
    for subject in touched:
        assert isinstance(subject, NamedNode)
        sides[subject].append(_Side(graph, frozenset(old[subject]), frozenset(new[subject])))


def _by_subject(triples: Iterable[Triple]) -> defaultdict[NamedNode, list[Triple]]:
    found: defaultdict[NamedNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        found[triple.subject].append(triple)
    return found


def _record(store: Store, sides: _Sides, *, is_merged: bool) -> Record:
    record = Record()
    for thing in sorted(sides, key=lambda each: each.value):
        for side in sorted(sides[thing], key=lambda each: each.graph):
            lines = sorted(f"{each} ." for each in side.after)
            record.members.append(Member(side.graph, thing.value, bool(side.before), tuple(lines)))
        if not thing.value.startswith(GENERATED):
            record.events.append(_event(store, thing, sides[thing], is_merged=is_merged))
    return record


def _event(store: Store, thing: NamedNode, sides: list[_Side], *, is_merged: bool) -> Event:
    before = [triple for side in sides for triple in side.before]
    after = list(_stated(store, thing, is_merged=is_merged))
    touched = {side.graph for side in sides}
    is_there = bool(after)
    was_there = bool(before) or any(graph not in touched for graph, _ in after)
    kind = WITHDRAWN if not is_there else CHANGED if was_there else CREATED
    triples = [triple for _, triple in after] if is_there else before
    classes = tuple(sorted({_iri(each.object) for each in triples if each.predicate == _TYPE} - {""}))
    is_person = bool(_PERSONS.intersection(classes)) or thing.value.startswith(f"{THINGS}person/")
    if kind == WITHDRAWN and is_person:
        return Event(thing.value, kind, classes, "", frozenset(_names(before)))
    return Event(thing.value, kind, classes, _label(triples))


def _stated(store: Store, thing: NamedNode, *, is_merged: bool) -> Iterator[tuple[str, Triple]]:
    """All that is said of a thing, with the name of the graph that says it."""
    for quad in store.quads_for_pattern(thing, None, None, None):
        if not isinstance(quad.graph_name, DefaultGraph):
            yield quad.graph_name.value, quad.triple
        elif not is_merged:
            yield DEFAULT, quad.triple


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _label(triples: Iterable[Triple]) -> str:
    """The shown name: the English one, else one without a language, else the first."""
    found = [each.object for each in triples if each.predicate == _LABEL and isinstance(each.object, Literal)]
    order = {"en": 0, "": 1}
    found.sort(key=lambda each: (order.get(each.language or "", 2), each.value))
    return found[0].value if found else ""


def _names(triples: Iterable[Triple]) -> Iterator[str]:
    for each in triples:
        if each.predicate.value in _NAMES and isinstance(each.object, Literal):
            name = each.object.value
            if len(name) >= _SHORTEST_NAME:
                yield name
