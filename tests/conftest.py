"""Fixtures: a version built once from the shipped data, a server on it, and small worlds of one's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.building import Built, build_version
from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.resources import data_directory
from pedgraph.store.versions import Versions
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.validation import Rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shapes, the vocabulary and the reference data as shipped."""
    return read_rulebook(read_data(data_directory()))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """A home folder with one version built from the shipped data, and what came of the build. Nobody writes to it."""
    home = tmp_path_factory.mktemp("built")
    return home, build_version(Versions(home), data_directory(), keep=10)


@pytest.fixture
def home(built: tuple[Path, Built], tmp_path: Path) -> Path:
    """A home folder of the test's own with a copy of the built version."""
    copy = tmp_path / "home"
    shutil.copytree(built[0], copy)
    return copy


@pytest.fixture(scope="session")
def server(built: tuple[Path, Built]) -> Iterator[RunningServer]:
    """A server on the built version, with the settings that it has when nobody sets any."""
    with running_server(built[0]) as running:
        yield running
