"""``pedgraph follow`` from a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from pedgraph.store.versions import Versions
from tests.feeds import everything

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import RunningServer


def follow(address: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEDGRAPH_")}
    command = [sys.executable, "-m", "pedgraph", "follow", address, "--home", str(home)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_says_what_came_of_it(server: RunningServer, built: tuple[Path, object], tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = follow(f"{server.url}/feed", home)
    again = follow(f"{server.url}/feed/", home)

    assert (first.returncode, first.stderr) == (0, "1 change replayed. Version 1 is current; it is version 1 there.\n")
    assert (again.returncode, again.stderr) == (0, "Nothing new. Version 1 is current.\n")
    assert everything(Versions(home)) == everything(Versions(built[0]))


def test_what_is_no_feed_is_told_in_one_line(server: RunningServer, tmp_path: Path) -> None:
    for address, words in ((f"{server.url}/void/feed", "There is no feed"), (server.url, "looks like")):
        failed = follow(address, tmp_path / "home")
        assert failed.returncode == 2
        assert words in failed.stderr
        assert "Traceback" not in failed.stderr
    assert json.loads((tmp_path / "home" / "following.json").read_text(encoding="utf-8"))["next_place"] == 0
