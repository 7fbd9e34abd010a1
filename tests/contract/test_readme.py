"""The README holds nothing that was not tried: its blocks are run here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.query.library import read_library

if TYPE_CHECKING:
    from tests.servers import RunningServer

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")


def block(language: str, after: str) -> str:
    """The first code block of a language after a heading."""
    found = re.search(rf"```{language}\n(.*?)```", README[README.index(after) :], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_first_question_gives_the_answer_that_is_shown(wide_server: RunningServer) -> None:
    command = block("sh", "## A first question").strip().replace("http://127.0.0.1:8000", wide_server.url)
    assert command.startswith("curl ")

    given = subprocess.run(["sh", "-c", f"{command} -sS"], cwd=TOP, capture_output=True, check=True)

    assert given.stdout.decode().replace("\r\n", "\n") == block("csv", "## A first question")


def test_a_stored_question_goes_by_its_name() -> None:
    found = re.search(r"pedgraph query ([a-z-]+)\n", README)
    assert found is not None
    assert found[1] in read_library()
    assert f"holds {len(read_library())} such questions" in README


def test_the_file_with_a_slip_gets_the_finding_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "district.ttl").write_text(block("turtle", "## Checking a file"), encoding="utf-8")
    session = block("console", "## Checking a file")

    command = [sys.executable, "-m", "pedgraph", "validate", "district.ttl"]
    given = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert given.returncode == 1
    assert given.stdout.decode() == session.partition("\n")[2]


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`([a-z]+/[a-z_./-]*)`", README[README.index("## Where things are") :])))
)
def test_every_file_that_is_named_is_there(path: str) -> None:
    folders = (TOP, TOP / "pedgraph", TOP / "data", TOP / "queries", TOP / "ontology", TOP / "shapes")

    assert any((folder / path).exists() for folder in folders)


def test_every_command_is_documented() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "pedgraph", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = re.findall(r"^│ ([a-z]+)  ", help_text, re.MULTILINE)

    assert sorted(re.findall(r"^\| `pedgraph ([a-z]+)", README, re.MULTILINE)) == sorted(commands)
    assert len(commands) == 21
