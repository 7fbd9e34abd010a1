"""The two modes of the default graph: one home goes from one to the other, and nothing is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Store

from pedgraph.cli.building import prepare
from pedgraph.errors import SettingsError
from pedgraph.intake.building import build_version
from pedgraph.settings import Settings, load_settings
from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import INFERRED_GRAPH
from tests.folders import TEXTS
from tests.intake.writes import whole, write

if TYPE_CHECKING:
    from pathlib import Path


def mode(home: Path, default_graph: str) -> Settings:
    return load_settings({}, home=home, default_graph=default_graph, validate_writes="off")


def test_a_merged_home_is_made_plain_and_merged_again(home: Path) -> None:
    before = whole(home)

    prepare(mode(home, "plain"))
    plain = whole(home)
    write(home, "INSERT DATA { <urn:x:s> <urn:x:p> 1 }", default_graph="plain", validate_writes="off")
    with pytest.raises(SettingsError, match="default graph of its own"):
        prepare(mode(home, "merged"))
    write(home, "CLEAR DEFAULT", default_graph="plain", validate_writes="off")
    prepare(mode(home, "merged"))

    assert plain == {name: triples for name, triples in before.items() if name}
    assert whole(home) == before
    modes = [read_manifest(Versions(home).directory(number)).default_graph for number in Versions(home).numbers()]
    assert modes == ["merged", "plain", "plain", "plain", "merged"]


def test_a_write_converts_what_it_finds(home: Path) -> None:
    write(home, "INSERT DATA { <urn:x:s> <urn:x:p> 1 }", default_graph="plain", validate_writes="off")

    assert whole(home)[""] == {'<urn:x:s> <urn:x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert Versions(home).numbers() == [1, 2, 3]


def test_a_build_in_plain_mode_leaves_the_default_graph_empty(tmp_path: Path) -> None:
    build_version(Versions(tmp_path), TEXTS, mode(tmp_path, "plain"))

    store = Store.read_only(str(Versions(tmp_path).store_directory()))
    assert list(store.quads_for_pattern(None, None, None, DEFAULT_GRAPH)) == []
    assert not store.contains_named_graph(NamedNode(INFERRED_GRAPH))
    assert len(store) == read_manifest(Versions(tmp_path).directory(1)).quads > 5000
