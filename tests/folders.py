"""Folders of data that tests read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

# The data that are written as RDF, with the countries of their cities: a small world whose whole content is known.
# All but the countries are links into the folder that is shipped.
TEXTS: Final = Path(__file__).parent / "texts" / "data"
