"""The commands for those who keep the ontology, and findings in the language of those who have to mend them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph import __version__
from pedgraph.intake.messages import LANGUAGES
from tests.cli.commandline import run

if TYPE_CHECKING:
    from pedgraph.intake.building import Built

SHAPES = Path(__file__).parents[1] / "shapes"
STATED = {
    "en": "The balance is stated as 100 MWh, but generation less use is -100 MWh.",
    "nl": "Als balans is 100 MWh opgegeven, maar opwekking min gebruik is -100 MWh.",
    "de": "Als Bilanz sind 100 MWh angegeben, aber Erzeugung minus Verbrauch ergibt -100 MWh.",
    "fr": "Le bilan indiqué est de 100 MWh, mais la production moins la consommation donne -100 MWh.",
    "es": "El balance indicado es de 100 MWh, pero la generación menos el consumo da -100 MWh.",
}


def only_finding(output: bytes) -> dict[str, Any]:
    """The one finding that was told."""
    (finding,) = [each for group in json.loads(output)["groups"] for each in group["findings"]]
    return dict(finding)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_come_in_the_language_asked_for(language: str, built: tuple[Path, Built]) -> None:
    file = str(SHAPES / "S30" / "invalid-wrong-sum.ttl")

    done = run("validate", file, "--language", language, "--json", home=built[0])

    finding = only_finding(done.stdout)
    assert finding["message"].startswith(f"S30: {STATED[language]} ")
    assert all(number in finding["message"] for number in ("-100", "100"))


def test_a_value_that_is_wrong_stands_in_the_message(built: tuple[Path, Built]) -> None:
    done = run("validate", str(SHAPES / "S15" / "invalid-text.ttl"), "--json", home=built[0])

    finding = only_finding(done.stdout)
    assert finding["message"].endswith(
        "for example http://publications.europa.eu/resource/authority/country/ROU. Found: Italy."
    )


def test_a_value_with_signs_of_regular_expressions_is_shown_as_it_is(built: tuple[Path, Built]) -> None:
    text = r"""
    @prefix pedg: <https://w3id.org/pedgraph/ont#> .
    <https://w3id.org/pedgraph/id/project/x> a pedg:Project ; <http://www.w3.org/2000/01/rdf-schema#label> "x"@en ;
      <https://schema.org/startDate> "20\\d5 {?end}" ; <https://schema.org/endDate> "19\\1" .
    """

    done = run("validate", "-", "--json", home=built[0], stdin=text.encode())

    finding = only_finding(done.stdout)
    says = r"S05: The project ends (19\1) before it starts (20\d5 {?end}). Correct one of the two dates."
    assert finding["message"] == says


def test_a_language_without_messages_is_refused_before_anything_is_read(built: tuple[Path, Built]) -> None:
    done = run("validate", "nowhere.ttl", "--language", "it", home=built[0])

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "pedgraph: There are no messages in 'it'. There are some in en, nl, de, fr, es.\n"


def test_the_difference_to_the_last_release_is_printed(built: tuple[Path, Built]) -> None:
    lines = run("diff", home=built[0]).stdout.decode().splitlines()
    members = json.loads(run("diff", "0.1.0", "current", "--json", home=built[0]).stdout)

    assert lines[0].startswith("From 0.1.0 to current: ")
    assert "  pedg:HelixActor  (owl:Class)  “helix actor”" in lines
    assert lines[-1] == "This asks for a new minor version."
    assert (members["old"], members["new"], members["level"], members["removed"]) == ("0.1.0", "current", "minor", [])
    assert {each["iri"].rpartition("#")[2] for each in members["added"] if "owl:Class" in each["kinds"]} == {
        "CityAdministration", "Disagreement", "EnergyBalance", "HelixActor", "Installation", "PlaceInvolvement",
        "Register", "RivalStatement", "StatusAssessment", "StatusClaim",
    }  # fmt: skip


def test_nothing_changed_between_a_version_and_itself(built: tuple[Path, Built]) -> None:
    done = run("diff", "current", __version__, home=built[0])

    assert done.stdout.decode() == (
        f"From current to {__version__}: 0 added, 0 removed, 0 changed.\n\nNothing changed.\n"
    )


def test_a_release_is_written_once(tmp_path: Path, built: tuple[Path, Built]) -> None:
    folder = str(tmp_path / "release")

    first, second = run("release", folder, home=built[0]), run("release", folder, home=built[0])

    assert (first.returncode, second.returncode) == (0, 2)
    assert second.stderr.decode().startswith(f"pedgraph: {folder} is there already.")
    unknown = run("diff", "7.7.7", home=built[0])
    assert (unknown.returncode, unknown.stdout) == (2, b"")
