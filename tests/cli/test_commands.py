"""The command line: what goes to stdout, what to stderr, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from pedgraph import __version__
from pedgraph.resources import queries_directory
from tests.cli.commandline import run
from tests.folders import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

VALID = b"""@prefix pedg: <https://w3id.org/pedgraph/ont#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/pedgraph/id/ped/nl-x> a pedg:PositiveEnergyDistrict ; rdfs:label "X"@en ;
    pedg:inCity <https://w3id.org/pedgraph/id/city/nl-amsterdam> ."""
INVALID = VALID.replace(b'rdfs:label "X"@en ;', b"")


def test_build_versions_rollback_and_dump(home: Path) -> None:
    built = run("build", "--data", str(TEXTS), "--release", "2026.1", home=home)
    listed = run("versions", "--json", home=home)
    rolled_back = run("rollback", "1", home=home)
    after = json.loads(run("versions", "--json", home=home).stdout)
    dumped = run("dump", "--version", "2", home=home)

    assert (built.returncode, built.stdout) == (0, b"")
    assert b"Version 2: 8," in built.stderr
    assert b"] Checking Statements of the " in built.stderr, "no progress on stderr"
    versions = json.loads(listed.stdout)
    assert [(each["version"], each["current"], each["release"]) for each in versions] == [
        (1, False, None),
        (2, True, "2026.1"),
    ]
    assert (rolled_back.returncode, rolled_back.stdout, rolled_back.stderr) == (0, b"", b"Version 1 is current.\n")
    assert [each["version"] for each in after if each["current"]] == [1]
    assert dumped.returncode == 0
    assert len(list(parse(dumped.stdout, RdfFormat.N_QUADS))) == versions[1]["quads"]


def test_versions_are_listed_for_people(home: Path) -> None:
    listed = run("versions", home=home)

    assert listed.returncode == 0
    assert "→" in listed.stdout.decode()
    assert "pedgraph build" in listed.stdout.decode()


@pytest.mark.parametrize("suffix", ["nq", "trig", "ttl", "nt", "rdf", "jsonld"])
def test_dump_to_a_file_takes_the_format_of_its_suffix(suffix: str, built: tuple[Path, Built], tmp_path: Path) -> None:
    path = tmp_path / f"dump.{suffix}"

    done = run("dump", "--output", str(path), home=built[0])

    manifest = built[1].manifest
    wanted = manifest.quads if suffix in {"nq", "trig", "jsonld"} else manifest.merged_triples
    assert (done.returncode, done.stdout) == (0, b"")
    assert len(list(parse(path=path))) == wanted


def test_query_from_argument_file_stdin_and_library(built: tuple[Path, Built]) -> None:
    path = queries_directory() / "library" / "project" / "list-cluster-projects.rq"
    text = path.read_text(encoding="utf-8")

    answers = [
        run("query", text, home=built[0]),
        run("query", str(path), home=built[0]),
        run("query", "-", home=built[0], stdin=text.encode()),
        run("query", "list-cluster-projects", home=built[0]),
    ]

    assert {answer.returncode for answer in answers} == {0}
    assert {answer.stdout for answer in answers} == {answers[0].stdout}
    assert len(answers[0].stdout.splitlines()) == 6
    assert {answer.stderr for answer in answers} == {b""}


def test_query_in_a_format_of_ones_choice(built: tuple[Path, Built]) -> None:
    assert run("query", "ASK {}", "--format", "json", home=built[0]).stdout == b'{"head":{},"boolean":true}'
    assert run("query", "CONSTRUCT {} WHERE {}", home=built[0]).stdout == b""
    assert run("query", "ASK {}", "--version", "1", home=built[0]).stdout == b"true"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["query", "SELECT *"], "pedgraph: 1:9: "),
        (["query", "nowhere.rq"], "nowhere.rq: There is no such file or stored query"),
        (["query", "ASK {}", "--format", "ttl"], "cannot be sent as 'ttl'"),
        (["query", "ASK {}", "--version", "9"], "Version 9 is not kept"),
        (["query", "SELECT * { SERVICE <urn:x> {} }"], "SERVICE"),
        (["rollback", "9"], "Version 9 is not kept"),
        (["dump", "--format", "docx"], "format is not known"),
        (["dump", "--output", "/nowhere/x.nq"], "cannot be written"),
        (["validate", "nowhere.ttl"], "nowhere.ttl: It cannot be read"),
        (["build", "--data", "/nowhere"], "There is no such file"),
        (["serve", "--host", "203.0.113.1", "--port", "1"], "Cannot listen on 203.0.113.1"),
    ],
)
def test_an_error_is_one_line_and_exit_code_two(arguments: list[str], says: str, built: tuple[Path, Built]) -> None:
    done = run(*arguments, home=built[0])

    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in lines[-1]
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("command", ["query 'SELECT * { ?s ?p ?o }'", "dump", "query 'CONSTRUCT WHERE { ?s ?p ?o }'"])
def test_a_reader_who_has_had_enough_is_no_error(command: str, built: tuple[Path, Built]) -> None:
    line = f"{sys.executable} -m pedgraph {command} --home {built[0]} | head -c 1; echo ${{PIPESTATUS[0]}}"

    done = subprocess.run(["bash", "-c", line], capture_output=True, check=True)

    assert done.stdout.endswith(b"0\n")
    assert done.stderr == b""


def test_a_damaged_manifest_hides_no_other_version(home: Path) -> None:
    run("build", "--data", str(TEXTS), home=home)
    (home / "versions" / "000001" / "manifest.json").write_text("{", encoding="utf-8")

    for_people = run("versions", home=home)
    for_programs = run("versions", "--json", home=home)

    rows = [line.split() for line in for_people.stdout.decode().splitlines()[3:5]]
    versions = json.loads(for_programs.stdout)
    assert (for_people.returncode, for_programs.returncode) == (0, 0)
    assert for_people.stderr.startswith(b"pedgraph: The manifest in ")
    assert rows[0] == ["1", "damaged"]
    assert rows[1][:2] == ["→", "2"]
    assert versions[0] == {"version": 1, "current": False, "damaged": True}
    assert [(each["version"], each["current"], each["damaged"]) for each in versions[1:]] == [(2, True, False)]


def test_a_rollback_to_nowhere_leaves_nothing_behind(tmp_path: Path) -> None:
    done = run("rollback", "99", home=tmp_path / "new" / "folder")

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"pedgraph: Version 99 is not kept here: it was never published. Kept versions: none.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_home_without_versions_says_what_to_do(tmp_path: Path) -> None:
    done = run("query", "ASK {}", home=tmp_path)

    assert (done.returncode, b"pedgraph build" in done.stderr) == (2, True)
    assert run("versions", "--json", home=tmp_path).stdout == b"[]\n"


def test_settings_are_checked_on_the_command_line(tmp_path: Path) -> None:
    assert run("versions", home=tmp_path, PEDGRAPH_READRES="3").returncode == 2
    assert run("--version").stdout.decode() == f"{__version__}\n"
