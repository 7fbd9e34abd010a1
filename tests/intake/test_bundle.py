"""Files of a data folder that cannot be read are named, whatever keeps them from being read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import InputError
from pedgraph.intake.bundle import read_data

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an empty ``meta.trig`` and nothing else."""
    (tmp_path / "meta.trig").touch()
    return tmp_path


def refusing(method: Callable[[Path], object], refused: Path) -> Callable[[Path], object]:
    def guarded(path: Path) -> object:
        if path == refused:
            raise PermissionError(13, "Permission denied")
        return method(path)

    return guarded


def test_a_folder_that_is_not_there_holds_nothing(data: Path) -> None:
    assert read_data(data).graphs == {}


def test_only_trig_files_are_read(data: Path) -> None:
    (data / "sources").mkdir()
    (data / "sources" / "notes.txt").write_text("notes", encoding="utf-8")

    assert read_data(data).graphs == {}


@pytest.mark.parametrize("name", ["reference/x.trig", "sources/x.trig"])
def test_a_folder_in_the_place_of_a_file_is_named(name: str, data: Path) -> None:
    (data / name).mkdir(parents=True)

    with pytest.raises(InputError) as caught:
        read_data(data)

    assert str(caught.value) == f"{data / name}: It cannot be read: Is a directory."


@pytest.mark.parametrize("name", ["sources/x.trig", "sources", "meta.trig"])
def test_what_may_not_be_read_is_named(name: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a patch, as the rights of a file do not keep every user out."""
    (data / "sources").mkdir()
    (data / "sources" / "x.trig").touch()

    for method in ("read_bytes", "iterdir"):
        monkeypatch.setattr(Path, method, refusing(getattr(Path, method), data / name))

    with pytest.raises(InputError) as caught:
        read_data(data)

    assert str(caught.value) == f"{data / name}: It cannot be read: Permission denied."


def test_a_link_to_itself_is_named(data: Path) -> None:
    (data / "sources").mkdir()
    (data / "sources" / "x.trig").symlink_to("x.trig")

    with pytest.raises(InputError, match=r"x\.trig: It cannot be read: Too many levels"):
        read_data(data)
