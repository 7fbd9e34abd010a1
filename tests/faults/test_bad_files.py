"""Every kind of bad file at a running server: it is told where and what, nothing is left behind, and nothing breaks."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import load_workbook

from tests.faults.bad_files import (
    EXPECTED,
    FILES,
    SETTINGS,
    Trap,
    base_name,
    content_of,
    set_trap,
    shown_place,
    summary,
)
from tests.faults.bad_tables import HOSTILE
from tests.servers import command_of, running_server
from tests.staff import Staff, district, files_of, hire, problem, sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psutil

    from pedgraph.intake.building import Built
    from tests.servers import RunningServer

# One of each kind is submitted, too; what only takes long or is large once more would say nothing new.
SUBMITTED: Final = (
    "empty.ttl", "turtle.xlsx", "document.ttl", "utf-16.ttl", "lines.ttl", "latin.ttl", "half-pair.jsonld", "nul.ttl",
    "newer.ttl", "relative.ttl", "blank-in-iri.ttl", "unknown-terms.ttl", "own-terms.ttl", "own-graph.trig",
    "mail-in-any-text.ttl", "mail-about.xlsx", "remote-context.jsonld", "file-context.jsonld", "entity-bomb.rdf",
    "deep.jsonld", "deep-brackets.ttl", "clique.nt", "many-findings.ttl", "formulas.xlsx", "bomb.xlsx", "xml-bomb.xlsx",
    "escaping.zip", "encrypted.zip", "only-headers/cities.csv", "long-number.ttl", "large-exponent.ttl",
)  # fmt: skip
MARKED: Final = {
    406: ("no-sheet.xlsx", "xml-bomb.xlsx", "many-merged.xlsx", "encrypted.zip", "empty.zip"),
    413: ("bomb.xlsx", "bomb.zip"),
    200: ("formulas.xlsx", "named.zip", "nul.xlsx", "half-pair.xlsx", "external.xlsx"),
}
ALTERNATIVE: Final = "<http://www.w3.org/2004/02/skos/core#altLabel>"


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    with set_trap() as trap:
        yield trap


@pytest.fixture(scope="module")
def office(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server that reads small files only, on data of its own."""
    home = tmp_path_factory.mktemp("bad") / "home"
    shutil.copytree(built[0], home)
    tokens = hire(home)
    with running_server(home, readers=1, checks=1, **SETTINGS) as running:
        office = Staff(running, home, tokens)
        yield office
        office.close()


@dataclass(frozen=True)
class Beside:
    """A command that runs beside the tests, and the file that it writes."""

    process: subprocess.Popen[bytes]
    output: Path


@pytest.fixture(scope="module")
def on_the_side(office: Staff, trap: Trap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """The command line, which checks all files meanwhile."""
    folder = tmp_path_factory.mktemp("files")
    for name in FILES:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content_of(name, trap))
    settings = {f"PEDGRAPH_{name.upper()}": str(value) for name, value in SETTINGS.items()}
    environment = {**os.environ, **settings, "PEDGRAPH_HOME": str(office.home)}
    command = [sys.executable, "-m", "pedgraph", "validate", "--json", "--output", "told.json", *FILES]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE) as process:
        yield Beside(process, folder / "told.json")


@pytest.fixture(scope="module")
def told(office: Staff, trap: Trap, on_the_side: Beside) -> dict[str, dict[str, Any]]:
    """What the server says of all files, one after the other."""
    assert on_the_side.process.poll() is None
    before, processes = files_of(office.home), lasting(office.server)
    answers = {}
    for name in FILES:
        answer = office.client().post("/validate", files={"file": (base_name(name), content_of(name, trap))})
        assert answer.status_code == 200, (name, answer.text)
        answers[name] = answer.json()
    assert files_of(office.home) == before
    assert lasting(office.server) == processes
    assert office.server.get("ASK {}").text.strip().lower() == "true"
    return answers


def lasting(server: RunningServer) -> set[psutil.Process]:
    """The processes that stay: all but those that check, which may be ended over a file."""
    return {each for each in server.processes() if (command := command_of(each)) and "intake" not in command}


@pytest.mark.parametrize("name", FILES)
def test_it_is_said_what_is_wrong_and_where(told: dict[str, dict[str, Any]], name: str) -> None:
    assert summary(told[name], name) == EXPECTED[name]
    for group in told[name]["groups"]:
        for each in group["findings"]:
            assert each["place"], each
            assert each["problem"], each
            assert each["fix"], each
            assert "{?" not in each["message"]


def test_nobody_was_asked_for_anything(told: dict[str, dict[str, Any]], trap: Trap) -> None:
    assert told
    assert trap.visitors == 0


def test_the_trap_would_count_a_visitor() -> None:
    with set_trap() as trap:
        for _ in range(2):
            with socket.create_connection(trap.place) as visiting:
                assert visiting.recv(1) == b""
        assert trap.visitors == 2


def test_the_command_line_says_the_same(told: dict[str, dict[str, Any]], on_the_side: Beside) -> None:
    _, said = on_the_side.process.communicate(timeout=300)

    assert (on_the_side.process.returncode, "Traceback" in said.decode()) == (1, False), said
    by_command_line = {each["source"]: each for each in json.loads(on_the_side.output.read_bytes())}
    assert set(by_command_line) == set(FILES)
    for name, other in by_command_line.items():
        assert verdict(other, name) == verdict(told[name], name), name


def verdict(said: dict[str, Any], name: str) -> dict[str, Any]:
    """All that is said of a file, but when, and in which folder it lies."""
    receipt = {member: value for member, value in said["receipt"].items() if member != "checked"}
    found = [
        (each["rule"], shown_place(each["place"], name), each["severity"], each["found"])
        for group in said["groups"]
        for each in group["findings"]
    ]
    return {"counts": said["counts"], "found": found, "receipt": receipt, "sha256": said["sha256"]}


@pytest.mark.parametrize("name", SUBMITTED)
def test_what_is_submitted_is_judged_alike(
    office: Staff, told: dict[str, dict[str, Any]], trap: Trap, name: str
) -> None:
    content = content_of(name, trap)
    answer = office.submit("Ann", content, base_name(name))

    assert answer.json()["state"] == ("in-review" if EXPECTED[name]["conforms"] else "invalid"), answer.text
    address = f"/submissions/{sent(answer)}"
    assert verdict(office.client("Ann").get(f"{address}/findings").json(), name) == verdict(told[name], name)
    assert office.client("Ann").get(f"{address}/original").content == content
    again = office.submit("Ann", content, base_name(name))
    assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])
    if not EXPECTED[name]["conforms"]:
        decided = office.client("Eve").post(f"{address}/decisions", json={"decision": "accept"})
        assert problem(decided) == (422, "does-not-conform")


@pytest.mark.parametrize(("status", "name"), [(status, name) for status, names in MARKED.items() for name in names])
def test_tables_come_back_marked_or_it_is_said_why_not(office: Staff, trap: Trap, status: int, name: str) -> None:
    before = files_of(office.home)
    answer = office.client().post(
        "/validate", files={"file": (base_name(name), content_of(name, trap))}, params={"format": "xlsx"}
    )

    assert answer.status_code == status, answer.text
    assert files_of(office.home) == before
    if status != 200:
        assert problem(answer)[1] in {"not-acceptable", "too-large"}
        return
    cells = [cell for sheet in load_workbook(io.BytesIO(answer.content)) for row in sheet.iter_rows() for cell in row]
    signed = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert {cell.data_type for cell in signed if cell.value not in HOSTILE} <= {"s"}


def test_answers_in_csv_are_what_the_standard_says(office: Staff) -> None:
    """SPARQL 1.1 Query Results CSV and TSV, section 3.2: values as they are. An apostrophe in front of what a
    spreadsheet would take for a formula would be another value; files that people are to open have it.
    """
    facts = b"".join(f' ; {ALTERNATIVE} """{each}"""@en'.encode() for each in HOSTILE)
    answer = office.submit("Ann", district("formula").removesuffix(b" .\n") + facts + b" .\n")
    assert answer.json()["state"] == "in-review", answer.text
    accepted = office.client("Eve").post(f"/submissions/{sent(answer)}/decisions", json={"decision": "accept"})
    assert accepted.status_code == 200, accepted.text

    found = office.server.get(f"SELECT ?name {{ GRAPH <{accepted.json()['graph']}> {{ ?s {ALTERNATIVE} ?name }} }}")
    rows = list(csv.reader(io.StringIO(found.text)))
    assert (rows[0], sorted(each[0] for each in rows[1:])) == (["name"], sorted(HOSTILE))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd.ttl", "passwd.ttl"),
        ("..\\..\\x.ttl", "x.ttl"),
        ("<script>alert(1)</script>.ttl", "script>.ttl"),
        ("=1+1.ttl", "=1+1.ttl"),
        ("a\u202elt\u0000t.ttl", "altt.ttl"),
        ('a"; filename="b.ttl', 'a"; filename="b.ttl'),
        ("{{7*7}}%s%n.ttl", "{{7*7}}%s%n.ttl"),
        ("CON.ttl", "CON.ttl"),
        ("é" * 200 + ".ttl", "é" * 146 + ".ttl"),
    ],
)
def test_hostile_names_of_files_stay_names(office: Staff, given: str, kept: str) -> None:
    before = files_of(office.home)
    checked = office.client().post("/validate", content=district("named"), params={"filename": given})
    page = office.client().post(
        "/validate", content=b"<urn:x:a> <urn:x:b> 1 .", params={"filename": given, "format": "html"}
    )

    assert (checked.status_code, checked.json()["source"]) == (200, kept)
    assert (page.status_code, "<script>" in page.text) == (200, False)
    assert files_of(office.home) == before


def test_the_claims_of_another_submission_are_not_changed(office: Staff) -> None:
    """A role that the shipped data state, as it stands there, which is welcome; and of another city, which is not."""
    query = (
        "PREFIX pedg: <https://w3id.org/pedgraph/ont#> SELECT ?role ?city { GRAPH ?g { ?role a pedg:CityParticipation ;"
        " pedg:involves ?city } } ORDER BY ?role"
    )
    (role, city), *others = list(csv.reader(io.StringIO(office.server.get(query).text)))[1:]
    another = next(each for _, each in others if each != city)
    claim = f"@prefix pedg: <https://w3id.org/pedgraph/ont#> .\n<{role}> pedg:involves <{city}> .\n"
    changed = f"{claim}<{role}> pedg:involves <{another}> .\n"

    said = [office.client().post("/validate", content=each, params={"filename": "a.ttl"}) for each in (claim, changed)]

    places = [
        [each["place"] for group in answer.json()["groups"] if group["rule"] == "G05" for each in group["findings"]]
        for answer in said
    ]
    assert places == [[], ["a.ttl:3:71"]]
