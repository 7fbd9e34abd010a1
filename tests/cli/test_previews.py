"""``pedgraph preview``: what a file would change, as text and as JSON, without keeping anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pedgraph.store.versions import Versions
from tests.cli.commandline import run
from tests.intake.submissions.worlds import PROLOGUE, graph

if TYPE_CHECKING:
    from pathlib import Path

FILE = f"""{PROLOGUE}
city:fr-lyon a pedg:City ; rdfs:label "Lyon"@en ; pedg:inCountry country:DEU .
project:ateliers a pedg:Project ; rdfs:label "ATELIERS"@en .
"""


def test_a_file_is_tried_and_nothing_is_kept(home: Path, tmp_path: Path) -> None:
    before = {path.name for path in home.iterdir()}
    file = tmp_path / "new.ttl"
    file.write_text(FILE, encoding="utf-8")

    shown = run("preview", str(file), "--graph", graph("new"), home=home)
    listed = run("preview", str(file), "--graph", graph("new"), "--json", "--language", "nl", home=home)

    assert (shown.returncode, listed.returncode) == (1, 1), shown.stderr + listed.stderr
    text = shown.stdout.decode()
    assert "Conflicts with accepted claims 1" in text
    assert "France" in text
    assert "Germany" in text
    assert "ATELIERS is called almost as ATELIER" in text
    assert "  ATELIERS new\n    + kind: project\n    + label: ATELIERS\n" in text
    found = json.loads(listed.stdout)
    assert (found["version"], found["language"], found["counts"]["new_entities"]) == (1, "nl", 1)
    assert Versions(home).numbers() == [1]
    assert {path.name for path in home.iterdir()} <= {*before, "lock", "trials"}


def test_a_file_that_does_not_conform_says_why(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.ttl"
    file.write_text("This is not Turtle.", encoding="utf-8")

    refused = run("preview", str(file), "--graph", graph("new"), home=home)

    assert refused.returncode == 1
    assert b"It changes nothing" in refused.stdout
    assert b"Findings: New with this submission 1" in refused.stdout
