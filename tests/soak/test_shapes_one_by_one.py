"""Every shape alone, on more data than the tests have: suspects and pySHACL find what pySHACL finds by itself."""

from __future__ import annotations

import pytest
from rich.console import Console

from benchmarks.shacl_data import invented
from benchmarks.shacl_shapes import compare

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

TRIPLES = 104_000
SECONDS_PER_SHAPE = 600.0


def test_every_shape_finds_the_same_either_way() -> None:
    outcomes = compare(invented(TRIPLES), SECONDS_PER_SHAPE, Console(stderr=True))

    assert [each.shape for each in outcomes if each.plain is None] == []
    assert [each.shape for each in outcomes if each.plain != each.ours] == []
    assert len(outcomes) > 100
