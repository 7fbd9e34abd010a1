"""``pedgraph submit`` and ``pedgraph review`` as processes, from a file to a published graph and away again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.commandline import run
from tests.intake.submissions.desk import district, graph

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = "https://w3id.org/pedgraph/graph/2026-0001/1"
SAID = (
    "--title", "A district", "--creator", "Charles University", "--source-title", "A page",
    "--source-url", "https://example.org/page", "--read-on", "2026-11-20", "--as", "Ann",
    "--licence", "https://creativecommons.org/licenses/by/4.0/",
)  # fmt: skip


def test_submit_review_accept_withdraw(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "district.ttl"
    file.write_bytes(district("alpha", 'skos:altLabel "Alfa"'))

    submitted = run("submit", str(file), *SAID, home=home)
    assert (submitted.returncode, submitted.stdout) == (0, b"2026-0001\n"), submitted.stderr
    assert submitted.stderr.endswith(b"Submission 2026-0001 is in-review.\n")

    accepted = run(
        "review", "accept", "2026-0001", "--as", "Eve", "--comment", "Fine", "--waive", "S03=One name", home=home
    )
    assert accepted.returncode == 0, accepted.stderr
    assert accepted.stderr == b"Submission 2026-0001 is accepted. Version 2 is current with it.\n"
    assert len(graph(home, GRAPH)) == 4
    shown = json.loads(run("review", "show", "2026-0001", "--json", home=home).stdout)
    assert [(each["who"], each["kind"]) for each in shown["events"]] == [
        ("Ann", "received"), ("Ann", "checked"), ("Eve", "publishing"), ("Eve", "accepted"),
    ]  # fmt: skip
    assert shown["submission"]["waivers"] == [{"rule": "S03", "note": "One name", "focus_node": ""}]

    withdrawn = run("review", "withdraw", "2026-0001", home=home)
    assert withdrawn.stderr == b"Submission 2026-0001 is withdrawn. Version 3 is current without it.\n"
    assert withdrawn.returncode == 0
    noted = json.loads(run("audit", "--json", "--limit", "3", home=home).stdout)
    assert [(each["action"], each["version"]) for each in noted[::-1]] == [
        ("submit", None), ("accept", 2), ("withdraw", 3),
    ]  # fmt: skip
    assert graph(home, GRAPH) == set()


def test_what_breaks_a_rule_is_exit_code_1_and_is_revised(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "district.ttl"
    file.write_bytes(district("alpha").replace(b"pedg:inCity", b"pedg:incity"))
    submitted = run("submit", str(file), *SAID, home=home)
    assert (submitted.returncode, submitted.stdout) == (1, b"2026-0001\n")
    assert b"pedg:inCity" in submitted.stderr

    file.write_bytes(district("alpha"))
    assert run("submit", str(file), *SAID, "--revises", "2026-0001", home=home).stdout == b"2026-0001-2\n"
    rejected = run("review", "reject", "2026-0001-2", "--comment", "No [bold]district[/]", home=home)
    assert rejected.stderr == b"Submission 2026-0001-2 is rejected.\n"
    listed = run("review", "list", home=home).stdout.decode()
    assert [line.split()[:2] for line in listed.splitlines() if "2026-" in line] == [
        ["2026-0001-2", "rejected"],
        ["2026-0001", "superseded"],
    ]
    assert "No [bold]district[/]" in run("review", "show", "2026-0001-2", home=home).stdout.decode()


def test_what_is_not_there_or_not_said_is_exit_code_2(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "district.ttl"
    file.write_bytes(district("alpha"))
    for arguments, complaint in (
        (("submit", str(tmp_path / "none.ttl"), *SAID), b"cannot be read"),
        (("submit", str(file), *SAID, "--read-on", "yesterday"), b"is no day"),
        (("submit", str(file), *SAID[:-2]), b"This is missing: the address of a licence"),
        (("review", "reject", "2026-0001", "--comment", "No"), b"There is no submission 2026-0001"),
        (("review", "accept", "2026-0001", "--waive", "S03"), b"should be a rule"),
    ):
        done = run(*arguments, home=home)
        assert done.returncode == 2
        assert complaint in done.stderr


def test_with_a_key_one_acts_as_its_holder_and_all_is_audited(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "district.ttl"
    file.write_bytes(district("alpha"))
    key = run("keys", "add", "Ann", "--role", "submitter", home=home).stdout.decode().strip()
    named = SAID[: SAID.index("--as")] + SAID[SAID.index("--as") + 2 :]

    submitted = run("submit", str(file), *named, home=home, PEDGRAPH_KEY=key)
    refused = run("review", "accept", "2026-0001", home=home, PEDGRAPH_KEY=key)
    unknown = run("review", "list", home=home, PEDGRAPH_KEY=key[:-3] + "abc")
    run("update", "DELETE DATA { GRAPH <https://w3id.org/pedgraph/graph/s1/1> { <urn:a> <urn:b> 1 } }", home=home)
    run("rollback", "1", home=home)

    assert (submitted.returncode, refused.returncode, unknown.returncode) == (0, 2, 2)
    submission = json.loads(run("review", "show", "2026-0001", "--json", home=home).stdout)["submission"]
    assert (submission["submitter"], submission["state"]) == ({"key": "Ann", "name": "Ann"}, "in-review")
    entries = json.loads(run("audit", "--json", "--limit", "5", home=home).stdout)
    assert [(each["role"], each["action"], each["object"], each["outcome"]) for each in reversed(entries)] == [
        ("admin", "add key", entries[-1]["object"], "done"),
        ("submitter", "submit", "2026-0001", "done"),
        ("submitter", "accept", "2026-0001", "forbidden"),
        ("admin", "update", "", "done"),
        ("admin", "rollback", "version 1", "done"),
    ]
