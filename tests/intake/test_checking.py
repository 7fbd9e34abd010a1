"""A file of somebody else's is checked within limits."""

from __future__ import annotations

import pytest

from pedgraph.errors import TooLarge
from pedgraph.intake.checking import check_file
from pedgraph.settings import load_settings
from pedgraph.vocabulary.media import TURTLE


def test_a_file_above_the_limit_is_refused_before_it_is_looked_at() -> None:
    settings = load_settings({}, file_max_bytes=100)

    with pytest.raises(TooLarge) as caught:
        check_file(b"x" * 101, TURTLE, "x.ttl", settings)

    assert caught.value.extensions == {"limit_bytes": 100}
