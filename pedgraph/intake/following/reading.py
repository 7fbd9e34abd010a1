"""Reading a page of a feed: it must say what pedgraph writes, down to the number of statements, or it is refused."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from pedgraph.errors import FeedRefused, InputError
from pedgraph.intake.parsing import parse_rdf
from pedgraph.vocabulary.events import (
    ANNOUNCE,
    CREATE,
    DELETE,
    FEED,
    GENERATED_BY,
    LDES,
    MODE,
    TARGET,
    TOTAL,
    TREE,
    TRIPLES,
    TYPE,
    UPDATE,
    VERSION_OF,
)  # fmt: skip
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import N_QUADS

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Triple

    Term = NamedNode | BlankNode | Literal | Triple

_STREAM: Final = re.compile(re.escape(FEED) + r"#stream-([0-9a-f]{16})")
_PLACE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_VERSION: Final = re.compile(re.escape(ROOT) + r"version/([1-9][0-9]{0,8})")
_MODES: Final = frozenset({"merged", "plain"})
# Nested terms of RDF 1.2, which is not read here, could exhaust the parser.
_TRIPLE_TERM: Final = b"<<"

_Facts = defaultdict[str, defaultdict[str, list["Term"]]]


@dataclass(frozen=True)
class FeedMember:
    """One member: at ``place``, what ``graph`` (empty: the default graph) says of ``thing`` from then on.

    For the end of a change ``version`` is the number of the version over there, and ``mode`` that of its default graph.
    """

    place: int
    change: str
    thing: str
    graph: str = ""
    triples: frozenset[Triple] = frozenset()
    version: int = 0
    mode: str = ""


@dataclass(frozen=True)
class FeedPage:
    """A page: the identity of its stream, its members by their places, and the addresses it leads to."""

    stream: str
    members: list[FeedMember]
    leads_to: list[str] = field(default_factory=list)


def read_page(content: bytes, address: str) -> FeedPage:
    """Reads a page in N-Quads; raises :class:`FeedRefused` for anything that is not as it should be."""
    try:
        return _Reading(content, address).page()
    except InputError as error:
        raise FeedRefused(f"It cannot be read: {error.detail}", source=address) from None


class _Reading:
    """One page while it is read."""

    def __init__(self, content: bytes, address: str) -> None:
        self._address = address
        if _TRIPLE_TERM in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", content):
            raise self._refused("It holds triple terms, which are RDF 1.2.")
        self._facts: _Facts = defaultdict(lambda: defaultdict(list))
        self._contents: defaultdict[str, set[Triple]] = defaultdict(set)
        for quad in parse_rdf(content, N_QUADS, address):
            self._take(quad)

    def page(self) -> FeedPage:
        streams = [subject for subject, about in self._facts.items() if f"{LDES}EventStream" in _iris(about[TYPE])]
        found = _STREAM.fullmatch(streams[0]) if len(streams) == 1 else None
        if found is None:
            raise self._refused("It is no page of an event stream of pedgraph.")
        stream = self._facts[streams[0]]
        members = [self._member(iri, found[1]) for iri in _iris(stream[f"{TREE}member"])]
        members.sort(key=lambda each: each.place)
        own = self._facts[self._address]
        if members or TOTAL in own:
            self._count(own, TOTAL, len(members))
            self._count(own, TRIPLES, sum(len(each.triples) for each in members))
        if self._contents:
            raise self._refused("It holds statements that belong to no member.")
        relations = _iris(own[f"{TREE}relation"])
        leads_to = [iri for each in relations for iri in _iris(self._facts[each][f"{TREE}node"])]
        return FeedPage(found[1], members, leads_to)

    def _take(self, quad: Quad) -> None:
        if not isinstance(quad.subject, NamedNode):
            raise self._refused("It holds blank nodes, which have no place in a feed.")
        if isinstance(quad.graph_name, DefaultGraph):
            self._facts[quad.subject.value][quad.predicate.value].append(quad.object)
        else:
            self._contents[quad.graph_name.value].add(quad.triple)

    def _member(self, iri: str, stream: str) -> FeedMember:
        about = self._facts[iri]
        place = iri.removeprefix(f"{FEED}#member-{stream}-")
        kinds = _iris(about[TYPE])
        if not _PLACE.fullmatch(place) or len(kinds) != 1:
            raise self._refused(f"Its member {iri[:200]} is none of this stream.")
        change, thing = self._one(iri, GENERATED_BY), self._one(iri, VERSION_OF)
        triples = frozenset(self._contents.pop(iri, ()))
        if kinds == [ANNOUNCE]:
            return self._end(FeedMember(int(place), change, thing), iri)
        if kinds[0] not in {CREATE, UPDATE, DELETE} or (kinds == [DELETE]) != (not triples):
            raise self._refused(f"Its member {iri} is neither a thing that is there nor one that is not.")
        if any(triple.subject != NamedNode(thing) for triple in triples):
            raise self._refused(f"Its member {iri} holds statements about something else than {thing[:200]}.")
        graph = self._one(iri, TARGET) if about[TARGET] else ""
        return FeedMember(int(place), change, thing, graph, triples)

    def _end(self, member: FeedMember, iri: str) -> FeedMember:
        version = _VERSION.fullmatch(member.thing)
        modes = [each.value for each in self._facts[iri][MODE] if isinstance(each, Literal)]
        if version is None or len(modes) != 1 or modes[0] not in _MODES:
            raise self._refused(f"Its member {iri} announces no version.")
        return FeedMember(member.place, member.change, member.thing, version=int(version[1]), mode=modes[0])

    def _one(self, subject: str, predicate: str) -> str:
        found = self._facts[subject][predicate]
        if len(found) != 1 or not isinstance(found[0], NamedNode):
            raise self._refused(f"{subject[:200]} has not one {predicate}, as it should.")
        return found[0].value

    def _count(self, own: defaultdict[str, list[Term]], predicate: str, actual: int) -> None:
        stated = [each.value for each in own[predicate] if isinstance(each, Literal)]
        if stated != [str(actual)]:
            raise self._refused(f"It is not whole: {actual} is not the number that it states as {predicate}.")

    def _refused(self, detail: str) -> FeedRefused:
        return FeedRefused(detail, source=self._address[:500])


def _iris(terms: list[Term]) -> list[str]:
    return [each.value for each in terms if isinstance(each, NamedNode)]
