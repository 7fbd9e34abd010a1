"""A server that is written to, in plain mode; started once for all tests that make their own world in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import RunningServer, running_server
from tests.writing import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
