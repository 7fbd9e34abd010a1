"""``pedgraph import ped-eu-net`` as a process, from an answer to what a query finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.commandline import run
from tests.intake.importing.answers import CONTENT, FILE, everything

if TYPE_CHECKING:
    from pathlib import Path

SAID = (
    "--title", "Invented sites", "--creator", "Charles University", "--source-title", "An invented database",
    "--source-url", "https://example.org/database", "--read-on", "2026-11-20", "--as", "Ann",
    "--licence", "https://creativecommons.org/licenses/by/4.0/",
)  # fmt: skip
# Numbers with their source, which is described as the source of the submission.
QUERY = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?site ?value ?address WHERE {
    ?number pedg:about ?site ; pedg:indicator <https://w3id.org/pedgraph/indicator/energy-demand-thermal> ;
        pedg:value ?value ; pedg:statedIn ?source .
    ?source schema:url ?address .
    ?project pedg:demonstratesIn ?site ; a pedg:Project ; schema:startDate "2020-01"^^xsd:gYearMonth .
}
"""


def test_an_answer_is_handed_in_accepted_and_found(home: Path) -> None:
    submitted = run("import", "ped-eu-net", str(FILE), *SAID, home=home)
    assert (submitted.returncode, submitted.stdout) == (0, b"2026-0001\n"), submitted.stderr
    assert submitted.stderr.endswith(b"Submission 2026-0001 is in-review.\n")
    assert b"34 values were carried over, 26 were not" in submitted.stderr
    assert b"someone@example.org" not in submitted.stderr

    shown = json.loads(run("review", "show", "2026-0001", "--json", home=home).stdout)["submission"]
    assert (shown["file_name"], shown["bytes"]) == ("everything.json", len(CONTENT))
    accepted = run("review", "accept", "2026-0001", "--comment", "Fine", home=home)
    assert accepted.returncode == 0, accepted.stderr

    answered = run("query", QUERY, "--format", "csv", home=home)
    assert answered.stdout.decode().splitlines()[1:] == [
        "https://w3id.org/pedgraph/id/ped/nl-amsterdam-testwijk-zuid,1234.5,https://example.org/database"
    ], answered.stderr


def test_several_answers_are_only_checked_and_written(home: Path, tmp_path: Path) -> None:
    """The files of two folders may have the same name."""
    files = []
    for part, form in everything().items():
        for name, value in form.items():
            file = tmp_path / part / f"{name}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(value), encoding="utf-8")
            files.append(str(file))
    output = tmp_path / "data.ttl"

    checked = run("import", "ped-eu-net", *files, "--check-only", "--output", str(output), home=home)

    assert checked.returncode == 0, checked.stderr
    assert b"projects-data.json" in checked.stdout
    assert b"Testwijk Zuid" in output.read_bytes()
    assert json.loads(run("review", "list", "--json", home=home).stdout)["total"] == 0


def test_what_is_no_answer_is_not_handed_in_in_silence(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text('{"other": 1}', encoding="utf-8")
    submitted = run("import", "ped-eu-net", str(file), *SAID, home=home)
    assert (submitted.returncode, submitted.stdout) == (1, b"2026-0001\n")
    assert b"This is no answer of the PED Database" in submitted.stderr
    assert run("import", "ped-eu-net", str(file), "--check-only", home=home).returncode == 1

    for arguments, complaint in (
        ((str(FILE), *SAID[:-2]), b"This is missing: the address of a licence"),
        ((str(tmp_path / "none.json"), *SAID), b"cannot be read"),
        ((str(FILE), "--check-only", "--output", "data.xlsx"), b"end in .nt or .ttl"),
        ((str(FILE), "--check-only", "--output", str(tmp_path / "no" / "data.nt")), b"cannot be written"),
    ):
        refused = run("import", "ped-eu-net", *arguments, home=home)
        assert (refused.returncode, complaint in refused.stderr) == (2, True), refused.stderr
    too_large = run("import", "ped-eu-net", str(FILE), "--check-only", home=home, PEDGRAPH_FILE_MAX_BYTES="1024")
    assert (too_large.returncode, b"too large" in too_large.stderr) == (2, True), too_large.stderr
