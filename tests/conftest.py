"""Fixtures: a version built once from the shipped data, a server on it, and small worlds of one's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.building import Built, build_version
from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.resources import data_directory
from pedgraph.settings import Settings
from pedgraph.store.versions import Pointer, Versions
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.validation import Rulebook


@pytest.fixture(scope="session", autouse=True)
def _without_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing here speaks TLS, and to read the certificates of the world takes each client longer than its request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("no-certificates")))
        yield


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shapes, the vocabulary and the reference data as shipped."""
    return read_rulebook(read_data(data_directory()))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Built]]:
    """A home folder with one version built from the shipped data, and what came of the build. Nobody writes to it."""
    home = tmp_path_factory.mktemp("built")
    yield home, build_version(Versions(home), data_directory(), Settings())
    assert Versions(home).pointer() == Pointer(current=1, published=1), "a test wrote to the home folder of all"


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
