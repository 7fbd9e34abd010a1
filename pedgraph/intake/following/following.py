"""Following another installation: its feed is replayed here, change by change, and each becomes a version.

What is needed to go on where it ended is kept in ``following.json`` in the home folder. It is written after the version
that it speaks of; where a death comes between, that change is replayed once more, which changes nothing.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from pedgraph.errors import FeedRefused, SettingsError, StoreError
from pedgraph.intake.following.fetching import Fetcher, Limits, PageMissing, site_of_feed
from pedgraph.intake.following.reading import FeedMember, read_page
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, edit
from pedgraph.vocabulary.skolem import GENERATED, with_blank_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyoxigraph import Triple

    from pedgraph.intake.following.reading import FeedPage
    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits, GraphName
    from pedgraph.store.versions import Versions

FOLLOWING_FILE: Final = "following.json"
# A change with more members is not held in memory here.
MOST_MEMBERS: Final = 5_000_000
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class State:
    """How far a home has followed: the feed, its stream, the next place, and the page that this may be on."""

    feed: str
    stream: str = ""
    next_place: int = 0
    page: str = ""


@dataclass(frozen=True)
class Followed:
    """What came of it: how many changes were replayed, and the version that is current here and there."""

    changes: int
    version: int
    version_there: int


class Follower:
    """Replays the feed of one other installation in one home."""

    def __init__(self, versions: Versions, settings: Settings, feed: str, limits: Limits | None = None) -> None:
        """Raises :class:`FeedRefused` for an address that is none."""
        self._versions = versions
        self._settings = settings
        self._site = site_of_feed(feed)
        self._feed = f"{self._site}feed"
        self._fetcher = Fetcher(self._site, limits or Limits())
        self._file = versions.home / FOLLOWING_FILE

    def catch_up(self, progress: Callable[[int], None] = lambda _: None) -> Followed:
        """Replays all changes that are new; ``progress`` is called with the number of each version over there.

        Raises :class:`FeedRefused` where the feed is not as it should be, with all whole changes before replayed;
        :class:`SettingsError` where this home holds something else or wants another default graph; and what
        :func:`pedgraph.store.publication.edit` raises.
        """
        state = self._begin()
        count = there = 0
        for page, members in self._changes(state):
            end = members[-1]
            self._replay(members)
            state = replace(state, stream=page.stream, next_place=end.place + 1, page=page.address)
            self._write(state)
            count, there = count + 1, end.version
            progress(end.version)
        return Followed(count, self._versions.current(), there)

    def _begin(self) -> State:
        try:
            members = json.loads(self._file.read_text(encoding="utf-8"))
            state = State(**members)
        except FileNotFoundError:
            if self._versions.pointer() is not None:
                raise SettingsError(
                    f"{self._versions.home} holds a graph of its own, which does not follow anybody. Follow in a home "
                    "folder that is still empty: --home FOLDER."
                ) from None
            state = State(self._feed)
            self._write(state)
        except (OSError, ValueError, TypeError) as error:
            raise StoreError(f"{self._file} cannot be read: {error}.") from error
        if state.feed != self._feed:
            raise SettingsError(f"{self._versions.home} follows {state.feed}. Follow others in other home folders.")
        return state

    def _changes(self, state: State) -> Iterator[tuple[_Found, list[FeedMember]]]:
        """Whole changes that are new, each with the page on which it ends."""
        pending: list[FeedMember] = []
        place, stream = state.next_place, state.stream
        for found in self._pages(state):
            stream = stream or found.stream
            if found.stream != stream:
                raise FeedRefused(
                    "Another stream begins there: its history was lost. Follow it in a new home folder.",
                    source=found.address,
                )
            for member in found.page.members:
                if member.place < place:
                    continue
                place = member.place + 1
                pending.append(member)
                if any(member.change != each.change for each in pending[:1]) or len(pending) > MOST_MEMBERS:
                    raise FeedRefused("A change in it has no end.", source=found.address)
                if member.version:
                    yield found, pending
                    pending = []
        if pending:
            raise FeedRefused("It breaks off within a change.", source=found.address)

    def _pages(self, state: State) -> Iterator[_Found]:
        """The pages from the one that was read last, or from the first one, in their order."""
        found = self._fetched(state.page) if state.page else None
        if found is None:
            entry = self._fetched(self._feed)
            if entry is None or not entry.page.leads_to:
                raise FeedRefused("There is no feed of pedgraph there.", source=self._feed)
            found = self._fetched(min(entry.page.leads_to, key=_page_number))
        seen: set[str] = set()
        last_place = -1
        while found is not None:
            seen.add(found.address)
            places = [each.place for each in found.page.members]
            if places and (places[0] <= last_place or len(set(places)) < len(places)):
                raise FeedRefused("Its members are not in the order of the pages.", source=found.address)
            last_place = places[-1] if places else last_place
            yield found
            if not found.page.leads_to:
                return
            following = found.page.leads_to[0]
            if len(found.page.leads_to) > 1 or following in seen:
                raise FeedRefused("Its pages lead in a circle, or in several directions.", source=found.address)
            found = self._fetched(following)
        raise FeedRefused("A page that it leads to is missing.", source=self._feed)

    def _fetched(self, address: str) -> _Found | None:
        try:
            return _Found(address, read_page(self._fetcher.fetch(address), address))
        except PageMissing:
            return None

    def _replay(self, members: list[FeedMember]) -> None:
        end = members[-1]
        is_merged = end.mode == "merged"
        if self._settings.default_graph != end.mode:
            raise SettingsError(f"The default graph over there is {end.mode}. Set PEDGRAPH_DEFAULT_GRAPH={end.mode}.")
        publication = Publication(
            author="pedgraph follow",
            reason=f"Follows {self._feed}: version {end.version} there",
            derivations=None,
            keep=self._settings.versions_kept,
            is_merged=is_merged,
        )
        if self._versions.pointer() is None:
            build(self._versions, _as_change_set(members), publication, lambda edits: _fill_default(edits, members))
        else:
            wait = self._settings.queue_wait_seconds
            edit(self._versions, lambda edits: _apply(edits, members), publication, wait_seconds=wait)

    def _write(self, state: State) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            work = self._file.with_suffix(".tmp")
            with work.open("w", encoding="utf-8") as file:
                json.dump(asdict(state), file)
                file.flush()
                os.fsync(file.fileno())
            work.replace(self._file)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written: {error}.") from error


@dataclass(frozen=True)
class _Found:
    """A page and its address."""

    address: str
    page: FeedPage

    @property
    def stream(self) -> str:
        return self.page.stream


def _page_number(address: str) -> int:
    number = address.rpartition("/")[2]
    return int(number) if _NUMBER.fullmatch(number) else 0


def _as_change_set(members: list[FeedMember]) -> ChangeSet:
    graphs: defaultdict[str, list[Triple]] = defaultdict(list)
    for member in members:
        if member.graph:
            graphs[member.graph] += [with_blank_nodes(triple) for triple in member.triples]
    return ChangeSet({graph: triples for graph, triples in graphs.items() if triples})


def _fill_default(edits: Edits, members: list[FeedMember]) -> None:
    _apply(edits, [member for member in members if not member.graph])


def _apply(edits: Edits, members: list[FeedMember]) -> None:
    """Makes each graph say of each thing what the members say. A graph that says nothing any more goes."""
    for member in members:
        if member.version:
            continue
        graph: GraphName = NamedNode(member.graph) if member.graph else DefaultGraph()
        triples = [with_blank_nodes(triple) for triple in member.triples]
        wanted = {Quad(each.subject, each.predicate, each.object, graph) for each in triples}
        present = set(edits.store.quads_for_pattern(_subject(member.thing), None, None, graph))
        edits.remove(present - wanted)
        edits.add(wanted - present)
    for name in {member.graph for member in members} - {""}:
        if not any(edits.quads(NamedNode(name))):
            edits.drop(NamedNode(name))


def _subject(thing: str) -> NamedNode | BlankNode:
    return BlankNode(thing.removeprefix(GENERATED)) if thing.startswith(GENERATED) else NamedNode(thing)
