"""Facts added, removed and changed, per thing and in plain words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.submissions.impact.nodes import LINKS
from pedgraph.intake.submissions.impact.result import EntityChanges, Fact, Named
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from pedgraph.intake.submissions.impact.changes import Differences
    from pedgraph.intake.submissions.impact.worlds import Worlds

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"


@dataclass(frozen=True, order=True)
class _Piece:
    """A fact before it is put in words. ``node`` is set where a whole n-ary node comes or goes."""

    subject: str
    predicate: str
    before: str = ""
    after: str = ""
    is_derived: bool = False
    is_node: bool = False

    @property
    def effect(self) -> str:
        if self.before and self.after:
            return CHANGED
        return ADDED if self.after else REMOVED


class Facts:
    """The facts of one trial, grouped by the thing that they are about."""

    def __init__(self, worlds: Worlds, added: Differences, removed: Differences) -> None:
        self._worlds = worlds
        self._terms: dict[str, object] = {}
        self._by_owner: defaultdict[str, list[_Piece]] = defaultdict(list)
        come = self._whole_nodes(added, is_new=True)
        gone = self._whole_nodes(removed, is_new=False)
        for piece in [*self._plain(added, removed, come, gone), *self._of_nodes(come, gone)]:
            self._by_owner[self._owner(piece)].append(piece)

    @property
    def entities(self) -> list[str]:
        """The IRIs of all things that something changes about, in order."""
        return sorted(self._by_owner)

    def counts(self) -> dict[str, int]:
        """How many facts are added, removed and changed, and how many of all follow from others."""
        pieces = [each for found in self._by_owner.values() for each in found]
        counted = {effect: sum(1 for each in pieces if each.effect == effect) for effect in (ADDED, REMOVED, CHANGED)}
        return {**counted, "derived": sum(1 for each in pieces if each.is_derived)}

    def told(self, entity: str, facts_max: int) -> EntityChanges:
        """What changes about a thing, in words; at most so many facts, what is stated first."""
        pieces = sorted(self._by_owner[entity], key=lambda each: (each.is_derived, each))
        named = Named(entity, self._worlds.names.of(entity))
        facts = tuple(sorted(map(self._fact, pieces[:facts_max]), key=_order))
        return EntityChanges(named, *self._state(entity), facts, len(pieces))

    def _state(self, entity: str) -> tuple[bool, bool]:
        """Whether a thing is new, and whether it is gone."""
        before, after = self._worlds.before, self._worlds.after
        return not any(True for _ in before.about(entity)), not any(True for _ in after.about(entity))

    def _whole_nodes(self, found: Differences, *, is_new: bool) -> set[str]:
        nodes = self._worlds.nodes_after if is_new else self._worlds.nodes_before
        other = self._worlds.before if is_new else self._worlds.after
        candidates = sorted({each.subject.value for each in found.stated if isinstance(each.subject, NamedNode)})
        return {iri for iri in candidates if nodes.kind(iri) and not any(True for _ in other.about(iri))}

    def _of_nodes(self, come: set[str], gone: set[str]) -> Iterator[_Piece]:
        """Nodes that come and go; one that leaves its slot to a single other one has changed."""
        slots: defaultdict[tuple[str, ...], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for iri in sorted(gone):
            slots[self._worlds.nodes_before.told(iri).slot][0].append(iri)
        for iri in sorted(come):
            slots[self._worlds.nodes_after.told(iri).slot][1].append(iri)
        for slot, (left, entered) in sorted(slots.items()):
            if len(left) == len(entered) == 1:
                yield _Piece(entered[0], slot[0], left[0], entered[0], is_node=True)
                continue
            yield from (_Piece(iri, slot[0], before=iri, is_node=True) for iri in left)
            yield from (_Piece(iri, slot[0], after=iri, is_node=True) for iri in entered)

    def _plain(self, added: Differences, removed: Differences, come: set[str], gone: set[str]) -> Iterator[_Piece]:
        slots: defaultdict[tuple[str, str, str, bool], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for triples, whole, side, is_derived in (
            (removed.stated, gone, 0, False),
            (removed.derived, gone, 0, True),
            (added.stated, come, 1, False),
            (added.derived, come, 1, True),
        ):
            for triple in _apart_from(triples, whole):
                text = str(triple.object)
                self._terms[text] = triple.object
                slots[(triple.subject.value, triple.predicate.value, _language(triple), is_derived)][side].append(text)  # type: ignore[union-attr]
        for (subject, predicate, language, is_derived), (left, entered) in sorted(slots.items()):
            if len(left) == len(entered) == 1 and self._is_only(subject, predicate, language):
                yield _Piece(subject, predicate, left[0], entered[0], is_derived)
                continue
            yield from (_Piece(subject, predicate, before=text, is_derived=is_derived) for text in sorted(left))
            yield from (_Piece(subject, predicate, after=text, is_derived=is_derived) for text in sorted(entered))

    def _is_only(self, subject: str, predicate: str, language: str) -> bool:
        """Whether a thing had one value of a property, in a language, and has one."""
        if predicate == RDF_TYPE:
            return False
        stores = (self._worlds.before, self._worlds.after)
        return all(
            sum(_language(each) == language for each in store.about(subject, predicate)) == 1 for store in stores
        )

    def _owner(self, piece: _Piece) -> str:
        nodes = self._worlds.nodes_after if piece.after else self._worlds.nodes_before
        return nodes.owner(piece.subject)

    def _fact(self, piece: _Piece) -> Fact:
        worlds = self._worlds
        if piece.is_node:
            old = worlds.nodes_before.told(piece.before) if piece.before else None
            new = worlds.nodes_after.told(piece.after) if piece.after else None
            told = new or old
            assert told is not None
            named = Named(piece.predicate, worlds.names.of(piece.predicate))
            return Fact(piece.effect, told.subject, named, _value(old), _value(new), piece.is_derived)
        named = Named(piece.predicate, worlds.names.of(piece.predicate))
        nodes = worlds.nodes_after if piece.after else worlds.nodes_before
        subject = named.label
        if nodes.kind(piece.subject):
            whole = nodes.told(piece.subject).subject
            subject = whole if whole == named.label else f"{whole}, {named.label}"
        before = worlds.nodes_before.words(self._terms[piece.before]) if piece.before else ""
        after = worlds.nodes_after.words(self._terms[piece.after]) if piece.after else ""
        return Fact(piece.effect, subject, named, before, after, piece.is_derived)


def _value(node: object) -> str:
    return str(getattr(node, "value", "")) if node is not None else ""


def _apart_from(triples: Iterable[Triple], whole: set[str]) -> Iterator[Triple]:
    """What is not part of a node that comes or goes as a whole."""
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or triple.subject.value in whole:
            continue
        thing = triple.object.value if isinstance(triple.object, NamedNode) else ""
        if not (triple.predicate.value in LINKS and thing in whole):
            yield triple


def _language(triple: Triple) -> str:
    return triple.object.language or "" if isinstance(triple.object, Literal) else ""


def _order(fact: Fact) -> tuple[bool, str, str, str]:
    return fact.is_derived, fact.subject, fact.before, fact.after
