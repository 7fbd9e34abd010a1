"""Fixtures: a version built once from the two texts, one from all curated data, servers on them, and copies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.building import Built, build_version
from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.intake.shipped import Shipped
from pedgraph.settings import Settings
from pedgraph.store.versions import Pointer, Versions
from tests.folders import TEXTS
from tests.servers import RunningServer, running_server
from tests.wide import make_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.bundle import CuratedData
    from pedgraph.intake.validation import Rulebook


@pytest.fixture(scope="session", autouse=True)
def _without_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing here speaks TLS, and to read the certificates of the world takes each client longer than its request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("no-certificates")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _with_bytecode() -> Iterator[None]:
    """The programs that tests start are compiled once and not at each of several hundred starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _wide_early(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where several processes test, the first one has the version of all data made beside its tests."""
    is_first = os.environ.get("PYTEST_XDIST_WORKER") == "gw0"
    if not is_first or not any("wide" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield
        return
    command = [sys.executable, "-m", "tests.wide", str(_place_of_wide(tmp_path_factory))]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as making:
        yield
        making.wait()


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
    return make_wide(_place_of_wide(tmp_path_factory))


def _place_of_wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wide"


@pytest.fixture(scope="session")
def wide_server(wide: Path) -> Iterator[RunningServer]:
    """A server on the version of all curated data."""
    with running_server(wide) as running:
        yield running
