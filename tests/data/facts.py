"""The collected facts that the curated tables were made from; they lie beside the project, if at all."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest

FACTS: Final = Path(__file__).parents[3] / "shared" / "facts"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts_folder() -> Path:
    """The folder of the facts; skips the test where it is not at hand."""
    if not FACTS.is_dir():
        pytest.skip(f"the collected facts are not at hand in {FACTS.parent.name}/{FACTS.name}")
    return FACTS


def facts(name: str) -> list[dict[str, str]]:
    """The rows of one of the files of facts."""
    return rows_of(facts_folder() / f"{name}.csv")
