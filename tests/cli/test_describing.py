"""``pedgraph describe``: the card of a thing on stdout, and what is said where there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.commandline import run

if TYPE_CHECKING:
    from pedgraph.intake.building import Built

GOLDEN = Path(__file__).parents[1] / "delivery" / "cards"
PED = "https://w3id.org/pedgraph/id/ped/nl-amsterdam-buiksloterham"


@pytest.mark.parametrize("name", [PED, f"<{PED}>", "id:ped/nl-amsterdam-buiksloterham"])
def test_the_card_is_written_to_stdout(name: str, built: tuple[Path, Built]) -> None:
    done = run("describe", name, "--version", "1", home=built[0])

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (GOLDEN / "ped.json").read_bytes()
    assert json.loads(done.stdout)["id"] == PED


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["id:ped/nowhere"], "Nothing is said about id:ped/nowhere."),
        (["nowhere"], "'nowhere' is not an absolute IRI."),
        (["ped:nowhere> } #"], "is not an absolute IRI."),
        ([PED, "--version", "99"], "99"),
        ([], "Missing argument 'IRI'"),
    ],
)
def test_what_cannot_be_described_is_said_on_stderr(arguments: list[str], says: str, built: tuple[Path, Built]) -> None:
    done = run("describe", *arguments, home=built[0])

    assert done.returncode == 2
    assert done.stdout == b""
    assert says in done.stderr.decode()
