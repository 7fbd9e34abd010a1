"""Fixtures: a version built once from the two texts, one from all curated data, servers on them, and copies."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.building import Built, build_version
from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.intake.shipped import Shipped
from pedgraph.resources import data_directory
from pedgraph.settings import Settings
from pedgraph.store.versions import Pointer, Versions
from tests.folders import TEXTS
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.bundle import CuratedData
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
    """The shapes, the vocabulary and the reference data as shipped, and what the two texts know."""
    return read_rulebook(read_data(TEXTS))


@pytest.fixture(scope="session")
def curated() -> CuratedData:
    """All curated data, tables and all."""
    return Shipped().data


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Built]]:
    """A home folder with one version built from the two texts alone, and what came of it. Nobody writes to it."""
    home = tmp_path_factory.mktemp("built")
    yield home, build_version(Versions(home), TEXTS, Settings())
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


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one version of all curated data, built once for all processes that test. Nobody writes to
    it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wide"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.is_dir():
            making = shared.with_suffix(".making")
            build_version(Versions(making), data_directory(), Settings())
            making.rename(shared)
    return shared


@pytest.fixture(scope="session")
def wide_server(wide: Path) -> Iterator[RunningServer]:
    """A server on the version of all curated data."""
    with running_server(wide) as running:
        yield running
