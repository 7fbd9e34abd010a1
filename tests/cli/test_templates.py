"""``pedgraph template`` and ``pedgraph templates``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pedgraph.intake.tables.templates import Templates
from tests.cli.commandline import run


def test_a_template_goes_to_stdout() -> None:
    done = run("template", "cities", "--format", "csv", "--language", "nl", "--example", "--output", "-")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == Templates().file("cities", "csv", "nl", is_example=True).content


def test_a_template_goes_to_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"

    done = run("template", "cities", "-f", "zip", "--bom", "-o", str(file))

    assert done.returncode == 0
    assert file.read_bytes() == Templates().file("cities", "zip", has_byte_order_mark=True).content


def test_a_file_that_may_be_filled_in_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "cities.csv").write_text("filled in")

    done = subprocess.run(
        [sys.executable, "-m", "pedgraph", "template", "cities", "-f", "csv"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert b"there already" in done.stderr
    assert (tmp_path / "cities.csv").read_text() == "filled in"


def test_a_template_that_there_is_not(tmp_path: Path) -> None:
    done = run("template", "nothing", "-o", str(tmp_path / "x"))

    assert done.returncode == 2
    assert b"There is no template 'nothing'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_templates_are_listed() -> None:
    plain, listed = run("templates", "-l", "de"), run("templates", "-l", "de", "--json")

    assert json.loads(listed.stdout) == Templates().list("de")
    assert [line.split()[0] for line in plain.stdout.decode().splitlines()] == [
        each["name"] for each in Templates().list("de")
    ]
