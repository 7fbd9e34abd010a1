"""The change feed as a Linked Data Event Stream (LDES 1.0) in pages (TREE hypermedia).

A member is what one named graph says of one thing from a change on: its statements stand in a graph by the name of the
member. All members of a change form a transaction, whose last member is the announcement of the version itself. Whoever
takes, for each thing and graph, the newest member has the graph of the current version.

Blank nodes have names (RDF 1.1 Concepts, section 3.5). Pages hold a fixed number of places, so that a page that is full
never changes again. One thing takes something out: the withdrawal of a person, of whom no name stays. It begins a new
*edition* of the pages, at addresses of its own; those of earlier ones are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, parse, serialize

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound, NotReady, PageGone
from pedgraph.vocabulary.events import (
    ANNOUNCE,
    AS,
    CREATE,
    CREATED,
    DELETE,
    FEED,
    GENERATED_BY,
    LDES,
    MODE,
    POSITION,
    TARGET,
    TOTAL,
    TREE,
    TRIPLES,
    TYPE,
    UPDATE,
    VERSION_OF,
)  # fmt: skip
from pedgraph.vocabulary.iris import PREFIXES, ROOT
from pedgraph.vocabulary.media import JSON_LD, N_QUADS, TRIG
from pedgraph.vocabulary.serialising import in_fixed_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.store.ledger import Change, Ledger, Placed
    from pedgraph.vocabulary.media import Format

FORMATS: Final = (TRIG, N_QUADS, JSON_LD)
PLACES_PER_PAGE: Final = 250
_PREFIXES: Final = PREFIXES | {"as": AS, "ldes": LDES, "tree": TREE}
_XSD: Final = PREFIXES["xsd"]
_POLICY: Final = (
    "Members and full pages never change. Where a person is withdrawn, past members that hold a name of that person "
    "are left out: the pages get new addresses, those of the edition before are gone. Later members do without them."
)


@dataclass(frozen=True)
class Page:
    """A page of the stream; one that ``is_full`` never changes."""

    document: Document
    is_full: bool


class Stream:
    """Writes the pages of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def root(self, site: str, rdf_format: Format) -> Document:
        """The entry: what the stream is, and where its pages begin. ``site`` is the start of the site, as an address.

        Raises :class:`NotReady` where nothing was ever published.
        """
        identity, edition = self._identity()
        stream, view = f"{FEED}#stream-{identity}", f"{site}feed"
        last = (self._end() - 1) // PLACES_PER_PAGE
        lines = [*_stream_lines(stream, view), *_description(stream, view)]
        for name, number in (("first", 0), ("newest", last)):
            lines += _relation(view, f"{view}#{name}", _address(site, edition, number))
        return _document(lines, rdf_format)

    def page(self, edition: int, number: int, site: str, rdf_format: Format) -> Page:
        """A page by its number, from 0 on.

        Raises :class:`NotFound` for one that is not there yet, :class:`PageGone` for one of an earlier edition.
        """
        identity, newest = self._identity()
        if 1 <= edition < newest:
            raise PageGone(
                "The pages of the feed have new addresses, since something was taken out of it. Begin again at its "
                "entry; members that you have are the same."
            )
        first, total = number * PLACES_PER_PAGE, self._end()
        if edition != newest or first > total:
            raise NotFound("There is no such page of the feed. Begin at its entry.")
        end = min(first + PLACES_PER_PAGE, total)
        is_full = end - first == PLACES_PER_PAGE
        address = _address(site, edition, number)
        stream = f"{FEED}#stream-{identity}"
        lines = [*_stream_lines(stream, f"{site}feed"), f"<{address}> <{TYPE}> <{TREE}Node> ."]
        if is_full:
            lines += _relation(address, f"{address}#next", _address(site, edition, number + 1))
        body = list(self._members(identity, first, end))
        statements = sum(len(each.content) for each in body)
        lines += [_number(address, TOTAL, len(body)), _number(address, TRIPLES, statements)]
        for each in body:
            lines += [f"<{stream}> <{TREE}member> <{each.iri}> .", *each.about, *each.content]
        return Page(_document(lines, rdf_format), is_full)

    def _identity(self) -> tuple[str, int]:
        identity, edition = self._ledger.identity()
        if not identity:
            raise NotReady("What changed is not written down here yet. Try again in a moment.")
        return identity, edition

    def _end(self) -> int:
        last = self._ledger.last()
        return 0 if last is None else last.last + 1

    def _members(self, identity: str, first: int, end: int) -> Iterator[_Written]:
        """The members in some places and the ends of changes among them, in their order."""
        placed = {each.place: each for each in self._ledger.members(first, end)}
        for change in self._ledger.changes_between(first, end):
            for place in range(max(first, change.first), min(end, change.last)):
                if place in placed:
                    yield _written(identity, change, placed[place])
            if first <= change.last < end:
                yield _announcement(identity, change)


@dataclass(frozen=True)
class _Written:
    """A member as lines of N-Quads: what is said about it, and what it says."""

    iri: str
    about: list[str]
    content: list[str]


def _written(identity: str, change: Change, placed: Placed) -> _Written:
    member = placed.member
    kind = DELETE if not member.lines else UPDATE if member.existed else CREATE
    iri = f"{FEED}#member-{identity}-{placed.place}"
    about = _about(iri, kind, member.iri, identity, change, placed.place)
    if member.graph:
        about.append(f"<{iri}> <{TARGET}> <{member.graph}> .")
    return _Written(iri, about, [f"{line[:-1]}<{iri}> ." for line in member.lines])


def _announcement(identity: str, change: Change) -> _Written:
    """The member that ends a change. It says what the default graph of the version is."""
    iri = f"{FEED}#member-{identity}-{change.last}"
    version = f"{ROOT}version/{change.version}"
    about = _about(iri, ANNOUNCE, version, identity, change, change.last)
    return _Written(iri, [*about, f'<{iri}> <{MODE}> "{change.mode}" .'], [])


def _about(iri: str, kind: str, thing: str, identity: str, change: Change, place: int) -> list[str]:
    return [
        f"<{iri}> <{TYPE}> <{kind}> .",
        f"<{iri}> <{VERSION_OF}> <{thing}> .",
        f'<{iri}> <{CREATED}> "{change.moment}"^^<{_XSD}dateTime> .',
        _number(iri, POSITION, place),
        f"<{iri}> <{GENERATED_BY}> <{FEED}#change-{identity}-{change.number}> .",
    ]


def _stream_lines(stream: str, view: str) -> list[str]:
    return [f"<{stream}> <{TYPE}> <{LDES}EventStream> .", f"<{stream}> <{TREE}view> <{view}> ."]


def _description(stream: str, view: str) -> list[str]:
    paths = {
        "timestampPath": CREATED,
        "sequencePath": POSITION,
        "versionOfPath": VERSION_OF,
        "versionCreateObject": CREATE,
        "versionUpdateObject": UPDATE,
        "versionDeleteObject": DELETE,
        "transactionPath": GENERATED_BY,
        "transactionFinalizedPath": TYPE,
        "transactionFinalizedObject": ANNOUNCE,
    }
    title = "What is created, changed and withdrawn in pedgraph"
    return [
        f'<{stream}> <{PREFIXES["dcterms"]}title> "{title}"@en .',
        f'<{view}> <{PREFIXES["dcterms"]}description> "{_POLICY}"@en .',
        f"<{view}> <{TYPE}> <{TREE}Node> .",
        *(f"<{stream}> <{LDES}{name}> <{value}> ." for name, value in paths.items()),
    ]


def _relation(page: str, relation: str, target: str) -> list[str]:
    return [
        f"<{page}> <{TREE}relation> <{relation}> .",
        f"<{relation}> <{TYPE}> <{TREE}Relation> .",
        f"<{relation}> <{TREE}node> <{target}> .",
    ]


def _number(subject: str, predicate: str, value: int) -> str:
    return f'<{subject}> <{predicate}> "{value}"^^<{_XSD}integer> .'


def _address(site: str, edition: int, number: int) -> str:
    return f"{site}feed/{edition}/{number}"


def _document(lines: Iterable[str], rdf_format: Format) -> Document:
    content = ("\n".join(lines) + "\n").encode()
    if rdf_format != N_QUADS:
        target = RdfFormat.from_media_type(rdf_format.media_type)
        assert target is not None
        written = serialize(parse(content, RdfFormat.N_QUADS), format=target, prefixes=_PREFIXES)
        assert written is not None
        content = in_fixed_order(written, rdf_format)
    return Document(content, rdf_format.content_type())
