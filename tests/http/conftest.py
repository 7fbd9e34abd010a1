"""A server that is written to, in plain mode, and one with people who hold keys; each started once for all tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.servers import RunningServer, running_server
from tests.staff import Staff, hire
from tests.writing import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built


@pytest.fixture(scope="session")
def home_of_plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its home folder."""
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(scope="session")
def plain(home_of_plain: Path) -> Iterator[RunningServer]:
    """The server, with the key :data:`tests.writing.KEY`."""
    with running_server(
        home_of_plain, admin_key=KEY, default_graph="plain", validate_writes="off", readers=2
    ) as running:
        yield running


@pytest.fixture(scope="session")
def staff(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server on data of its own, with people who hold keys."""
    home = tmp_path_factory.mktemp("staffed") / "home"
    shutil.copytree(built[0], home)
    tokens = hire(home)
    with running_server(home, admin_key=KEY, readers=2, checks=1, client_stall_seconds=3) as running:
        staff = Staff(running, home, {**tokens, "Root": KEY})
        yield staff
        staff.close()
