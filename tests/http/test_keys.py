"""Keys: who may do what, on every route that needs one; and that a key ends when it is revoked."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pedgraph.intake.audit import Audit
from pedgraph.intake.keys import FILE_NAME, Keys, matches, parts
from tests.servers import running_server
from tests.staff import Staff, problem

if TYPE_CHECKING:
    from pathlib import Path

NOT_KNOWN = ("", "Garbage", "Malformed", "Gone", "Late")
ONE = "/submissions/2000-0001"
# What those get who may: there is nothing that they ask for.
ROUTES: list[tuple[str, str, dict[str, Any], set[str], tuple[int, str]]] = [
    ("POST", "/update", {}, {"Ada", "Root"}, (415, "unsupported-media-type")),
    ("GET", "/data", {"params": {"graph": "urn:x:none"}}, {"Ada", "Root"}, (404, "not-found")),
    ("HEAD", "/data", {"params": {"graph": "urn:x:none"}}, {"Ada", "Root"}, (404, "")),
    ("PUT", "/data", {}, {"Ada", "Root"}, (400, "bad-request")),
    ("POST", "/data", {"params": "graph=a&default"}, {"Ada", "Root"}, (400, "bad-request")),
    ("DELETE", "/data", {"params": {"graph": "urn:x:none"}}, {"Ada", "Root"}, (404, "not-found")),
    ("GET", "/data/by/address", {}, {"Ada", "Root"}, (404, "not-found")),
    ("GET", "/queries/running", {}, {"Ada", "Root"}, (200, "")),
    ("DELETE", "/queries/running/1-1", {}, {"Ada", "Root"}, (404, "not-found")),
    ("POST", "/queries/running/1-1/cancel", {}, {"Ada", "Root"}, (404, "not-found")),
    ("GET", "/audit", {}, {"Ada", "Root"}, (200, "")),
    ("POST", "/submissions", {"content": b"", "headers": {"Content-Type": "multipart/form-data"}},
     {"Ann", "Ada", "Root"}, (400, "bad-request")),
    ("GET", "/submissions", {"params": {"state": "lost"}}, {"Ann", "Eve", "Ada", "Root"}, (400, "bad-request")),
    ("GET", ONE, {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
    ("GET", f"{ONE}/original", {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
    ("GET", f"{ONE}/findings", {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
    ("GET", f"{ONE}/receipt", {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
    ("GET", f"{ONE}/preview", {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
    ("POST", f"{ONE}/decisions", {"json": {"decision": "accept"}}, {"Eve", "Ada", "Root"}, (404, "not-found")),
    ("POST", f"{ONE}/withdrawal", {}, {"Ann", "Eve", "Ada", "Root"}, (404, "not-found")),
]  # fmt: skip
KNOWN = ("Ann", "Eve", "Ada", "Root")


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return problem(answer) if answer.status_code >= 400 and answer.content else (answer.status_code, "")


@pytest.mark.parametrize(
    ("method", "path", "given", "allowed", "expected"), ROUTES, ids=[f"{each[0]} {each[1]}" for each in ROUTES]
)
def test_each_route_lets_in_whom_it_should(
    staff: Staff, method: str, path: str, given: dict[str, Any], allowed: set[str], expected: tuple[int, str]
) -> None:
    found = {}
    headers = {}
    for name in (*NOT_KNOWN, *KNOWN):
        client = staff.client(name)
        answer = client.request(method, path, **given)
        found[name] = outcome(answer)
        headers[name] = answer.headers.get("www-authenticate")

    has_body = method != "HEAD"
    refused = (401, "unauthorized" if has_body else ""), (403, "forbidden" if has_body else "")
    assert found == dict.fromkeys(NOT_KNOWN, refused[0]) | {
        name: expected if name in allowed else refused[1] for name in KNOWN
    }
    assert {name for name, value in headers.items() if value} == set(NOT_KNOWN)


def test_what_needs_no_key_needs_none(staff: Staff) -> None:
    for name in ("", "Garbage", "Gone"):
        client = staff.client(name)
        statuses = [client.get(path).status_code for path in ("/healthz", "/queries", "/templates/")]
        statuses.append(client.post("/validate", content=b"").status_code)
        assert statuses == [200, 200, 200, 200]


def test_the_whole_header_field_counts(staff: Staff) -> None:
    token = staff.tokens["Ada"]
    for field in (f"Basic {token}", token, f"Bearer {token}x", f"Bearer {token[:-1]}", "Bearer", f"Bearer x {token}"):
        assert httpx.get(f"{staff.server.url}/audit", headers={"Authorization": field}).status_code == 401
    twice = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert httpx.get(f"{staff.server.url}/audit", headers=twice).status_code == 401
    assert httpx.get(f"{staff.server.url}/audit", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_revoked_key_stops_at_once_in_all_processes(home: Path) -> None:
    keys = Keys(home)
    key, token = keys.add("Ada", "admin")
    with running_server(home, workers=2, readers=2) as server:
        headers = {"Authorization": f"Bearer {token}"}

        def statuses() -> set[int]:
            # Each comes over a connection of its own, so each worker gets some.
            return {httpx.get(f"{server.url}/audit", headers=headers).status_code for _ in range(20)}

        assert statuses() == {200}
        keys.revoke(key.id)
        assert statuses() == {401}
        _, other = keys.add("Ada", "steward")
        headers = {"Authorization": f"Bearer {other}"}
        assert statuses() == {403}


def test_without_keys_nothing_can_be_written(home: Path) -> None:
    with running_server(home, readers=1) as server, httpx.Client(base_url=server.url) as client:
        for method, path, given, _, _ in ROUTES:
            if method != "HEAD":
                assert problem(client.request(method, path, **given)) == (403, "writes-off")
        assert not (home / FILE_NAME).exists()
        token = Keys(home).add("Ada", "admin")[1]
        assert client.get("/audit", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_only_hashes_are_kept_for_the_owners_eyes(staff: Staff) -> None:
    file = staff.home / FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    everything = b"".join(path.read_bytes() for path in staff.home.glob("*.sqlite*"))
    for name, token in staff.tokens.items():
        if (found := parts(token)) and name != "Garbage":
            assert found[1].encode() not in everything
            assert found[1] not in staff.server.logged()
            known = Keys(staff.home).find(found[0])
            assert known is not None
            assert known.secret_hash.startswith("$argon2id$")
            assert matches(found[1], known.secret_hash)
            assert not matches(found[1][::-1], known.secret_hash)
    assert not matches("x" * 43, None)


def test_the_command_line_makes_lists_and_revokes(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pedgraph", *arguments, "--home", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "USER": "u"})

    made = run("keys", "add", "Ann", "--role", "submitter", "--organisation", "A city")
    token = made.stdout.strip()
    found = parts(token)
    assert found is not None
    assert found[1] not in made.stderr
    (key,) = Keys(tmp_path).listing()
    assert (key.id, key.name, key.role, key.organisation, key.state) == (
        found[0],
        "Ann",
        "submitter",
        "A city",
        "active",
    )
    listed = run("keys", "list")
    assert all(text in listed.stdout for text in (key.id, "Ann", "submitter", "A city", "active"))
    assert run("keys", "add", "Ann", "--role", "steward").returncode == 2
    assert run("keys", "revoke", "aaaaaaaaaaaa").returncode == 2
    assert run("keys", "revoke", key.id).returncode == 0
    assert Keys(tmp_path).listing()[0].state == "revoked"
    entries = [(each["action"], each["outcome"]) for each in Audit(tmp_path).entries(10)]
    assert entries == [
        ("revoke key", "done"),
        ("revoke key", "not-found"),
        ("add key", "conflict"),
        ("add key", "done"),
    ]
    assert found[1] not in run("audit", "--json").stdout
