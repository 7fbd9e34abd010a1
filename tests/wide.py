"""The version of all curated data, made once for all processes that test; as a program it is made beside the tests."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

from pedgraph.intake.building import build_version
from pedgraph.resources import data_directory
from pedgraph.settings import Settings
from pedgraph.store.versions import Versions


def make_wide(home: Path) -> Path:
    """Makes the home folder, or waits until whoever is at it has made it. Gives the folder back."""
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.is_dir():
            making = home.with_suffix(".making")
            build_version(Versions(making), data_directory(), Settings())
            making.rename(home)
    return home


if __name__ == "__main__":
    make_wide(Path(sys.argv[1]))
