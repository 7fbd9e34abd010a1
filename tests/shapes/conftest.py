"""The findings about the fixtures of the rules, found once for all tests that look at them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.validation import validate
from pedgraph.vocabulary.media import TURTLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.validation import Rulebook


def triples_of(path: Path) -> list[Triple]:
    """The triples of a fixture."""
    return [quad.triple for quad in parse_rdf(path.read_bytes(), TURTLE, str(path))]


@pytest.fixture(scope="session")
def findings_in(rulebook: Rulebook) -> Callable[[Path], list[Finding]]:
    """Gives the findings about a fixture."""
    return cache(lambda path: validate(triples_of(path), rulebook))
