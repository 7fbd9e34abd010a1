"""What differs between two versions, graph by graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Triple

from pedgraph.errors import VersionGone, VersionNotFound
from pedgraph.store.changes import ChangeSet
from pedgraph.store.differences import GraphDifference, differences
from pedgraph.store.publication import Publication, build, edit, publish
from pedgraph.store.versions import Versions
from tests.store.worlds import PUBLICATION, A, B, C, triple, world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    found = Versions(tmp_path)
    build(found, world(a=[triple("one"), triple("two")], b=[triple("x")]), PUBLICATION)
    publish(found, world(a=[triple("two"), triple("three")], c=[triple("x")]), PUBLICATION)
    publish(found, ChangeSet(removed=frozenset({B})), PUBLICATION)
    return found


def test_only_graphs_that_differ_are_given_in_both_directions(versions: Versions) -> None:
    one, three, x = (frozenset({triple(name)}) for name in ("one", "three", "x"))
    nothing: frozenset[Triple] = frozenset()

    assert list(differences(versions, 1, 2)) == [GraphDifference(A, three, one), GraphDifference(C, x, nothing)]
    assert list(differences(versions, 2, 3)) == [GraphDifference(B, nothing, x)]
    assert list(differences(versions, 3, 1)) == [
        GraphDifference(A, one, three), GraphDifference(B, x, nothing), GraphDifference(C, nothing, x),
    ]  # fmt: skip
    assert list(differences(versions, 2, 2)) == []


def test_a_build_from_scratch_is_compared_by_content(versions: Versions) -> None:
    build(versions, world(a=[triple("two"), triple("three")], c=[triple("x", 2)]), PUBLICATION)

    assert [each.graph for each in differences(versions, 3, 4)] == [C]


def test_versions_that_are_not_kept_are_refused(versions: Versions) -> None:
    publish(versions, world(), Publication("somebody", "to see", keep=1))

    with pytest.raises(VersionGone):
        list(differences(versions, 1, 4))
    with pytest.raises(VersionNotFound):
        list(differences(versions, 9, 9))


def test_a_default_graph_of_its_own_counts(tmp_path: Path) -> None:
    versions, plain = Versions(tmp_path), Publication("somebody", "to see", is_merged=False)
    build(versions, ChangeSet(), plain)
    statement = triple("one")
    quads = [statement]

    def add(edits: object) -> None:
        from pedgraph.store.edits import DEFAULT_GRAPH, Edits

        assert isinstance(edits, Edits)
        edits.replace(DEFAULT_GRAPH, frozenset(quads))
        edits.create(NamedNode(A))

    edit(versions, add, plain)

    assert list(differences(versions, 1, 2)) == [GraphDifference("", frozenset(quads), frozenset())]
