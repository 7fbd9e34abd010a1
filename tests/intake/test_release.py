"""Releases: whole when they are written, and the same for ever after (checklist, Q21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph import __version__
from pedgraph.errors import OutputError
from pedgraph.intake.bundle import read_turtle
from pedgraph.intake.difference import Difference, difference, read_version
from pedgraph.intake.headers import released_versions
from pedgraph.intake.release import CHECKSUMS, checksums, write_release
from pedgraph.resources import releases_directory

if TYPE_CHECKING:
    from pathlib import Path


def test_a_release_is_whole_and_does_not_change_again(tmp_path: Path) -> None:
    """Checklist, Q21."""
    folder = tmp_path / __version__

    written = write_release(folder)

    top = {path.relative_to(folder).parts[0] for path in written}
    assert top == {
        "ontology.ttl", "codes.ttl", "alignments.ttl", "shapes.ttl", "messages", "context", "frames", "documentation",
        "examples", "CHANGELOG.md", CHECKSUMS,
    }  # fmt: skip
    assert difference(read_turtle(folder), read_version("current")) == Difference((), (), ())
    with pytest.raises(OutputError, match="is there already"):
        write_release(folder)


def test_released_versions_have_not_changed() -> None:
    """What a version IRI stands for stays as it was."""
    versions = released_versions(releases_directory())

    assert versions == ["0.1.0"]
    for version in versions:
        folder = releases_directory() / version
        assert (folder / CHECKSUMS).read_text(encoding="utf-8") == checksums(folder)
    assert checksums(releases_directory() / "0.1.0").splitlines()[2] == (
        "5bb4cb8c2cd98ee310608724ae24a60632d2c1385eda5385f986999e1d71a107  ontology.ttl"
    )
