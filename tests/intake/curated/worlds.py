"""A small folder of curated data: two sources that disagree about an invented city, and one that states nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from tests.folders import TEXTS

TABLES: Final = Path(__file__).parent / "tables"


def write_world(folder: Path) -> Path:
    """Writes the folder: the sources that every folder has, the reference data, and the tables."""
    (folder / "reference").mkdir(parents=True)
    shutil.copy(TEXTS / "meta.trig", folder)
    for name in ("countries.trig", "country-boxes.trig", "units.trig"):
        shutil.copy(TEXTS / "reference" / name, folder / "reference")
    shutil.copytree(TABLES, folder / "tables")
    return folder
