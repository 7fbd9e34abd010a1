"""The build stops at what is wrong and says so; the current version stays."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import DoesNotConform, InputError
from pedgraph.intake.building import Built, build_version
from pedgraph.settings import Settings
from pedgraph.store.versions import Pointer, Versions
from tests.folders import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GRAPH = "https://w3id.org/pedgraph/graph/"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped data, to be spoiled."""
    copy = tmp_path / "data"
    shutil.copytree(TEXTS, copy)
    return copy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


SPOILERS: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "a file that does not parse": (
        lambda data: replace(data / "sources" / "s1.trig", "a pedg:Network ;", "a pedg:Network"),
        InputError,
        r"s1\.trig:\d+:\d+: ",
    ),
    "no description of graphs": (lambda data: (data / "meta.trig").unlink(), InputError, r"meta\.trig: There is no"),
    "a statement outside of any graph": (
        lambda data: (data / "sources" / "x.trig").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8"),
        InputError,
        "outside of any graph",
    ),
    "a graph with a name of somebody else": (
        lambda data: (data / "sources" / "x.trig").write_text("<urn:g> { <urn:a> <urn:b> <urn:c> }", encoding="utf-8"),
        InputError,
        "not named as one of ours",
    ),
    "a source that describes itself": (
        lambda data: (data / "sources" / "x.trig").write_text(
            f"<{GRAPH}meta> {{ <urn:a> <urn:b> <urn:c> }}", encoding="utf-8"
        ),
        InputError,
        "Only meta.trig",
    ),
    "a graph that nobody describes": (
        lambda data: (data / "sources" / "x.trig").write_text(
            f"<{GRAPH}x/1> {{ <urn:a> <urn:b> <urn:c> }}", encoding="utf-8"
        ),
        DoesNotConform,
        "1 violation",
    ),
    "a misspelt class": (
        lambda data: replace(data / "sources" / "s1.trig", "a pedg:Network ;", "a pedg:Netwrok ;"),
        DoesNotConform,
        "violation",
    ),
    "a violated rule": (
        lambda data: replace(data / "reference" / "cities.trig", "country:FRA", "country:XXX"),
        DoesNotConform,
        "violation",
    ),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_what_is_wrong_stops_the_build_and_leaves_the_current_version(name: str, data: Path, home: Path) -> None:
    spoil, error, says = SPOILERS[name]
    spoil(data)

    with pytest.raises(error, match=says):
        build_version(Versions(home), data, Settings())

    assert Versions(home).pointer() == Pointer(current=1, published=1)
    assert [path.name for path in Versions(home).root.iterdir()] == ["000001"]


def test_two_builds_of_the_same_data_hold_the_same(built: tuple[Path, Built], tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []

    again = build_version(
        Versions(tmp_path), TEXTS, Settings(), release="2026.1", progress=lambda *step: steps.append(step)
    )

    first = built[1].manifest
    assert (again.manifest.quads, again.manifest.graphs) == (first.quads, first.graphs)
    assert again.findings == built[1].findings
    assert again.manifest.release == "2026.1"
    assert steps[-1][1] == steps[-1][2]
    assert [done for _, done, _ in steps[1:]] == sorted(done for _, done, _ in steps[1:])


def test_the_shipped_data_conform_and_their_warnings_are_known(built: tuple[Path, Built]) -> None:
    found = {(finding.rule, finding.focus_node.rpartition("/id/")[2]) for finding in built[1].findings}

    assert found == {
        ("S20", "involvement/b9f7e465b8a5"),
        ("S27", "atelier/es-bilbao"),
        ("S27", "atelier/nl-amsterdam"),
        ("S28", "atelier/es-bilbao"),
        ("S28", "atelier/nl-amsterdam"),
    }
