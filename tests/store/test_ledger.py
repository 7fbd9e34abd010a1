"""The ledger knows what each publication and rollback changed, whatever became of the versions."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.delivery.feed.changes import Changes, Tombstone
from pedgraph.errors import StoreError
from pedgraph.store.changes import ChangeSet
from pedgraph.store.chronicle import catch_up, roll_back
from pedgraph.store.ledger import LEDGER_FILE, Ledger
from pedgraph.store.publication import Publication, build, convert, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import PREFIXES, THINGS
from tests.feeds import EVERYTHING, held, replayed
from tests.store.worlds import PUBLICATION, A, B, triple, world

if TYPE_CHECKING:
    from pathlib import Path

PREF_LABEL = NamedNode(f"{PREFIXES['skos']}prefLabel")
NAME = NamedNode(f"{PREFIXES['foaf']}name")
PERSON = NamedNode(f"{THINGS}person/ada-example")
TALK = NamedNode(f"{THINGS}involvement/talk")
TYPE = NamedNode(f"{PREFIXES['rdf']}type")


def with_list(value: int) -> list[Triple]:
    """A thing, and a chain of two blank nodes that it leads to."""
    first, second = BlankNode(), BlankNode()
    leads = NamedNode("urn:x:leads")
    return [
        Triple(NamedNode("urn:x:head"), leads, first),
        Triple(first, leads, second),
        Triple(second, leads, Literal(value)),
        Triple(NamedNode("urn:x:other"), NamedNode("urn:x:p"), Literal(value)),
    ]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path)


def happened(versions: Versions) -> list[tuple[int, str, str]]:
    """Version, thing and kind of all events, oldest first."""
    events = Ledger(versions.home).events(newest=EVERYTHING)
    return [(each.version, each.event.iri.removeprefix("urn:x:"), each.event.kind) for each in reversed(events)]


def test_each_change_says_what_happened_to_each_thing(versions: Versions) -> None:
    build(versions, world(a=[triple("one"), triple("two")], b=[triple("two", "y")]), PUBLICATION)
    publish(versions, world(a=[triple("two"), triple("three")]), PUBLICATION)
    publish(versions, ChangeSet(removed=frozenset({A})), PUBLICATION)
    roll_back(versions, 1)
    build(versions, world(b=[triple("two", "y")]), PUBLICATION)

    assert happened(versions) == [
        (1, "one", "created"), (1, "two", "created"),
        (2, "one", "withdrawn"), (2, "three", "created"),
        (3, "three", "withdrawn"), (3, "two", "changed"),
        (1, "one", "created"), (1, "two", "changed"),
        (4, "one", "withdrawn"), (4, "two", "changed"),
    ]  # fmt: skip
    steps = [
        (each.previous, each.version, each.created, each.changed, each.withdrawn)
        for each in Ledger(versions.home).changes()
    ]
    assert steps == [(1, 4, 0, 1, 1), (3, 1, 1, 1, 0), (2, 3, 0, 1, 1), (1, 2, 1, 0, 1), (None, 1, 2, 0, 0)]
    moments = [each.moment for each in Ledger(versions.home).changes()]
    assert moments == sorted(moments, reverse=True)
    assert Changes(versions).withdrawn("urn:x:one") == Tombstone("urn:x:one", 4, moments[0])
    assert Changes(versions).withdrawn("urn:x:two") is None
    assert Changes(versions).withdrawn("urn:x:never") is None


def test_replay_gives_each_version_however_it_came_about_and_outlives_pruning(versions: Versions) -> None:
    publication = replace(PUBLICATION, keep=1)
    build(versions, world(a=with_list(1), b=[triple("x")]), publication)
    assert replayed(versions) == held(versions)
    for number in range(2, 5):
        publish(versions, world(a=with_list(number)), publication)
        assert replayed(versions) == held(versions)
    build(versions, world(a=with_list(4), c=with_list(5)), replace(publication, keep=2))
    assert replayed(versions) == held(versions)
    roll_back(versions, 4)
    assert replayed(versions) == held(versions)
    publish(versions, ChangeSet(removed=frozenset({A})), publication)
    assert replayed(versions) == held(versions)

    assert versions.numbers() == [6]
    assert len(Ledger(versions.home).changes()) == 7


def test_a_build_of_the_same_changes_nothing_though_blank_nodes_have_other_labels(versions: Versions) -> None:
    build(versions, world(a=with_list(1)), PUBLICATION)
    build(versions, world(a=with_list(1)), PUBLICATION)

    newest, first = Ledger(versions.home).changes()

    assert (newest.first, newest.last) == (first.last + 1, first.last + 1)
    assert (newest.created, newest.changed, newest.withdrawn) == (0, 0, 0)


def test_a_home_without_a_ledger_gets_one_from_the_versions_that_are_kept(versions: Versions) -> None:
    build(versions, world(a=[triple("one")]), PUBLICATION)
    publish(versions, world(a=[triple("two")]), PUBLICATION)
    publish(versions, world(a=[triple("three")]), PUBLICATION)
    versions.rollback(2)
    (versions.home / LEDGER_FILE).unlink()

    Changes(versions).catch_up()

    assert [(each.previous, each.version) for each in Ledger(versions.home).changes()] == [
        (3, 2),
        (2, 3),
        (1, 2),
        (None, 1),
    ]
    assert replayed(versions) == held(versions)


def test_a_death_before_the_first_table_does_no_harm(versions: Versions) -> None:
    (versions.home / LEDGER_FILE).touch()
    build(versions, world(a=[triple("one")]), PUBLICATION)

    assert replayed(versions) == held(versions)


@pytest.mark.parametrize("publications", [1, 2])
def test_what_a_death_left_out_is_made_up_for_before_anything_is_pruned(
    versions: Versions, tmp_path_factory: pytest.TempPathFactory, publications: int
) -> None:
    build(versions, world(a=[triple("one")]), PUBLICATION)
    before = shutil.copy(versions.home / LEDGER_FILE, tmp_path_factory.mktemp("before"))
    for number in range(publications):
        publish(versions, world(a=[triple("two", number)]), PUBLICATION)
    shutil.copy(before, versions.home / LEDGER_FILE)

    publish(versions, world(b=[triple("three")]), replace(PUBLICATION, keep=1))

    last = publications + 2
    steps = [(each.previous, each.version) for each in Ledger(versions.home).changes()]
    assert steps == [*((number - 1, number) for number in range(last, 1, -1)), (None, 1)]
    assert replayed(versions) == held(versions)


def test_a_ledger_that_cannot_be_written_stops_pruning_but_no_publication(versions: Versions) -> None:
    build(versions, world(a=[triple("one")]), PUBLICATION)
    ledger = versions.home / LEDGER_FILE
    ledger.unlink()
    ledger.mkdir()
    for number in range(3):
        publish(versions, world(a=[triple("two", number)]), replace(PUBLICATION, keep=1))
    assert versions.numbers() == [1, 2, 3, 4]
    with pytest.raises(StoreError):
        Ledger(versions.home).last()

    ledger.rmdir()
    publish(versions, world(b=[triple("three")]), replace(PUBLICATION, keep=1))

    assert versions.numbers() == [5]
    assert len(Ledger(versions.home).changes()) == 5
    assert replayed(versions) == held(versions)


def test_a_ledger_that_no_kept_version_follows_on_begins_anew(versions: Versions) -> None:
    build(versions, world(a=[triple("one")]), PUBLICATION)
    first = Ledger(versions.home).identity()
    old = (versions.home / LEDGER_FILE).read_bytes()
    for number in range(3):
        publish(versions, world(a=[triple("two", number)]), replace(PUBLICATION, keep=1))
    (versions.home / LEDGER_FILE).write_bytes(old)

    with versions.lock():
        catch_up(versions)

    assert Ledger(versions.home).identity() != first
    assert [(each.previous, each.version) for each in Ledger(versions.home).changes()] == [(None, 4)]
    assert replayed(versions) == held(versions)


def test_a_default_graph_of_its_own_is_part_of_it(versions: Versions) -> None:
    plain = Publication("somebody", "to see", is_merged=False)
    build(versions, world(a=[triple("one")]), PUBLICATION)
    convert(versions, plain)
    publish(versions, ChangeSet({}), plain)

    assert [each.mode for each in Ledger(versions.home).changes()] == ["plain", "plain", "merged"]
    assert replayed(versions) == held(versions)


def talk(text: str) -> list[Triple]:
    return [Triple(TALK, PREF_LABEL, Literal(text, language="en"))]


def test_of_a_person_who_is_withdrawn_no_name_stays(versions: Versions) -> None:
    person = [
        Triple(PERSON, TYPE, NamedNode(f"{PREFIXES['foaf']}Person")),
        Triple(PERSON, NAME, Literal('Ada "A." Example')),
        Triple(PERSON, PREF_LABEL, Literal("Ada Example", language="en")),
    ]
    build(versions, world(a=person, b=[*talk("Talk by Ada Example"), triple("one")]), PUBLICATION)
    publish(versions, world(b=[*talk("A talk"), triple("one")]), PUBLICATION)
    identity, edition = Ledger(versions.home).identity()

    publish(versions, ChangeSet(removed=frozenset({A})), PUBLICATION)

    ledger = Ledger(versions.home)
    assert ledger.identity() == (identity, edition + 1)
    everything = (versions.home / LEDGER_FILE).read_bytes()
    assert b"Ada" not in everything
    assert not any("Ada" in line for each in ledger.members(0, EVERYTHING) for line in each.member.lines)
    assert not any("Ada" in each.event.label for each in ledger.events(newest=EVERYTHING))
    withdrawn = Changes(versions).withdrawn(PERSON.value)
    assert withdrawn is not None
    assert (withdrawn.label, withdrawn.kinds) == ("", (f"{PREFIXES['foaf']}Person",))
    assert replayed(versions) == held(versions)
    assert [(each.event.kind, each.event.label) for each in Changes(versions).history(TALK.value)] == [
        ("changed", "A talk"),
        ("created", ""),
    ]


def test_other_things_keep_their_history_and_their_name_when_they_are_withdrawn(versions: Versions) -> None:
    build(versions, world(a=talk("A talk"), b=[triple("one")]), PUBLICATION)
    publish(versions, ChangeSet(removed=frozenset({A})), PUBLICATION)

    withdrawn = Changes(versions).withdrawn(TALK.value)

    assert withdrawn is not None
    assert withdrawn.label == "A talk"
    assert Ledger(versions.home).identity()[1] == 1
    assert B in {each.member.graph for each in Ledger(versions.home).members(0, EVERYTHING)}
